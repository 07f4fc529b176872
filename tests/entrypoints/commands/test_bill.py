"""`religa bill`: the same as the worker's job, for a person who wants to see it first."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

import people
from religa.actions.billing import run as billing_run
from religa.actions.billing.terms import Terms, set_rule, start
from religa.domain.billing import Rule
from religa.entrypoints import jobs
from religa.entrypoints.commands import bill
from religa.records.models import Contract, Invoice, Plan

pytestmark = pytest.mark.django_db


def religa(*arguments: str) -> Result:
    return CliRunner().invoke(bill.bill, list(arguments), catch_exceptions=False)


@pytest.fixture
def joana(provider, now):
    """Joana's contract is billed since today, for a plan of R$ 99,90; her invoice is due to be made."""
    today = people.days_ago(now, 0)
    set_rule(provider_id=provider.pk, rule=Rule(lead_days=60), at=now, author="x")
    made = people.contract(people.subscriber(provider, "Joana Prado", 4001), 4001, since=today)
    plan = Plan.objects.create(
        provider=provider, external_id="P", name="P", price=99_90, down_kbps=1, up_kbps=1
    )
    Contract.objects.filter(pk=made.pk).update(plan=plan, due_day=28)
    start(contract_id=made.pk, terms=Terms(today.replace(day=1)), at=now, author="x")
    return made


def test_a_trial_shows_every_month_and_makes_nothing(joana, tables):
    before = tables()
    said = religa("--dry-run")
    assert "Joana Prado" in said.output and "R$\N{NO-BREAK SPACE}99.90" in said.output
    assert said.output.endswith("would be made; nothing was made.\n")
    assert tables() == before


def test_it_makes_the_invoices_once(joana):
    said = religa()
    made = Invoice.objects.filter(contract=joana).count()
    assert made >= 1 and said.output.startswith(f"{made} invoices of R$")
    assert religa().output == "0 invoices of R$\N{NO-BREAK SPACE}0.00 made, 0 with a charge.\n"


def test_the_hourly_job_does_the_same(joana):
    jobs.bill(0)
    assert Invoice.objects.filter(contract=joana).exists()


def test_a_day_ahead_is_shown_with_what_it_brings(joana, now):
    religa()
    ahead = people.days_ago(now, -62)
    assert religa("--dry-run", "--until", f"{ahead}").output.count("Joana Prado") >= 1


def test_a_contract_that_cannot_be_billed_makes_the_command_fail(joana, monkeypatch):
    def fails(*args: object) -> None:
        raise ArithmeticError("what a price")

    monkeypatch.setattr(billing_run.billing, "invoice", fails)
    said = religa()
    assert said.exit_code == 1
    assert f"1 contracts could not be billed (numbers {joana.pk})" in said.output


def test_an_unknown_provider_is_an_error_in_words(joana):
    said = religa("--provider", "11222333000181")
    assert said.exit_code == 1 and "There is no provider with CNPJ" in said.output
