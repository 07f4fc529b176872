"""Whose money of nobody may be: the five contracts that most speaks for, and what speaks for each.

Nothing is decided here, and nothing is written: a person reads why, and decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from religa.actions import evaluate_access
from religa.domain import balance
from religa.domain.facts import Invoice, Method
from religa.domain.standing import Standing
from religa.records import facts
from religa.records.loaded import Ask
from religa.records.queries import payers
from religa.records.queries.payers import Sign

BEST = 5
_CLOSE = 2  # centavos by which an amount may miss: banks and systems round each their own way
_BEFORE, _AFTER = 90, 45  # days from a due date on which it is looked for by its amount alone
_FINE, _MONTHLY = 200, 100  # what lateness adds, in hundredths of a percent (CDC art. 52; usage)
_MOVED = 5  # days by which a due date may move to a bank day


class Sake(StrEnum):
    """What speaks for a contract."""

    DOCUMENT = "document"
    NUMBER = "number"
    NAME = "name"
    PRINCIPAL = "principal"
    TOTAL = "total"
    EVERYTHING = "everything"


_WEIGHT = {
    Sake.DOCUMENT: 50,
    Sake.NUMBER: 45,
    Sake.PRINCIPAL: 25,
    Sake.TOTAL: 25,
    Sake.EVERYTHING: 25,
}
_NAME_AT_MOST, _ALIKE, _LEAST = 30, 45, 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One contract. `invoice`: the one whose amount or number fits, None: oldest first. `score` orders them."""

    contract_id: int
    invoice: str | None
    score: int
    sakes: tuple[Sake, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the bank said of the money; "" where it said nothing."""

    amount: int
    method: Method
    paid_at: datetime
    document: str = ""
    name: str = ""
    nosso_numero: str = ""


def suggest(provider_id: int, money: Known, *, at: datetime, zone_day: date) -> list[Suggestion]:
    """The best first. `zone_day`: the civil day on which it was paid."""
    found = payers.signs(
        provider_id,
        document=re.sub(r"[^0-9A-Z]", "", money.document.upper()),
        numbers=sorted(_writings(money.nosso_numero)),
        words=_words(money.name),
        name=money.name,
        amounts=list(_amounts(money.amount, zone_day)),
    )
    by_contract = _by_contract(found)
    loaded = facts.load(
        list(by_contract), at, ask=Ask(invoices=[s.invoice for s in found if s.invoice is not None])
    )
    scored = [
        _score(contract, evaluate_access.standing_of(one, at), by_contract[contract], money, zone_day)
        for contract, one in loaded.items()
    ]
    good = [one for one in scored if one.score >= _LEAST]
    return sorted(good, key=lambda one: (-one.score, one.contract_id))[:BEST]


def _writings(number: str) -> set[str]:
    """How it may be written here: with or without its check digit, with or without leading zeros."""
    bare = re.sub(r"[^0-9A-Za-z]", "", number)
    if len(bare) < 4:
        return set()
    ways = {bare, bare[:-1], *(bare + digit for digit in "0123456789XP")}
    return ways | {way.lstrip("0") for way in ways}


def _words(name: str) -> list[str]:
    """The words that say who it is; a particle or an initial does not."""
    return [w for w in re.sub(r"[^\w\s]", " ", name).split() if len(w) >= 3][:6]


def _amounts(paid: int, on: date) -> Iterator[tuple[date, int, int]]:
    """For each due date around a day what a charge asked for that comes to this amount by then.

    A weekend and holidays may have moved the day from which lateness counts.
    """
    for late in range(-_AFTER, _BEFORE + 1):
        due, least, most = on - timedelta(days=late), _principal(paid, late), _principal(paid, late - _MOVED)
        yield due, least - _CLOSE - 1, most + _CLOSE + 1
        if most < paid:  # somebody may pay late what the paper says
            yield due, paid - _CLOSE, paid + _CLOSE


def _principal(paid: int, late: int) -> int:
    return paid if late <= 0 else paid * 10_000 // (10_000 + _FINE + -(-_MONTHLY * late // 30))


@dataclass(slots=True)
class _Signs:
    invoice: str | None = None
    sakes: list[Sake] = field(default_factory=list)
    alike: int = 0


def _by_contract(found: Sequence[Sign]) -> dict[int, _Signs]:
    """An amount that too many ask for says nothing by itself, and is dropped."""
    common = sum(s.what == "amount" for s in found) > payers.MOST
    by_contract: dict[int, _Signs] = {}
    for sign in found:
        if sign.what == "amount" and common:
            continue
        mine = by_contract.setdefault(sign.contract_id, _Signs())
        mine.alike = sign.alike if sign.alike >= _ALIKE else 0
        if sign.what in ("document", "number") and Sake(sign.what) not in mine.sakes:
            mine.sakes.append(Sake(sign.what))
        mine.invoice = sign.invoice if sign.what == "number" else mine.invoice
    return by_contract


def _score(contract: int, standing: Standing, signs: _Signs, money: Known, on: date) -> Suggestion:
    invoice, amount_says = _amount(standing, money, on)
    sakes = [*signs.sakes, *([Sake.NAME] if signs.alike else []), *([amount_says] if amount_says else [])]
    score = sum(_WEIGHT.get(sake, 0) for sake in sakes) + signs.alike * _NAME_AT_MOST // 100
    return Suggestion(contract, signs.invoice or invoice, score, tuple(sakes))


def _amount(standing: Standing, money: Known, on: date) -> tuple[str | None, Sake | None]:
    """The open invoice that asks for just this, and as what."""
    owing = [i for i in balance.oldest_first(standing.facts.invoices) if balance.open_principal(i) > 0]
    for invoice in owing:
        if _fits(balance.open_principal(invoice), money):
            return invoice.id, Sake.PRINCIPAL
        if _fits(_total(standing, invoice, money, on), money):
            return invoice.id, Sake.TOTAL
    whole = sum(_total(standing, i, money, on) for i in owing)
    return (None, Sake.EVERYTHING) if len(owing) > 1 and _fits(whole, money) else (None, None)


def _total(standing: Standing, invoice: Invoice, money: Known, on: date) -> int:
    return balance.owed(standing.calendars, standing.policy, invoice, on=on, method=money.method).total


def _fits(asked: int, money: Known) -> bool:
    return abs(asked - money.amount) <= _CLOSE
