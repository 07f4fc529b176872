"""Columns of one line become values here; what is wrong is noted with its place, and reading goes on."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from religa.adapters.cnab.lines import Line
from religa.adapters.cnab.spec import DateForm, Span
from religa.ports.bank_files import Problem, ProblemKind

LISTED = 50  # problems that are kept word by word; a file of another kind has one on every line
_SHOWN = 20  # characters of a value that is quoted
_WORD = re.compile(r"[^\W\d_]{3,}")
_CENTURY = 80  # a year of two digits from here on is 19xx: the layouts are of 1991, no file is of 2080


class Problems:
    """All that is wrong with a file: the first `LISTED` in words, the rest counted."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.more = 0

    def __bool__(self) -> bool:
        return bool(self.listed)

    def add(self, line: int, span: Span | None, kind: ProblemKind, words: str) -> None:
        if len(self.listed) == LISTED:
            self.more += 1
            return
        first, last = span or (0, 0)
        self.listed.append(Problem(line, first, last, kind, words))

    def in_order(self) -> tuple[Problem, ...]:
        """By line; those of one line as they were met."""
        return tuple(sorted(self.listed, key=lambda problem: problem.line))


class Row:
    """One line of a file of `width` columns. Columns are counted from 1; what is cut off at the end is blank."""

    __slots__ = ("_problems", "number", "raw")

    def __init__(self, line: Line, width: int, problems: Problems) -> None:
        self.number, self._problems = line.number, problems
        self.raw = line.text if len(line.text) >= width else line.text.ljust(width)
        if len(line.text) > width + 1:  # some banks end every line with one character more
            words = f"{len(line.text)} columns, {width} expected"
            self.wrong(None, ProblemKind.TOO_LONG, words)

    def wrong(self, span: Span | None, kind: ProblemKind, words: str) -> None:
        self._problems.add(self.number, span, kind, words)

    def text(self, span: Span | None) -> str:
        """Without the blanks around; "" for a column that the layout does not have."""
        return self.raw[span[0] - 1 : span[1]].strip() if span else ""

    def amount(self, span: Span, name: str) -> int:
        """Whole centavos; 0 for a column that is blank."""
        digits = self.raw[span[0] - 1 : span[1]]
        if digits.isdigit() and digits.isascii():
            return int(digits)
        if digits.strip():
            self.wrong(span, ProblemKind.NOT_A_NUMBER, f"{name} {_quoted(digits)} is not a whole number")
        return 0

    count = amount

    def day(self, span: Span, form: DateForm, name: str) -> date | None:
        """None for a day that is blank or all zeros."""
        digits = self.raw[span[0] - 1 : span[1]]
        try:
            return parse_day(digits, form)
        except ValueError:
            words = f"{name} {_quoted(digits)} is not a date ({_ORDER[form]})"
            self.wrong(span, ProblemKind.NOT_A_DATE, words)
            return None


_LENGTH = {DateForm.DMY6: 6, DateForm.DMY8: 8, DateForm.YMD8: 8}
_ORDER = {DateForm.DMY6: "DDMMYY", DateForm.DMY8: "DDMMYYYY", DateForm.YMD8: "YYYYMMDD"}


@lru_cache(maxsize=4096)
def parse_day(digits: str, form: DateForm) -> date | None:
    """None for blanks or zeros. Raises `ValueError` for what is no date."""
    if not digits.strip(" 0"):
        return None
    if not (digits.isdigit() and digits.isascii() and len(digits) == _LENGTH[form]):
        raise ValueError(digits)
    if form is DateForm.YMD8:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    return date(_year(digits[4:]), int(digits[2:4]), int(digits[:2]))


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= _CENTURY else 2000)


def _quoted(value: str) -> str:
    """As a reader may see it: control characters as codes, and no name that slipped into a column of digits."""
    value = _WORD.sub("…", value)
    return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
