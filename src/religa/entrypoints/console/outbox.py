"""What was written to subscribers. One-time codes are readable in the demo alone, where nobody else delivers them."""

from __future__ import annotations

import re
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.domain.message_kinds import MessageKind
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records import queries
from religa.records.queries import OutboxMessage
from religa.wording import say

_SHORT = 200  # characters: longer texts are folded away
_STATES = {
    "queued": ("Na fila", "info"),
    "sending": ("Enviando", "info"),
    "sent": ("Enviada", "good"),
    "failed": ("Falhou", "bad"),
    "unknown": ("Não se sabe se saiu", "bad"),
    "withdrawn": ("Não enviada", "info"),
}


@for_staff
@require_safe
def outbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = [_shown(_without_code(m)) for m in queries.outbox([desk.provider.pk], limit=100)]
    return render(request, "console/outbox.html", {"desk": desk, "section": "outbox", "rows": rows})


def _without_code(message: OutboxMessage) -> OutboxMessage:
    """Whoever reads a code can log in as the subscriber."""
    if message.kind != "code" or settings.DEMO_BANK:
        return message
    return replace(message, text=re.sub(r"\d{6}", "••••••", message.text))


def _shown(message: OutboxMessage) -> dict[str, object]:
    state, tone = _STATES.get(message.state, (message.state, "info"))
    is_short = len(message.text) <= _SHORT
    return {
        "message": message,
        "kind": say(MessageKind(message.kind)),
        "state": state,
        "tone": tone,
        "is_short": is_short,
    }
