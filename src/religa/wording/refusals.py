"""A no in full: every reason, the next date and what to pay."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from religa.domain.money import format_reais
from religa.domain.reasons import TrustRefusal
from religa.domain.trust import TrustRefused
from religa.wording.language import Language, Words
from religa.wording.moments import Moments, joined
from religa.wording.proofs import DESK_FAULTS
from religa.wording.reasons import REASONS


def refused(whys: Iterable[StrEnum], *, language: Language) -> str:
    """One sentence with every reason: `Não foi possível, porque ... e ...`."""
    clauses = [(DESK_FAULTS.get(type(why)) or REASONS[type(why)])[why].in_(language) for why in whys]
    return _NOT_POSSIBLE.in_(language).format(whys=joined(clauses, language))


_NOT_POSSIBLE = Words(
    "Não foi possível, porque {whys}.", "Not possible, because {whys}.", "No fue posible, porque {whys}."
)


def trust_refused(answer: TrustRefused, *, moments: Moments) -> str:
    """Every reason, then the date from which it is possible, then what opens access now."""
    language = moments.language
    clauses = [REASONS[TrustRefusal][why].in_(language) for why in answer.whys]
    said = [_NOT_TODAY.in_(language).format(whys=joined(clauses, language))]
    if answer.eligible_at is not None:
        said.append(_ELIGIBLE.in_(language).format(starting=moments.starting(answer.eligible_at)))
    if answer.pay_now:
        said.append(_PAY_NOW.in_(language).format(amount=format_reais(answer.pay_now, language)))
    return " ".join(said)


_NOT_TODAY = Words(
    "Hoje não podemos liberar em confiança, porque {whys}.",
    "We cannot open it on trust today, because {whys}.",
    "Hoy no podemos liberar por confianza, porque {whys}.",
)
_ELIGIBLE = Words(
    "Será possível pedir de novo {starting}.",
    "It will be possible to ask again {starting}.",
    "Se podrá pedir de nuevo {starting}.",
)
_PAY_NOW = Words(
    "Pagando {amount} por Pix, a internet volta na hora.",
    "Pay {amount} by Pix and the internet returns at once.",
    "Pagando {amount} por Pix, internet vuelve en el acto.",
)
