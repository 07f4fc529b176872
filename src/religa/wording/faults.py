"""A fault of ours in words: said before anything about debt, so that nobody pays to mend our cable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from religa.wording.language import Words
from religa.wording.moments import Moments


@dataclass(frozen=True, slots=True)
class Fault:
    """Open where the contract connects. `router`: its name, for the staff; empty where a municipality is meant."""

    since: datetime
    router: str = ""


class Beside(Enum):
    """What else there is to say of the contract."""

    NOTHING = "nothing"
    DEBT = "debt"
    SHUT_FOR_DEBT = "shut_for_debt"
    OTHER_BLOCK = "other_block"


_TO_SUBSCRIBER = Words(
    "Há uma falha na sua região {since}; estamos trabalhando.",
    "There has been a fault in your area {since}; we are working on it.",
    "Hay una falla en su zona {since}; estamos trabajando.",
)
_NOT_THE_BILL = Words(
    "Não é por causa da sua conta.", "It is not because of your bill.", "No es por causa de su factura."
)
_MONEY_DOES_NOT_MEND_IT = Words(
    "Enquanto ela durar, a internet pode não voltar mesmo com a conta paga.",
    "While it lasts, the internet may not return even with the bill paid.",
    "Mientras dure, es posible que internet no vuelva aun con la factura pagada.",
)
_THEN = {
    Beside.NOTHING: _NOT_THE_BILL,
    Beside.DEBT: _NOT_THE_BILL,
    Beside.SHUT_FOR_DEBT: _MONEY_DOES_NOT_MEND_IT,
    Beside.OTHER_BLOCK: Words("", "", ""),
}
_REGION = Words("Falha na região {since}", "Fault in the area {since}", "Falla en la zona {since}")
_ROUTER = Words(
    "Falha no roteador {router} {since}",
    "Fault of router {router} {since}",
    "Falla en el router {router} {since}",
)
_TO_STAFF = {
    Beside.NOTHING: Words(", não é débito.", ", it is not debt.", ", no es deuda."),
    Beside.DEBT: Words(", e há débito também.", ", and there is debt too.", ", y también hay deuda."),
    Beside.SHUT_FOR_DEBT: Words(
        ", e há débito também.", ", and there is debt too.", ", y también hay deuda."
    ),
    Beside.OTHER_BLOCK: Words(
        ", e há um bloqueio que não é por débito.",
        ", and there is a block that is not for debt.",
        ", y hay un corte que no es por deuda.",
    ),
}


def to_subscriber(fault: Fault, beside: Beside, moments: Moments) -> tuple[str, ...]:
    """Plain words to somebody who worries, sentence by sentence."""
    language = moments.language
    said = _TO_SUBSCRIBER.in_(language).format(since=moments.begun(fault.since))
    then = _THEN[beside].in_(language)
    return (said, then) if then else (said,)


def to_staff(fault: Fault, beside: Beside, moments: Moments) -> tuple[str, ...]:
    """Debt or fault, in one line."""
    words = _ROUTER if fault.router else _REGION
    said = words.in_(moments.language).format(router=fault.router, since=moments.begun(fault.since))
    return (said + _TO_STAFF[beside].in_(moments.language),)
