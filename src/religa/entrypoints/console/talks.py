"""Conversas: people who asked for a person by WhatsApp. Who takes one over answers on the provider's own chat."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from religa.actions.bot import take_over
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import talks as queries

_LARGEST = 2**63 - 1


@for_staff
@only(May.TALKS)
@require_safe
def talks(request: HttpRequest, desk: Desk) -> HttpResponse:
    context = {"desk": desk, "section": "talks", "rows": queries.waiting(desk.provider.pk)}
    return render(request, "console/talks.html", context)


@for_staff
@only(May.TALKS)
@require_POST
def take(request: HttpRequest, desk: Desk, talk_id: int) -> HttpResponse:
    """The menu is silent from now on."""
    return _done(
        request,
        lambda: take_over.take(
            provider_id=desk.provider.pk, conversation_id=min(talk_id, _LARGEST), by=desk.name, at=desk.at
        ),
        "A conversa é sua. O menu automático fica em silêncio por até 4 horas.",
        "Outra pessoa já assumiu esta conversa.",
    )


@for_staff
@only(May.TALKS)
@require_POST
def close(request: HttpRequest, desk: Desk, talk_id: int) -> HttpResponse:
    """The menu answers again."""
    return _done(
        request,
        lambda: take_over.let_go(provider_id=desk.provider.pk, conversation_id=min(talk_id, _LARGEST)),
        "Conversa encerrada. O menu automático volta a responder.",
        "Esta conversa já estava encerrada.",
    )


def _done(request: HttpRequest, do: Callable[[], bool], yes: str, no: str) -> HttpResponse:
    if do():
        messages.success(request, yes)
    else:
        messages.error(request, no)
    return redirect("console:talks")
