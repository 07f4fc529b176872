from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain import billing
from religa.domain.billing import Answer, Billing, Nothing, Rule
from religa.domain.calendar import Calendars
from religa.domain.facts import Access, Discount, Period

ZONE = ZoneInfo("America/Sao_Paulo")
CALENDARS = Calendars(ZONE)
DEC = date(2026, 12, 1)
DAY = timedelta(days=1)
NONE: frozenset[date] = frozenset()
days = st.dates(date(2023, 1, 1), date(2029, 12, 31))
prices = st.integers(1, 2_000_00)


def plain(since: date = date(2026, 1, 1), price: int = 99_90, **more) -> Billing:
    return Billing(**{"due_day": 10, "price": price, "since": since, **more})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def span_of_days(first: date, count: int) -> frozenset[date]:
    return frozenset(first + n * DAY for n in range(count))


# -- which month, and when ------------------------------------------------------------------------------------------


def test_an_invoice_is_made_its_lead_before_the_due_day_of_its_month():
    billed = plain(billed_through=date(2026, 11, 30))
    assert billing.next_month(billed) == DEC
    assert billing.make_on(billed, Rule(lead_days=10)) == date(2026, 11, 30)


@pytest.mark.parametrize("due_day", [28, 29, 30, 31])
@pytest.mark.parametrize("month", [date(2027, 2, 1), date(2028, 2, 1), DEC])
def test_a_due_day_beyond_the_28th_is_the_28th_in_every_month(due_day, month):
    assert billing.due_date(month, due_day) == month.replace(day=28)


def test_the_first_month_is_that_of_the_first_day():
    assert billing.next_month(plain(since=date(2026, 12, 20))) == DEC


def test_a_billing_that_has_ended_makes_nothing_more():
    ended = plain(billed_through=date(2026, 11, 30), ends_on=date(2026, 11, 30))
    assert billing.make_on(ended, Rule()) is None
    assert billing.make_on(plain(ends_on=date(2025, 12, 31)), Rule()) is None


# -- how much -------------------------------------------------------------------------------------------------------


def test_a_whole_month_costs_its_price():
    made = billing.bill(plain(), DEC, NONE, date(2026, 11, 30))
    assert (made.amount, made.due_date, made.charged_days) == (99_90, date(2026, 12, 10), 31)
    assert made.after.billed_through == date(2026, 12, 31)
    assert made.after.credited_through == date(2026, 11, 29)


def test_the_first_month_costs_from_its_first_day_on():
    made = billing.bill(plain(since=date(2026, 12, 22), price=31_00), DEC, NONE, date(2026, 12, 22))
    assert (made.amount, made.charged_days) == (10_00, 10)


def test_an_invoice_made_late_is_due_five_days_later():
    made = billing.bill(plain(since=date(2026, 12, 22)), DEC, NONE, date(2026, 12, 22))
    assert made.due_date == date(2026, 12, 27)


def test_the_last_month_costs_up_to_its_last_day():
    made = billing.bill(plain(price=31_00, ends_on=date(2026, 12, 15)), DEC, NONE, date(2026, 11, 30))
    assert (made.amount, made.after.billed_through) == (15_00, date(2026, 12, 15))
    assert billing.make_on(made.after, Rule()) is None


def test_a_discount_holds_for_the_months_that_begin_before_its_end():
    offer = plain(discount=20_00, discount_until=DEC)
    assert billing.bill(offer, DEC, NONE, DEC).amount == 79_90
    assert billing.bill(offer, date(2027, 1, 1), NONE, DEC).amount == 99_90
    assert billing.bill(plain(discount=20_00), date(2030, 1, 1), NONE, DEC).amount == 79_90


def test_a_discount_above_the_price_costs_nothing_and_gives_nothing():
    made = billing.bill(plain(discount=200_00), DEC, NONE, DEC)
    assert (made.amount, made.why, made.after.carried) == (0, Nothing.COVERED, 0)


def test_days_without_access_since_the_last_invoice_are_given_back():
    billed = plain(price=30_00, billed_through=date(2026, 11, 30), credited_through=date(2026, 10, 30))
    made = billing.bill(billed, DEC, span_of_days(date(2026, 11, 5), 10), date(2026, 11, 30))
    assert (made.amount, made.credited_days) == (20_00, 10)


def test_days_already_given_back_are_not_given_back_again():
    billed = plain(price=30_00, billed_through=date(2026, 11, 30), credited_through=date(2026, 11, 10))
    made = billing.bill(billed, DEC, span_of_days(date(2026, 11, 5), 10), date(2026, 11, 30))
    assert (made.amount, made.credited_days) == (26_00, 4)


def test_days_of_the_month_itself_that_are_over_are_left_out():
    made = billing.bill(plain(since=DEC, price=31_00), DEC, span_of_days(DEC, 5), date(2026, 12, 15))
    assert (made.amount, made.charged_days, made.credited_days) == (26_00, 26, 0)


