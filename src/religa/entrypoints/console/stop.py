"""Parar todos os bloqueios, and letting them go on. Restores and notices are never touched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from religa.actions import stop_blocks
from religa.entrypoints.console.forms import Reason
from religa.entrypoints.console.staff import Desk, May, for_staff, only


@for_staff
@only(May.STOP_BLOCKS)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET says what it does; POST with a reason does it."""
    form = Reason(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return render(request, "console/stop.html", {"desk": desk, "form": form}, status=status)
    by = f"{desk.name}: {form.cleaned_data['motivo']}"
    stop_blocks.stop(provider_id=desk.provider.pk, by=by, at=desk.at)
    messages.success(request, "Bloqueios parados. Ninguém mais é bloqueado por dívida até alguém retomar.")
    return redirect("console:home")


@for_staff
@only(May.RESUME_BLOCKS)
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET says what it does; POST does it."""
    if request.method != "POST":
        return render(request, "console/resume.html", {"desk": desk})
    stop_blocks.resume(provider_id=desk.provider.pk)
    messages.success(request, "Bloqueios retomados. As rodadas retidas ainda esperam aprovação.")
    return redirect("console:home")
