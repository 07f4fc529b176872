"""Money lands once, on the right invoice, whatever the bank's events do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection

from religa.actions.money import poll, receive_event, take_events
from religa.actions.money.poll import Heard, Silent
from religa.ports.money import Event, Split
from religa.records import raw
from religa.records.models import (
    Charge,
    CreditEntry,
    Invoice,
    MoneyCase,
    Payment,
    ProviderEventTodo,
    UnidentifiedPayment,
    Waiver,
)

from .. import world
from .bank import Bank, owed, results

pytestmark = pytest.mark.django_db


def cases() -> list[tuple[str, int | None]]:
    return list(MoneyCase.objects.order_by("pk").values_list("kind", "amount"))


# -- events ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_when_the_database_goes_away_no_event_is_blamed_and_none_is_lost(
    bank: Bank, bruno, monkeypatch, caplog
):
    def gone(*_: object, **__: object) -> None:
        connection.connection.close()
        raw.rows("SELECT 1")

    bank.post(bank.psp.pay(bank.charge(bruno).txid))
    with monkeypatch.context() as away:
        away.setattr(take_events, "credit", gone)
        with pytest.raises(DatabaseError):
            bank.take()
    assert "could not be booked" not in caplog.text
    connection.close()
    bank.passes(minutes=2)  # whoever had it in hand is taken for dead
    bank.take()
    assert owed(bruno) == 0


def test_an_event_that_cannot_be_booked_keeps_no_other_back_and_is_tried_again(
    bank: Bank, bruno, monkeypatch
):
    def bad(of, seen, **more):
        if any(m.amount == 1_00 for m in seen):
            raise ValueError("not this one")
        return booked(of, seen, **more)

    booked = take_events.credit
    monkeypatch.setattr(take_events, "credit", bad)
    bank.post(bank.psp.pay_key(1_00))
    bank.post(bank.psp.pay(bank.charge(bruno).txid))
    bank.take()
    assert owed(bruno) == 0
    assert ProviderEventTodo.objects.get().tries == 1


def test_an_event_is_believed_only_as_far_as_the_bank_confirms_it(bank: Bank, bruno):
    charge = bank.charge(bruno)
    pix = bank.psp.pay(charge.txid)
    bank.post(pix, valor="1.00")
    assert owed(bruno) == 99_90  # kept, not believed
    bank.take()
    [paid] = Payment.objects.all()
    assert (paid.external_id, paid.amount, paid.method, paid.charge_id) == (pix.id, 99_90, "pix", charge.pk)
    assert (paid.payment_account_id, paid.booked_on) == (bank.account_id, date(2026, 11, 5))
    assert owed(bruno) == 0
    assert results() == [("done", f"{pix.id}: the event says 100, the bank 9990")]
    assert cases() == [("event_failed", None)]
    assert not ProviderEventTodo.objects.exists()


def test_the_same_event_twice_and_the_list_besides_credit_once(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.post(pix)
    bank.post(pix)
    bank.take()
    bank.post(pix)
    bank.take()
    bank.passes(minutes=1)
    assert bank.poll() == Heard(bank.account_id, 0, 0)
    assert Payment.objects.count() == 1
    assert [result for result, _ in results()] == ["done"] * 3
    assert results()[2] == ("done", "seen before")


def test_a_payment_of_which_nobody_told_is_found_by_the_list(bank: Bank, bruno):
    bank.psp.pay(bank.charge(bruno).txid)
    bank.passes(minutes=5)
    assert bank.poll() == Heard(bank.account_id, 1, 0)
    assert owed(bruno) == 0
    assert bank.account.polled_until == bank.at


def test_a_blocked_subscriber_is_open_in_the_transaction_that_books_his_payment(bank: Bank, bruno):
    world.play(world.BLOCKED)
    assert world.row(bruno)[0] == "walled"
    bank.at = world.at("2026-12-05 20:12")  # a Saturday evening
    bank.post(bank.psp.pay(bank.charge(bruno).txid))
    bank.take()
    assert world.row(bruno)[:2] == ("full", "current")


def test_two_payments_on_one_charge_are_both_taken_and_the_second_waits_as_credit(bank: Bank, bruno):
    charge = bank.charge(bruno)
    first = bank.psp.pay(charge.txid)
    second = bank.psp.pay(charge.txid, anyway=True)
    bank.post(first, second)
    bank.take()
    assert Payment.objects.filter(charge=charge).count() == 2
    assert CreditEntry.objects.get().amount == 99_90
    assert cases() == [("paid_twice", 99_90)]


def test_money_on_a_charge_that_was_taken_back_still_settles_the_invoice(bank: Bank, bruno):
    charge = bank.charge(bruno)
    Charge.objects.filter(pk=charge.pk).update(status="removed")
    bank.post(bank.psp.pay(charge.txid))
    bank.take()
    assert (owed(bruno), cases()) == (0, [])


# -- who may not be believed ----------------------------------------------------------------------------------------


def test_an_event_of_which_the_bank_knows_nothing_changes_nothing_and_is_seen(bank: Bank, bruno):
    charge = bank.charge(bruno)
    forged = bank.psp.pay_key(99_90, txid=charge.txid)
    del bank.psp.ledger.pix[forged.id]
    bank.post(forged)
    bank.take()
    assert (owed(bruno), Payment.objects.count()) == (99_90, 0)
    assert results() == [("unidentified", "the bank knows nothing of it")]


def test_money_for_another_key_waits_for_a_person(bank: Bank, bruno):
    bank.psp.ledger.keys = (*bank.psp.ledger.keys, "outra@religa.example")
    pix = bank.psp.pay_key(50_00, key="outra@religa.example", txid=bank.charge(bruno).txid)
    bank.post(pix)
    bank.take()
    assert owed(bruno) == 99_90
    assert list(UnidentifiedPayment.objects.values_list("why", "amount")) == [("wrong_key", 50_00)]


def test_money_without_a_charge_waits_once_and_is_found_when_its_charge_is_known(bank: Bank, bruno):
    bank.psp.pay_key(12_34)
    bank.psp.pay_key(99_90, txid="NOSSO1")
    bank.passes(minutes=5)
    assert bank.poll() == Heard(bank.account_id, 0, 2)
    bank.passes(minutes=5)
    bank.poll()
    assert list(UnidentifiedPayment.objects.order_by("amount").values_list("amount", "why")) == [
        (12_34, "no_txid"),
        (99_90, "unknown_txid"),
    ]
    invoice = Invoice.objects.get()
    Charge.objects.create(
        provider=invoice.provider,
        invoice=invoice,
        kind="pix_static",
        txid="NOSSO1",
        amount=99_90,
        created_at=bank.at,
    )
    bank.passes(minutes=5)
    assert bank.poll() == Heard(bank.account_id, 1, 1)
    found = UnidentifiedPayment.objects.get(txid="NOSSO1")
    assert (owed(bruno), found.resolution, found.payment.amount, found.payer_name) == (
        0,
        "credited",
        99_90,
        "",
    )


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"[]", b"{}", b'{"evento": "teste_webhook"}', b"null", b"[[[[", b"7"]
)
def test_whatever_is_posted_is_kept_and_answered_for(bank: Bank, body):
    receive_event.receive(bank.account, Event(body), headers={}, proof="secret", at=bank.at)
    bank.take()
    assert [result for result, _ in results()] == ["ignored"]
    assert not ProviderEventTodo.objects.exists()


# -- the bank's own sum ---------------------------------------------------------------------------------------------


def test_what_the_bank_worked_out_settles_a_dated_charge_to_the_centavo(bank: Bank, bruno):
    charge = bank.charge(bruno)
    assert charge.kind == "pix_cobv"
    bank.at = world.at("2026-11-21 12:00")  # 11 days late: by our sum 99.90 + 1.99 + 0.36
    bank.post(bank.psp.pay(charge.txid, 102_24))
    bank.take()
    invoice = Invoice.objects.get()
    assert (owed(bruno), invoice.waived, invoice.at_rest) == (0, 1, True)
    assert list(Waiver.objects.values_list("invoice", "kind", "amount")) == [(invoice.pk, "bank_sum", 1)]
    assert cases() == []


def test_a_sum_that_differs_from_ours_settles_too_and_somebody_is_told(bank: Bank, bruno):
    charge = bank.charge(bruno)
    bank.at = world.at("2026-11-21 12:00")
    bank.post(bank.psp.pay(charge.txid, 100_00))
    bank.take()
    invoice = Invoice.objects.get()
    assert (owed(bruno), invoice.waived, invoice.at_rest) == (0, 2_25, True)
    assert cases() == [("amount_differs", -2_25)]


def test_the_banks_split_is_kept(bank: Bank, bruno):
    charge = bank.charge(bruno)
    bank.at = world.at("2026-11-21 12:00")
    bank.post(bank.psp.pay(charge.txid, 102_25, split=Split(99_90, 1_99, 36)))
    bank.take()
    kept = {"original": 99_90, "fine": 1_99, "interest": 36, "discount": 0, "rebate": 0}
    assert Payment.objects.get().split == kept
    assert (Invoice.objects.get().waived, cases()) == (0, [])


# -- a silent bank --------------------------------------------------------------------------------------------------


def test_an_event_waits_for_a_silent_bank_and_is_tried_again(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.psp.misbehave(fail_pct=100)
    bank.post(pix)
    bank.take()
    assert owed(bruno) == 99_90
    assert bank.take() == 0  # not before its time
    bank.psp.behave()
    bank.passes(minutes=2)
    bank.take()
    assert owed(bruno) == 0
    assert isinstance(results()[-1], tuple) and results()[-1][0] == "done"


def test_what_came_with_the_banks_certificate_holds_access_while_the_bank_is_silent(bank: Bank, bruno):
    charge = bank.charge(bruno)
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    pix = bank.psp.pay(charge.txid)
    bank.psp.misbehave(fail_pct=100)
    bank.post(pix, proof="mtls")
    bank.take()
    assert world.row(bruno)[:2] == ("full", "held")
    assert results() == [("held", results()[0][1])]
    bank.passes(minutes=10)
    bank.post(pix, proof="mtls")
    bank.take()
    assert world.count("SELECT count(*) FROM hold") == 1  # once for a charge
    bank.psp.behave()
    bank.passes(minutes=30)
    bank.take()
    assert world.row(bruno)[:2] == ("full", "current")
    assert world.count("SELECT count(*) FROM hold WHERE until > %s", bank.at) == 0


def test_a_held_contract_whose_payment_was_a_lie_is_walled_again_when_the_bank_answers(bank: Bank, bruno):
    charge = bank.charge(bruno)
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    pix = bank.psp.pay_key(99_90, txid=charge.txid)
    bank.psp.misbehave(fail_pct=100)
    bank.post(pix, proof="mtls")
    bank.take()
    assert world.row(bruno)[:2] == ("full", "held")
    del bank.psp.ledger.pix[pix.id]
    bank.psp.behave()
    bank.passes(minutes=30)
    bank.take()
    assert world.row(bruno)[0] == "walled"


def test_without_the_banks_certificate_nothing_is_held(bank: Bank, bruno):
    charge = bank.charge(bruno)
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    bank.psp.misbehave(fail_pct=100)
    bank.post(bank.psp.pay(charge.txid), proof="secret")
    bank.take()
    assert world.row(bruno)[0] == "walled"


def test_a_silent_bank_gives_no_list_and_nothing_is_taken_for_heard(bank: Bank):
    bank.psp.misbehave(fail_pct=100)
    assert isinstance(bank.poll(), Silent)
    assert bank.account.polled_until is None
    assert world.count("SELECT count(*) FROM feed_heartbeat") == 0


def test_an_event_whose_taker_died_comes_back(bank: Bank, bruno):
    bank.post(bank.psp.pay(bank.charge(bruno).txid))
    world.count(  # claimed by somebody who is gone
        "UPDATE provider_event_todo SET due_at = due_at + interval '60 seconds' RETURNING 1"
    )
    assert bank.take() == 0
    bank.passes(seconds=61)
    assert bank.take() == 1
    assert owed(bruno) == 0


def test_money_in_the_list_that_cannot_be_read_is_a_persons_to_find_and_keeps_no_other_back(
    bank: Bank, bruno
):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.passes(minutes=5)

    class Sloppy:
        capabilities = bank.collector.capabilities

        def received(self, *, since, until):
            page = bank.collector.received(since=since, until=until)
            return replace(page, unread=("E-without-an-amount",))

    assert poll.poll(bank.account, Sloppy(), at=bank.at) == Heard(bank.account_id, 1, 0)
    assert Payment.objects.get().external_id == pix.id
    [case] = MoneyCase.objects.all()
    assert (case.kind, "E-without-an-amount" in case.detail) == ("event_failed", True)


# -- money that goes back -------------------------------------------------------------------------------------------


def test_money_the_bank_takes_back_reopens_the_invoice_and_blocks_nobody(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.post(pix)
    bank.take()
    bank.psp.give_back(pix.id)
    bank.passes(minutes=5)
    bank.poll()
    bank.poll()
    invoice = Invoice.objects.get()
    assert (owed(bruno), invoice.reopened_at) == (99_90, bank.at)
    assert world.row(bruno)[0] == "full"
    assert cases() == [("reversed", 99_90)]


def test_a_part_that_goes_back_leaves_the_rest_where_it_was(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    bank.post(pix)
    bank.take()
    bank.psp.give_back(pix.id, 40_00, nature="MED_OPERACIONAL")
    bank.passes(minutes=5)
    bank.poll()
    assert owed(bruno) == 40_00
    rest = Payment.objects.exclude(external_id=pix.id).get()
    assert (rest.amount, rest.moved_from.external_id, rest.paid_at) == (
        59_90,
        pix.id,
        Payment.objects.get(external_id=pix.id).paid_at,
    )
    bank.psp.give_back(pix.id, 10_00)
    bank.passes(minutes=5)
    bank.poll()
    assert owed(bruno) == 50_00
