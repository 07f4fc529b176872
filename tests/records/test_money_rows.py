"""Money in the tables: nothing is edited, what is taken back leaves a contra-entry."""

from dataclasses import replace
from datetime import date

import pytest

from religa.domain import deeds, invoicing
from religa.domain.facts import Evidence, Facts, Line, Lot
from religa.domain.standing import Standing
from religa.records import models as tables
from religa.records import writer
from religa.records.loaded import WHAT_MATTERS, Ask

from . import rows
from .rows import AT, CALENDARS, DAY

pytestmark = pytest.mark.django_db


def do(contract, deed, *args, at=AT, **more):
    """Loads, does one deed, saves; the facts as they are now kept."""
    loaded = rows.load(contract, at)
    after = deed(Standing(loaded.facts, loaded.policy, CALENDARS), *args, **more)
    assert isinstance(after, Facts), after
    return writer.save(writer.Change(loaded, after, CALENDARS), at=at, author="test")


def entries():
    columns = ("settlement", "payment__external_id", "invoice__external_id", "part", "amount")
    return list(tables.Allocation.objects.order_by("pk").values_list(*columns))


def at_rest():
    return dict(tables.Invoice.objects.values_list("external_id", "at_rest"))


@pytest.fixture
def bruno_owes(bruno):
    """Bruno owes two months; the first has a router rent that may not block."""
    first = replace(rows.invoice("I1"), lines=(Line(8990), Line(1000, suspendable=False)))
    rows.change(bruno, invoices=(first, rows.invoice("I2", 9990, due=date(2026, 12, 10))))
    return bruno


def test_each_line_that_takes_money_has_its_entry(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 9990), first=["I1"])
    assert [row[1:] for row in entries()] == [
        ("E1", "I1", "principal", 8990),
        ("E1", "I1", "principal", 1000),
    ]
    assert rows.load(bruno_owes).facts.invoice("I1").settlements[0].lines == (8990, 1000)


def test_late_charges_are_entries_without_a_line(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 10_100), first=["I1"])
    charges = tables.Allocation.objects.get(part="charges")
    assert (charges.line_id, charges.invoice.external_id, charges.amount) == (None, "I1", 110)


def test_a_reversal_writes_contra_entries_under_the_same_number(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 9990))
    before = entries()
    facts = do(bruno_owes, deeds.reverse, "E1", AT + DAY, at=AT + DAY)
    undone = entries()[len(before) :]
    assert entries()[: len(before)] == before
    assert [(*row[:4], -row[4]) for row in undone] == before
    assert facts.invoice("I1").settlements == ()
    assert facts.payments[0].reversed_at == AT + DAY
    assert tables.PaymentReversal.objects.count() == 1


def test_what_no_invoice_takes_is_credit_and_pays_the_next(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 30000))
    (lot,) = rows.load(bruno_owes).facts.lots
    assert lot == Lot("E1", AT, 30000 - 9990 * 2 - rows_charges())
    loaded = rows.load(bruno_owes, AT + DAY)
    third = replace(rows.invoice("I3", 5000, due=date(2027, 1, 11)), issued_at=AT + DAY)
    after = invoicing.issue(loaded.facts, loaded.policy, CALENDARS, third)
    writer.save(writer.Change(loaded, after, CALENDARS), at=AT + DAY)
    amounts = list(tables.CreditEntry.objects.order_by("pk").values_list("amount", flat=True))
    assert amounts == [lot.amount, -5000]
    assert rows.load(bruno_owes).facts.lots == (replace(lot, amount=lot.amount - 5000),)


def rows_charges():
    """Fine and interest that the payment took."""
    return sum(row[4] for row in entries() if row[3] == "charges")


def test_credit_that_is_used_up_is_no_longer_seen(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 30000))
    spare = rows.load(bruno_owes).facts.lots[0].amount
    loaded = rows.load(bruno_owes)
    third = replace(rows.invoice("I3", spare, due=date(2027, 1, 11)), issued_at=AT)
    after = invoicing.issue(loaded.facts, loaded.policy, CALENDARS, third)
    writer.save(writer.Change(loaded, after, CALENDARS), at=AT)
    assert rows.load(bruno_owes).facts.lots == ()
    assert tables.CreditEntry.objects.count() == 2


def test_an_adjustment_is_kept_beside_the_new_amount(bruno_owes):
    do(bruno_owes, invoicing.adjust, "I1", 7000, AT)
    assert [line.amount for line in rows.load(bruno_owes).facts.invoice("I1").lines] == [6000, 1000]
    assert list(tables.Adjustment.objects.values_list("amount", flat=True)) == [-2990]


def test_an_adjustment_below_what_was_paid_gives_the_rest_back_as_credit(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 9990), first=["I1"])
    do(bruno_owes, invoicing.adjust, "I1", 7000, AT)
    facts = rows.load(bruno_owes).facts
    assert facts.invoice("I1").settlements[0].principal == 7000
    assert (
        sum(lot.amount for lot in facts.lots) + sum(s.money for i in facts.invoices for s in i.settlements)
        == 9990
    )


