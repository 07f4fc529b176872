"""What a subscriber is told at once, as the values of a message's fields: trust, money, blocks, agreements, codes.

The sentences around them are texts (`wording/messages`, or the provider's own). Legal notices: `wording/letters.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from religa.domain.access import Decision
from religa.domain.facts import Status
from religa.domain.money import format_reais
from religa.wording.decisions import Circumstances, explained
from religa.wording.language import Words
from religa.wording.letters import in_words, instalments
from religa.wording.moments import Moments

Values = Mapping[str, str]
_NOTHING_KNOWN = Circumstances()


class Receipt(NamedTuple):
    """A short message that is ready as it stands; for what has no fields of its own."""

    subject: str
    body: str


def trust_receipt(decision: Decision, *, protocol: str, moments: Moments) -> Values:
    """Online until when, what follows, and the protocol number of the request."""
    return {"situacao": _now(decision, moments), "ate": _until(decision, moments), "protocolo": protocol}


def trust_ending(
    decision: Decision, *, hours: int, owed: int | None, pix: str = "", moments: Moments
) -> Values:
    """Some hours before the end. `owed`: centavos today, None where it is not to be said."""
    return {
        "horas": str(hours),
        "ate": _until(decision, moments),
        "situacao": _now(decision, moments),
        **_asking(owed, (), pix, moments),
    }


def shut(
    decision: Decision,
    *,
    owed: int | None,
    months: Sequence[str] = (),
    pix: str = "",
    moments: Moments,
    known: Circumstances = _NOTHING_KNOWN,
) -> Values:
    """Access is closed, for the kinds `blocked`, `trust_expired` and `locked`. `months`: as `2026-11`."""
    return {
        "situacao": " ".join(explained(decision, moments=moments, known=known)),
        **_asking(owed, months, pix, moments),
    }


def payment_receipt(decision: Decision, *, amount: int, opened: bool, moments: Moments) -> Values:
    """Thanks for `amount` centavos, and how things stand now. `opened`: this payment brought access back."""
    value = format_reais(amount, moments.language)
    said = {"valor": value, "situacao": _briefly(decision, moments)}
    return said | {"motivo": _THANKS.in_(moments.language).format(amount=value)} if opened else said


def restored(decision: Decision, *, because: str, moments: Moments) -> Values:
    """Access is back for another reason than money; `because` is a sentence in the reader's language."""
    return {"motivo": because, "situacao": _briefly(decision, moments)}


def agreement(
    parts: Sequence[tuple[date, int]], *, protocol: str = "", pix: str = "", moments: Moments
) -> Values:
    """A payment plan: days and centavos of its instalments; `pix` pays the first."""
    total = sum(amount for _, amount in parts)
    return {
        "parcelas": instalments(parts, moments.language),
        "valor_total": format_reais(total, moments.language),
        "protocolo": protocol,
        "pix": pix,
    }


def termination_receipt(*, ended_at: datetime, owed: int, protocol: str = "", moments: Moments) -> Values:
    """A contract has ended; `owed` in centavos, 0 if nothing is."""
    ended_on = ended_at.astimezone(moments.zone).date()
    return {
        "cancelado_em": in_words(ended_on, moments.language, None),
        "valor_total": format_reais(owed, moments.language) if owed else "",
        "protocolo": protocol,
    }


def code(digits: str, *, minutes: int) -> Values:
    """A one-time code and how long it is valid."""
    return {"codigo": digits, "minutos": str(minutes)}


def pix_code(
    copy_paste: str,
    *,
    amount: int,
    payee: str = "",
    until: datetime | None = None,
    months: Sequence[str] = (),
    moments: Moments,
) -> Values:
    """A Pix code that was asked for, and what it costs today in centavos. `payee`: name and CNPJ, as a bank shows them
    before one confirms; `until`: it cannot be paid any more from then on."""
    return {
        "valor": format_reais(amount, moments.language),
        "recebedor": payee,
        "vale_ate": moments.until(until) if until else "",
        **_asking(None, months, copy_paste, moments),
    }


def contact(protocol: str, *, about: str = "") -> Values:
    """The protocol number of a contact; `about` in the words of who registered it."""
    return {"protocolo": protocol, "assunto": about}


def answer(text: str) -> Values:
    """The whole reply."""
    return {"texto": text}


def _now(decision: Decision, moments: Moments) -> str:
    return " ".join(explained(decision, moments=moments))


def _briefly(decision: Decision, moments: Moments) -> str:
    """Of a contract in order one sentence is enough."""
    said = explained(decision, moments=moments)
    return " ".join(said[:1] if decision.status is Status.CURRENT else said)


def _until(decision: Decision, moments: Moments) -> str:
    return "" if decision.until is None else moments.until(decision.until)


def _asking(owed: int | None, months: Sequence[str], pix: str, moments: Moments) -> dict[str, str]:
    return {
        "meses": moments.months(tuple(months)),
        "valor_total": format_reais(owed, moments.language) if owed else "",
        "pix": pix,
    }


_THANKS = Words(
    "Recebemos {amount}. Obrigado!", "We received {amount}. Thank you!", "Recibimos {amount}. ¡Gracias!"
)
