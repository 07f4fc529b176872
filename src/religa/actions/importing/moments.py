"""Reads days, instants and months as Brazilians (and databases) write them.

Excel's day numbers are refused: nothing tells 45990 apart from another column's number. MySQL's `0000-00-00` is empty.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from religa.actions.importing.cells import Bad, Reader, plain, unwrapped
from religa.actions.importing.problems import What

_DAY = timedelta(days=1)
_BRAZILIAN = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?")
_YEARS = range(1990, 2101)
_MONTHS = ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"]


@lru_cache(maxsize=65536)
def day(cell: str) -> date | None:
    """A civil day; a time of 00:00 behind it is left aside."""
    cell = unwrapped(cell)
    head, _, rest = cell.replace("T", " ").partition(" ")
    if rest and not re.fullmatch(r"0?0:00(:00(\.0+)?)?", rest.strip()):
        raise Bad(What.NOT_A_DATE)
    return _day(head)


def _day(written: str) -> date | None:
    if re.fullmatch(r"0?0/0?0/0000|0000-00-00", written):
        return None
    found = _BRAZILIAN.fullmatch(written)
    year, month, number = (found[3], found[2], found[1]) if found else _iso(written)
    try:
        made = date(int(year), int(month), int(number))
    except ValueError:
        raise Bad(What.IMPOSSIBLE_DATE) from None
    if made.year not in _YEARS:
        raise Bad(What.DATE_RANGE, f"{_YEARS[0]}-{_YEARS[-1]}")
    return made


def _iso(written: str) -> tuple[str, str, str]:
    found = _ISO.fullmatch(written)
    if found:
        return found[1], found[2], found[3]
    raise Bad(What.DATE_SERIAL if re.fullmatch(r"[345][0-9]{4}(?:[.,][0-9]+)?", written) else What.NOT_A_DATE)


def past_day(today: date) -> Reader:
    def read(cell: str) -> date | None:
        found: date | None = day(cell)
        if found is not None and found > today:
            raise Bad(What.FUTURE)
        return found

    return read


def instant(zone: ZoneInfo, *, end_of_day: bool = False) -> Reader:
    """An instant in UTC. A day without a time is its first instant, or with `end_of_day` its last (24:00)."""

    @lru_cache(maxsize=65536)
    def read(cell: str) -> datetime | None:
        head, _, rest = unwrapped(cell).replace("T", " ").partition(" ")
        civil = _day(head)
        if civil is None:
            return None
        if not rest.strip():
            return datetime.combine(civil + _DAY if end_of_day else civil, time(), zone).astimezone(UTC)
        return datetime.combine(civil, _time(rest.strip()), zone).astimezone(UTC)

    return read


def _time(written: str) -> time:
    found = _TIME.fullmatch(written)
    if found is None:
        raise Bad(What.NOT_A_DATE)
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        raise Bad(What.IMPOSSIBLE_DATE) from None


def past_instant(zone: ZoneInfo, at: datetime) -> Reader:
    """An instant that has come. A day alone that is today's counts from its start."""
    inner = instant(zone)

    def read(cell: str) -> datetime | None:
        found: datetime | None = inner(cell)
        if found is not None and found > at:
            raise Bad(What.FUTURE)
        return found

    return read


@lru_cache(maxsize=4096)
def reference(cell: str) -> str:
    """The month a bill is for, as `2026-11`: from `11/2026`, `2026-11`, `nov/2026` or a day of it."""
    cell = unwrapped(cell)
    named = re.fullmatch(r"([a-z]{3})[a-z]*_(?:de_)?([0-9]{4}|[0-9]{2})", plain(cell))
    if named and named[1] in _MONTHS:
        year = named[2] if len(named[2]) == 4 else "20" + named[2]
        return f"{year}-{_MONTHS.index(named[1]) + 1:02}"
    found = re.fullmatch(r"(?:[0-9]{1,2}/)?([0-9]{1,2})[/-]([0-9]{4})", cell)
    month, year = (found[1], found[2]) if found else (None, None)
    if found is None and (iso := re.fullmatch(r"([0-9]{4})[-/]([0-9]{1,2})(?:-[0-9]{1,2})?", cell)):
        year, month = iso[1], iso[2]
    if month is None or year is None or not 1 <= int(month) <= 12 or int(year) not in _YEARS:
        raise Bad(What.NOT_A_REFERENCE)
    return f"{year}-{int(month):02}"