def test_what_is_given_back_beyond_the_month_is_carried_to_the_next():
    before = plain(since=date(2026, 11, 1), price=100_00, discount=70_00, discount_until=DEC)
    before = replace(before, billed_through=date(2026, 11, 30), carried=40_00)
    made = billing.bill(before, DEC, NONE, date(2026, 11, 30))
    assert (made.amount, made.why, made.after.carried) == (0, Nothing.COVERED, 10_00)
    assert billing.bill(made.after, date(2027, 1, 1), NONE, date(2026, 12, 31)).amount == 90_00


def test_a_month_without_any_access_makes_no_invoice():
    made = billing.bill(plain(since=DEC), DEC, span_of_days(DEC, 31), date(2027, 1, 4))
    assert (made.amount, made.why) == (0, Nothing.UNUSED)


def test_service_older_than_ninety_days_is_not_charged():
    march = date(2026, 3, 1)
    assert billing.bill(plain(), march, NONE, date(2026, 6, 29)).amount == 99_90
    made = billing.bill(plain(), march, NONE, date(2026, 6, 30))
    assert (made.amount, made.why) == (0, Nothing.TOO_OLD)
    assert made.after.billed_through == made.after.credited_through == date(2026, 3, 31)


def test_a_month_billed_by_another_system_is_passed_over():
    made = billing.billed_elsewhere(plain(), DEC)
    assert (made.amount, made.why) == (0, Nothing.BILLED_ELSEWHERE)
    assert billing.next_month(made.after) == date(2027, 1, 1)


def test_a_closing_gives_back_what_was_charged_beyond_the_last_day():
    ended = plain(price=31_00, billed_through=date(2026, 12, 31), ends_on=date(2026, 12, 21))
    ended = replace(ended, credited_through=date(2026, 11, 29))
    assert billing.closing(ended, NONE) == 10_00
    assert billing.closing(ended, span_of_days(date(2026, 12, 20), 2)) == 12_00
    assert billing.closing(replace(ended, carried=50), NONE) == 10_50


def test_a_month_that_was_charged_in_part_needs_no_closing():
    made = billing.bill(plain(ends_on=date(2026, 12, 15)), DEC, NONE, date(2026, 11, 30))
    assert billing.closing(made.after, NONE) == 0


# -- properties -----------------------------------------------------------------------------------------------------


@given(price=prices, first=days, months=st.integers(1, 14), due_day=st.integers(1, 31))
@settings(max_examples=60, deadline=None)
def test_months_follow_each_other_without_gap_or_overlap(price, first, months, due_day):
    one = plain(since=first, price=price, due_day=due_day)
    charged = 0
    for _ in range(months):
        month = billing.next_month(one)
        made = billing.bill(one, month, NONE, month)
        charged, one = charged + made.charged_days, made.after
        assert made.due_date is not None and made.due_date.day <= 28
    assert one.billed_through is not None and (one.billed_through + DAY).day == 1
    assert charged == (one.billed_through - first).days + 1


