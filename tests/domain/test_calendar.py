"""Bank days, due dates that move, block slots and contact hours, on days of 2026 to 2030 looked up by hand.

The holidays themselves, year by year, are in tests/adapters/holidays; here is what follows from them.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from religa.adapters.holidays import bank_holidays, local_holidays
from religa.domain import calendar
from religa.domain.calendar import Calendars
from religa.domain.policy import Hours, Policy

SAO_PAULO, SANTIAGO = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Santiago")
BANK = frozenset(bank_holidays(range(2025, 2032)))
LOCAL = frozenset({date(2026, 6, 24), date(2026, 12, 18)})  # a Wednesday and a Friday
CALENDARS = Calendars(SAO_PAULO, BANK, LOCAL)
POLICY = Policy()
CIVIL = Policy(no_business_calendar=True)


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def wall(instant: datetime | None, zone: ZoneInfo = SAO_PAULO) -> str | None:
    return None if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


# -- days -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 12, 11), date(2026, 12, 13), 0),  # Friday to Sunday
        (date(2026, 12, 11), date(2026, 12, 14), 1),
        (date(2026, 12, 12), date(2026, 12, 14), 1),
        (date(2026, 12, 10), date(2026, 12, 30), 13),  # over Christmas
        (date(2026, 12, 10), date(2026, 12, 10), 0),
        (date(2026, 12, 14), date(2026, 12, 11), 0),
    ],
)
def test_bank_days_are_counted_after_the_first_day_up_to_the_last(start: date, end: date, count: int) -> None:
    assert calendar.bank_days_after(CALENDARS, start, end) == count


def test_an_instant_belongs_to_the_day_of_the_zone_not_of_utc() -> None:
    instant = datetime(2026, 11, 11, 2, 59, tzinfo=UTC)
    assert CALENDARS.day(instant) == date(2026, 11, 10)
    assert CALENDARS.day(instant + timedelta(minutes=1)) == date(2026, 11, 11)
    assert Calendars(ZoneInfo("America/Rio_Branco")).day(instant) == date(2026, 11, 10)
    assert Calendars(ZoneInfo("America/Noronha")).day(instant) == date(2026, 11, 11)


@pytest.mark.parametrize("day", [date(2026, 9, 6), date(2026, 4, 5), date(2026, 11, 10)])
def test_midnight_is_the_first_instant_of_a_day_even_where_clocks_jump_at_midnight(day: date) -> None:
    santiago = Calendars(
        SANTIAGO
    )  # on 6 September 2026 there is no 00:00, on 5 April 2026 the hour before comes twice
    midnight = santiago.midnight(day)
    assert santiago.day(midnight) == day
    assert santiago.day(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)
    assert santiago.midnight(day) == midnight  # asked again


def test_1440_minutes_after_midnight_is_the_next_midnight() -> None:
    assert CALENDARS.instant(date(2026, 12, 31), 1440) == CALENDARS.midnight(date(2027, 1, 1))


def test_days_later_is_the_same_wall_time_over_a_change_of_clocks() -> None:
    santiago = Calendars(SANTIAGO)
    moved = calendar.plus_days(santiago, at("2026-09-04 14:00", SANTIAGO), 3)
    assert wall(moved, SANTIAGO) == "2026-09-07 14:00"
    assert moved - at("2026-09-04 14:00", SANTIAGO) == timedelta(hours=71)


# -- bank days --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_bank_day"),
    [
        (date(2026, 11, 14), False),  # Saturday
        (date(2026, 11, 15), False),  # Sunday, and Proclamação da República
        (date(2026, 11, 16), True),
        (date(2026, 11, 20), False),  # Consciência Negra, a Friday
        (date(2026, 2, 16), False),  # Carnival Monday
        (date(2026, 2, 17), False),
        (date(2026, 2, 18), True),  # Ash Wednesday
        (date(2026, 6, 4), False),  # Corpus Christi
        (date(2026, 6, 24), True),  # only the municipality is closed
        (date(2026, 12, 24), True),
        (date(2026, 12, 31), True),
    ],
)
def test_bank_days(day: date, is_bank_day: bool) -> None:
    assert CALENDARS.is_bank_day(day) is is_bank_day


def test_local_holidays_close_for_blocks_and_not_for_banks() -> None:
    assert CALENDARS.is_closed(date(2026, 6, 24))
    assert not Calendars(SAO_PAULO, BANK).is_closed(date(2026, 6, 24))
    assert CALENDARS.is_closed(date(2026, 11, 14))


@pytest.mark.parametrize(
    ("due", "effective"),
    [
        (date(2026, 11, 10), date(2026, 11, 10)),
        (date(2026, 11, 14), date(2026, 11, 16)),  # Saturday
        (date(2026, 11, 20), date(2026, 11, 23)),  # a holiday before a weekend
        (date(2026, 2, 14), date(2026, 2, 18)),  # Saturday of Carnival
        (date(2026, 6, 24), date(2026, 6, 24)),  # local holidays move no due date
        (date(2026, 12, 24), date(2026, 12, 24)),
        (date(2026, 12, 30), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 4)),  # the year's last bank day: no public service on it
        (date(2027, 12, 31), date(2028, 1, 3)),
        (date(2028, 12, 29), date(2029, 1, 2)),  # a Friday, and 30 and 31 are no bank days
        (date(2028, 12, 30), date(2029, 1, 2)),
        (date(2028, 12, 28), date(2028, 12, 28)),
        (date(2029, 12, 31), date(2030, 1, 2)),  # a Monday, 1 January a Tuesday
        (date(2030, 12, 31), date(2031, 1, 2)),
        (date(2027, 2, 6), date(2027, 2, 10)),  # Saturday of Carnival
        (date(2028, 2, 26), date(2028, 3, 1)),  # Carnival on 28 and 29 February
        (date(2029, 2, 10), date(2029, 2, 14)),
        (date(2030, 3, 2), date(2030, 3, 6)),
        (date(2026, 6, 4), date(2026, 6, 5)),  # Corpus Christi
        (date(2027, 5, 27), date(2027, 5, 28)),
        (date(2028, 6, 15), date(2028, 6, 16)),
        (date(2029, 5, 31), date(2029, 6, 1)),
        (date(2030, 6, 20), date(2030, 6, 21)),
        (date(2027, 3, 26), date(2027, 3, 29)),  # Good Friday
        (date(2030, 4, 19), date(2030, 4, 22)),
    ],
)
def test_a_due_date_moves_to_the_next_bank_day(due: date, effective: date) -> None:
    for _ in range(2):  # worked out, and remembered
        assert calendar.effective_due(CALENDARS, POLICY, due) == effective


def test_without_business_calendar_due_dates_and_charges_move_nowhere() -> None:
    saturday = date(2026, 11, 14)
    assert calendar.effective_due(CALENDARS, CIVIL, saturday) == saturday
    assert calendar.effective_due(CALENDARS, CIVIL, date(2026, 12, 31)) == date(2026, 12, 31)
    assert calendar.charge_day(CALENDARS, CIVIL, saturday, by_boleto=True) == saturday


def test_a_boleto_paid_on_saturday_counts_as_monday_and_a_pix_does_not() -> None:
    saturday = date(2026, 11, 21)
    assert calendar.charge_day(CALENDARS, POLICY, saturday, by_boleto=True) == date(2026, 11, 23)
    assert calendar.charge_day(CALENDARS, POLICY, saturday, by_boleto=False) == saturday


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 10), 1, date(2026, 11, 11)),
        (date(2026, 11, 13), 1, date(2026, 11, 16)),
        (date(2026, 11, 18), 2, date(2026, 11, 23)),  # over the 20th and a weekend
        (date(2026, 11, 14), 1, date(2026, 11, 16)),
        (date(2026, 11, 14), 0, date(2026, 11, 14)),
        (date(2026, 11, 16), -1, date(2026, 11, 13)),
        (date(2026, 11, 23), -2, date(2026, 11, 18)),
    ],
)
def test_counting_bank_days(day: date, count: int, expected: date) -> None:
    assert calendar.plus_bank_days(CALENDARS, day, count) == expected


# -- slots ------------------------------------------------------------------------------------------------------

NIGHT = Policy(block_hours=Hours(0, 1440))
ANY_DAY = Policy(block_weekdays=frozenset(range(7)), block_on_holiday_or_eve=True)
FRIDAYS = Policy(block_weekdays=frozenset({4}))


@pytest.mark.parametrize(
    ("policy", "asked", "slot"),
    [
        (POLICY, "2026-11-10 08:59", "2026-11-10 09:00"),
        (POLICY, "2026-11-10 09:00", "2026-11-10 09:00"),
        (POLICY, "2026-11-10 16:59", "2026-11-10 16:59"),
        (POLICY, "2026-11-10 17:00", "2026-11-11 09:00"),  # half-open
        (POLICY, "2026-11-12 17:00", "2026-11-16 09:00"),  # Thursday evening, over a weekend
        (POLICY, "2026-11-13 10:00", "2026-11-16 09:00"),  # Friday
        (
            POLICY,
            "2026-11-18 18:00",
            "2026-11-23 09:00",
        ),  # Thursday is the eve of a holiday, Friday the holiday
        (POLICY, "2026-06-23 10:00", "2026-06-25 09:00"),  # the eve of a local holiday
        (POLICY, "2026-12-16 17:30", "2026-12-21 09:00"),  # Thursday is the eve of a local holiday
        (POLICY, "2026-12-31 10:00", "2027-01-04 09:00"),  # the eve of 1 January, and then a weekend
        (NIGHT, "2026-11-10 00:00", "2026-11-10 00:00"),
        (NIGHT, "2026-11-10 23:59", "2026-11-10 23:59"),
        (NIGHT, "2026-11-13 00:00", "2026-11-16 00:00"),
        (ANY_DAY, "2026-11-20 18:00", "2026-11-21 09:00"),  # a Saturday after a holiday
        (FRIDAYS, "2026-11-10 10:00", None),  # Friday is always the eve of Saturday
        (CIVIL, "2026-11-15 03:33", "2026-11-15 03:33"),
    ],
)
def test_the_next_slot(policy: Policy, asked: str, slot: str | None) -> None:
    for _ in range(2):  # worked out, and remembered
        assert wall(calendar.next_slot(CALENDARS, policy, at(asked))) == slot


NO_BLOCKS = {
    # Mondays to Thursdays that are holidays or the eve of one
    2026: "01-01 02-16 02-17 04-02 04-20 04-21 04-30 06-03 06-04 09-07 10-12 11-02 11-19 12-24 12-31",
    2027: "02-08 02-09 03-25 04-20 04-21 05-26 05-27 09-06 09-07 10-11 10-12 11-01 11-02 11-15",
    2028: "02-28 02-29 04-13 04-20 05-01 06-14 06-15 09-06 09-07 10-11 10-12 11-01 11-02 11-14 11-15 11-20 12-25",
    2029: "01-01 02-12 02-13 03-29 04-30 05-01 05-30 05-31 09-06 10-11 11-01 11-14 11-15 11-19 11-20 12-24 12-25"
    " 12-31",
    2030: "01-01 03-04 03-05 04-18 04-30 05-01 06-19 06-20 11-14 11-19 11-20 12-24 12-25 12-31",
}


@pytest.mark.parametrize("year", NO_BLOCKS)
def test_from_monday_to_thursday_no_block_opens_on_holidays_and_their_eves_and_only_then(year: int) -> None:
    calendars, days = Calendars(SAO_PAULO, BANK), [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    noons = {day: calendars.instant(day, 12 * 60) for day in days if day.weekday() < 4}
    shut = [
        f"{day:%m-%d}" for day, noon in noons.items() if calendar.next_slot(calendars, POLICY, noon) != noon
    ]
    assert shut == NO_BLOCKS[year].split()


SAINTS = """
[municipality.2611606]
"24/06" = "São João"
"16/07" = "Nossa Senhora do Carmo"
"""


@pytest.mark.parametrize(
    ("ask", "asked", "elsewhere", "in_recife"),
    [
        (
            calendar.next_slot,
            "2026-06-23 10:00",
            "2026-06-23 10:00",
            "2026-06-25 09:00",
        ),  # the eve of São João
        (calendar.next_slot, "2026-06-24 10:00", "2026-06-24 10:00", "2026-06-25 09:00"),
        (calendar.next_slot, "2027-06-23 16:59", "2027-06-23 16:59", "2027-06-28 09:00"),  # on a Thursday
        (calendar.next_slot, "2030-07-15 09:00", "2030-07-15 09:00", "2030-07-17 09:00"),
        (
            calendar.next_contact,
            "2026-06-23 18:59",
            "2026-06-23 18:59",
            "2026-06-23 18:59",
        ),  # an eve closes for blocks
        (calendar.next_contact, "2026-06-24 10:00", "2026-06-24 10:00", "2026-06-25 09:00"),
        (calendar.next_contact, "2028-06-24 10:00", "2028-06-24 10:00", "2028-06-26 09:00"),  # on a Saturday
        (calendar.last_contact, "2029-07-16 10:00", "2029-07-16 10:00", "2029-07-14 12:59"),  # on a Monday
    ],
)
def test_days_of_the_municipal_file_close_for_blocks_and_messages_there(
    ask: Callable[..., datetime | None], asked: str, elsewhere: str, in_recife: str, tmp_path: Path
) -> None:
    file = tmp_path / "holidays.toml"
    file.write_text(SAINTS, encoding="utf-8")
    days = local_holidays(range(2026, 2031), uf="PE", ibge_code="2611606", file=file)
    recife = Calendars(ZoneInfo("America/Recife"), BANK, frozenset(days))
    for calendars, answer in ((Calendars(recife.zone, BANK), elsewhere), (recife, in_recife)):
        assert wall(ask(calendars, POLICY, at(asked, recife.zone)), recife.zone) == answer


def test_calendars_that_remember_one_policy_answer_for_another() -> None:
    asked = at("2026-11-20 10:00")
    calendars = Calendars(SAO_PAULO, BANK, LOCAL)
    answers = [wall(calendar.next_slot(calendars, p, asked)) for p in (POLICY, ANY_DAY, NIGHT, POLICY)]
    assert answers == ["2026-11-23 09:00", "2026-11-20 10:00", "2026-11-23 00:00", "2026-11-23 09:00"]


def test_what_is_remembered_is_no_part_of_what_calendars_are() -> None:
    asked, other = Calendars(SAO_PAULO, BANK, LOCAL), Calendars(SAO_PAULO, BANK, LOCAL)
    calendar.next_slot(asked, POLICY, at("2026-11-10 10:00"))
    assert asked == other
    assert Calendars(SAO_PAULO, BANK) != other


# -- contact hours ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "contact"),
    [
        ("2026-11-11 00:00", "2026-11-11 09:00"),
        ("2026-11-11 18:59", "2026-11-11 18:59"),
        ("2026-11-11 19:00", "2026-11-12 09:00"),
        ("2026-11-13 19:00", "2026-11-14 09:00"),  # Saturday morning
        ("2026-11-14 13:00", "2026-11-16 09:00"),  # no Sunday
        ("2026-11-20 10:00", "2026-11-21 09:00"),  # no holiday
        ("2026-12-18 10:00", "2026-12-19 09:00"),  # no local holiday
        ("2027-05-01 10:00", "2027-05-03 09:00"),  # a holiday on a Saturday
    ],
)
def test_the_next_contact_time(asked: str, contact: str) -> None:
    for _ in range(2):
        assert wall(calendar.next_contact(CALENDARS, POLICY, at(asked))) == contact


@pytest.mark.parametrize(
    ("asked", "contact"),
    [
        ("2026-11-11 09:00", "2026-11-11 09:00"),
        ("2026-11-11 18:59", "2026-11-11 18:59"),
        ("2026-11-11 19:00", "2026-11-11 18:59"),
        ("2026-11-11 23:00", "2026-11-11 18:59"),
        ("2026-11-12 08:59", "2026-11-11 18:59"),
        ("2026-11-15 10:00", "2026-11-14 12:59"),
        ("2026-11-20 10:00", "2026-11-19 18:59"),
        ("2026-11-13 09:00", "2026-11-13 09:00"),
        ("2026-11-14 13:00", "2026-11-14 12:59"),  # half-open
    ],
)
def test_the_last_contact_time(asked: str, contact: str) -> None:
    assert wall(calendar.last_contact(CALENDARS, POLICY, at(asked))) == contact


def test_the_last_contact_time_is_the_instant_itself_to_the_last_second_of_the_hours() -> None:
    last = at("2026-11-11 18:59") + timedelta(seconds=59)
    assert calendar.last_contact(CALENDARS, POLICY, last) == last
    assert wall(calendar.last_contact(CALENDARS, POLICY, last + timedelta(seconds=1))) == "2026-11-11 18:59"


def test_without_business_calendar_every_hour_is_a_contact_hour() -> None:
    sunday = at("2026-11-15 03:33")
    assert calendar.next_contact(CALENDARS, CIVIL, sunday) == sunday
    assert calendar.last_contact(CALENDARS, CIVIL, sunday) == sunday


def test_a_policy_without_contact_hours_has_no_contact_time() -> None:
    silent = Policy(contact_hours=(None,) * 7)
    assert calendar.next_contact(CALENDARS, silent, at("2026-11-11 10:00")) is None
    assert calendar.last_contact(CALENDARS, silent, at("2026-11-11 10:00")) is None
