"""Reads the values of scenario files: wall times, days, amounts, lists. Each reader says what it wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from religa.domain.policy_fields import Unreadable, amount, percent

__all__ = ["Reader", "Unreadable", "amount", "percent"]

Reader = Callable[[Any, ZoneInfo], Any]


def text(value: Any, zone: ZoneInfo) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        raise Unreadable("a word or number")
    return str(value)


def truth(value: Any, zone: ZoneInfo) -> bool:
    if not isinstance(value, bool):
        raise Unreadable("true or false")
    return value


def whole(value: Any, zone: ZoneInfo) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable("a whole number")
    return value


def day(value: Any, zone: ZoneInfo) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Unreadable("a day, as 2026-11-10") from None


def instant(value: Any, zone: ZoneInfo) -> datetime:
    """Local wall time unless an offset is given; a day alone is 00:00. Gives an aware instant in UTC."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        raise Unreadable("a time, as 2026-11-10 09:00") from None
    return (read.replace(tzinfo=zone) if read.tzinfo is None else read).astimezone(UTC)


def reais(value: Any, zone: ZoneInfo) -> int:
    return amount(value)


def reais_or_all(value: Any, zone: ZoneInfo) -> int | None:
    """Centavos; None for `all`."""
    return None if value == "all" else amount(value)


def percentage(value: Any, zone: ZoneInfo) -> int:
    return percent(value)


def texts(value: Any, zone: ZoneInfo) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise Unreadable("a list, as [I1, I2]")
    return tuple(text(item, zone) for item in value)


def days(value: Any, zone: ZoneInfo) -> tuple[date, ...]:
    if not isinstance(value, list):
        raise Unreadable("a list of days, as [2026-12-18]")
    return tuple(day(item, zone) for item in value)


def member(kind: type[Enum]) -> Reader:
    def read(value: Any, zone: ZoneInfo) -> Enum:
        try:
            return kind(value)
        except ValueError:
            raise Unreadable("one of " + ", ".join(str(m.value) for m in kind)) from None

    return read


def word(*allowed: str) -> Reader:
    """One of some words; a bare on or off that YAML took for a boolean counts as the word."""

    def read(value: Any, zone: ZoneInfo) -> str:
        found = {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value
        if found not in allowed:
            raise Unreadable("one of " + ", ".join(allowed))
        return str(found)

    return read


def optional(reader: Reader) -> Reader:
    return lambda value, zone: None if value is None else reader(value, zone)


def listed(reader: Reader) -> Reader:
    def read(value: Any, zone: ZoneInfo) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Unreadable("a list")
        return tuple(reader(item, zone) for item in value)

    return read
