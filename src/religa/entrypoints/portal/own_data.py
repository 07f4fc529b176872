"""Meus dados: a copy of everything that is kept of the visitor, as a file (LGPD art. 18 II and V).

Asking is a POST: it is written down, with a protocol number. The copy is made at once and kept nowhere.
"""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from religa.actions import export_data
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import export_files
from religa.entrypoints.portal.visitor import Visitor, for_visitors

ASKED = Limit("portal_export", 6, timedelta(days=1))
_MADE = {
    "json": (export_files.as_json, "application/json"),
    "zip": (export_files.as_zip, "application/zip"),
}


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """GET says what is in the copy; POST gives it."""
    if request.method != "POST":
        return render(request, "portal/own_data.html", {"visitor": visitor})
    form = request.POST.get("formato", "")
    if form not in _MADE:
        return render(request, "portal/own_data.html", {"visitor": visitor}, status=422)
    who = f"{visitor.provider.pk}:{visitor.subscriber.document}"
    if not try_once(ASKED, who, at=visitor.at):
        return render(request, "portal/own_data.html", {"visitor": visitor, "too_often": True}, status=429)
    return _given(visitor, form)


def _given(visitor: Visitor, form: str) -> HttpResponse:
    exported = export_data.export(subscriber=visitor.subscriber, format=form, at=visitor.at)
    provider = visitor.provider
    about = export_files.About(
        provider.name, provider.cnpj, visitor.at, exported.protocol, ZoneInfo(provider.zone), visitor.language
    )
    make, kind = _MADE[form]
    answer = HttpResponse(make(exported.sections, about), content_type=kind)
    day = visitor.at.astimezone(about.zone)
    answer["Content-Disposition"] = f'attachment; filename="meus-dados-{day:%Y-%m-%d}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
