"""Holidays of the library `holidays`: the nation's, the banks' and the states', one year at a time, kept.

The library takes about a second to import, so it is imported by the first question, not with this module. Its
financial calendar (B3) is not used: it moves 24 and 31 December in and out between versions.
"""

from datetime import date
from functools import lru_cache

__all__ = ["LibraryChanged", "bank", "state"]

_COUNTRY, _LANGUAGE = "BR", "pt_BR"
_BANK_ONLY = {"Carnaval": 2, "Corpus Christi": 1}  # optional days on which banks close, and how many a year

Days = tuple[tuple[date, str], ...]  # a day with two holidays stands twice


class LibraryChanged(RuntimeError):
    """The library no longer has a day on which banks close under the name we know it by.

    Guessing would charge interest for a day on which nobody could pay, so this stops instead.
    """


@lru_cache(maxsize=64)
def bank(year: int) -> Days:
    """The days of one year on which banks are closed, weekends aside, in date order."""
    optional = _ask(year, category="optional")
    for name, expected in _BANK_ONLY.items():
        count = sum(known == name for _, known in optional)
        if count != expected:
            raise LibraryChanged(f"library holidays: {count} days named {name!r} in {year}, not {expected}")
    closed = [(day, name) for day, name in optional if name in _BANK_ONLY]
    return tuple(sorted([*_ask(year), *closed]))


@lru_cache(maxsize=27 * 16)
def state(year: int, uf: str) -> Days:
    """The days of one year that a state adds to the nation's, in date order."""
    national = set(_ask(year))
    return tuple(entry for entry in _ask(year, uf=uf) if entry not in national)


def _ask(year: int, *, uf: str | None = None, category: str = "public") -> list[tuple[date, str]]:
    import holidays  # here, so that a command that needs no calendar does not wait for it

    found = holidays.country_holidays(
        _COUNTRY, subdiv=uf, years=year, expand=False, language=_LANGUAGE, categories=category
    )
    return [(day, name) for day in sorted(found) for name in found.get_list(day)]
