"""What a subscriber is told when his access has changed or is about to, without having asked."""

from __future__ import annotations

from datetime import datetime

from religa.domain.access import Decision
from religa.domain.words import WordKind
from religa.wording.decisions import explained
from religa.wording.language import Words
from religa.wording.moments import Moments
from religa.wording.receipts import Receipt


def change_receipt(kind: WordKind, decision: Decision, *, moments: Moments) -> Receipt:
    """How things stand now, after the line that says what has happened."""
    said = [*explained(decision, moments=moments)]
    after = _AFTER.get(kind)
    if after is not None:
        said.append(after.in_(moments.language))
    return Receipt(_SUBJECTS[kind].in_(moments.language), " ".join(said))


def trust_ends(until: datetime, *, moments: Moments) -> Receipt:
    """A trust unlock ends soon."""
    body = _ENDS.in_(moments.language).format(until=moments.until(until))
    return Receipt(_SUBJECTS[WordKind.TRUST_ENDING].in_(moments.language), body)


_SUBJECTS = {
    WordKind.BLOCKED: Words(
        "Sua internet foi bloqueada", "Your internet was blocked", "Su internet fue bloqueado"
    ),
    WordKind.TRUST_ENDING: Words(
        "Sua liberação está terminando", "Your unlock is about to end", "Su desbloqueo está por terminar"
    ),
    WordKind.TRUST_EXPIRED: Words("Sua liberação terminou", "Your unlock has ended", "Su desbloqueo terminó"),
    WordKind.LOCKED: Words(
        "Sua internet está bloqueada até o pagamento",
        "Your internet is blocked until you pay",
        "Su internet está bloqueado hasta el pago",
    ),
    WordKind.AGREEMENT: Words("Acordo registrado", "Agreement recorded", "Acuerdo registrado"),
    WordKind.TERMINATION_RECEIPT: Words("Contrato cancelado", "Contract ended", "Contrato cancelado"),
    WordKind.RESTORED: Words("Sua internet voltou", "Your internet is back", "Su internet volvió"),
}
_FREE = Words("Não há taxa para religar.", "There is no reconnection fee.", "No hay costo de reconexión.")
_AFTER = {
    WordKind.BLOCKED: _FREE,
    WordKind.TRUST_EXPIRED: _FREE,
    WordKind.LOCKED: _FREE,
    WordKind.AGREEMENT: Words(
        "Seu acordo foi registrado; pagando a primeira parcela, a internet volta sozinha.",
        "Your agreement is recorded; once the first instalment is paid, your internet comes back by itself.",
        "Su acuerdo quedó registrado; al pagar la primera cuota, el internet vuelve solo.",
    ),
}
_ENDS = Words(
    "Sua internet está liberada em confiança {until}. Pagando a conta por Pix até lá, ela continua sem interrupção.",
    "Your internet is open on trust {until}. If you pay the bill by Pix before then, it goes on without a break.",
    "Su internet está liberado por confianza {until}. Si paga la cuenta por Pix antes, sigue sin interrupción.",
)
