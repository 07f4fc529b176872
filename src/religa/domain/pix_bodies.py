"""Reads money and days of a `cobv` body as API Pix 2.9.0 writes them, strictly: what a bank would refuse is refused.

Goes on after a problem, so that a person sees all of them at once, each with the path of its field. What a body says
besides (`devedor`, `chave`, fields to come) is left alone. No float is ever taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeGuard, TypeVar

from religa.domain.pix_amounts import (
    PAYABLE_DAYS,
    DatedCharge,
    EarlyDiscount,
    EarlyKind,
    Flat,
    FlatKind,
    Interest,
    InterestKind,
    Until,
    UntilDiscount,
)

_MONEY = re.compile(r"([0-9]{1,10})\.([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MUNICIPALITY = re.compile(r"[0-9]{7}")
_FIRST, _LAST = date(2000, 1, 1), date(2098, 12, 31)  # Carnival and Corpus Christi are known for these years
_MOST_STEPS = 3
_HUNDRED_PERCENT = 100_00
_DISCOUNTS = range(1, 7)  # 1 and 2 until days, 3 to 6 for each day in advance

Kind = TypeVar("Kind", bound=Enum)
Priced = TypeVar("Priced", Flat, Interest)


@dataclass(frozen=True, slots=True)
class Body:
    """A charge, the day it was paid (`pago_em`), and the payer's municipality (`codMun`, IBGE; None: not said)."""

    charge: DatedCharge
    paid_on: date
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a body, one sentence each, that begins with the path of its field."""

    problems: tuple[str, ...]


def read(body: object) -> Body | Wrong:
    """A body as `json.loads` makes it: the `cobv`, with `pago_em` (YYYY-MM-DD) and perhaps `codMun` beside it."""
    reading = _Reading()
    if not isinstance(body, Mapping):
        return Wrong((f"{_shown(body)} is not a charge: write an object with calendario, valor and pago_em",))
    charge = reading.charge(body)
    paid_on = reading.day(body, "pago_em")
    municipality = reading.municipality(body.get("codMun"))
    if charge is None or paid_on is None or reading.problems:
        return Wrong(tuple(reading.problems))
    return Body(charge, paid_on, municipality)


def write_money(centavos: int) -> str:
    """Centavos, none below zero, as API Pix writes money: 9990 is `99.90`."""
    return f"{centavos // 100}.{centavos % 100:02d}"


class _Reading:
    """One pass over a body. Each method gives what it read, or None after it has told why not."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def tell(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}")

    def charge(self, body: Mapping[str, object]) -> DatedCharge | None:
        due, payable_days = self.days(self.inside(body, "calendario"))
        value = self.inside(body, "valor")
        if value is None:
            return None
        original = self.original(value)
        fine = self.priced(value, "valor.multa", FlatKind, Flat)
        interest = self.priced(value, "valor.juros", InterestKind, Interest)
        rebate = self.priced(value, "valor.abatimento", FlatKind, Flat)
        if rebate is not None:
            self.refuse_whole(
                "valor.abatimento.valorPerc", rebate.kind is FlatKind.AMOUNT, rebate.value, original
            )
        discount = self.discount(value, due, original)
        if due is None or original is None or self.problems:
            return None
        return DatedCharge(original, due, payable_days, fine, interest, rebate, discount)

    def inside(self, parent: Mapping[str, object], path: str) -> Mapping[str, object] | None:
        """A part that must be there, and be an object."""
        found = parent.get(_name(path))
        if isinstance(found, Mapping):
            return found
        self.tell(path, "is missing" if found is None else f"{_shown(found)} is not an object")
        return None

    def part(self, parent: Mapping[str, object], path: str) -> Mapping[str, object] | None:
        """The same for a part that may be missing, or null."""
        return None if parent.get(_name(path)) is None else self.inside(parent, path)

    def day(self, parent: Mapping[str, object], path: str) -> date | None:
        written = parent.get(_name(path))
        if written is None:
            self.tell(path, "is missing: write a day as YYYY-MM-DD")
            return None
        found = _date(written)
        if found is None:
            self.tell(path, f"{_shown(written)} is not a day: write it as text, as YYYY-MM-DD")
        elif not _FIRST <= found <= _LAST:
            self.tell(path, f"{found} is not between {_FIRST} and {_LAST}, for which bank holidays are known")
            return None
        return found

    def days(self, calendar: Mapping[str, object] | None) -> tuple[date | None, int]:
        """The due date, and how many days after it the charge can be paid."""
        if calendar is None:
            return None, PAYABLE_DAYS
        due = self.day(calendar, "calendario.dataDeVencimento")
        written = calendar.get("validadeAposVencimento")
        most = (_LAST - (due or _FIRST)).days
        if written is None:
            return due, PAYABLE_DAYS
        if _is_whole(written) and 0 <= written <= most:
            return due, written
        problem = f"{_shown(written)} is not a whole number of days, from 0 to {most}"
        self.tell("calendario.validadeAposVencimento", problem)
        return due, PAYABLE_DAYS

    def municipality(self, written: object) -> str | None:
        if written is None:
            return None
        if isinstance(written, str) and _MUNICIPALITY.fullmatch(written):
            return written
        self.tell("codMun", f"{_shown(written)} is not an IBGE code: write its seven digits as text")
        return None

    def original(self, value: Mapping[str, object]) -> int | None:
        found = self.hundredths(value, "valor.original")
        if found == 0:
            self.tell("valor.original", "a charge of 0.00 cannot be made")
        return found or None

    def hundredths(self, parent: Mapping[str, object], path: str) -> int | None:
        """Centavos of an amount, or hundredths of a percent: both are written with two decimals, as text."""
        written = parent.get(_name(path))
        if written is None:
            self.tell(path, 'is missing: write it as text with two decimals, as "2.00"')
            return None
        found = _MONEY.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            number = "is a number, not text" if _is_number(written) else "has not the form"
            self.tell(
                path,
                f'{_shown(written)} {number}: write up to ten digits, a point and two decimals, as "2.00"',
            )
            return None
        return int(found[1]) * 100 + int(found[2])

    def priced(
        self, value: Mapping[str, object], path: str, kinds: type[Kind], make: Callable[[Kind, int], Priced]
    ) -> Priced | None:
        """A part of `valor` that may be missing: its modalidade, from 1 on, and its amount or percentage."""
        part = self.part(value, path)
        if part is None:
            return None
        number = self.modalidade(part, path, range(1, len(kinds) + 1))
        amount = self.hundredths(part, f"{path}.valorPerc")
        return None if number is None or amount is None else make(kinds(number), amount)

    def modalidade(self, part: Mapping[str, object], path: str, known: range) -> int | None:
        written, path = part.get("modalidade"), f"{path}.modalidade"
        if _is_whole(written) and written in known:
            return written
        if written is None:
            self.tell(path, f"is missing: write a number from {known[0]} to {known[-1]}")
        else:
            aside = " (a number, without quotes)" if isinstance(written, str) else ""
            self.tell(path, f"{_shown(written)} is not one of {known[0]} to {known[-1]}{aside}")
        return None

    def discount(
        self, value: Mapping[str, object], due: date | None, original: int | None
    ) -> UntilDiscount | EarlyDiscount | None:
        path = "valor.desconto"
        part = self.part(value, path)
        number = None if part is None else self.modalidade(part, path, _DISCOUNTS)
        if part is None or number is None:
            return None
        if number in (1, 2):
            return self.until(part, FlatKind(number), due, original)
        return self.early(part, EarlyKind(number), original)

    def early(
        self, part: Mapping[str, object], kind: EarlyKind, original: int | None
    ) -> EarlyDiscount | None:
        if part.get("descontoDataFixa") is not None:
            self.tell(
                "valor.desconto.descontoDataFixa", f"does not go with modalidade {kind.value}, only 1 and 2"
            )
        path = "valor.desconto.valorPerc"
        amount = self.hundredths(part, path)
        if amount is None:
            return None
        self.refuse_whole(path, kind.is_amount, amount, original)
        return EarlyDiscount(kind, amount)

    def until(
        self, part: Mapping[str, object], kind: FlatKind, due: date | None, original: int | None
    ) -> UntilDiscount:
        if part.get("valorPerc") is not None:
            self.tell("valor.desconto.valorPerc", f"does not go with modalidade {kind.value}, only 3 to 6")
        path = "valor.desconto.descontoDataFixa"
        written = part.get("descontoDataFixa")
        if not isinstance(written, list) or not 1 <= len(written) <= _MOST_STEPS:
            self.tell(path, _steps_problem(written))
            return UntilDiscount(kind, ())
        read = [self.step(entry, f"{path}[{n}]", kind, due, original) for n, entry in enumerate(written)]
        steps = tuple(step for step in read if step is not None)
        for day in sorted({step.day for step in steps if sum(s.day == step.day for s in steps) > 1}):
            self.tell(path, f"the day {day} stands twice")
        return UntilDiscount(kind, steps)

    def step(
        self, entry: object, path: str, kind: FlatKind, due: date | None, original: int | None
    ) -> Until | None:
        if not isinstance(entry, Mapping):
            self.tell(path, f"{_shown(entry)} is not an object")
            return None
        day, amount = self.day(entry, f"{path}.data"), self.hundredths(entry, f"{path}.valorPerc")
        if day is not None and due is not None and day > due:
            self.tell(f"{path}.data", f"{day} is after the due date {due}")
        if amount is not None:
            self.refuse_whole(f"{path}.valorPerc", kind is FlatKind.AMOUNT, amount, original)
        return None if day is None or amount is None else Until(day, amount)

    def refuse_whole(self, path: str, is_amount: bool, value: int, original: int | None) -> None:
        """Refuses a rebate or discount that is the whole charge, or more."""
        whole = original if is_amount else _HUNDRED_PERCENT
        if whole is not None and value >= whole:
            less = f"valor.original ({write_money(whole)})" if is_amount else "100.00 %"
            self.tell(path, f"{write_money(value)} is not less than {less}")


def _steps_problem(written: object) -> str:
    if written is None or written == []:
        return f"is missing: write one to {_MOST_STEPS} objects with data and valorPerc"
    if isinstance(written, list):
        return f"has {len(written)} days, of which {_MOST_STEPS} are allowed"
    return f"{_shown(written)} is not a list"


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _date(written: object) -> date | None:
    if not isinstance(written, str) or not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _is_number(written: object) -> bool:
    return isinstance(written, int | float) and not isinstance(written, bool)


def _is_whole(written: object) -> TypeGuard[int]:
    return isinstance(written, int) and not isinstance(written, bool)


def _shown(written: object) -> str:
    """What stands there, as JSON writes it and not longer than a line."""
    if isinstance(written, Mapping | list):
        return "an object" if isinstance(written, Mapping) else "a list"
    return json.dumps(written, ensure_ascii=False)[:40]
