"""The days on which banks close, against a table by hand: a library that changes its mind is caught."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from religa.adapters.holidays import LibraryChanged, bank_holidays, library
from religa.domain.calendar import Calendars

# Month and day. Movable feasts are counted from Easter: Carnival 48 and 47 days before it, Good Friday 2 days
# before it, Corpus Christi 60 days after it.
EASTER = {2026: "04-05", 2027: "03-28", 2028: "04-16", 2029: "04-01", 2030: "04-21"}
NEW_YEAR, TIRADENTES, LABOUR = "01-01", "04-21", "05-01"
INDEPENDENCE, APARECIDA, ALL_SOULS, REPUBLIC = "09-07", "10-12", "11-02", "11-15"
BLACK_AWARENESS, CHRISTMAS = "11-20", "12-25"
AUTUMN = (INDEPENDENCE, APARECIDA, ALL_SOULS, REPUBLIC, BLACK_AWARENESS, CHRISTMAS)
#        new year  carnival            good friday                              corpus christi
TABLE = {
    2026: (NEW_YEAR, "02-16", "02-17", "04-03", TIRADENTES, LABOUR, "06-04", *AUTUMN),
    2027: (NEW_YEAR, "02-08", "02-09", "03-26", TIRADENTES, LABOUR, "05-27", *AUTUMN),
    2028: (NEW_YEAR, "02-28", "02-29", "04-14", TIRADENTES, LABOUR, "06-15", *AUTUMN),
    2029: (NEW_YEAR, "02-12", "02-13", "03-30", TIRADENTES, LABOUR, "05-31", *AUTUMN),
    2030: (NEW_YEAR, "03-04", "03-05", "04-19", TIRADENTES, LABOUR, "06-20", *AUTUMN),
}


def day(year: int, month_and_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_and_day}")


@pytest.mark.parametrize("year", TABLE)
def test_banks_close_on_the_days_of_the_table_and_on_no_other(year: int) -> None:
    assert list(bank_holidays([year])) == [day(year, found) for found in TABLE[year]]


@pytest.mark.parametrize("year", TABLE)
def test_the_table_is_right_about_easter(year: int) -> None:
    easter = day(year, EASTER[year])
    assert easter.weekday() == 6
    for days in (-48, -47, -2, 60):
        assert f"{easter + timedelta(days=days):%m-%d}" in TABLE[year]


@pytest.mark.parametrize("year", TABLE)
def test_christmas_eve_and_new_years_eve_are_bank_days_and_ash_wednesday_too(year: int) -> None:
    ash_wednesday = day(year, EASTER[year]) - timedelta(days=46)
    closed = bank_holidays([year])
    assert not {date(year, 12, 24), date(year, 12, 31), ash_wednesday} & set(closed)


def test_names_are_in_portuguese() -> None:
    closed = bank_holidays([2026])
    assert closed[date(2026, 2, 16)] == closed[date(2026, 2, 17)] == "Carnaval"
    assert closed[date(2026, 4, 3)] == "Sexta-feira Santa"
    assert closed[date(2026, 6, 4)] == "Corpus Christi"
    assert closed[date(2026, 12, 25)] == "Natal"


def test_several_years_come_in_date_order_whatever_the_order_asked() -> None:
    closed = bank_holidays([2028, 2026, 2027, 2026])
    assert list(closed) == sorted({**bank_holidays([2026]), **bank_holidays([2027]), **bank_holidays([2028])})
    assert len(closed) == 39


def test_two_holidays_on_one_day_keep_both_names() -> None:
    assert bank_holidays([2000])[date(2000, 4, 21)] == "Sexta-feira Santa; Tiradentes"


def test_no_year_has_no_holiday() -> None:
    assert bank_holidays([]) == {}


def test_the_calendar_takes_them_as_days() -> None:
    calendars = Calendars(zone=ZoneInfo("America/Fortaleza"), bank_holidays=frozenset(bank_holidays([2026])))
    assert calendars.is_bank_day(date(2026, 12, 24))
    assert calendars.is_bank_day(date(2026, 12, 31))
    assert not calendars.is_bank_day(date(2026, 6, 4))


def test_a_caller_cannot_spoil_the_days_kept_for_the_next() -> None:
    bank_holidays([2026]).clear()
    assert len(bank_holidays([2026])) == 13


def test_the_library_is_asked_once_for_each_year(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def count(*args: object, years: int, **rest: object) -> holidays.HolidayBase:
        asked.append(years)
        return real(*args, **rest | {"years": years})  # type: ignore[arg-type]

    real = holidays.country_holidays
    monkeypatch.setattr(holidays, "country_holidays", count)
    library.bank.cache_clear()
    first = bank_holidays([2026, 2027])
    questions = len(asked)
    assert set(asked) == {2026, 2027}
    assert bank_holidays([2027, 2026]) == first
    assert len(asked) == questions


@pytest.mark.parametrize("forgotten", ["Carnaval", "Corpus Christi"])
def test_a_library_that_forgets_a_movable_day_stops_us(
    forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(*args: object, **rest: object) -> holidays.HolidayBase:
        found = real(*args, **rest)  # type: ignore[arg-type]
        for when in found.get_named(forgotten):
            found.pop(when)
        return found

    real = holidays.country_holidays
    monkeypatch.setattr(holidays, "country_holidays", renamed)
    library.bank.cache_clear()
    with pytest.raises(LibraryChanged, match=f"0 days named '{forgotten}' in 2026"):
        bank_holidays([2026])
