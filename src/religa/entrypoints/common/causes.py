"""What caused a change of access, in Portuguese: for the history on screen and on paper."""

from __future__ import annotations

from religa import wording

_CAUSES = {
    "payment": "pagamento {}",
    "reversal": "estorno {}",
    "invoice": "conta {} emitida",
    "agreement": "acordo {}",
    "dispute": "contestação {}",
    "adjust": "ajuste da conta {}",
    "waiver": "abatimento na conta {}",
    "cancel": "cancelamento da conta {}",
}
_WHOLE_CAUSES = {
    "unlock_promise": "liberação em confiança",
    "unlock_paid_already": "liberação em confiança (já paguei)",
    "unlock revoked": "liberação retirada",
    "block opened": "bloqueio aberto na data notificada",
    "notice sent": "notificação enviada",
    "pay window": "janela para pagar",
    "holder changed": "troca de titular",
    "suspension taken over": "bloqueio vindo do sistema anterior",
    "policy, calendar or rules": "política, calendário ou regras novas",
    "time": "o prazo chegou",
    "payment told while the bank is silent": "o banco avisou um pagamento e ainda não confirmou",
    "the bank has answered": "o banco respondeu",
}


def said(text: object) -> str:
    """A stored cause in words; one that this version does not know as it is."""
    written = str(text or "")
    first, _, rest = written.partition(" ")
    if written in _WHOLE_CAUSES:
        return _WHOLE_CAUSES[written]
    if written.startswith("held by guard"):
        return f"bloqueio retido: {wording.guard_reason(written.partition(': ')[2])}"
    if written.startswith("hold: "):
        return f"não bloquear, {wording.hold_reason(written.removeprefix('hold: '))}"
    if written.startswith("block approved by "):
        return f"bloqueio aprovado por {written.removeprefix('block approved by ')}"
    return _CAUSES[first].format(rest) if first in _CAUSES and rest else written
