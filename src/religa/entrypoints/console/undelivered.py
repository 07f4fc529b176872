"""Notices that have not arrived, for whoever can ask the subscriber for another address or hand over a letter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.domain.facts import NoticeKind
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records.queries import undelivered
from religa.records.queries.undelivered import Cause, Undelivered
from religa.wording import say

WHY = {
    Cause.NO_ADDRESS: "O assinante não tem e-mail nem WhatsApp que sirva.",
    Cause.WRONG_PERSON: "Quem respondeu disse que não é o assinante.",
    Cause.BOUNCED: "A mensagem voltou.",
    Cause.UNKNOWN: "Não se sabe se a mensagem saiu.",
    Cause.REFUSED: "O canal não aceitou a mensagem.",
}
TO_DO = {
    Cause.NO_ADDRESS: "Peça um e-mail ou um número com WhatsApp, ou entregue o aviso por carta ou no balcão.",
    Cause.WRONG_PERSON: "Confirme o telefone com o assinante por outro caminho, ou entregue o aviso por carta.",
    Cause.BOUNCED: "Confirme o endereço com o assinante, ou entregue o aviso por carta ou no balcão.",
    Cause.UNKNOWN: "Nada agora: o aviso é dado de novo, sozinho, no próximo dia de contato.",
    Cause.REFUSED: "Veja o motivo do canal; o aviso é dado de novo no próximo dia de contato.",
}


@for_staff
@require_safe
def notices(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = [_shown(one) for one in undelivered.of_provider(desk.provider.pk)]
    return render(request, "console/undelivered.html", {"desk": desk, "rows": rows, "section": "outbox"})


def _shown(one: Undelivered) -> dict[str, object]:
    said = (
        one.detail if one.cause in (Cause.REFUSED, Cause.BOUNCED) else ""
    )  # the channel's own words, not ours
    kind = say(NoticeKind(one.kind))
    return {"one": one, "kind": kind, "why": WHY[one.cause], "to_do": TO_DO[one.cause], "said": said}
