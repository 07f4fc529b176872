"""A Pix that can be paid now, always; charges kept in step with what is owed; money given back."""

from __future__ import annotations

from datetime import date

import pytest

from religa.actions import change_invoice, record_payment
from religa.actions.money import refunding
from religa.actions.money.charging import NotPayable
from religa.actions.money.refunding import Asked
from religa.domain import brcode
from religa.domain.facts import Method
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import Charge, MoneyCase, Payment, PaymentAccount, Refund

from .. import world
from .bank import Bank, owed

pytestmark = pytest.mark.django_db


def test_the_code_of_an_invoice_that_is_not_late_is_a_dated_charge_at_the_bank(bank: Bank, bruno):
    charge = bank.charge(bruno)
    assert (charge.kind, charge.scope, charge.amount, charge.due_date) == (
        "pix_cobv",
        "invoice",
        99_90,
        date(2026, 11, 10),
    )
    assert isinstance(brcode.decode(charge.copy_paste), brcode.DynamicCode)
    body = bank.psp.ledger.charges[charge.txid].body
    assert (body["valor"]["original"], body["valor"]["multa"]["valorPerc"]) == ("99.90", "2.00")


def test_asking_again_shows_the_same_code(bank: Bank, bruno):
    assert bank.charge(bruno).pk == bank.charge(bruno).pk
    bank.at = world.at("2026-11-25 12:00")  # late by now: its bank adds what that costs
    assert bank.charge(bruno).pk == Charge.objects.get().pk


def test_a_late_invoice_without_a_charge_is_asked_for_over_todays_sum_until_midnight(bank: Bank, bruno):
    bank.at = world.at("2026-11-21 12:00")
    charge = bank.charge(bruno)
    assert (charge.kind, charge.amount) == ("pix_cob", 102_25)
    assert charge.expires_at == world.at("2026-11-22 00:00")
    bank.at = world.at("2026-11-22 09:00")
    renewed = bank.charge(bruno)
    assert (renewed.amount, renewed.pk != charge.pk) == (102_28, True)


def test_an_expired_code_is_still_recognised_when_money_comes_on_it(bank: Bank, bruno):
    bank.at = world.at("2026-11-21 12:00")
    old = bank.charge(bruno)
    bank.at = world.at("2026-11-22 09:00")
    bank.charge(bruno)
    bank.post(bank.psp.pay(old.txid, anyway=True))
    bank.take()
    assert Payment.objects.get().charge_id == old.pk
    assert owed(bruno) == 0


def test_everything_that_is_owed_is_one_code_and_settles_every_invoice(bank: Bank, bruno):
    world.bill(bruno, "F2", due=date(2026, 11, 20))
    bank.at = world.at("2026-11-25 12:00")
    charge = bank.charge(bruno)
    assert charge.kind == "pix_cob"
    bank.post(bank.psp.pay(charge.txid))
    bank.take()
    assert owed(bruno) == 0
    assert world.count("SELECT count(*) FROM credit_entry") == 0


def test_the_code_of_one_invoice_is_not_shown_for_everything(bank: Bank, bruno):
    world.bill(bruno, "F2", due=date(2026, 11, 20))
    one = bank.charge(bruno, "invoice", invoice="F1")
    everything = bank.charge(bruno)
    assert (everything.pk != one.pk, everything.amount) == (True, 199_80)


def test_the_least_amount_opens_access(bank: Bank, bruno):
    world.bill(bruno, "F2", due=date(2026, 12, 10))
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    charge = bank.charge(bruno, "least")
    assert charge.amount < 199_80
    bank.post(bank.psp.pay(charge.txid))
    bank.take()
    assert world.row(bruno)[0] == "full"


def test_whoever_owes_nothing_has_no_code(bank: Bank, provider):
    assert bank.code(world.contract(provider, "ana")) == NotPayable("nothing_owed")


def test_without_an_account_that_collects_there_is_no_code(bank: Bank, bruno):
    PaymentAccount.objects.update(collects=False)
    assert bank.code(bruno) == NotPayable("no_account")


def test_a_silent_bank_is_asked_again_for_the_same_charge(bank: Bank, bruno):
    bank.psp.misbehave(fail_pct=100)
    answer = bank.code(bruno)
    assert isinstance(answer, NotPayable) and answer.why == "bank_silent"
    waiting = Charge.objects.get()
    bank.psp.behave()
    bank.passes(minutes=1)
    assert bank.tell() == 1
    assert Charge.objects.get().status == "active"
    assert bank.charge(bruno).txid == waiting.txid
    assert len(bank.psp.ledger.charges) == 1


