"""The provider's own list of holidays: a TOML file that a person edits, as deploy/holidays.example.toml.

`[everywhere]`, `[state.CE]` and `[municipality.2304400]` each hold lines `"day" = "name"`. A day is `"15/08"`
(every year), `"18/12/2026"` or `2026-12-18` (once), or `"easter+60"` (days from Easter Sunday). The
month-first `08-15` is refused: beside `"15/08"` it would be read the wrong way round sooner or later.
"""

import calendar
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from religa.adapters.holidays.states import UF_BY_IBGE

__all__ = ["HolidayFile", "HolidayFileError", "Rule", "easter", "in_year", "read"]

_EACH_YEAR = re.compile(r"([0-9]{1,2})/([0-9]{1,2})")
_ONCE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ONCE_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FROM_EASTER = re.compile(r"easter([+-][0-9]{1,3})?")
_FORMS = 'write "15/08" (every year), "18/12/2026" (once) or "easter+60" (days from Easter)'
_TABLES = "[everywhere], [state.UF] or [municipality.CODE]"
_AT_LINE = re.compile(r"at line ([0-9]+)")
_IS_REPEATED = re.compile(r"Cannot (overwrite|declare)")
_REPEATED = "stands twice: keep one of the two"
_UNQUOTED = 'is not valid TOML; write "day" = "name", both between quotes'
_LEAP_YEAR = 2024  # any: 29 February is a day of every year that has it
_EASTER_SPAN = range(-80, 251)  # so that the day is in Easter's own year

DayIn = Callable[[int], date | None]
Rule = tuple[DayIn, str]


