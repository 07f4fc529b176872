"""What becomes of money and debt when invoices are issued, adjusted, cancelled, written off and contested."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from bills import CALENDARS, DUE, POLICY, facts, invoice, noon
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import balance, deeds, invoicing
from religa.domain.facts import Closed, Facts, Invoice, Line, Lot, Method, Payment, WaiverKind
from religa.domain.invoicing import Refused
from religa.domain.policy import Policy
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing

AT = noon(DUE + timedelta(days=1))
TWO_LINES = (Line(30_00, suspendable=False), Line(60_00))
NEXT = invoice(50_00, id="I2", due_date=date(2026, 12, 21))


def standing(known: Facts) -> Standing:
    return Standing(known, POLICY, CALENDARS)


def pay(
    known: Facts, amount: int, source: str = "P1", method: Method = Method.PIX, at: datetime = AT
) -> Facts:
    return done(deeds.pay(standing(known), Payment(source, at, at, amount, method)))


def done(answer: Facts | Refused) -> Facts:
    assert isinstance(answer, Facts)
    return answer


def whys(answer: Facts | Refused) -> tuple[Refusal, ...]:
    assert isinstance(answer, Refused)
    return answer.whys


def summary(known: Facts) -> tuple[list[int], int, int]:
    """Open principal of each invoice, all that is owed on the day, and credit."""
    owed = balance.total_owed(CALENDARS, POLICY, known, on=CALENDARS.day(AT))
    return (
        [balance.open_principal(i) for i in known.invoices],
        owed,
        sum(lot.amount for lot in known.lots),
    )


def lines(known: Facts) -> list[int]:
    return [line.amount for line in known.invoices[0].lines]


# -- issue ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead_days", "printed", "issued", "due", "moved"),
    [
        (
            10,
            False,
            date(2026, 12, 5),
            date(2026, 12, 10),
            date(2026, 12, 10),
        ),  # five days are enough (RGC art. 54)
        (10, False, date(2026, 12, 6), date(2026, 12, 10), date(2026, 12, 11)),
        (10, False, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 15)),
        (1, False, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 15)),
        (10, True, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 10)),  # the paper is out already
        (0, False, date(2026, 12, 10), date(2026, 12, 10), date(2026, 12, 10)),
    ],
)
def test_an_invoice_issued_late_is_due_five_days_later(
    lead_days: int, printed: bool, issued: date, due: date, moved: date
) -> None:
    policy = Policy(invoice_lead_days=lead_days)
    new = invoice(issued_at=noon(issued), due_date=due)
    known = done(invoicing.issue(facts(), policy, CALENDARS, new, printed=printed))
    assert known.invoices[0].due_date == moved


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (invoice(), Refusal.INVOICE_EXISTS),
        (invoice(0, id="I2"), Refusal.AMOUNT_NOT_POSITIVE),
        (invoice(id="I2", lines=(Line(100), Line(-1))), Refusal.AMOUNT_NOT_POSITIVE),
    ],
)
def test_an_invoice_that_cannot_be_is_refused(new: Invoice, why: Refusal) -> None:
    assert whys(invoicing.issue(facts(invoice()), POLICY, CALENDARS, new)) == (why,)


@pytest.mark.parametrize(("credit", "opened", "left"), [(30_00, 69_90, 0), (99_90, 0, 0), (120_00, 0, 20_10)])
def test_waiting_credit_pays_the_next_invoice_when_it_is_issued(credit: int, opened: int, left: int) -> None:
    waiting = pay(facts(), credit, "C1", Method.CREDIT)
    known = done(invoicing.issue(waiting, POLICY, CALENDARS, invoice()))
    assert (balance.total_open(known), sum(lot.amount for lot in known.lots)) == (opened, left)


def test_waiting_credit_pays_the_new_invoice_before_older_ones_that_took_none_while_disputed() -> None:
    contested = done(invoicing.contest(standing(facts(invoice())), "I1", AT))
    waiting = pay(contested, 40_00)
    known = done(invoicing.issue(waiting, POLICY, CALENDARS, NEXT))
    assert [balance.open_principal(i) for i in known.invoices] == [99_90, 10_00]


# -- credit -----------------------------------------------------------------------------------------------------


def test_a_credit_is_spread_like_money_and_what_is_left_waits() -> None:
    assert summary(pay(facts(invoice(), NEXT), 120_00, "C1", Method.CREDIT)) == ([0, 29_90], 29_90 + 2_02, 0)
    # principal of both, then the fine and interest of one day, and the rest stays
    assert summary(pay(facts(invoice(), NEXT), 160_00, "C1", Method.CREDIT)) == ([0, 0], 0, 8_08)


def test_a_payment_seen_before_or_of_nothing_is_refused() -> None:
    known = standing(pay(facts(invoice()), 10_00))
    again = Payment("P1", AT, AT, 10_00, Method.PIX)
    assert whys(deeds.pay(known, again)) == (Refusal.PAYMENT_SEEN_BEFORE,)
    for amount in (0, -1):
        nothing = replace(again, id="P2", amount=amount)
        assert whys(deeds.pay(known, nothing)) == (Refusal.AMOUNT_NOT_POSITIVE,)


# -- adjust -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (90_00, [30_00, 60_00]),
        (100_00, [30_00, 70_00]),  # what may block grows
        (70_00, [30_00, 40_00]),  # and shrinks first
        (25_00, [25_00, 0]),
        (0, [0, 0]),
    ],
)
def test_a_new_total_changes_the_connection_line_first(total: int, expected: list[int]) -> None:
    known = done(invoicing.adjust(standing(facts(invoice(lines=TWO_LINES))), "I1", total, AT))
    assert lines(known) == expected


@pytest.mark.parametrize(
    ("paid", "total", "expected"),
    [
        (50_00, 99_90, ([49_90, 50_00], 101_92, 0)),
        (50_00, 120_00, ([70_00, 50_00], 122_43, 0)),  # the fine is of the new total
        (50_00, 50_00, ([0, 50_00], 51_01, 0)),
        (50_00, 40_00, ([0, 40_81], 40_81, 0)),  # charges of 0.81 first, then the other invoice
        (149_90, 40_00, ([0, 0], 0, 59_09)),
    ],
)
def test_what_was_paid_beyond_a_new_total_pays_what_else_is_open(
    paid: int, total: int, expected: tuple[list[int], int, int]
) -> None:
    before = pay(facts(invoice(), NEXT), paid)
    assert summary(done(invoicing.adjust(standing(before), "I1", total, AT))) == expected


def test_adjusting_line_by_line_needs_an_amount_for_each() -> None:
    known = standing(facts(invoice(lines=TWO_LINES)))
    assert lines(done(invoicing.adjust_lines(known, "I1", (10_00, 61_00), AT))) == [10_00, 61_00]
    assert whys(invoicing.adjust_lines(known, "I1", (10_00, -1), AT)) == (Refusal.AMOUNT_NOT_POSITIVE,)
    with pytest.raises(ValueError, match="shorter"):
        invoicing.adjust_lines(known, "I1", (10_00,), AT)


def test_money_that_waited_is_not_lost_when_its_invoice_shrinks() -> None:
    before = pay(facts(invoice()), 150_00)  # 48.08 wait as credit
    known = done(invoicing.adjust(standing(before), "I1", 50_00, AT))
    assert summary(known) == ([0], 0, 150_00 - 50_00 - 1_01)
    assert [lot.source for lot in known.lots] == ["P1"]


# -- cancel and write off ---------------------------------------------------------------------------------------


def test_what_was_paid_on_a_cancelled_invoice_pays_the_others() -> None:
    before = pay(facts(invoice(), NEXT), 60_00)
    assert summary(done(invoicing.cancel(standing(before), "I1", AT))) == ([0, 0], 0, 10_00)


def test_a_written_off_debt_is_not_owed_and_keeps_what_was_paid() -> None:
    before = pay(facts(invoice(), NEXT), 60_00)
    known = done(invoicing.write_off(standing(before), "I1", AT))
    assert summary(known) == ([0, 50_00], 50_00, 0)
    assert (known.invoices[0].closed, known.invoices[0].closed_at) == (Closed.WRITTEN_OFF, AT)


def test_a_write_off_undone_brings_the_rest_back_and_takes_waiting_credit() -> None:
    gone = done(invoicing.write_off(standing(pay(facts(invoice()), 60_00)), "I1", AT))
    later = AT + timedelta(days=1)
    back = done(invoicing.undo_write_off(standing(pay(gone, 30_00, "P2")), "I1", later))
    assert [balance.open_principal(i) for i in back.invoices] == [9_90]
    assert (back.invoices[0].closed, back.invoices[0].reopened_at, back.lots) == (None, later, ())


def test_only_what_was_written_off_comes_back() -> None:
    cancelled = done(invoicing.cancel(standing(facts(invoice())), "I1", AT))
    for known in (facts(invoice()), cancelled):
        assert whys(invoicing.undo_write_off(standing(known), "I1", AT)) == (Refusal.NOT_WRITTEN_OFF,)
    assert whys(invoicing.undo_write_off(standing(facts()), "I1", AT)) == (Refusal.UNKNOWN_INVOICE,)


CLOSED = facts(invoice(closed=Closed.CANCELLED, closed_at=AT))


@pytest.mark.parametrize(
    ("known", "why"), [(facts(), Refusal.UNKNOWN_INVOICE), (CLOSED, Refusal.INVOICE_CLOSED)]
)
def test_nothing_is_done_to_an_invoice_that_is_not_there_or_closed(known: Facts, why: Refusal) -> None:
    it = standing(known)
    answers = [
        invoicing.adjust(it, "I1", 10_00, AT),
        invoicing.adjust_lines(it, "I1", (10_00,), AT),
        invoicing.cancel(it, "I1", AT),
        invoicing.write_off(it, "I1", AT),
        invoicing.contest(it, "I1", AT),
    ]
    assert [whys(answer) for answer in answers] == [(why,)] * len(answers)


def test_a_total_below_zero_is_refused() -> None:
    assert whys(invoicing.adjust(standing(facts(invoice())), "I1", -1, AT)) == (Refusal.AMOUNT_NOT_POSITIVE,)


# -- contest and answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "kept"), [(None, None), (40_00, 40_00), (1, 1), (99_89, 99_89), (99_90, None)]
)
def test_contesting_all_that_is_open_contests_the_invoice(amount: int | None, kept: int | None) -> None:
    known = done(invoicing.contest(standing(facts(invoice())), "I1", AT, amount))
    assert [(d.filed_at, d.amount, d.is_open) for d in known.invoices[0].disputes] == [(AT, kept, True)]


@pytest.mark.parametrize("amount", [0, -1, 99_91])
def test_an_amount_that_is_not_open_cannot_be_contested(amount: int) -> None:
    answer = invoicing.contest(standing(facts(invoice())), "I1", AT, amount)
    assert whys(answer) == (Refusal.AMOUNT_ABOVE_OPEN,)


@pytest.mark.parametrize(
    ("paid", "amount", "upheld", "expected"),
    [
        (0, None, False, ([99_90, 50_00], 0)),
        (0, None, True, ([0, 50_00], 0)),
        (0, 40_00, True, ([59_90, 50_00], 0)),
        (0, 40_00, False, ([99_90, 50_00], 0)),
        (70_00, 40_00, True, ([0, 39_90], 0)),  # 59.90 for the rest, the other 10.10 had paid the next
        (120_00, 40_00, True, ([0, 0], 10_10)),
        (120_00, 40_00, False, ([29_90, 0], 0)),  # 10.10 had waited as credit
    ],
)
def test_an_answer_cancels_what_was_contested_or_brings_it_back(
    paid: int, amount: int | None, upheld: bool, expected: tuple[list[int], int]
) -> None:
    known = done(invoicing.contest(standing(facts(invoice(), NEXT)), "I1", noon(DUE), amount))
    known = pay(known, paid, at=noon(DUE)) if paid else known
    answered = done(invoicing.answer(standing(known), "I1", noon(DUE), upheld=upheld))
    opened, credit = [balance.open_principal(i) for i in answered.invoices], answered.lots
    assert (opened, sum(lot.amount for lot in credit)) == expected
    [dispute] = answered.invoices[0].disputes
    assert (dispute.answered_at, dispute.upheld) == (noon(DUE), upheld)


def test_one_dispute_at_a_time_and_no_answer_without_one() -> None:
    once = done(invoicing.contest(standing(facts(invoice())), "I1", AT))
    assert whys(invoicing.contest(standing(once), "I1", AT)) == (Refusal.ALREADY_DISPUTED,)
    assert whys(invoicing.answer(standing(facts()), "I1", AT, upheld=True)) == (Refusal.UNKNOWN_INVOICE,)
    plain = standing(facts(invoice()))
    assert whys(invoicing.answer(plain, "I1", AT, upheld=True)) == (Refusal.NOT_DISPUTED,)


def test_what_was_paid_of_a_contested_part_is_given_back_even_after_a_write_off() -> None:
    """Thirty days of silence uphold a dispute, whatever has become of the invoice (RGC art. 61)."""
    known = done(invoicing.contest(standing(facts(invoice())), "I1", noon(DUE), 1))
    known = done(deeds.pay(standing(known), Payment("P1", AT, noon(DUE), 99_90, Method.PIX), first=["I1"]))
    known = done(invoicing.write_off(standing(known), "I1", AT))
    answered = done(invoicing.answer(standing(known), "I1", AT, upheld=True))
    [closed] = answered.invoices
    assert (lines(answered), closed.closed) == ([99_89], Closed.WRITTEN_OFF)
    assert [s.lines for s in closed.settlements] == [(99_89,)]
    assert [lot.amount for lot in answered.lots] == [1]


def test_late_charges_that_were_waived_are_not_owed_and_take_no_money() -> None:
    late, day = invoice(waived=1_99), noon(DUE + timedelta(days=11))
    owed = balance.owed(CALENDARS, POLICY, late, on=CALENDARS.day(day))
    assert (owed.fine, owed.interest, owed.charges, owed.total) == (1_99, 36, 36, 100_26)
    paid = pay(facts(late), 102_25, at=day)
    assert (paid.invoices[0].settlements[0].charges, [lot.amount for lot in paid.lots]) == (36, [1_99])


def test_what_was_paid_of_the_charges_counts_as_interest_first() -> None:
    """Fine 1.99 and interest 0.36; of the 0.50 paid beside the principal 0.14 is left to be of the fine."""
    day = noon(DUE + timedelta(days=11))
    known = pay(facts(invoice()), 100_40, at=day)
    owed = balance.owed(CALENDARS, POLICY, known.invoices[0], on=CALENDARS.day(day))
    assert (owed.charges, owed.fine_left, owed.interest_left) == (1_85, 1_85, 0)


@pytest.mark.parametrize("order", [("fine", "interest"), ("interest", "fine")])
def test_fine_and_interest_are_forgiven_in_either_order_and_none_of_them_twice(
    order: tuple[str, str],
) -> None:
    known, day = facts(invoice()), noon(DUE + timedelta(days=11))
    left = {"fine": 1_99, "interest": 36}
    for part in order:
        kind = WaiverKind(part)
        assert whys(invoicing.waive(standing(known), "I1", kind, left[part] + 1, day))[0] is (
            Refusal.ABOVE_LATE_CHARGES
        )
        known = done(invoicing.waive(standing(known), "I1", kind, left[part], day))
        assert Refusal.ABOVE_LATE_CHARGES in whys(invoicing.waive(standing(known), "I1", kind, 1, day))
    assert summary_of(known, day) == 99_90


def summary_of(known: Facts, at: datetime) -> int:
    return balance.total_owed(CALENDARS, POLICY, known, on=CALENDARS.day(at))


@given(
    asked=st.lists(st.tuples(st.sampled_from(WaiverKind), st.integers(-1, 3_00)), max_size=6),
    ceiling=st.integers(0, 100_00),
    days=st.integers(0, 60),
)
def test_however_it_is_asked_no_more_is_forgiven_than_the_ceiling_lets(
    asked: list[tuple[WaiverKind, int]], ceiling: int, days: int
) -> None:
    known, day, given_up = facts(invoice()), noon(DUE + timedelta(days=days)), Counter[WaiverKind]()
    before = balance.owed(CALENDARS, POLICY, known.invoices[0], on=CALENDARS.day(day))
    for kind, amount in asked:
        answer = invoicing.waive(
            standing(known), "I1", kind, amount, day, ceiling=ceiling, before=given_up[WaiverKind.SETTLEMENT]
        )
        if isinstance(answer, Facts):
            known = answer
            given_up[kind] += amount
    waived, off = known.invoices[0].waived, given_up[WaiverKind.SETTLEMENT]
    assert waived == given_up[WaiverKind.FINE] + given_up[WaiverKind.INTEREST]
    assert waived * 100_00 <= (before.fine + before.interest) * ceiling
    assert off * 100_00 <= before.principal * ceiling and known.invoices[0].total == 99_90 - off
    assert given_up[WaiverKind.FINE] <= before.fine


@pytest.mark.parametrize(
    ("amount", "why"), [(0, Refusal.AMOUNT_NOT_POSITIVE), (99_91, Refusal.AMOUNT_ABOVE_OPEN)]
)
def test_a_settlement_discount_is_of_what_is_open(amount: int, why: Refusal) -> None:
    answer = invoicing.waive(standing(facts(invoice())), "I1", WaiverKind.SETTLEMENT, amount, AT)
    assert why in whys(answer)


def test_of_a_closed_invoice_nothing_is_forgiven() -> None:
    closed = facts(invoice(closed=Closed.CANCELLED, closed_at=AT))
    for kind in WaiverKind:
        assert whys(invoicing.waive(standing(closed), "I1", kind, 1, AT)) == (Refusal.INVOICE_CLOSED,)


def test_a_cancelled_invoice_takes_its_open_dispute_with_it() -> None:
    contested = done(invoicing.contest(standing(facts(invoice())), "I1", noon(DUE)))
    [closed] = done(invoicing.cancel(standing(contested), "I1", AT)).invoices
    assert [(d.answered_at, d.upheld) for d in closed.disputes] == [(AT, True)]


# -- agreements -------------------------------------------------------------------------------------------------


def test_instalments_are_connection_debt_with_the_rates_of_the_first_invoice() -> None:
    mild = invoice(reference="2026-12", fine_pct=100, interest_pct_month=50)
    parts = [(date(2026, 12, 15), 60_00), (date(2027, 1, 15), 39_90)]
    known = done(deeds.agree(standing(facts(mild, NEXT)), "A1", ["I1"], parts, AT))
    old, other, *new = known.invoices
    assert (old.closed, old.agreement, other) == (Closed.AGREED, "A1", NEXT)
    assert [
        (i.id, i.due_date, i.lines, i.fine_pct, i.interest_pct_month, i.reference, i.agreement) for i in new
    ] == [
        (f"A1/{n}", due, (Line(amount),), 100, 50, "2026-12", "A1")
        for n, (due, amount) in enumerate(parts, 1)
    ]
    assert known.agreements[0].first_instalment == "A1/1"


def test_credit_pays_the_first_instalment_at_once() -> None:
    contested = done(invoicing.contest(standing(facts(invoice())), "I1", AT))
    waiting = pay(contested, 20_00)
    known = done(deeds.agree(standing(waiting), "A1", ["I1"], [(date(2026, 12, 15), 50_00)], AT))
    assert balance.open_principal(known.invoices[-1]) == 30_00
    assert known.lots == () and waiting.lots == (Lot("P1", AT, 20_00),)
