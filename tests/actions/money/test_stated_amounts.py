"""A part of the debt, paid by Pix: it is put where it was said to go, and opens exactly when it was said to."""

from __future__ import annotations

from datetime import date

import pytest

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
    charge = bank.charge(two_bills, "least")
    assert charge.amount == 198_80
    pay(bank, charge)
    assert world.row(two_bills)[0] == "full"
