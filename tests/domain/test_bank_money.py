"""A part of a payment that goes back, and a sum that a bank has worked out."""

from datetime import timedelta

import pytest
from bills import CALENDARS, DUE, POLICY, facts, invoice, noon

from religa.domain import balance, bank_money, deeds
from religa.domain.facts import Discount, Facts, Method, Payment
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing

LATE = noon(DUE + timedelta(days=11))  # 99.90 + 1.99 + 0.36 by our sum


def standing(known: Facts) -> Standing:
    return Standing(known, POLICY, CALENDARS)


def paid(known: Facts, amount: int, first: str = "I1") -> Facts:
    after = deeds.pay(standing(known), Payment("P1", LATE, LATE, amount, Method.PIX), first=[first])
    assert isinstance(after, Facts)
    return after


def given_back(known: Facts, amount: int) -> Facts | Refused:
    return bank_money.give_back(standing(known), "P1", amount, "P1~rest", LATE)


def test_what_stays_of_a_payment_is_one_of_the_same_moment_on_the_same_invoice() -> None:
    other = invoice(
        50_00, id="I2", due_date=DUE - timedelta(days=30)
    )  # older: money without a name goes there first
    after = given_back(paid(facts(other, invoice()), 99_90), 40_00)
    assert isinstance(after, Facts)
    assert [(p.id, p.amount, p.paid_at, p.reversed_at) for p in after.payments] == [
        ("P1", 99_90, LATE, LATE),
        ("P1~rest", 59_90, LATE, None),
    ]
    assert [balance.open_principal(i) for i in after.invoices] == [50_00, 40_00]


def test_nothing_stays_of_a_payment_that_goes_back_whole() -> None:
    after = given_back(paid(facts(invoice()), 99_90), 99_90)
    assert isinstance(after, Facts)
    assert [p.id for p in after.payments] == ["P1"] and balance.open_principal(after.invoices[0]) == 99_90


@pytest.mark.parametrize(
    ("amount", "why"),
    [(0, Refusal.AMOUNT_ABOVE_OPEN), (-1, Refusal.AMOUNT_ABOVE_OPEN), (99_91, Refusal.AMOUNT_ABOVE_OPEN)],
)
def test_no_more_goes_back_than_was_paid(amount: int, why: Refusal) -> None:
    assert given_back(paid(facts(invoice()), 99_90), amount) == refused(why)


def test_an_unknown_payment_cannot_go_back() -> None:
    assert given_back(facts(invoice()), 1) == refused(Refusal.UNKNOWN_PAYMENT)


@pytest.mark.parametrize(
    ("amount", "waived", "forgiven"), [(102_25, 0, 0), (102_24, 1, 0), (99_90, 2_35, 0), (99_80, 2_35, 10)]
)
def test_a_sum_that_the_bank_worked_out_settles_the_invoice(amount: int, waived: int, forgiven: int) -> None:
    known = paid(facts(invoice()), amount)
    [settled] = bank_money.settle_as_charged(standing(known), "P1", "I1").invoices
    owed = balance.owed(CALENDARS, POLICY, settled, on=CALENDARS.day(LATE) + timedelta(days=60))
    assert (owed.total, settled.waived, settled.settlements[0].discount) == (0, waived, forgiven)
    assert settled.settlements[0].money == amount


def test_a_discount_that_the_bank_gave_is_no_debt() -> None:
    offer = invoice(discount=Discount(10_00, DUE - timedelta(days=30)))  # over by our calendar
    known = paid(facts(offer), 89_90)
    [settled] = bank_money.settle_as_charged(standing(known), "P1", "I1").invoices
    assert balance.open_principal(settled) == 0 and settled.settlements[0].discount == 10_00


def test_an_invoice_that_the_payment_is_not_on_stays_as_it_is() -> None:
    known = paid(facts(invoice(), invoice(50_00, id="I2")), 50_00)
    assert bank_money.settle_as_charged(standing(known), "P1", "I2") is known
    assert bank_money.settle_as_charged(standing(known), "P1", "I9") is known