@given(price=prices, month=days, cut=st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_a_month_cut_in_two_costs_at_most_its_price_and_at_most_a_centavo_less(price, month, cut):
    month = month.replace(day=1)
    last = min(month + cut * DAY, billing.last_day(month))
    start = billing.bill(plain(since=month, price=price, ends_on=last - DAY), month, NONE, month)
    rest = billing.bill(plain(since=last, price=price), month, NONE, month)
    assert price - 1 <= start.amount + rest.amount <= price


@given(price=prices, month=days, off=st.sets(st.integers(0, 45)), discount=st.integers(0, 50_00))
@settings(max_examples=80, deadline=None)
def test_what_is_charged_now_or_given_back_later_comes_to_the_days_that_were_used(
    price, month, off, discount
):
    """Two months and the one after them, however early each was made: days off cost nothing, the others their share."""
    first = month.replace(day=1)
    second = billing.last_day(first) + DAY
    third = billing.last_day(second) + DAY
    free = {first + n * DAY for n in off if first + n * DAY < third - 5 * DAY}
    one, total = plain(since=first, price=price, discount=discount), 0
    for each, today in ((first, first), (second, second - 8 * DAY), (third, third - 5 * DAY)):
        made = billing.bill(one, each, {d for d in free if d < today}, today)
        one, total = made.after, total + made.amount
    used = Fraction(0)
    for each in (first, second, third):
        length = billing.last_day(each).day
        lost = len([d for d in free if d.replace(day=1) == each])
        used += Fraction(max(0, price - discount) * (length - lost), length)
    assert used - 3 <= total - one.carried <= used


# -- what an invoice says -------------------------------------------------------------------------------------------


def test_an_invoice_carries_the_rule_and_is_named_by_contract_and_month():
    rule = Rule(fine_pct=150, interest_pct_month=50, punctuality_discount=10_00)
    made = billing.bill(plain(), DEC, NONE, date(2026, 11, 30))
    issued = billing.invoice(made, made.after, rule, 12, at("2026-11-30 08:00"))
    assert (issued.id, issued.reference, issued.total) == ("R12-2026-12", "2026-12", 99_90)
    assert (issued.fine_pct, issued.interest_pct_month) == (150, 50)
    assert issued.discount == Discount(10_00, date(2026, 12, 10))


def test_the_punctuality_discount_of_part_of_a_month_is_its_part():
    made = billing.bill(plain(since=date(2026, 12, 22), price=31_00), DEC, NONE, date(2026, 12, 22))
    issued = billing.invoice(made, made.after, Rule(punctuality_discount=3_10), 1, at("2026-12-22 08:00"))
    assert issued.discount == Discount(1_00, date(2026, 12, 27))


def test_the_punctuality_discount_never_takes_all_of_it():
    made = billing.bill(plain(price=5_00), DEC, NONE, date(2026, 11, 30))
    issued = billing.invoice(made, made.after, Rule(punctuality_discount=10_00), 1, at("2026-11-30 08:00"))
    assert issued.discount == Discount(4_99, date(2026, 12, 10))


# -- days without access --------------------------------------------------------------------------------------------


def told(text: str, access: str, until: str | None = None, then: str | None = None) -> Answer:
    return Answer(at(text), Access(access), at(until) if until else None, Access(then or access))


def shut_days(*answers: Answer, end: str = "2026-12-20 12:00") -> list[int]:
    spans = billing.shut_spans(answers, at(end))
    return sorted(d.day for d in billing.whole_days(spans, DEC, date(2026, 12, 31), CALENDARS))


def test_only_days_blocked_from_midnight_to_midnight_count():
    assert shut_days(told("2026-12-02 09:00", "walled"), told("2026-12-05 18:00", "full")) == [3, 4]


def test_a_block_from_midnight_counts_from_its_first_day():
    assert shut_days(told("2026-12-02 00:00", "walled"), told("2026-12-04 00:00", "full")) == [2, 3]


def test_a_day_with_trust_does_not_count():
    answers = (
        told("2026-12-02 00:00", "walled"),
        told("2026-12-04 10:00", "full", "2026-12-06 10:00", "walled"),
        told("2026-12-09 00:00", "full"),
    )
    assert shut_days(*answers) == [2, 3, 7, 8]


def test_a_day_with_a_pay_window_does_not_count():
    answers = (
        told("2026-12-02 00:00", "walled"),
        told("2026-12-03 10:00", "full", "2026-12-03 10:20", "walled"),
        told("2026-12-05 00:00", "full"),
    )
    assert shut_days(*answers) == [2, 4]


def test_walled_and_closed_together_are_one_block():
    answers = (told("2026-12-02 00:00", "walled"), told("2026-12-02 12:00", "closed"))
    assert shut_days(*answers, end="2026-12-04 12:00") == [2, 3]


def test_reduced_speed_is_access():
    assert shut_days(told("2026-12-02 00:00", "reduced")) == []


def test_the_day_that_is_not_over_does_not_count():
    assert shut_days(told("2026-12-18 00:00", "closed")) == [18, 19]


def test_midnight_is_that_of_the_providers_zone():
    span = (datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 4, tzinfo=UTC))
    assert billing.whole_days([span], DEC, date(2026, 12, 31), CALENDARS) == {date(2026, 12, 2)}


def test_a_pause_and_a_block_that_meet_at_noon_make_a_day_without_access():
    pause = Period(at("2026-12-02 00:00"), at("2026-12-02 12:00"))
    spans = [
        *billing.pause_spans([pause], at("2026-12-10 00:00")),
        *billing.shut_spans(
            [told("2026-12-02 12:00", "walled"), told("2026-12-03 08:00", "full")], at("2026-12-10 00:00")
        ),
    ]
    assert billing.whole_days(spans, DEC, date(2026, 12, 31), CALENDARS) == {date(2026, 12, 2)}


# -- pauses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "now", "waits"),
    [
        (
            "2026-11-20 10:00",
            None,
            "2026-11-30 08:00",
            True,
        ),  # paused now: how many days it will be is not known
        ("2026-11-20 10:00", "2026-11-25 10:00", "2026-11-30 08:00", False),  # over
        ("2026-11-20 10:00", None, "2027-01-01 08:00", False),  # the month is over: its days are known
        (
            "2026-12-05 00:00",
            "2026-12-20 00:00",
            "2026-11-30 08:00",
            False,
        ),  # part of it: given back afterwards
        ("2026-12-01 00:00", "2027-01-01 00:00", "2026-11-30 08:00", True),  # all of it
    ],
)
def test_a_month_waits_while_a_pause_may_swallow_it(since, until, now, waits):
    pause = Period(at(since), at(until) if until else None)
    billed = plain(billed_through=date(2026, 11, 30))
    assert billing.waits(billed, (pause,), CALENDARS, at(now)) is waits
