"""What a dated Pix charge costs on a day: vectors worked out by hand, and what holds for every charge.

Sources: Manual de Padrões para Iniciação do Pix 2.10.0, Annex III; the examples of API Pix 2.9.0 for the last payable
day (`calendario.validadeAposVencimento`).
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from bills import CALENDARS as NATION
from bills import DUE, POLICY, ZONE, invoice
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.adapters.holidays import bank_holidays
from religa.domain import balance, pix_amounts
from religa.domain.calendar import Calendars
from religa.domain.facts import Method
from religa.domain.pix_amounts import (
    Cost,
    DatedCharge,
    EarlyDiscount,
    EarlyKind,
    Flat,
    FlatKind,
    Interest,
    InterestKind,
    NothingLeft,
    Until,
    UntilDiscount,
)

CALENDARS = Calendars(ZONE, frozenset(bank_holidays(range(2019, 2030))))
FINE = Flat(FlatKind.PERCENT, 2_00)
PLAIN = DatedCharge(99_90, DUE)
DAYS = (0, 1, 2, 4, 5, 11, 20, 30, 31, 60)  # after Thursday 10 December 2026; 2 is a Saturday


def late(modalidade: int, rate: int, original: int = 99_90, fine: Flat | None = FINE) -> DatedCharge:
    return DatedCharge(original, DUE, fine=fine, interest=Interest(InterestKind(modalidade), rate))


def cost(charge: DatedCharge, on: date, method: Method = Method.PIX) -> Cost:
    found = pix_amounts.cost(CALENDARS, charge, on=on, method=method)
    assert isinstance(found, Cost)
    return found


# -- fine and interest ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modalidade", "totals"),
    [
        (3, (99_90, 101_92, 101_95, 102_02, 102_05, 102_25, 102_55, 102_88, 102_92, 103_88)),
        (7, (99_90, 101_93, 101_93, 101_98, 102_03, 102_22, 102_50, 102_79, 102_79, 103_74)),
    ],
)
def test_two_percent_and_one_percent_a_month_on_a_bill_of_99_90(
    modalidade: int, totals: tuple[int, ...]
) -> None:
    charge = late(modalidade, 1_00)
    assert tuple(cost(charge, DUE + timedelta(n)).total for n in DAYS) == totals


@pytest.mark.parametrize(
    ("modalidade", "rate", "interest"),
    [  # 20 calendar days to Wednesday 30 December, 13 of them bank days (Christmas is a Friday)
        (1, 7, 1_40),
        (2, 10, 2_00),  # 0.020000 of 100.00
        (3, 1_00, 66),  # 0.006666
        (4, 12_00, 66),  # of a year of 360 days: 0.006666
        (5, 7, 91),
        (6, 10, 1_30),
        (7, 1_00, 61),  # 0.006190
        (8, 12_00, 61),  # of a year of 252 bank days: 0.006190
    ],
)
def test_each_modalidade_of_interest_counts_its_own_days(modalidade: int, rate: int, interest: int) -> None:
    assert cost(late(modalidade, rate, 100_00), DUE + timedelta(20)).interest == interest


def test_a_year_of_interest_has_360_days_not_365() -> None:
    assert cost(late(4, 10_00, 1_000_00), DUE + timedelta(360)).interest == 100_00


def test_one_percent_of_a_thousand_in_thirty_days_is_ten_and_not_one_centavo_less() -> None:
    assert cost(late(3, 1_00, 1_000_00), DUE + timedelta(30)).interest == 10_00


def test_the_factor_of_interest_ends_after_six_decimals() -> None:
    """bacen/pix-api, issue 607: one day of R$ 30,000.00 is 0.000333 of it, neither 0.00033 nor 0.0003333."""
    assert cost(late(3, 1_00, 30_000_00), DUE + timedelta(1)).interest == 9_99


@pytest.mark.parametrize(
    ("fine", "expected"),
    [
        (Flat(FlatKind.AMOUNT, 3_33), 3_33),
        (Flat(FlatKind.PERCENT, 2_00), 1_99),
        (Flat(FlatKind.PERCENT, 15_00), 14_98),
        (None, 0),
    ],
)
def test_a_fine_is_whole_from_the_first_day_and_never_grows(fine: Flat | None, expected: int) -> None:
    charge = replace(PLAIN, fine=fine)
    assert cost(charge, DUE).fine == 0
    assert [cost(charge, DUE + timedelta(n)).fine for n in (1, 2, 30, 400)] == [expected] * 4


@pytest.mark.parametrize(
    ("interest", "fine"),
    [(None, 1_99), (Interest(InterestKind.AMOUNT, 0), 1_99), (Interest(InterestKind.AMOUNT_BANK_DAYS, 0), 0)],
)
def test_on_a_saturday_the_fine_follows_the_days_of_the_interest(
    interest: Interest | None, fine: int
) -> None:
    """Equation 13 takes D as the interest counts it; without interest by the calendar."""
    friday = DatedCharge(99_90, date(2026, 12, 11), fine=FINE, interest=interest)
    assert cost(friday, date(2026, 12, 12)).fine == fine
    assert cost(friday, date(2026, 12, 14)).fine == 1_99


def test_days_count_from_the_date_the_due_date_moved_to() -> None:
    saturday = replace(late(3, 1_00), due_date=date(2026, 12, 12))
    assert [cost(saturday, date(2026, 12, n)).total for n in (12, 13, 14)] == [99_90] * 3
    assert cost(saturday, date(2026, 12, 15)).total == 101_92


def test_a_holiday_of_the_payers_municipality_moves_the_due_date() -> None:
    theirs = Calendars(ZONE, CALENDARS.bank_holidays | {DUE})
    found = pix_amounts.cost(theirs, late(3, 1_00), on=DUE + timedelta(1))
    assert isinstance(found, Cost) and (found.fine, found.interest) == (0, 0)
    assert pix_amounts.moved_due(theirs, PLAIN) == date(2026, 12, 11)


# -- by which method --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "on", "by_pix", "by_boleto"),
    [  # bacen/pix-api, issue 205: R$ 100.00, R$ 1.00 a day
        (date(2020, 11, 27), date(2020, 11, 28), 101_00, 103_00),  # Friday, paid on Saturday
        (date(2020, 11, 27), date(2020, 11, 30), 103_00, 103_00),
        (date(2020, 11, 28), date(2020, 11, 30), 100_00, 100_00),  # Saturday, paid on Monday
        (date(2020, 11, 28), date(2020, 12, 1), 101_00, 101_00),
    ],
)
def test_a_boleto_paid_on_saturday_counts_as_monday_and_a_pix_as_saturday(
    due: date, on: date, by_pix: int, by_boleto: int
) -> None:
    charge = DatedCharge(100_00, due, interest=Interest(InterestKind.AMOUNT, 1_00))
    assert cost(charge, on).total == by_pix
    assert cost(charge, on, Method.BOLETO).total == by_boleto


# -- rebate and discount ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rebate", "expected"), [(Flat(FlatKind.AMOUNT, 9_99), 9_99), (Flat(FlatKind.PERCENT, 3_33), 3_32)]
)
def test_a_rebate_is_taken_off_whenever_it_is_paid(rebate: Flat, expected: int) -> None:
    charge = replace(PLAIN, rebate=rebate)
    for n in (-10, 0, 10):
        found = cost(charge, DUE + timedelta(n))
        assert (found.rebate, found.total) == (expected, 99_90 - expected)


def test_fine_interest_and_discount_are_made_of_what_the_rebate_leaves() -> None:
    charge = replace(
        late(3, 10_00, 100_00),
        rebate=Flat(FlatKind.AMOUNT, 50_00),
        discount=EarlyDiscount(EarlyKind.PERCENT, 1_00),
    )
    assert cost(charge, DUE + timedelta(30)) == Cost(100_00, 50_00, 0, interest=5_00, fine=1_00)
    assert cost(charge, DUE - timedelta(10)) == Cost(100_00, 50_00, discount=5_00, interest=0, fine=0)


STEPS = (Until(date(2026, 12, 4), 3_00), Until(date(2026, 12, 1), 5_00), Until(date(2026, 12, 10), 1_01))


@pytest.mark.parametrize(
    ("on", "amount", "percent"),
    [
        (date(2026, 11, 20), 5_00, 4_99),
        (date(2026, 12, 1), 5_00, 4_99),
        (date(2026, 12, 2), 3_00, 2_99),
        (date(2026, 12, 4), 3_00, 2_99),
        (date(2026, 12, 5), 1_01, 1_00),
        (date(2026, 12, 10), 1_01, 1_00),
        (date(2026, 12, 11), 0, 0),
    ],
)
def test_the_first_day_that_has_not_passed_decides_on_the_discount(
    on: date, amount: int, percent: int
) -> None:
    for kind, expected in ((FlatKind.AMOUNT, amount), (FlatKind.PERCENT, percent)):
        assert cost(replace(PLAIN, discount=UntilDiscount(kind, STEPS)), on).discount == expected


def test_a_day_of_the_discount_without_banks_moves_to_the_next_that_has_them() -> None:
    """bacen/pix-api, issue 390: Good Friday 2021 is a step of R$ 3.00, Monday one of R$ 2.00."""
    steps = (Until(date(2021, 4, 2), 3_00), Until(date(2021, 4, 5), 2_00))
    charge = DatedCharge(100_00, date(2021, 4, 30), discount=UntilDiscount(FlatKind.AMOUNT, steps))
    assert [cost(charge, date(2021, 4, n)).discount for n in (1, 2, 3, 4)] == [3_00] * 4
    assert cost(charge, date(2021, 4, 5)).discount == 3_00, "the first day that has not passed, moved"
    assert cost(charge, date(2021, 4, 6)).discount == 0


@pytest.mark.parametrize(
    ("modalidade", "value", "discount"),
    [  # from Friday 27 November to Thursday 10 December: 13 calendar days, 9 bank days
        (3, 10, 1_30),
        (4, 10, 90),
        (5, 10, 1_29),  # 1.30 % of 99.90 is 1.2987
        (6, 10, 89),  # 0.90 % is 0.8991
    ],
)
def test_a_discount_for_each_day_in_advance(modalidade: int, value: int, discount: int) -> None:
    charge = replace(PLAIN, discount=EarlyDiscount(EarlyKind(modalidade), value))
    assert cost(charge, date(2026, 11, 27)).discount == discount
    assert [cost(charge, DUE + timedelta(n)).discount for n in (0, 1, 9)] == [0, 0, 0]


def test_days_in_advance_are_counted_to_the_moved_due_date() -> None:
    early = EarlyDiscount(EarlyKind.AMOUNT, 1_00)
    saturday = DatedCharge(99_90, date(2026, 12, 12), discount=early)
    assert cost(saturday, date(2026, 12, 11)).discount == 3_00  # Friday, due on Monday
    in_bank_days = replace(saturday, discount=EarlyDiscount(EarlyKind.AMOUNT_BANK_DAYS, 1_00))
    assert cost(in_bank_days, date(2026, 12, 11)).discount == 1_00


@pytest.mark.parametrize(("days", "is_left"), [(9, True), (10, False), (11, False)])
def test_a_discount_that_leaves_nothing_to_pay_is_refused(days: int, is_left: bool) -> None:
    charge = DatedCharge(100_00, DUE, discount=EarlyDiscount(EarlyKind.PERCENT, 10_00))
    found = pix_amounts.cost(CALENDARS, charge, on=DUE - timedelta(days))
    off = days * 10_00
    assert found == (Cost(100_00, 0, off, 0, 0) if is_left else NothingLeft(100_00, 0, off))


# -- the last payable day ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "validity", "last"),
    [
        (date(2020, 10, 20), 4, date(2020, 10, 26)),
        (date(2020, 12, 25), 0, date(2020, 12, 28)),
        (date(2020, 12, 25), 1, date(2020, 12, 29)),
        (date(2020, 12, 25), 3, date(2020, 12, 31)),
        (date(2020, 12, 25), 4, date(2021, 1, 4)),
        (date(2021, 8, 27), 5, date(2021, 9, 1)),
        (date(2021, 8, 28), 5, date(2021, 9, 6)),
    ],
)
def test_the_last_payable_day_is_that_of_the_examples(due: date, validity: int, last: date) -> None:
    assert pix_amounts.last_payable_day(CALENDARS, DatedCharge(1_00, due, validity)) == last


def test_a_charge_that_does_not_say_can_be_paid_for_thirty_days() -> None:
    assert pix_amounts.last_payable_day(CALENDARS, PLAIN) == date(2027, 1, 11)  # 9 January is a Saturday


# -- what holds for every charge --------------------------------------------------------------------------------

AMOUNTS = st.integers(1, 9_999_999_999_99)
RATES = st.integers(0, 999_99)
NEAR = st.integers(-60, 200)
INTERESTS = st.builds(Interest, st.sampled_from(InterestKind), RATES)
FINES = st.builds(Flat, st.sampled_from(FlatKind), RATES)
CHARGES = st.builds(
    DatedCharge,
    AMOUNTS,
    st.integers(0, 800).map(lambda n: date(2025, 1, 1) + timedelta(n)),
    fine=st.none() | FINES,
    interest=st.none() | INTERESTS,
)
BASIS = {2: 1, 3: 30, 4: 360, 6: 1, 7: 21, 8: 252}


@settings(max_examples=60)
@given(CHARGES, NEAR)
def test_nothing_is_owed_in_time_and_it_never_gets_cheaper_by_waiting(charge: DatedCharge, n: int) -> None:
    due = pix_amounts.moved_due(CALENDARS, charge)
    assert cost(charge, due - timedelta(abs(n))).total == charge.original
    on = due + timedelta(abs(n))
    assert charge.original <= cost(charge, on).total <= cost(charge, on + timedelta(1)).total


@settings(max_examples=60)
@given(CHARGES.filter(lambda c: c.interest is not None and c.interest.kind.value in BASIS), NEAR)
def test_interest_is_never_more_than_the_exact_one_and_less_by_no_more_than_a_centavo_and_a_millionth(
    charge: DatedCharge, n: int
) -> None:
    assert charge.interest is not None
    due = pix_amounts.moved_due(CALENDARS, charge)
    on = due + timedelta(n)
    days = max(0, n)
    if charge.interest.kind.in_bank_days:
        days = sum(CALENDARS.is_bank_day(due + timedelta(k)) for k in range(1, n + 1))
    exact = Fraction(
        charge.original * charge.interest.value * days, 10_000 * BASIS[charge.interest.kind.value]
    )
    found = cost(charge, on).interest
    assert exact - 1 - Fraction(charge.original, 1_000_000) < found <= exact


@settings(max_examples=60)
@given(CHARGES, NEAR)
def test_a_boleto_costs_what_a_pix_costs_on_the_next_day_with_banks(charge: DatedCharge, n: int) -> None:
    on = charge.due_date + timedelta(n)
    counted = next(d for d in (on + timedelta(k) for k in range(9)) if CALENDARS.is_bank_day(d))
    assert cost(charge, on, Method.BOLETO) == cost(charge, counted)
    assert cost(charge, on, Method.BOLETO).total >= cost(charge, on).total


@settings(max_examples=60)
@given(
    st.integers(1, 999_999_99),
    st.integers(0, 10_00),
    st.integers(0, 10_00),
    st.integers(0, 20),
    st.integers(0, 90),
)
def test_an_invoice_without_part_payments_costs_what_its_charge_costs(
    amount: int, fine: int, interest: int, due_after: int, late_by: int
) -> None:
    """Two computations of one sum: modalidades 2 (fine) and 3 (interest). The year's last bank day is ours alone."""
    due = DUE - timedelta(due_after)
    billed = invoice(amount, due_date=due, fine_pct=fine, interest_pct_month=interest)
    charge = DatedCharge(
        amount, due, fine=Flat(FlatKind.PERCENT, fine), interest=Interest(InterestKind(3), interest)
    )
    on = due + timedelta(late_by)
    for method in (Method.PIX, Method.BOLETO):
        assert (
            balance.owed(NATION, POLICY, billed, on=on, method=method).total == cost(charge, on, method).total
        )