def test_what_the_bank_refuses_for_good_is_a_case_for_a_person(bank: Bank, bruno):
    bank.psp.ledger.keys = ("nenhuma@religa.example",)
    answer = bank.code(bruno)
    assert isinstance(answer, NotPayable) and answer.why == "bank_refuses"
    assert list(MoneyCase.objects.values_list("kind", flat=True)) == ["charge_failed"]


def test_a_settled_invoice_takes_its_other_charges_back_from_the_bank(bank: Bank, bruno):
    dated = bank.charge(bruno)
    bank.at = world.at("2026-11-12 12:00")
    record_payment.record(
        contract_id=bruno, payment_id="caixa", amount=200_00, method=Method.CASH, paid_at=bank.at, at=bank.at
    )
    assert bank.tell() == 1
    assert Charge.objects.get().status == "removed"
    assert bank.psp.ledger.charges[dated.txid].status == "REMOVIDA_PELO_USUARIO_RECEBEDOR"
    assert bank.tell() == 0


def test_a_changed_invoice_changes_its_printed_code_at_the_bank(bank: Bank, bruno):
    charge = bank.charge(bruno)
    change_invoice.adjust(contract_id=bruno, invoice="F1", total=79_90, at=bank.at)
    assert bank.tell() == 1
    assert bank.psp.ledger.charges[charge.txid].body["valor"]["original"] == "79.90"
    assert (Charge.objects.get().amount, Charge.objects.get().revision) == (79_90, 1)
    assert bank.charge(bruno).pk == charge.pk


def test_a_charge_paid_while_it_was_taken_back_stays_paid(bank: Bank, bruno):
    charge = bank.charge(bruno)
    bank.psp.pay(charge.txid)
    change_invoice.cancel(contract_id=bruno, invoice="F1", at=bank.at)
    bank.tell()
    assert Charge.objects.get().status == "paid"


# -- giving back ----------------------------------------------------------------------------------------------------


def paid_twice(bank: Bank, bruno) -> tuple[str, str]:
    charge = bank.charge(bruno)
    first, second = bank.psp.pay(charge.txid), bank.psp.pay(charge.txid, anyway=True)
    bank.post(first, second)
    bank.take()
    return first.id, second.id


def give_back(bank: Bank, payment: str, amount: int):
    return refunding.ask(
        bank.account, payment=payment, amount=amount, reason="pago em dobro", at=bank.at, author="Helena"
    )


def test_money_paid_twice_goes_back_through_the_bank(bank: Bank, bruno):
    first, second = paid_twice(bank, bruno)
    assert isinstance(give_back(bank, second, 99_90), Asked)
    assert refunding.follow(bank.account, bank.collector, at=bank.at) == 1
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, refund.author) == ("returned", 99_90, "Helena")
    assert refund.rtr_id.startswith("D")
    assert world.count("SELECT coalesce(sum(amount), 0) FROM credit_entry") == 0
    assert owed(bruno) == 0
    bank.passes(minutes=5)
    bank.poll()  # the bank's list names the return: it is ours, and no news
    assert list(MoneyCase.objects.values_list("kind", flat=True)) == ["paid_twice"]
    assert Refund.objects.count() == 1


def test_a_refund_under_way_is_followed_to_its_end(bank: Bank, bruno):
    _, second = paid_twice(bank, bruno)
    bank.psp.misbehave(returns_end="EM_PROCESSAMENTO")
    give_back(bank, second, 99_90)
    refunding.follow(bank.account, bank.collector, at=bank.at)
    assert Refund.objects.get().status == "processing"
    bank.psp.settle_return(second, Refund.objects.get().refund_id, "NAO_REALIZADO")
    bank.passes(minutes=2)
    refunding.follow(bank.account, bank.collector, at=bank.at)
    assert Refund.objects.get().status == "not_done"
    assert "refund_failed" in MoneyCase.objects.values_list("kind", flat=True)


def test_a_refund_is_one_refund_however_often_it_is_tried(bank: Bank, bruno):
    _, second = paid_twice(bank, bruno)
    give_back(bank, second, 99_90)
    bank.psp.misbehave(fail_pct=100)
    refunding.follow(bank.account, bank.collector, at=bank.at)
    bank.psp.behave()
    bank.passes(minutes=2)
    refunding.follow(bank.account, bank.collector, at=bank.at)
    assert (Refund.objects.get().status, len(bank.psp.received(second).returns)) == ("returned", 1)


def test_more_than_is_there_is_not_given_back(bank: Bank, bruno):
    _, second = paid_twice(bank, bruno)
    assert give_back(bank, second, 100_00) == Refused((Refusal.AMOUNT_ABOVE_OPEN,))
    assert isinstance(give_back(bank, second, 99_90), Asked)
    assert give_back(bank, second, 1) == Refused((Refusal.UNKNOWN_PAYMENT,))
    assert give_back(bank, "E" + "0" * 31, 1) == Refused((Refusal.UNKNOWN_PAYMENT,))
