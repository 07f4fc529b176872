"""Reads policy values as people write them: `"09:00-17:00"`, `mon-fri`, `20.00`, bare `off`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

Reader = Callable[[Any], Any]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class Unreadable(ValueError):
    """A value that is not of the field's form; the text says which form that is."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A half-open stretch of the civil day, in minutes after midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}-{self.end // 60:02}:{self.end % 60:02}"


def truth(written: Any) -> bool:
    if not isinstance(written, bool):
        raise Unreadable("true or false")
    return written


def whole(written: Any) -> int:
    if isinstance(written, bool) or not isinstance(written, int) or written < 0:
        raise Unreadable("a whole number, 0 or more")
    return written


def whole_list(written: Any) -> tuple[int, ...]:
    if not isinstance(written, Sequence) or any(type(n) is not int for n in written):
        raise Unreadable("a list of whole numbers, as [-5, -1]")
    return tuple(sorted(written))


def amount(written: Any) -> int:
    """Reais to centavos."""
    return _hundredths(written, "an amount in reais with at most two decimals, as 20.00")


def percent(written: Any) -> int:
    """Percent to hundredths of a percent."""
    return _hundredths(written, "a percentage with at most two decimals, as 2.00")


def _hundredths(written: Any, form: str) -> int:
    if isinstance(written, bool):
        raise Unreadable(form)
    try:
        hundredths = Decimal(str(written)) * 100
    except InvalidOperation:
        raise Unreadable(form) from None
    if not hundredths.is_finite() or hundredths < 0 or hundredths != hundredths.to_integral_value():
        raise Unreadable(form)
    return int(hundredths)


def optional(reader: Reader) -> Reader:
    return lambda written: None if written is None else reader(written)


def choice(kind: type[Enum]) -> Reader:
    def read(written: Any) -> Enum:
        name = "off" if written is False else written  # YAML reads a bare off as a boolean
        try:
            return kind(name)
        except ValueError:
            raise Unreadable("one of " + ", ".join(str(member.value) for member in kind)) from None

    return read


def choices(kind: type[Enum]) -> Reader:
    one = choice(kind)

    def read(written: Any) -> frozenset[Enum]:
        if written == "all":
            return frozenset(kind)
        if not isinstance(written, Sequence) or isinstance(written, str):
            raise Unreadable("all, or a list of " + ", ".join(str(member.value) for member in kind))
        return frozenset(one(name) for name in written)

    return read


def hours(written: Any) -> Hours:
    match = _HOURS.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        raise Unreadable('hours of the day, as "09:00-17:00"')
    h1, m1, h2, m2 = map(int, match.groups())
    found = Hours(h1 * 60 + m1, h2 * 60 + m2)
    if m1 > 59 or m2 > 59 or found.end > 1440 or found.start >= found.end:
        raise Unreadable('hours that start before they end, as "09:00-17:00"')
    return found


def weekdays(written: Any) -> frozenset[int]:
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, Sequence):
        raise Unreadable("a list of weekdays, as [mon, tue]")
    return frozenset(day for name in names for day in _days_of(name))


def contact_hours(written: Any) -> tuple[Hours | None, ...]:
    if not isinstance(written, Mapping):
        raise Unreadable('hours by weekday, as {mon-fri: "09:00-19:00", sat: "09:00-13:00"}')
    week: list[Hours | None] = [None] * 7
    for name, value in written.items():
        for day in _days_of(name):
            week[day] = hours(value)
    return tuple(week)


def _days_of(name: Any) -> range:
    first, _, last = str(name).partition("-")
    try:
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    except ValueError:
        raise Unreadable("weekdays " + ", ".join(WEEKDAYS)) from None
    if end < start:
        raise Unreadable("weekdays from mon to sun, as mon-fri")
    return range(start, end + 1)
