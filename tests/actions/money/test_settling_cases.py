"""Cases, decided by a person: each way once, closed with it, and opened again where trying again failed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from religa.actions.money import cases, refunding, returns, settle_case
from religa.actions.money.cases import Case
from religa.actions.money.receive_event import CHANNEL
from religa.actions.money.resolve import Already
from religa.actions.money.settle_case import WAYS, AboveCredit, Settled, UnknownCase, Way, WrongWay
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import (
    Charge,
    CreditEntry,
    MoneyCase,
    Payment,
    Provider,
    ProviderEvent,
    ProviderEventTodo,
    Refund,
)
from religa.records.models.money_work import CASE_KINDS

from .. import world
from .bank import Bank, owed

pytestmark = pytest.mark.django_db


def settle(bank: Bank, case: MoneyCase, way: Way, **more):
    return settle_case.settle(
        **{"provider_id": case.provider_id, "case_id": case.pk, "way": way, "reason": "combinado com ela",
           "author": "Fátima", "at": bank.at} | more
    )  # fmt: skip


@pytest.fixture
def twice(bank: Bank, bruno) -> MoneyCase:
    """Bruno has paid his charge of R$ 99.90 twice."""
    charge = bank.charge(bruno)
    bank.post(bank.psp.pay(charge.txid), bank.psp.pay(charge.txid, anyway=True))
    bank.take()
    return MoneyCase.objects.get(kind="paid_twice")


def test_every_kind_of_case_has_a_way():
    assert set(WAYS) == set(CASE_KINDS)


def test_kept_as_credit_it_waits_for_the_next_invoice(bank: Bank, bruno, twice):
    assert settle(bank, twice, Way.KEEP) == Settled("kept_as_credit")
    twice.refresh_from_db()
    assert (twice.resolution, twice.author, twice.reason) == ("kept_as_credit", "Fátima", "combinado com ela")
    assert (CreditEntry.objects.get().amount, Refund.objects.count()) == (99_90, 0)


def test_given_back_it_leaves_the_credit_and_the_bank_is_asked_once(bank: Bank, bruno, twice):
    assert settle(bank, twice, Way.REFUND) == Settled("refunded")
    assert settle(bank, twice, Way.REFUND) == Already("refunded", bank.at, "Fátima")
    refund = Refund.objects.get()
    assert (refund.amount, refund.status, refund.external_id) == (99_90, "new", twice.payment.external_id)
    assert settle_case.credit_left(twice.provider_id, twice.payment.external_id) == 0
    assert owed(bruno) == 0


def test_a_part_may_go_back(bank: Bank, bruno, twice):
    settle(bank, twice, Way.REFUND, amount=40_00)
    assert Refund.objects.get().amount == 40_00
    assert settle_case.credit_left(twice.provider_id, twice.payment.external_id) == 59_90


def test_credit_that_an_invoice_has_taken_meanwhile_does_not_go_back(bank: Bank, bruno, twice):
    world.bill(bruno, "F2", amount=60_00, due=world.date(2026, 12, 10), issued=bank.at)
    assert settle(bank, twice, Way.REFUND, amount=99_90) == AboveCredit(39_90)
    assert settle(bank, twice, Way.REFUND) == Settled("refunded")
    assert Refund.objects.get().amount == 39_90
    assert owed(bruno) == 0


def test_without_a_reason_and_in_a_wrong_way_nothing_is_done(bank: Bank, twice):
    assert settle(bank, twice, Way.KEEP, reason=" ") == Refused((Refusal.NO_REASON,))
    assert settle(bank, twice, Way.TRY_AGAIN) == WrongWay()
    twice.refresh_from_db()
    assert twice.closed_at is None


def test_cases_of_another_provider_are_unknown(bank: Bank, twice):
    other = Provider.objects.create(name="Outra Rede", cnpj="55444333000181")
    with pytest.raises(UnknownCase):
        settle(bank, twice, Way.KEEP, provider_id=other.pk)


# -- a refund that did not arrive -----------------------------------------------------------------------------------


@pytest.fixture
def not_arrived(bank: Bank, twice) -> MoneyCase:
    """The bank has refused to give the second payment back."""
    settle(bank, twice, Way.REFUND)
    refund = Refund.objects.get()
    Refund.objects.update(status="refused", try_at=None, settled_at=bank.at)
    returns.failed(
        bank.account, refund.external_id, refund.refund_id, refund.amount, "conta encerrada", bank.at
    )
    return MoneyCase.objects.get(kind="refund_failed")


def test_a_refund_that_failed_is_a_case_of_its_contract(not_arrived, bruno):
    assert (not_arrived.contract_id, not_arrived.amount) == (bruno, 99_90)


def test_tried_again_it_is_a_refund_of_its_own_that_the_bank_carries_out(bank: Bank, not_arrived):
    assert settle(bank, not_arrived, Way.TRY_AGAIN) == Settled("tried_again")
    first, second = Refund.objects.order_by("pk")
    assert (second.status, second.amount, second.payment_id) == ("new", 99_90, first.payment_id)
    assert second.refund_id != first.refund_id
    bank.passes(seconds=1)
    assert refunding.follow(bank.account, bank.collector, at=bank.at) == 1
    second.refresh_from_db()
    assert second.status in ("processing", "returned")


def test_kept_after_all_it_is_credit_again_and_pays_what_comes(bank: Bank, bruno, not_arrived):
    payment = Payment.objects.get(external_id=Refund.objects.get().external_id)
    assert settle(bank, not_arrived, Way.KEEP) == Settled("kept_as_credit")
    back = Payment.objects.get(external_id=f"{payment.external_id}~back")
    assert (back.amount, back.paid_at, back.moved_from_id) == (99_90, payment.paid_at, payment.pk)
    assert (back.payment_account_id, back.booked_on) == (
        bank.account_id,
        None,
    )  # the bank brought no new money
    assert settle_case.credit_left(back.provider_id, payment.external_id) == 99_90
    assert settle(bank, not_arrived, Way.KEEP) == Already("kept_as_credit", bank.at, "Fátima")


def test_a_refund_that_is_under_way_again_is_not_kept_as_well(bank: Bank, not_arrived):
    Refund.objects.update(status="processing")
    assert settle(bank, not_arrived, Way.KEEP) == Refused((Refusal.UNKNOWN_PAYMENT,))
    assert settle(bank, not_arrived, Way.BACK_TO_QUEUE) == WrongWay()


# -- what may go better another time --------------------------------------------------------------------------------


@pytest.fixture
def charge_case(bank: Bank, bruno) -> MoneyCase:
    charge = bank.charge(bruno)
    Charge.objects.filter(pk=charge.pk).update(
        status="failed", error="devedor inválido", tries=3, try_at=None
    )
    case = Case("charge_failed", f"charge {charge.pk}", bruno, charge=charge.pk, account=bank.account_id)
    cases.open_cases(bank.account.provider_id, [case], bank.at)
    return MoneyCase.objects.get()


def test_a_charge_is_made_again(bank: Bank, charge_case):
    assert settle(bank, charge_case, Way.TRY_AGAIN) == Settled("tried_again")
    charge = Charge.objects.get()
    assert (charge.status, charge.try_at, charge.tries, charge.error) == ("new", bank.at, 0, "")
    assert bank.tell() == 1
    charge.refresh_from_db()
    assert charge.status == "active"


def test_a_case_opens_again_when_trying_again_failed_and_stays_closed_when_noted(bank: Bank, charge_case):
    settle(bank, charge_case, Way.TRY_AGAIN)
    bank.passes(minutes=1)
    again = Case("charge_failed", charge_case.subject, detail="400 ainda inválido")
    cases.open_cases(charge_case.provider_id, [again], bank.at)
    charge_case.refresh_from_db()
    assert (charge_case.closed_at, charge_case.detail) == (None, "400 ainda inválido")
    assert (charge_case.opened_at, charge_case.author) == (bank.at, "Fátima")
    settle(bank, charge_case, Way.NOTE)
    cases.open_cases(charge_case.provider_id, [again], bank.at)
    charge_case.refresh_from_db()
    assert charge_case.resolution == "noted"


def test_an_event_is_taken_again(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.post(pix, valor="1.00")
    bank.take()
    case = MoneyCase.objects.get()
    assert settle(bank, case, Way.TRY_AGAIN) == Settled("tried_again")
    assert ProviderEventTodo.objects.get().event_id == ProviderEvent.objects.get().pk
    assert bank.take() == 1
    case.refresh_from_db()
    assert case.closed_at is None  # it still says another amount than the bank
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taking_it_again_wakes_who_asks_the_bank(bank: Bank, bruno):
    bank.post(bank.psp.pay(bank.charge(bruno).txid), valor="1.00")
    bank.take()
    with psycopg.connect(connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"],
                         autocommit=True) as listener:  # fmt: skip
        listener.execute(f"LISTEN {CHANNEL}")
        settle(bank, MoneyCase.objects.get(), Way.TRY_AGAIN)
        assert [n.payload for n in listener.notifies(timeout=5, stop_after=1)] == [str(bank.account.id)]


def test_what_a_file_or_a_list_said_wrongly_is_no_event_to_take_again(bank: Bank):
    cases.open_cases(
        bank.account.provider_id, [Case("event_failed", "file 1, line 3", account=bank.account.id)], bank.at
    )
    case = MoneyCase.objects.get()
    assert settle(bank, case, Way.TRY_AGAIN) == WrongWay()
    assert not ProviderEventTodo.objects.exists()
    assert settle(bank, case, Way.NOTE) == Settled("noted")
