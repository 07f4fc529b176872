"""Invoices that come every month: each once, whoever bills and however often."""

from __future__ import annotations

import itertools
import threading
from datetime import date

import pytest
from django.db import connection

from religa.actions import change_invoice, record_payment, switches, terminate
from religa.actions.billing import run as billing_run
from religa.actions.billing.months import work_of
from religa.actions.billing.preview import preview
from religa.actions.billing.run import Made, run
from religa.actions.billing.terms import Terms, start, stop
from religa.domain import deeds
from religa.domain.billing import Nothing
from religa.domain.facts import Method
from religa.records import billing as rows
from religa.records.models import Charge, Contract, ContractBilling, Invoice, Plan, SweepFailure

from .. import world
from . import bills
from .bills import NOW

TENTH = world.at("2026-12-31 08:00")  # ten days before January's due day


@pytest.fixture
def provider(db):
    made = world.provider()
    bills.rule(made)
    return made


@pytest.fixture
def ana(provider):
    return bills.contract(provider, "ana")


def test_an_invoice_is_made_ten_days_before_it_falls_due(ana):
    assert run(at=world.at("2026-11-29 23:59")) == Made()
    assert run(at=NOW) == Made(contracts=1, invoices=1, amount=99_90)
    made = bills.only_invoice(ana)
    assert (made.external_id, made.reference) == (f"R{ana}-2026-12", "2026-12")
    assert (made.due_date, made.fine_pct, made.interest_pct_month) == (date(2026, 12, 10), 200, 100)


def test_a_second_run_makes_nothing(ana):
    run(at=NOW)
    assert run(at=NOW) == Made()
    assert len(bills.invoices(ana)) == 1


def test_the_next_month_follows(ana):
    run(at=NOW)
    run(at=TENTH)
    assert bills.invoices(ana) == [(f"R{ana}-2026-12", 99_90), (f"R{ana}-2027-01", 99_90)]


def test_months_that_were_missed_are_made_up_for(provider):
    carla = bills.contract(provider, since=date(2026, 10, 1))
    assert run(at=NOW).invoices == 3
    assert [i.due_date for i in Invoice.objects.filter(contract_id=carla).order_by("id")] == [
        date(2026, 12, 5),
        date(2026, 12, 5),
        date(2026, 12, 10),
    ]