def test_a_cancelled_invoice_rests_and_its_money_is_free_again(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 9000))
    facts = do(bruno_owes, invoicing.cancel, "I1", AT)
    assert at_rest() == {"I1": True, "I2": False}
    assert facts.invoice("I2").settlements[0].source == "E1"
    assert sum(row[4] for row in entries() if row[2] == "I1") == 0


def test_an_invoice_rests_only_when_its_charges_are_paid_too(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 9990), first=["I1"])
    assert at_rest()["I1"] is False
    do(bruno_owes, deeds.pay, rows.payment("E2", 500), first=["I1"])
    assert at_rest()["I1"] is True


def test_a_resting_invoice_is_loaded_only_when_asked_for(bruno_owes):
    do(bruno_owes, deeds.pay, rows.payment("E1", 10500), first=["I1"])
    assert rows.load(bruno_owes, ask=WHAT_MATTERS).facts.invoice("I1") is None
    assert rows.load(bruno_owes, ask=Ask(invoices=["I1"])).facts.invoice("I1").id == "I1"
    by_payment = rows.load(bruno_owes, ask=Ask(payments=["E1"])).facts
    assert by_payment.invoice("I1").settlements[0].source == "E1"
    assert [p.id for p in by_payment.payments] == ["E1"]


def test_a_write_off_that_is_undone_wakes_the_invoice(bruno_owes):
    do(bruno_owes, invoicing.write_off, "I1", AT)
    assert at_rest()["I1"] is True
    do(bruno_owes, invoicing.undo_write_off, "I1", AT + DAY, at=AT + DAY)
    assert at_rest()["I1"] is False
    assert rows.load(bruno_owes).facts.invoice("I1").reopened_at == AT + DAY


def test_an_agreement_links_originals_and_instalments(bruno_owes):
    parts = [(date(2026, 12, 20), 7000), (date(2027, 1, 20), 7000), (date(2027, 2, 20), 5980)]
    do(bruno_owes, deeds.agree, "A1", ["I1", "I2"], parts, AT)
    facts = rows.load(bruno_owes, ask=WHAT_MATTERS).facts
    (made,) = facts.agreements
    assert (made.invoices, made.first_instalment) == (("I1", "I2"), "A1/1")
    assert [(i.id, i.agreement) for i in facts.invoices] == [
        ("I1", "A1"), ("I2", "A1"), ("A1/1", "A1"), ("A1/2", "A1"), ("A1/3", "A1")
    ]  # fmt: skip
    assert at_rest() == {"I1": True, "I2": True, "A1/1": False, "A1/2": False, "A1/3": False}


def test_an_upheld_dispute_of_a_part_leaves_the_rest_owed(bruno_owes):
    do(bruno_owes, invoicing.contest, "I1", AT, 990)
    do(bruno_owes, invoicing.answer, "I1", AT + DAY, at=AT + DAY, upheld=True)
    invoice = rows.load(bruno_owes).facts.invoice("I1")
    assert invoice.total == 9000
    assert [(d.amount, d.upheld) for d in invoice.disputes] == [(990, True)]


def test_a_later_receipt_is_one_more_delivery_event(bruno_owes):
    do(bruno_owes, deeds.notify, ["I1"], Evidence.SENT, AT)
    loaded = rows.load(bruno_owes)
    after = deeds.learn_of_notice(loaded.facts, "I1", Evidence.FAILED, AT + DAY)
    writer.save(writer.Change(loaded, after, CALENDARS), at=AT + DAY)
    assert rows.load(bruno_owes).facts.notices[0].evidence == (
        (AT, Evidence.SENT),
        (AT + DAY, Evidence.FAILED),
    )


def test_facts_that_vanish_are_an_error_and_write_nothing(bruno_owes):
    before = rows.tables()
    with pytest.raises(writer.Vanished):
        rows.change(bruno_owes, invoices=())
    assert rows.tables() == before


def test_a_fact_that_names_an_unknown_invoice_is_an_error(bruno_owes):
    loaded = rows.load(bruno_owes)
    notice = deeds.notify(
        Standing(loaded.facts, loaded.policy, CALENDARS), ["I1"], Evidence.SENT, AT
    ).notices[0]
    with pytest.raises(writer.UnknownName):
        rows.change(bruno_owes, notices=(replace(notice, invoices=("I404",)),))


def test_a_disputed_invoice_that_is_written_off_does_not_rest(bruno_owes):
    """Its dispute must still be answered, and day 30 would give back what was paid on it."""
    do(bruno_owes, invoicing.contest, "I1", AT)
    do(bruno_owes, invoicing.write_off, "I1", AT)
    assert at_rest()["I1"] is False
    assert rows.load(bruno_owes, ask=WHAT_MATTERS).facts.invoice("I1") is not None
