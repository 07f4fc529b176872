"""What becomes of sessions and orders, in the words of the desk; with the tone in which it is shown."""

from __future__ import annotations

Word = tuple[str, str]

STATES: dict[str, Word] = {
    "full": ("Acesso normal", "good"),
    "reduced": ("Velocidade reduzida", "warn"),
    "walled": ("Na página de bloqueio", "bad"),
    "closed": ("Fechado", "bad"),
}
OUTCOMES: dict[str, Word] = {
    "applied": ("Aplicada", "good"),
    "disconnected": ("Desconectado: volta no estado certo", "good"),
    "gone": ("A sessão não existia mais", "info"),
    "refused": ("Recusada pelo roteador", "bad"),
    "misconfigured": ("Configuração errada: chame a rede", "bad"),
    "busy": ("Roteador ocupado", "warn"),
    "silent": ("Sem resposta", "bad"),
    "not_sent": ("Não saiu desta máquina", "bad"),
}
KINDS = {"coa": "mudar sem derrubar", "disconnect": "derrubar", "routeros_api": "pela API"}


def state_of(code: str | None) -> Word:
    return ("Não se sabe", "info") if code is None else STATES.get(code, (code, "info"))


def outcome_of(code: str) -> Word:
    return OUTCOMES.get(code, (code or "Ainda não tentada", "info"))