def test_a_run_that_fails_half_way_goes_on_where_it_stopped(ana, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(billing_run.rows, "save", _fails)
        assert run(at=NOW).set_aside == [ana]
    assert not Invoice.objects.exists()
    assert run(at=NOW).invoices == 1


def test_a_run_that_is_killed_keeps_whole_batches_and_the_next_one_goes_on(provider, monkeypatch):
    contracts = [bills.contract(provider) for _ in range(5)]
    monkeypatch.setattr(billing_run, "IMPROVING", 2)
    told: list[int] = []

    def killed(done: int, of: int) -> None:
        told.append(done)
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(at=NOW, told=killed)
    assert [len(bills.invoices(c)) for c in contracts] == [1, 1, 1, 1, 0]
    assert run(at=NOW).invoices == 1 and told == [2, 4]


def test_who_is_due_by_the_database_is_who_has_something_to_bill(provider):
    """The query that chooses and the domain that bills agree, contract by contract and day by day."""
    ends = (None, date(2026, 12, 5), date(2026, 12, 31))
    through = (None, date(2026, 11, 30), date(2026, 12, 5), date(2026, 12, 31))
    every = []
    for due_day, until, billed in itertools.product((1, 15, 31), ends, through):
        every.append(bills.contract(provider, due_day=due_day, since=date(2026, 11, 10)))
        seen = billed and min(billed, date(2026, 11, 20))
        ContractBilling.objects.filter(contract=every[-1]).update(
            until=until, billed_through=billed, credited_through=seen
        )
    Contract.objects.filter(pk__in=every[::4]).update(terminated_at=world.at("2026-12-10 10:00"))
    for day in ("2026-11-21", "2026-11-30", "2026-12-06", "2026-12-11", "2026-12-18", "2027-01-05"):
        at = world.at(f"{day} 08:00")
        busy = [w.row.contract_id for w in work_of(every, at=at) if w.bills or w.waits or _closes(w)]
        assert rows.due(at=at).every == sorted(busy), day


def _closes(work) -> bool:
    seen = work.row.billing
    return work.closes and seen.billed_through is not None and seen.looks_from <= seen.billed_through


def _fails(*args, **kwargs):
    raise RuntimeError("no power")


def test_a_month_that_another_system_has_billed_is_not_billed_again(ana):
    world.bill(ana, "ERP-1", due=date(2026, 12, 10))
    assert run(at=NOW).invoices == 0
    assert ContractBilling.objects.get(contract=ana).billed_through == date(2026, 12, 31)
    assert run(at=TENTH).invoices == 1


def test_a_month_whose_other_invoice_was_cancelled_is_billed(ana):
    world.bill(ana, "ERP-1", due=date(2026, 12, 10))
    change_invoice.cancel(contract_id=ana, invoice="ERP-1", at=NOW)
    assert run(at=NOW).invoices == 1


def test_our_own_invoice_that_was_cancelled_does_not_come_back(ana):
    run(at=NOW)
    change_invoice.cancel(contract_id=ana, invoice=f"R{ana}-2026-12", at=NOW)
    ContractBilling.objects.filter(contract=ana).update(billed_through=None)
    assert run(at=NOW) == Made(contracts=1)


def test_credit_that_waits_pays_the_new_invoice(ana, provider):
    bills.account(provider)
    record_payment.record(
        contract_id=ana, payment_id="E1", amount=30_00, method=Method.PIX, paid_at=NOW, at=NOW
    )
    run(at=NOW)
    assert Charge.objects.get().amount == 69_90


def test_an_invoice_that_credit_has_paid_gets_no_charge(ana, provider):
    bills.account(provider)
    record_payment.record(
        contract_id=ana, payment_id="E1", amount=99_90, method=Method.PIX, paid_at=NOW, at=NOW
    )
    assert run(at=NOW) == Made(contracts=1, invoices=1, amount=99_90)
    assert not Charge.objects.exists()


@pytest.mark.parametrize(("kind", "charge"), [("api_pix", "pix_cobv"), ("efi_cobrancas", "boleto_pix")])
def test_a_charge_waits_for_the_worker(provider, kind, charge):
    bills.account(provider, kind)
    ana = bills.contract(provider)
    assert run(at=NOW).charges == 1
    made = Charge.objects.get()
    assert (made.kind, made.status, made.scope, made.txid) == (charge, "new", "invoice", None)
    assert (made.amount, made.due_date, made.try_at) == (99_90, date(2026, 12, 10), NOW)
    assert made.invoice_id == bills.only_invoice(ana).pk


def test_without_charges_in_the_rule_only_the_invoice_is_made(provider):
    bills.account(provider)
    bills.rule(provider, make_charges=False)
    bills.contract(provider)
    assert run(at=NOW) == Made(contracts=1, invoices=1, amount=99_90)


def test_an_account_of_files_makes_no_charge(provider, ana):
    bills.account(provider, "bank_files")
    assert run(at=NOW).charges == 0


def test_the_punctuality_discount_holds_until_the_due_date(provider):
    bills.rule(provider, punctuality_discount=10_00)
    ana = bills.contract(provider)
    run(at=NOW)
    made = bills.only_invoice(ana)
    assert (made.discount_amount, made.discount_until) == (10_00, date(2026, 12, 10))


def test_a_price_of_the_contract_goes_before_the_plans(provider):
    ana = bills.contract(provider, price=99_90, discount=5_00)
    start(contract_id=ana, terms=Terms(bills.DECEMBER, price=80_00, discount=5_00), at=NOW, author="x")
    run(at=NOW)
    assert bills.invoices(ana) == [(f"R{ana}-2026-12", 75_00)]


def test_days_of_block_are_given_back_on_the_next_invoice(provider):
    ana = bills.contract(provider, price=31_00)
    run(at=NOW)
    bills.blocked_between(ana, "2026-12-10 09:00", "2026-12-21 09:00")  # 11 to 20 December are whole days
    run(at=TENTH)
    assert bills.invoices(ana)[1] == (f"R{ana}-2027-01", 21_00)


def test_a_rule_may_leave_blocked_days_charged(provider):
    bills.rule(provider, credits_blocked_days=False)
    ana = bills.contract(provider, price=31_00)
    run(at=NOW)
    bills.blocked_between(ana, "2026-12-10 09:00", "2026-12-21 09:00")
    run(at=TENTH)
    assert bills.invoices(ana)[1] == (f"R{ana}-2027-01", 31_00)


def test_a_paused_contract_waits_and_a_whole_month_of_pause_is_not_billed(ana):
    switches.turn_on(contract_id=ana, switch="pause", at=world.at("2026-11-28 10:00"))
    assert run(at=NOW).invoices == 0
    assert ContractBilling.objects.get(contract=ana).billed_through is None
    switches.turn_off(contract_id=ana, switch="pause", at=world.at("2027-01-11 10:00"))
    assert run(at=world.at("2027-01-11 10:05")) == Made(
        contracts=1, invoices=1, amount=67_67
    )  # 21 of 31 days
    assert bills.invoices(ana) == [(f"R{ana}-2027-01", 67_67)]


def test_courtesy_is_never_billed(ana):
    Contract.objects.filter(pk=ana).update(segment="courtesy")
    assert run(at=NOW) == Made()


def test_an_imported_due_day_of_31_falls_due_on_the_28th(provider):
    ana = bills.contract(provider, due_day=31)
    run(at=world.at("2026-12-18 08:00"))
    assert bills.only_invoice(ana).due_date == date(2026, 12, 28)


def test_a_contract_that_ends_before_its_invoice_is_made_pays_the_days_it_had(provider):
    ana = bills.contract(provider, due_day=28, price=31_00)
    terminate.terminate(contract_id=ana, by=deeds.SUBSCRIBER, at=world.at("2026-12-11 10:00"))
    run(at=world.at("2026-12-18 08:00"))
    assert bills.invoices(ana) == [(f"R{ana}-2026-12", 10_00)]
    assert run(at=TENTH) == Made()


def test_a_contract_that_ends_after_its_invoice_gets_the_rest_back(provider):
    bills.account(provider)
    ana = bills.contract(provider, price=31_00)
    run(at=NOW)
    Charge.objects.update(status="active", try_at=None)
    later = world.at("2026-12-22 10:00")
    terminate.terminate(contract_id=ana, by=deeds.SUBSCRIBER, at=later)
    assert run(at=later) == Made(contracts=1, closed=1)
    assert bills.invoices(ana) == [(f"R{ana}-2026-12", 21_00)]
    assert Charge.objects.get().try_at == later  # the bank must hear of it
    assert run(at=TENTH) == Made()


def test_what_was_paid_of_days_that_never_came_becomes_credit(provider):
    ana = bills.contract(provider, price=31_00)
    run(at=NOW)
    record_payment.record(
        contract_id=ana, payment_id="E1", amount=31_00, method=Method.PIX, paid_at=NOW, at=NOW
    )
    stop(contract_id=ana, until=date(2026, 12, 21), author="Gestora")
    run(at=world.at("2026-12-22 08:00"))
    assert world.count("SELECT sum(amount)::bigint FROM credit_entry WHERE contract_id = %s", ana) == 10_00


def test_days_of_block_before_the_end_are_given_back_at_the_end(provider):
    ana = bills.contract(provider, price=31_00)
    run(at=NOW)
    bills.blocked_between(ana, "2026-12-10 09:00", None)
    terminate.terminate(contract_id=ana, by=deeds.SUBSCRIBER, at=world.at("2027-01-01 00:00"))
    run(at=world.at("2027-01-01 08:00"))
    assert bills.invoices(ana) == [(f"R{ana}-2026-12", 10_00)]


def test_what_could_not_be_billed_is_set_aside_and_does_not_stop_the_rest(provider, monkeypatch):
    good, bad, other = (bills.contract(provider) for _ in range(3))
    real = billing_run.billing.invoice

    def breaks(made, after, rule, contract_id, at):
        if contract_id == bad:
            raise ArithmeticError("what a price")
        return real(made, after, rule, contract_id, at)

    with monkeypatch.context() as broken:
        broken.setattr(billing_run.billing, "invoice", breaks)
        done = run(at=NOW)
        assert (done.invoices, done.set_aside) == (2, [bad])
        assert run(at=NOW).set_aside == [bad]  # tried again, by itself, and told once
    failure = SweepFailure.objects.get()
    assert (failure.contract_id, failure.step) == (bad, "billing")
    assert failure.error == "ArithmeticError: what a price"
    assert bills.invoices(good) and bills.invoices(other) and not bills.invoices(bad)
    assert run(at=NOW).invoices == 1
    assert SweepFailure.objects.get().resolved_at == NOW


def test_a_contract_without_due_day_or_price_is_left_alone(provider, ana):
    Contract.objects.filter(pk=ana).update(due_day=None)
    assert run(at=NOW) == Made()
    Contract.objects.filter(pk=ana).update(due_day=10)
    Plan.objects.update(price=0)
    assert run(at=NOW) == Made()


def test_only_the_asked_provider_is_billed(provider, ana):
    assert run(at=NOW, provider_id=provider.pk + 1) == Made()
    assert run(at=NOW, provider_id=provider.pk).invoices == 1


def test_a_run_ahead_makes_what_is_to_be_made_by_that_day(ana):
    assert run(at=world.at("2026-11-20 08:00"), ahead_to=date(2026, 11, 30)).invoices == 1
    assert bills.only_invoice(ana).due_date == date(2026, 12, 10)


def test_a_preview_says_the_same_and_changes_nothing(provider, ana):
    bruno = bills.contract(provider, "bruno")
    world.bill(bruno, "ERP-1", due=date(2026, 12, 10))
    plans = list(preview(at=NOW))
    assert [(p.contract_id, p.bill.amount, p.bill.why) for p in plans] == [
        (ana, 99_90, None),
        (bruno, 0, Nothing.BILLED_ELSEWHERE),
    ]
    assert (plans[0].name, plans[0].bill.due_date) == ("Ana", date(2026, 12, 10))
    assert bills.invoices(ana) == [] and run(at=NOW).amount == 99_90


def test_progress_is_told(provider):
    for _ in range(3):
        bills.contract(provider)
    heard: list[tuple[int, int]] = []
    run(at=NOW, told=lambda done, of: heard.append((done, of)))
    assert heard == [(3, 3)]


@pytest.mark.django_db(transaction=True)
def test_two_runs_side_by_side_make_each_invoice_once():
    provider = world.provider()
    bills.rule(provider)
    contracts = [bills.contract(provider) for _ in range(20)]
    done: list[Made] = []

    def bill() -> None:
        done.append(run(at=NOW))
        connection.close()

    threads = [threading.Thread(target=bill) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(d.invoices for d in done) == 20 and not any(d.set_aside for d in done)
    assert Invoice.objects.filter(contract_id__in=contracts).count() == 20
