"""Nobody who has paid is cancelled: the bank is asked for each charge before a contract ends."""

from __future__ import annotations

import pytest

from religa.actions import terminate
from religa.actions.carry_out import Done
from religa.actions.money.before_termination import BankSilent, MoneyCame
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Contract

from .. import world
from .bank import Bank, owed

pytestmark = pytest.mark.django_db


def end(bank: Bank, contract: int, by: str = "subscriber", **more):
    return terminate.terminate_unless_paid(
        contract_id=contract,
        by=by,
        collector_for=lambda _: bank.collector,
        at=bank.at,
        author="Helena",
        **more,
    )


def is_over(contract: int) -> bool:
    return Contract.objects.get(pk=contract).terminated_at is not None


def test_a_payment_that_nobody_told_of_is_booked_and_the_contract_goes_on(bank: Bank, bruno):
    bank.psp.pay(bank.charge(bruno).txid)
    assert end(bank, bruno) == MoneyCame(99_90)
    assert (owed(bruno), is_over(bruno)) == (0, False)
    assert isinstance(end(bank, bruno), Done)  # he has looked again, and still wants it
    assert is_over(bruno)


def test_where_nothing_was_paid_the_contract_ends(bank: Bank, bruno):
    bank.charge(bruno)
    assert isinstance(end(bank, bruno), Done)
    assert is_over(bruno)


def test_a_silent_bank_ends_nothing_unless_somebody_answers_for_it(bank: Bank, bruno):
    bank.charge(bruno)
    bank.psp.misbehave(fail_pct=100)
    assert isinstance(end(bank, bruno), BankSilent)
    assert not is_over(bruno)
    assert isinstance(end(bank, bruno, though_silent=True), Done)


def test_money_counts_even_where_another_charges_bank_says_nothing(bank: Bank, bruno):
    bank.psp.pay(bank.charge(bruno).txid)
    world.bill(bruno, "F2")
    other = bank.charge(bruno, "invoice", invoice="F2")
    bank.psp.ledger.charges.pop(other.txid)
    assert end(bank, bruno) == MoneyCame(99_90)


def test_a_contract_without_charges_asks_nobody_and_the_law_still_holds(bank: Bank, bruno):
    bank.psp.misbehave(fail_pct=100)
    assert end(bank, bruno, by="Helena") == Refused((Refusal.NOT_SUSPENDED,))
