"""From when on a contract is billed here, and how."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions.billing.terms import Started, Stopped, Terms, start, stop
from religa.domain.billing import Impossible, Problem
from religa.records.errors import Broken
from religa.records.models import BillingRule, Contract, ContractBilling

from .. import world
from . import bills
from .bills import DECEMBER, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    made = world.provider()
    bills.rule(made)
    return made


@pytest.fixture
def ana(provider):
    return world.contract(provider, "ana", due_day=10, plan=bills.plan(provider))


def begin(contract, since=DECEMBER, **terms):
    return start(contract_id=contract, terms=Terms(since, **terms), at=NOW, author="Gestora")


def test_a_contract_starts_with_its_plans_price(ana):
    assert begin(ana) == Started(DECEMBER, 99_90)
    kept = ContractBilling.objects.get(contract=ana)
    assert (kept.since, kept.price, kept.author) == (DECEMBER, None, "Gestora")


def test_starting_again_changes_the_terms_and_not_what_was_billed(ana):
    begin(ana)
    ContractBilling.objects.update(billed_through=date(2026, 12, 31), until=date(2027, 1, 5))
    assert begin(ana, price=80_00, discount=5_00) == Started(DECEMBER, 80_00)
    kept = ContractBilling.objects.get(contract=ana)
    assert (kept.price, kept.discount, kept.until) == (80_00, 5_00, None)
    assert kept.billed_through == date(2026, 12, 31)


def test_everything_that_is_wrong_is_said_at_once(ana):
    Contract.objects.filter(pk=ana).update(due_day=None, plan=None, segment="courtesy", terminated_at=NOW)
    BillingRule.objects.all().delete()
    answer = begin(ana, since=date(2026, 8, 31))
    assert answer == Impossible(
        (
            Problem.NO_RULE,
            Problem.NO_DUE_DAY,
            Problem.NO_PRICE,
            Problem.COURTESY,
            Problem.TERMINATED,
            Problem.TOO_EARLY,
        )
    )
    assert not ContractBilling.objects.exists()


def test_a_discount_is_less_than_the_price(ana):
    assert begin(ana, discount=99_90) == Impossible((Problem.DISCOUNT_TOO_LARGE,))
    assert isinstance(begin(ana, discount=99_89), Started)


def test_a_billing_stops_with_a_day(ana):
    begin(ana)
    assert stop(contract_id=ana, until=date(2026, 12, 15), author="Gestora") == Stopped(date(2026, 12, 15))
    assert ContractBilling.objects.get(contract=ana).until == date(2026, 12, 15)


def test_a_billing_does_not_stop_before_it_began(ana):
    assert stop(contract_id=ana, until=DECEMBER, author="x") == Impossible((Problem.NOT_BILLED,))
    begin(ana)
    assert stop(contract_id=ana, until=date(2026, 11, 30), author="x") == Impossible((Problem.BEFORE_START,))


def test_a_rule_is_changed_in_place(provider):
    bills.rule(provider, lead_days=15)
    assert BillingRule.objects.get().lead_days == 15


def test_a_fine_above_two_percent_is_refused(provider):
    with pytest.raises(Broken, match="at most 2 %"):
        bills.rule(provider, fine_pct=201)
    assert BillingRule.objects.get().fine_pct == 200
