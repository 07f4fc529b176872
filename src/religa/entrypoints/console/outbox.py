"""What was written to subscribers. One-time codes are readable in the demo alone, where nobody else delivers them."""

from __future__ import annotations

import re
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.domain.facts import NoticeKind
from religa.domain.words import WordKind
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records import queries
from religa.records.queries import OutboxMessage
from religa.wording import say

_KINDS = {
    "code": "Código de acesso",
    "receipt": "Recibo",
    "restored": "Internet voltou",
    "trust": "Liberação em confiança",
    "answer": "Resposta",
    "pix": "Código Pix",
    "contact": "Protocolo de atendimento",
    WordKind.BLOCKED.value: "Internet bloqueada",
    WordKind.TRUST_ENDING.value: "Liberação está terminando",
    WordKind.TRUST_EXPIRED.value: "Liberação terminou",
    WordKind.LOCKED.value: "Bloqueada até o pagamento",
    WordKind.AGREEMENT.value: "Acordo",
    WordKind.TERMINATION_RECEIPT.value: "Contrato cancelado",
}
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
    return render(request, "console/outbox.html", {"desk": desk, "rows": rows})


def _without_code(message: OutboxMessage) -> OutboxMessage:
    """Whoever reads a code can log in as the subscriber."""
    if message.kind != "code" or settings.DEMO_BANK:
        return message
    return replace(message, text=re.sub(r"\d{6}", "••••••", message.text))


def _shown(message: OutboxMessage) -> dict[str, object]:
    state, tone = _STATES.get(message.state, (message.state, "info"))
    is_short = len(message.text) <= _SHORT
    known = {kind.value: say(kind) for kind in NoticeKind} | _KINDS
    kind = known.get(message.kind, message.kind)
    return {"message": message, "kind": kind, "state": state, "tone": tone, "is_short": is_short}
