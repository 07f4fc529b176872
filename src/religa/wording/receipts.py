"""What a subscriber is told at once: a trust unlock was granted, money came in. Legal notices are written elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from religa.domain.access import Decision
from religa.domain.facts import Status
from religa.domain.money import format_reais
from religa.wording.decisions import explained
from religa.wording.language import Words
from religa.wording.moments import Moments


class Receipt(NamedTuple):
    """A short message; the body fits in one or two SMS."""

    subject: str
    body: str


def trust_receipt(decision: Decision, *, protocol: str, moments: Moments) -> Receipt:
    """Online until when, what follows, and the protocol number of the request."""
    language = moments.language
    said = [*explained(decision, moments=moments), _PROTOCOL.in_(language).format(protocol=protocol)]
    return Receipt(_TRUSTED.in_(language), " ".join(said))


def payment_receipt(decision: Decision, *, amount: int, opened: bool, moments: Moments) -> Receipt:
    """Thanks for `amount` centavos, and how things stand now. `opened`: this payment brought access back."""
    language = moments.language
    now = explained(decision, moments=moments)
    said = [_THANKS.in_(language).format(amount=format_reais(amount, language))]
    said += now[:1] if decision.status is Status.CURRENT else now
    if opened:
        said.append(_IF_NOT.in_(language))
    return Receipt((_RESTORED if opened else _RECEIVED).in_(language), " ".join(said))


_TRUSTED = Words(
    "Internet liberada em confiança", "Internet opened on trust", "Internet liberado por confianza"
)
_RECEIVED = Words("Recebemos o seu pagamento", "We received your payment", "Recibimos su pago")
_RESTORED = Words("Sua internet está liberada", "Your internet is open", "Su internet está liberado")
_PROTOCOL = Words("Protocolo: {protocol}.", "Protocol number: {protocol}.", "Protocolo: {protocol}.")
_THANKS = Words(
    "Recebemos {amount}. Obrigado!", "We received {amount}. Thank you!", "Recibimos {amount}. ¡Gracias!"
)
_IF_NOT = Words(
    "Se não funcionar em 5 minutos, desligue o aparelho da tomada, espere 10 segundos e ligue de novo.",
    "If it does not work in 5 minutes, unplug your router, wait 10 seconds and plug it in again.",
    "Si no funciona en 5 minutos, desenchufe el equipo, espere 10 segundos y enchúfelo de nuevo.",
)
