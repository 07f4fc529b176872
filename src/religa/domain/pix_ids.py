"""The numbers that the Pix system gives a payment (endToEndId) and a return of it (rtrId).

32 characters, capitals and small letters told apart: `E` or `D`, ISPB of the bank that sends (8), minute in UTC (12),
11 letters and digits (API Pix 2.9.0, whose examples of 34 characters are wrong). A number is compared as a whole and
kept as it came; what it says is for people and for a first look, never a reason to refuse money.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from religa.domain.problems import Problem

__all__ = ["NotAPixId", "PixId", "PixIdProblem", "read_end_to_end_id", "read_return_id"]

_SHAPE = re.compile(r"[A-Z](?P<ispb>[0-9A-Z]{8})(?P<minute>[0-9]{12})[0-9A-Za-z]{11}")


class PixIdProblem(Problem):
    """Why a text is no number of the Pix system."""

    EMPTY = "empty", "it is empty"
    LENGTH = "length", "it has 32 characters"
    START = "start", "a payment's starts with E and a return's with D"
    SHAPE = (
        "shape",
        "behind the first letter come 8 of the bank, 12 digits of the minute and 11 letters and digits",
    )
    MINUTE = "minute", "its year, month, day, hour and minute are none of the calendar"


@dataclass(frozen=True, slots=True)
class PixId:
    """`ispb`: who sent it, eight digits (letters in newer ones). `minute`: when, in UTC; the payer's bank wrote it."""

    text: str
    ispb: str
    minute: datetime


@dataclass(frozen=True, slots=True)
class NotAPixId:
    """Not readable; the payment may be real all the same."""

    problem: PixIdProblem


def read_end_to_end_id(text: str) -> PixId | NotAPixId:
    """What the number of a payment says."""
    return _read(text.strip(), "E")


def read_return_id(text: str) -> PixId | NotAPixId:
    """What the number of a return (devolução) says."""
    return _read(text.strip(), "D")


def _read(text: str, letter: str) -> PixId | NotAPixId:
    problem = _problem(text, letter)
    found = _SHAPE.fullmatch(text)
    if problem or found is None:
        return NotAPixId(problem or PixIdProblem.SHAPE)
    minute = _minute(found["minute"])
    return PixId(text, found["ispb"], minute) if minute else NotAPixId(PixIdProblem.MINUTE)


def _problem(text: str, letter: str) -> PixIdProblem | None:
    if not text:
        return PixIdProblem.EMPTY
    if not text.startswith(letter):
        return PixIdProblem.START
    return None if len(text) == 32 else PixIdProblem.LENGTH


def _minute(digits: str) -> datetime | None:
    year, rest = int(digits[:4]), digits[4:]
    month, day, hour, minute = (int(rest[i : i + 2]) for i in range(0, 8, 2))
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None
