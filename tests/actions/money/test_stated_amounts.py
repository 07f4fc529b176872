"""A part of the debt, paid by Pix: it is put where it was said to go, and opens exactly when it was said to."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions import dispute
from religa.actions.look import look
from religa.actions.money.charging import NotPayable
from religa.domain import trust
from religa.records import raw
from religa.records.models import Charge

from .. import world
from .bank import Bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_bills(bank: Bank, bruno) -> int:
    """Bruno behind the wall for two invoices of R$ 99.90, on Tuesday, 1 December."""
    world.bill(bruno, "F2", due=date(2026, 11, 10))
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    return bruno


def pay(bank: Bank, charge: Charge) -> None:
    bank.post(bank.psp.pay(charge.txid))
    bank.take()


def test_the_least_amount_opens_also_where_two_bills_hold_the_wall(bank: Bank, two_bills):
    """Its code names no bill: put on the oldest first, some of it would go to that one's fine."""
    charge = bank.charge(two_bills, "least")
    assert charge.amount == 198_80  # of 199.80, one real may be left
    pay(bank, charge)
    assert world.row(two_bills)[0] == "full"


@pytest.mark.parametrize("amount", [20_00, 100_00, 198_79, 198_80, 203_00])
def test_a_stated_amount_opens_exactly_when_it_was_said_to(bank: Bank, two_bills, amount):
    said = trust.stated_payment(look(contract_id=two_bills, at=bank.at).standing, bank.at, amount).opens
    charge = bank.charge(two_bills, "stated", amount=amount)
    assert (charge.amount, charge.scope) == (amount, "stated")
    pay(bank, charge)
    assert (world.row(two_bills)[0] == "full") == said == (amount >= 198_80)


@pytest.mark.parametrize("amount", [0, 19_99, 300_00])
def test_an_amount_out_of_range_has_no_code(bank: Bank, two_bills, amount):
    assert bank.code(two_bills, "stated", amount=amount) == NotPayable("nothing_owed")


def test_what_is_late_is_asked_for_without_what_is_contested_or_not_due(bank: Bank, two_bills):
    world.bill(two_bills, "F3", due=date(2026, 12, 20))
    dispute.file(contract_id=two_bills, invoice="F2", at=bank.at)
    charge = bank.charge(two_bills, "late")
    assert charge.amount == 102_58  # F1 with its fine and 21 days of interest
    pay(bank, charge)
    left = raw.rows(
        "SELECT i.external_id FROM invoice i WHERE i.contract_id = %s AND NOT EXISTS"
        " (SELECT FROM allocation a WHERE a.invoice_id = i.id) ORDER BY 1",
        [two_bills],
    )
    assert left == [("F2",), ("F3",)]