class HolidayFileError(Exception):
    """A holiday file that cannot be used. `problems` has one sentence each, with the key it is about."""

    def __init__(self, file: Path, problems: Iterable[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


@dataclass(frozen=True)
class HolidayFile:
    """What a file says: rules for every subscriber, by state, and by IBGE code."""

    everywhere: tuple[Rule, ...] = ()
    states: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    municipalities: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    def rules_for(self, *, uf: str | None, ibge_code: str | None) -> tuple[Rule, ...]:
        """All rules that apply at one place."""
        return (
            *self.everywhere,
            *self.states.get(uf or "", ()),
            *self.municipalities.get(ibge_code or "", ()),
        )


def in_year(rules: Iterable[Rule], year: int) -> Iterator[tuple[date, str]]:
    """The days that rules name in one year, with their names."""
    for day_in, name in rules:
        day = day_in(year)
        if day is not None:
            yield day, name


def read(file: Path) -> HolidayFile:
    """The file, read again only after it was changed. Raises `HolidayFileError` with every problem found."""
    try:
        stat = file.stat()
        return _read(file, (stat.st_mtime_ns, stat.st_size, stat.st_ino))
    except OSError as error:
        raise HolidayFileError(file, [f"cannot be read: {error.strerror}"]) from error


@lru_cache(maxsize=8)
def _read(file: Path, _version: tuple[int, int, int]) -> HolidayFile:
    try:
        text = file.read_bytes().decode("utf-8-sig")  # Windows editors put a mark in front
    except UnicodeDecodeError as error:
        raise HolidayFileError(file, ["is not UTF-8 text: save it again with that encoding"]) from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise HolidayFileError(file, [_syntax_problem(text, str(error))]) from error
    reading = _Reading()
    found = reading.content(content)
    if reading.problems:
        raise HolidayFileError(file, reading.problems)
    return found


def _syntax_problem(text: str, error: str) -> str:
    """The parser's words are for programmers: show the person the line, and say the two usual mistakes."""
    found = _AT_LINE.search(error)
    if found is None:
        return f"is not valid TOML: {error}"
    line = text.split("\n")[int(found[1]) - 1].strip()
    reason = _REPEATED if _IS_REPEATED.match(error) else f"{_UNQUOTED} ({error.split(' (at')[0]})"
    return f"line {found[1]}: {line}: {reason}"


class _Reading:
    """One pass over a file that goes on after a problem, so that the person sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def content(self, content: dict[str, Any]) -> HolidayFile:
        for key in sorted(content.keys() - {"everywhere", "state", "municipality"}):
            self.problems.append(f"{key}: unknown: know {_TABLES}")
        return HolidayFile(
            everywhere=self._rules("everywhere", content.get("everywhere", {})),
            states=self._places("state", content.get("state", {}), _state_problem),
            municipalities=self._places(
                "municipality", content.get("municipality", {}), _municipality_problem
            ),
        )

    def _places(
        self, table: str, places: object, problem_of: Callable[[str], str | None]
    ) -> dict[str, tuple[Rule, ...]]:
        if not isinstance(places, dict):
            self.problems.append(f"{table}: is not a table: know {_TABLES}")
            return {}
        for place in places:
            if problem := problem_of(place):
                self.problems.append(f"{table}.{place}: {problem}")
        return {place: self._rules(f"{table}.{place}", lines) for place, lines in places.items()}

    def _rules(self, table: str, lines: object) -> tuple[Rule, ...]:
        if not isinstance(lines, dict):
            self.problems.append(f'{table}: is not a table: write [{table}], then lines "day" = "name"')
            return ()
        rules = []
        for key, name in lines.items():
            try:
                rules.append((_day_rule(key), _name(name)))
            except ValueError as problem:
                self.problems.append(f'{table} "{key}": {problem}')
        return tuple(rules)


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise ValueError('the name of the holiday is missing: write it between quotes after "="')
    return name.strip()


def _day_rule(key: str) -> DayIn:
    if found := _EACH_YEAR.fullmatch(key):
        day, month = int(found[1]), int(found[2])
        _refuse_impossible(day, month, None)
        return lambda year: (
            date(year, month, day) if (month, day) != (2, 29) or calendar.isleap(year) else None
        )
    if found := _ONCE.fullmatch(key):
        return _once(int(found[1]), int(found[2]), int(found[3]))
    if found := _ONCE_ISO.fullmatch(key):
        return _once(int(found[3]), int(found[2]), int(found[1]))
    if found := _FROM_EASTER.fullmatch(key):
        return _from_easter(int(found[1] or 0))
    raise ValueError(f"is not a day: {_FORMS}")


def _from_easter(days: int) -> DayIn:
    if days not in _EASTER_SPAN:
        raise ValueError(f"Easter is counted from {_EASTER_SPAN[0]} to +{_EASTER_SPAN[-1]} days")
    return lambda year: easter(year) + timedelta(days=days)


def _once(day: int, month: int, year: int) -> DayIn:
    _refuse_impossible(day, month, year)
    only = date(year, month, day)
    return lambda asked: only if asked == year else None


def _refuse_impossible(day: int, month: int, year: int | None) -> None:
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}: the day comes first, then the month")
    if year == 0 or not 1 <= day <= calendar.monthrange(year or _LEAP_YEAR, month)[1]:
        raise ValueError(f"month {month} has no day {day}" + (f" in {year}" if year is not None else ""))


def _state_problem(uf: str) -> str | None:
    return (
        None
        if uf in UF_BY_IBGE.values()
        else "is not a Brazilian state: write two capital letters, such as CE"
    )


def _municipality_problem(code: str) -> str | None:
    if re.fullmatch(r"[0-9]{7}", code) and code[:2] in UF_BY_IBGE:
        return None
    return "is not the code of a municipality: IBGE codes have seven digits, such as 2304400"


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the anonymous algorithm of Nature, 1876)."""
    century, year_of_century = divmod(year, 100)
    golden = year % 19
    skipped = century - century // 4 - (8 * century + 13) // 25
    epact = (19 * golden + skipped + 15) % 30
    epact -= (epact // 28) * (1 - (epact // 28) * (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    after_march_28 = epact - weekday
    month = 3 + (after_march_28 + 40) // 44
    return date(year, month, after_march_28 + 28 - 31 * (month // 4))
