"""The day on which somebody is paid."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.calendar import Calendars
from religa.domain.pay_days import FIFTH_BANK_DAY, MOST, PayDay, PayDayKind, next_pay_day, of_benefit

CALENDARS = Calendars(
    ZoneInfo("America/Recife"), bank_holidays=frozenset({date(2026, 12, 25), date(2027, 1, 1)})
)
PAY_DAYS = st.sampled_from(list(PayDayKind)).flatmap(
    lambda kind: st.builds(PayDay, st.just(kind), st.integers(1, MOST[kind]))
)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 30), date(2026, 12, 7)),  # Tuesday 1 is the first
        (date(2026, 12, 7), date(2026, 12, 7)),
        (date(2026, 12, 8), date(2027, 1, 8)),  # 1 January is none
    ],
)
def test_the_fifth_bank_day_steps_over_weekends_and_holidays(today, day):
    assert next_pay_day(CALENDARS, FIFTH_BANK_DAY, today) == day


def test_bank_days_are_counted_from_the_end_too():
    last = PayDay(PayDayKind.BANK_DAY_FROM_END, 1)
    fifth_last = PayDay(PayDayKind.BANK_DAY_FROM_END, 5)
    assert next_pay_day(CALENDARS, last, date(2026, 12, 1)) == date(2026, 12, 31)
    assert next_pay_day(CALENDARS, fifth_last, date(2026, 12, 1)) == date(2026, 12, 24)


def test_a_day_that_a_month_does_not_have_is_its_last_one():
    last = PayDay(PayDayKind.MONTH_DAY, 31)
    assert next_pay_day(CALENDARS, last, date(2027, 2, 3)) == date(2027, 2, 28)
    assert next_pay_day(CALENDARS, last, date(2028, 2, 29)) == date(2028, 2, 29)


@pytest.mark.parametrize(("kind", "number"), [("month_day", 0), ("month_day", 32), ("bank_day_from_end", 6)])
def test_days_that_no_month_has_are_none(kind, number):
    with pytest.raises(ValueError, match=str(number)):
        PayDay(PayDayKind(kind), number)


@settings(max_examples=60)
@given(PAY_DAYS, st.dates(date(2026, 1, 1), date(2036, 1, 1)))
def test_it_comes_within_two_months_and_is_its_own_next_one(pay_day, today):
    found = next_pay_day(CALENDARS, pay_day, today)
    assert today <= found <= today + timedelta(days=62)
    assert next_pay_day(CALENDARS, pay_day, found) == found


@pytest.mark.parametrize(
    ("digit", "above", "kind", "number"),
    [
        (1, False, "bank_day_from_end", 5),
        (5, False, "bank_day_from_end", 1),
        (6, False, "bank_day", 1),
        (0, False, "bank_day", 5),
        (1, True, "bank_day", 1),
        (6, True, "bank_day", 1),
        (5, True, "bank_day", 5),
        (0, True, "bank_day", 5),
    ],
)
def test_a_benefit_is_paid_by_its_last_digit(digit, above, kind, number):
    assert of_benefit(digit, above_least=above) == PayDay(PayDayKind(kind), number)
