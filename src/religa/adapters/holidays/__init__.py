"""The two sets of holidays that `domain.calendar.Calendars` takes, from a library and the provider's file.

`bank_holidays` moves due dates, late charges and clearing; `local_holidays` closes further days for blocks
and messages, never for banks. Both give day to name, so that a page can say why a day is closed; the domain
gets the days alone, as `frozenset(found)`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from religa.adapters.holidays import library, provider_file
from religa.adapters.holidays.library import LibraryChanged
from religa.adapters.holidays.provider_file import HolidayFileError
from religa.adapters.holidays.states import UF_BY_IBGE

__all__ = [
    "UF_BY_IBGE",
    "HolidayFileError",
    "LibraryChanged",
    "LibraryHolidays",
    "bank_holidays",
    "local_holidays",
]


def bank_holidays(years: Iterable[int]) -> dict[date, str]:
    """National holidays, Carnival Monday and Tuesday, Good Friday and Corpus Christi, in date order.

    24 and 31 December are bank days and stay out, as does Ash Wednesday, when banks open at noon
    (Res. CMN 4.880/2020). Names are in Portuguese. Raises `LibraryChanged` if the library no longer knows
    Carnival or Corpus Christi by its name.
    """
    return _joined(entry for year in years for entry in library.bank(year))


def local_holidays(
    years: Iterable[int], *, uf: str | None = None, ibge_code: str | None = None, file: Path | None = None
) -> dict[date, str]:
    """Holidays of a state and a municipality and the provider's own, beside the bank holidays; in date order.

    `uf` is a state such as `CE`, `ibge_code` the seven digits of the subscriber's municipality, `file` the
    provider's own list (deploy/holidays.example.toml); what is None adds nothing. Where two holidays share a
    day, their names are joined by "; ".

    Raises `HolidayFileError` with every problem of the file, and `ValueError` for a state or municipality
    that does not exist or does not match the other.
    """
    _refuse_unknown(uf, ibge_code)
    rules = provider_file.read(file).rules_for(uf=uf, ibge_code=ibge_code) if file else ()
    return _joined(
        entry
        for year in years
        for entry in (*(library.state(year, uf) if uf else ()), *provider_file.in_year(rules, year))
    )


def _joined(entries: Iterable[tuple[date, str]]) -> dict[date, str]:
    names: dict[date, list[str]] = {}
    for day, name in entries:
        names.setdefault(day, []).append(name)
    return {day: "; ".join(dict.fromkeys(names[day])) for day in sorted(names)}


def _refuse_unknown(uf: str | None, ibge_code: str | None) -> None:
    if uf is not None and uf not in UF_BY_IBGE.values():
        raise ValueError(f"{uf!r} is not a Brazilian state: write two capital letters, such as CE")
    if ibge_code is None:
        return
    state = UF_BY_IBGE.get(ibge_code[:2])
    if state is None or len(ibge_code) != 7 or not (ibge_code.isascii() and ibge_code.isdigit()):
        raise ValueError(f"{ibge_code!r} is not the code of a municipality: IBGE codes have seven digits")
    if uf is not None and uf != state:
        raise ValueError(f"municipality {ibge_code} is in {state}, not in {uf}")


@dataclass(frozen=True)
class LibraryHolidays:
    """The port `Holidays`, answered by the library and the provider's file (None: he keeps none)."""

    file: Path | None = None

    def bank(self, years: Sequence[int]) -> dict[date, str]:
        return bank_holidays(years)

    def local(self, years: Sequence[int], *, uf: str, ibge_code: str) -> dict[date, str]:
        return local_holidays(years, uf=uf or None, ibge_code=ibge_code or None, file=self.file)
