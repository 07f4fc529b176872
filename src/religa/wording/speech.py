"""A text for the screen as a voice reads it aloud: sums in words, hours in full, protocol numbers digit by digit."""

from __future__ import annotations

import re

from religa.wording import numbers
from religa.wording.language import Language

_SUM = re.compile(r"R\$\s?(\d{1,3}(?:[.,]\d{3})*|\d+)[.,](\d{2})(?!\d)")
_HOUR_PT = re.compile(r"\b(\d{1,2})h(\d{2})\b")
_PROTOCOL = re.compile(r"\b\d{9,20}\b")
_ENDING = re.compile(r"(?<![\d:.,])0\d\b(?![\d:.,]\d)")  # the end of a number, where the zero counts
_FIRST = re.compile(r"\b1º")


def spoken(text: str, *, language: Language) -> str:
    """The same text for a phone menu. Dates and whole hours are words already."""
    said = _SUM.sub(lambda found: _sum(found, language), text)
    said = _PROTOCOL.sub(lambda found: digit_by_digit(found[0], language=language), said)
    said = _ENDING.sub(lambda found: digit_by_digit(found[0], language=language), said)
    if language is Language.PT:
        said = _FIRST.sub("primeiro", _HOUR_PT.sub(_hour, said))
    return " ".join(said.split())


def digit_by_digit(number: str, *, language: Language) -> str:
    """`dois, zero, dois, seis`: a voice would make thousands of it."""
    return ", ".join(numbers.whole(int(digit), language=language) for digit in number if digit.isdigit())


def _sum(found: re.Match[str], language: Language) -> str:
    units = int(re.sub(r"\D", "", found[1]))
    return (
        numbers.reais(units * 100 + int(found[2]), language=language) if units <= numbers.MOST else found[0]
    )


def _hour(found: re.Match[str]) -> str:
    hours, minutes = int(found[1]), int(found[2])
    return (
        f"{hours} {'hora' if hours == 1 else 'horas'} e {minutes} {'minuto' if minutes == 1 else 'minutos'}"
    )
