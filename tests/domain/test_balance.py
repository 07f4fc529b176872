"""What is owed on a day, what late payment costs, and where a payment goes: vectors worked out by hand.

Sources: docs/rules.md (late charges) and Banco Central's Manual de Padrões, Annex III: 2 % once, 1 % a month pro rata
on base 30, every amount truncated.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from bills import CALENDARS, DUE, POLICY, facts, invoice, noon, paid

from religa.domain import balance
from religa.domain.facts import Closed, Discount, Dispute, Facts, Invoice, Line, Lot, Method


def total(billed: Invoice, days: int, method: Method = Method.PIX) -> int:
    on = DUE + timedelta(days=days)
    return balance.owed(CALENDARS, POLICY, billed, on=on, method=method).total


# -- late charges -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "days", "fine", "interest"),
    [
        (99_90, 1, 1_99, 3),
        (99_90, 17, 1_99, 56),
        (99_90, 31, 1_99, 1_03),
        (100_00, 30, 2_00, 1_00),
        (1_000_00, 30, 20_00, 10_00),  # multiplied before divided: 0.01 / 30 * 30 would lose a centavo
        (99_90, 0, 0, 0),
        (99_90, -5, 0, 0),
        (49, 1, 0, 0),  # fractions of a centavo are dropped, not rounded
        (50, 1, 1, 0),
        (1_51, 30, 3, 1),
        (30_03, 1, 60, 0),  # 0.999999 of a centavo
    ],
)
def test_fine_once_and_interest_by_the_day_both_truncated(
    amount: int, days: int, fine: int, interest: int
) -> None:
    on = DUE + timedelta(days=days)
    assert balance.late_charges(CALENDARS, invoice(amount), DUE, on) == (fine, interest)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, 99_90), (1, 101_92), (2, 101_95), (4, 102_02), (5, 102_05), (11, 102_25), (20, 102_55), (30, 102_88),
     (31, 102_92), (60, 103_88)],
)  # fmt: skip
def test_what_an_overdue_cobv_costs_by_modalidade_3(days: int, expected: int) -> None:
    assert total(invoice(), days) == expected


def test_days_count_from_the_date_the_due_date_moved_to() -> None:
    saturday = invoice(due_date=date(2026, 12, 12))
    monday, tuesday = date(2026, 12, 14), date(2026, 12, 15)
    assert balance.owed(CALENDARS, POLICY, saturday, on=monday).total == 99_90
    assert balance.owed(CALENDARS, POLICY, saturday, on=tuesday).total == 101_92


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize(
    ("due", "on", "calendar_days", "by_boleto"),
    [
        (date(2026, 12, 10), date(2026, 12, 12), 6, 13),  # Thursday, seen on Saturday: 2 days, or 4
        (date(2026, 12, 11), date(2026, 12, 12), 3, 9),  # Friday: 1 day, or 3
        (date(2026, 12, 11), date(2026, 12, 14), 9, 9),  # on a bank day all pay the same
        (date(2026, 11, 18), date(2026, 11, 20), 6, 16),  # over the holiday of 20 November: 2 days, or 5
        (date(2026, 12, 12), date(2026, 12, 13), 0, 0),  # due on Saturday: Monday is in time
    ],
)
def test_only_a_boleto_counts_as_paid_on_the_next_bank_day(
    method: Method, due: date, on: date, calendar_days: int, by_boleto: int
) -> None:
    found = balance.owed(CALENDARS, POLICY, invoice(due_date=due), on=on, method=method)
    interest = by_boleto if method is Method.BOLETO else calendar_days
    assert (found.fine, found.interest) == (1_99 if interest else 0, interest)
    assert found.total == 99_90 + found.fine + interest


def test_other_rates_are_those_of_the_invoice() -> None:
    mild = invoice(100_00, fine_pct=100, interest_pct_month=50)
    assert balance.late_charges(CALENDARS, mild, DUE, DUE + timedelta(days=30)) == (1_00, 50)
    free = invoice(100_00, fine_pct=0, interest_pct_month=0)
    assert balance.late_charges(CALENDARS, free, DUE, DUE + timedelta(days=30)) == (0, 0)


# -- part payments ----------------------------------------------------------------------------------------------


def test_interest_runs_on_what_is_left_after_a_part_payment() -> None:
    """99.90 x 1 % x 10/30 + 49.90 x 1 % x 20/30 = 0.3329... + 0.3326... = 0.66, the fine on what was late."""
    halved = invoice(settlements=(paid(50_00, DUE + timedelta(days=10)),))
    assert balance.late_charges(CALENDARS, halved, DUE, DUE + timedelta(days=30)) == (1_99, 66)


@pytest.mark.parametrize(
    ("parts", "fine", "interest"),
    [
        ([], 1_99, 99),
        ([(10, 50_00)], 1_99, 66),
        ([(10, 20_00), (20, 20_00)], 1_99, 79),  # 33.3 + 26.63 + 19.96
        ([(10, 20_00), (10, 20_00)], 1_99, 73),  # two on one day
        ([(1, 99_89)], 1_99, 3),  # the last centavo earns nothing to speak of
        ([(0, 99_89), (5, 1)], 0, 0),
        ([(-3, 40_00), (10, 40_00)], 1_19, 33),  # 59.90: 19.96 + 13.26
        ([(31, 50_00)], 1_99, 99),  # after the day asked for
    ],
)
def test_each_part_payment_lowers_interest_from_its_day(
    parts: list[tuple[int, int]], fine: int, interest: int
) -> None:
    settlements = tuple(
        paid(amount, DUE + timedelta(days=day), f"P{n}") for n, (day, amount) in enumerate(parts)
    )
    on = DUE + timedelta(days=30)
    assert balance.late_charges(CALENDARS, invoice(settlements=settlements), DUE, on) == (fine, interest)


def test_what_was_paid_in_time_bears_neither_fine_nor_interest() -> None:
    in_time = invoice(settlements=(paid(50_00, DUE),))
    assert balance.late_charges(CALENDARS, in_time, DUE, DUE + timedelta(days=30)) == (99, 49)


def test_nothing_grows_after_all_principal_was_paid() -> None:
    settled = invoice(settlements=(paid(99_90, DUE + timedelta(days=5)),))
    assert balance.late_charges(CALENDARS, settled, DUE, DUE + timedelta(days=5)) == (1_99, 16)
    assert balance.late_charges(CALENDARS, settled, DUE, DUE + timedelta(days=500)) == (1_99, 16)
    assert total(settled, 500) == 1_99 + 16
    # 0.999999 of a centavo stays below one
    almost = invoice(30_03, settlements=(paid(30_03, DUE + timedelta(days=1)),))
    assert balance.late_charges(CALENDARS, almost, DUE, DUE + timedelta(days=500)) == (60, 0)


def test_charges_already_paid_are_not_owed_again() -> None:
    partly = invoice(settlements=(paid(99_90, DUE + timedelta(days=5), charges=1_00),))
    wholly = invoice(settlements=(paid(99_90, DUE + timedelta(days=5), charges=2_15),))
    assert (total(partly, 9), total(wholly, 9)) == (1_15, 0)


def test_a_payment_of_a_later_day_does_not_lower_the_charges_of_an_earlier_one() -> None:
    later = invoice(settlements=(paid(50_00, DUE + timedelta(days=10)),))
    on = DUE + timedelta(days=5)
    assert balance.late_charges(CALENDARS, later, DUE, on) == balance.late_charges(
        CALENDARS, invoice(), DUE, on
    )


# -- disputes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filed", "answered", "days"),
    [
        (3, 6, 27),  # the days 3, 4 and 5 do not count
        (3, 3, 30),
        (3, None, 2),  # still open: from day 3 on nothing counts
        (-9, -2, 30),
        (-9, 4, 27),  # days before the due date were no days of charges anyway
        (40, None, 30),
    ],
)
def test_disputed_days_cost_nothing(filed: int, answered: int | None, days: int) -> None:
    filed_at = noon(DUE + timedelta(days=filed))
    answered_at = None if answered is None else noon(DUE + timedelta(days=answered))
    contested = invoice(disputes=(Dispute(filed_at, None, answered_at, False if answered_at else None),))
    assert balance.charged_days(CALENDARS, contested, DUE, DUE + timedelta(days=30)) == days


def test_an_invoice_disputed_since_before_it_was_late_bears_no_fine() -> None:
    contested = invoice(disputes=(Dispute(noon(DUE)),))
    assert balance.late_charges(CALENDARS, contested, DUE, DUE + timedelta(days=30)) == (0, 0)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (None, balance.Principal(0, 0, 60_00, 30_00)),
        (20_00, balance.Principal(40_00, 30_00, 20_00, 0)),
        (60_00, balance.Principal(0, 30_00, 60_00, 0)),
        (70_00, balance.Principal(0, 20_00, 60_00, 10_00)),
    ],
)
def test_a_disputed_amount_is_set_apart_connection_first(
    amount: int | None, expected: balance.Principal
) -> None:
    lines = (Line(30_00, suspendable=False), Line(60_00))
    contested = invoice(lines=lines, disputes=(Dispute(noon(DUE), amount),))
    assert balance.principal(contested) == expected


def test_a_line_of_another_contract_on_the_same_invoice_never_blocks_this_one() -> None:
    shared = invoice(lines=(Line(60_00), Line(40_00, own=False), Line(5_00, suspendable=False)))
    assert balance.principal(shared) == balance.Principal(60_00, 45_00)


@pytest.mark.parametrize("closed", list(Closed))
def test_nothing_is_owed_on_a_closed_invoice(closed: Closed) -> None:
    ended = invoice(closed=closed, closed_at=noon(DUE))
    assert total(ended, 30) == 0
    assert balance.open_principal(ended) == 0
    assert balance.principal(ended) == balance.NOTHING


# -- discounts --------------------------------------------------------------------------------------------------


def test_a_punctuality_discount_holds_to_its_day_moved_to_a_bank_day() -> None:
    offered = invoice(discount=Discount(5_00, date(2026, 12, 5)))  # a Saturday
    days = [date(2026, 12, 5), date(2026, 12, 7), date(2026, 12, 8)]
    assert [balance.owed(CALENDARS, POLICY, offered, on=d).total for d in days] == [94_90, 94_90, 99_90]


def test_a_discount_is_given_once_and_only_for_all_of_the_principal() -> None:
    offered = invoice(100_00, discount=Discount(5_00, DUE))
    part = put(facts(offered), 94_99, on=DUE)
    whole = put(facts(offered), 95_00, on=DUE)
    assert (balance.total_open(part), part.invoices[0].settlements[0].discount) == (5_01, 0)
    assert (balance.total_open(whole), whole.invoices[0].settlements[0].discount) == (0, 5_00)
    assert whole.invoices[0].settlements[0].money == 95_00
    rest = put(part, 1, on=DUE, source="P2")  # 5.01 less 5.00
    assert (balance.total_open(rest), rest.lots) == (0, ())


# -- where a payment goes ---------------------------------------------------------------------------------------


def put(
    known: Facts,
    amount: int,
    *,
    on: date = DUE,
    source: str = "P1",
    first: tuple[str, ...] = (),
    only: bool = False,
) -> Facts:
    money = Lot(source, noon(on), amount)
    return balance.put(CALENDARS, POLICY, known, money, on=on, known_at=noon(on), first=first, only=only)


def taken(known: Facts) -> dict[str, tuple[tuple[int, ...], int]]:
    """By invoice: principal put on each line, and charges."""
    return {
        i.id: (
            tuple(sum(s.lines[n] for s in i.settlements) for n in range(len(i.lines))),
            sum(s.charges for s in i.settlements),
        )
        for i in known.invoices
    }


LATER = DUE + timedelta(days=17)
OLD = invoice()
NEW = invoice(50_00, id="I2", due_date=date(2026, 12, 21))
NOT_DUE = invoice(70_00, id="I3", due_date=date(2027, 1, 11))
MIXED = invoice(lines=(Line(30_00, suspendable=False), Line(60_00)))


@pytest.mark.parametrize(
    ("amount", "expected", "left"),
    [
        (99_90, {"I1": ((99_90,), 0), "I2": ((0,), 0), "I3": ((0,), 0)}, 0),
        (149_90, {"I1": ((99_90,), 0), "I2": ((50_00,), 0), "I3": ((0,), 0)}, 0),
        # principal of every invoice comes before any fine or interest
        (219_90, {"I1": ((99_90,), 0), "I2": ((50_00,), 0), "I3": ((70_00,), 0)}, 0),
        (221_00, {"I1": ((99_90,), 1_10), "I2": ((50_00,), 0), "I3": ((70_00,), 0)}, 0),
        (300_00, {"I1": ((99_90,), 2_55), "I2": ((50_00,), 1_10), "I3": ((70_00,), 0)}, 76_45),
    ],
)
def test_money_goes_to_principal_first_the_oldest_invoice_first(
    amount: int, expected: dict[str, object], left: int
) -> None:
    after = put(facts(NOT_DUE, NEW, OLD), amount, on=LATER)
    assert taken(after) == expected
    assert sum(lot.amount for lot in after.lots) == left


@pytest.mark.parametrize(
    ("amount", "lines"), [(60_00, (0, 60_00)), (75_00, (15_00, 60_00)), (90_00, (30_00, 60_00)), (1, (0, 1))]
)
def test_lines_that_may_block_are_paid_first(amount: int, lines: tuple[int, ...]) -> None:
    assert taken(put(facts(MIXED), amount))["I1"] == (lines, 0)


def test_a_named_invoice_is_paid_first_and_its_charges_too() -> None:
    after = put(facts(OLD, NEW), 60_00, on=LATER, first=("I2",))
    assert taken(after) == {"I1": ((8_90,), 0), "I2": ((50_00,), 1_10)}


def test_money_for_one_invoice_only_stays_off_the_others() -> None:
    after = put(facts(OLD, NEW), 60_00, on=LATER, first=("I2",), only=True)
    assert taken(after) == {"I1": ((0,), 0), "I2": ((50_00,), 1_10)}
    assert after.lots == (Lot("P1", noon(LATER), 8_90),)


def test_charges_count_to_the_day_the_money_was_paid() -> None:
    after = put(facts(OLD), 101_92, on=DUE + timedelta(days=1))
    assert taken(after) == {"I1": ((99_90,), 2_02)}
    assert balance.total_owed(CALENDARS, POLICY, after, on=LATER) == 0


def test_a_second_payment_takes_only_the_charges_that_the_first_left() -> None:
    first = put(facts(OLD), 101_00, on=DUE + timedelta(days=1))  # 1.10 of 2.02
    second = put(first, 10_00, on=DUE + timedelta(days=1), source="P2")
    assert (taken(first)["I1"], taken(second)["I1"]) == (((99_90,), 1_10), ((99_90,), 2_02))
    assert [lot.amount for lot in second.lots] == [10_00 - 92]


def test_disputed_amounts_take_money_only_where_they_are_named() -> None:
    contested = replace(OLD, disputes=(Dispute(noon(DUE), 40_00),))
    assert taken(put(facts(contested), 99_90))["I1"] == ((59_90,), 0)
    assert taken(put(facts(contested), 99_90, first=("I1",)))["I1"] == ((99_90,), 0)
    wholly = replace(OLD, disputes=(Dispute(noon(DUE)),))
    assert taken(put(facts(wholly, NEW), 60_00)) == {"I1": ((0,), 0), "I2": ((50_00,), 0)}


def test_closed_invoices_take_no_money() -> None:
    ended = replace(OLD, closed=Closed.WRITTEN_OFF, closed_at=noon(DUE))
    after = put(facts(ended), 99_90, first=("I1",))
    assert after.invoices == (ended,)
    assert after.lots == (Lot("P1", noon(DUE), 99_90),)


def test_credit_pays_what_comes_next_oldest_money_first() -> None:
    waiting = replace(facts(NEW), lots=(Lot("A", noon(DUE), 30_00), Lot("B", noon(DUE), 30_00)))
    after = balance.put_lots(CALENDARS, POLICY, waiting, at=noon(DUE))
    assert [(s.source, s.lines) for s in after.invoices[0].settlements] == [("A", (30_00,)), ("B", (20_00,))]
    assert after.lots == (Lot("B", noon(DUE), 10_00),)


def test_a_reversal_leaves_no_trace_on_invoices_or_in_credit() -> None:
    both = put(put(facts(OLD), 50_00, source="A"), 60_00, source="B")
    assert balance.take_back(both, "B") == put(facts(OLD), 50_00, source="A")
    assert balance.take_back(balance.take_back(both, "B"), "A") == facts(OLD)


def test_money_of_a_cancelled_invoice_becomes_credit_again() -> None:
    before = put(put(facts(OLD), 101_92, on=DUE + timedelta(days=1), source="A"), 10_00, source="B")
    cancelled = replace(before.invoices[0], closed=Closed.CANCELLED)
    after = balance.freed(before, cancelled)
    assert after.invoices[0].settlements == ()
    assert sorted((lot.source, lot.amount) for lot in after.lots) == [("A", 101_92), ("B", 10_00)]


def test_equal_due_dates_are_settled_in_the_order_of_issue() -> None:
    first, second = replace(OLD, id="Z"), replace(OLD, id="A", issued_at=OLD.issued_at + timedelta(days=1))
    assert [i.id for i in balance.oldest_first([second, first])] == ["Z", "A"]
