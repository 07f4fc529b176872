"""Bank days, due dates that move, block slots and contact hours, on days of 2026 to 2029 looked up by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from religa.adapters.holidays import bank_holidays
from religa.domain import calendar
from religa.domain.calendar import Calendars
from religa.domain.policy import Hours, Policy

SAO_PAULO, SANTIAGO = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Santiago")
BANK = frozenset(bank_holidays(range(2025, 2030)))
LOCAL = frozenset({date(2026, 6, 24), date(2026, 12, 18)})  # a Wednesday and a Friday
CALENDARS = Calendars(SAO_PAULO, BANK, LOCAL)
POLICY = Policy()
CIVIL = Policy(no_business_calendar=True)


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def wall(instant: datetime | None, zone: ZoneInfo = SAO_PAULO) -> str | None:
    return None if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


# -- days -------------------------------------------------------------------------------------------------------


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
    ],
)
def test_the_last_contact_time(asked: str, contact: str) -> None:
    assert wall(calendar.last_contact(CALENDARS, POLICY, at(asked))) == contact


def test_without_business_calendar_every_hour_is_a_contact_hour() -> None:
    sunday = at("2026-11-15 03:33")
    assert calendar.next_contact(CALENDARS, CIVIL, sunday) == sunday
    assert calendar.last_contact(CALENDARS, CIVIL, sunday) == sunday


def test_a_policy_without_contact_hours_has_no_contact_time() -> None:
    silent = Policy(contact_hours=(None,) * 7)
    assert calendar.next_contact(CALENDARS, silent, at("2026-11-11 10:00")) is None
    assert calendar.last_contact(CALENDARS, silent, at("2026-11-11 10:00")) is None
