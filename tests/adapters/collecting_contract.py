"""What every `Collector` does, whatever bank is behind it.

    class TestOfThatBank(CollectingContract):
        @pytest.fixture
        def bank(self): yield SomeDriver(...)   # see `Driver`

The other side is a fake that can be paid and can fail; the driver is how these tests reach it. Put
`pytest.register_assert_rewrite("collecting_contract")` into the conftest beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    Collector,
    Event,
    Hint,
    MoneySeen,
    NotFound,
    NotUnderstood,
    Received,
    Truth,
    WantedCharge,
)

A, B = "ReligaAna000000000000000000001", "ReligaBruno0000000000000000002"  # fit for every bank's txid
AMOUNT = 99_90


class Driver(Protocol):
    """A collector, and the bank behind it as seen by those who pay there."""

    collector: Collector

    def wanted(self, txid: str, amount: int) -> WantedCharge:
        """A dated charge that the bank accepts, for the bank's own clock."""

    def pay(self, charge: ChargeSeen, amount: int) -> None:
        """Somebody pays it at the bank, whatever its state; the bank posts its event."""

    def cancel_fails_once(self, charge: ChargeSeen) -> None:
        """The bank pays `charge` between our question and our cancellation."""

    def events(self) -> Sequence[Event]:
        """All that the bank has posted so far, as it would come in, oldest first."""

    def now(self) -> datetime:
        """The bank's clock."""

    def silent(self) -> AbstractContextManager[object]:
        """Nothing that can be read comes back while inside: closed connections, pages in HTML."""

    def answer_lost(self) -> AbstractContextManager[object]:
        """The next creation is done, and its answer gets lost."""

    def refusing(self) -> AbstractContextManager[object]:
        """The bank refuses (4xx) whatever it is asked while inside."""


def made(bank: Driver, txid: str = A, amount: int = AMOUNT) -> ChargeSeen:
    charge = bank.collector.create(bank.wanted(txid, amount))
    assert isinstance(charge, ChargeSeen), charge
    return charge


def looked_at(bank: Driver, ref: ChargeRef) -> ChargeSeen:
    charge = bank.collector.fetch(ref)
    assert isinstance(charge, ChargeSeen), charge
    return charge


def told(bank: Driver) -> dict[str, MoneySeen]:
    """The money that the bank itself tells of when all its events are followed up."""
    found: dict[str, MoneySeen] = {}
    for event in bank.events():
        hints = bank.collector.parse_event(event)
        assert not isinstance(hints, NotUnderstood), hints
        for hint in hints:
            truth = bank.collector.truth(hint)
            assert isinstance(truth, Truth), truth
            found |= {payment.id: payment for payment in truth.payments}
    return found


class CollectingContract:
    """Subclass it, and give it a fixture `bank`: a `Driver` whose bank is empty."""

    def test_a_charge_can_be_paid_by_what_it_shows(self, bank: Driver):
        charge = made(bank)
        assert charge.status is ChargeStatus.ACTIVE and charge.amount == AMOUNT and charge.payments == ()
        assert charge.ref.txid == A
        assert charge.copy_paste or charge.location or charge.linha_digitavel

    def test_the_same_charge_created_twice_is_one_charge(self, bank: Driver):
        first, second = made(bank), made(bank)
        assert second.ref == first.ref and second.status is ChargeStatus.ACTIVE
        assert second.copy_paste == first.copy_paste and second.linha_digitavel == first.linha_digitavel
        assert made(bank, B).ref != first.ref

    def test_a_creation_whose_answer_got_lost_is_found_when_it_is_repeated(self, bank: Driver):
        with bank.answer_lost():
            assert isinstance(bank.collector.create(bank.wanted(A, AMOUNT)), BankUnreachable)
        bank.pay(made(bank), AMOUNT)
        again = made(bank)
        assert again.status is ChargeStatus.PAID and [payment.amount for payment in again.payments] == [
            AMOUNT
        ]

    def test_fetching_shows_the_money(self, bank: Driver):
        charge = made(bank)
        bank.pay(charge, AMOUNT)
        seen = looked_at(bank, charge.ref)
        assert seen.status is ChargeStatus.PAID and seen.amount == AMOUNT
        (payment,) = seen.payments
        assert payment.amount == AMOUNT and payment.txid == A and payment.returns == ()
        assert payment.paid_at.tzinfo is not None
        assert abs(payment.paid_at - bank.now()) < timedelta(hours=1)

    def test_a_charge_is_found_by_its_txid_alone(self, bank: Driver):
        charge = made(bank)
        made(bank, B)
        bank.pay(charge, AMOUNT)
        seen = looked_at(bank, ChargeRef(charge.ref.kind, A))
        assert seen.ref.bank_id == charge.ref.bank_id and len(seen.payments) == 1

    def test_what_was_paid_is_the_amount_not_what_was_asked(self, bank: Driver):
        charge = made(bank)
        bank.pay(charge, AMOUNT + 2_02)
        seen = looked_at(bank, charge.ref)
        assert seen.amount == AMOUNT and [payment.amount for payment in seen.payments] == [AMOUNT + 2_02]

    def test_what_the_bank_does_not_know_is_not_found(self, bank: Driver):
        charge = made(bank)
        assert isinstance(bank.collector.fetch(ChargeRef(charge.ref.kind, B)), NotFound)
        assert isinstance(bank.collector.cancel(ChargeRef(charge.ref.kind, B)), NotFound)

    def test_a_cancelled_charge_is_removed_and_stays_so(self, bank: Driver):
        charge = made(bank)
        for _ in range(2):
            removed = bank.collector.cancel(charge.ref)
            assert isinstance(removed, ChargeSeen) and removed.status is ChargeStatus.REMOVED
        assert looked_at(bank, charge.ref).status is ChargeStatus.REMOVED

    def test_a_charge_paid_before_it_was_cancelled_comes_back_paid(self, bank: Driver):
        charge = made(bank)
        bank.pay(charge, AMOUNT)
        seen = bank.collector.cancel(charge.ref)
        assert isinstance(seen, ChargeSeen) and seen.status is ChargeStatus.PAID
        assert [payment.amount for payment in seen.payments] == [AMOUNT]

    def test_a_charge_paid_while_it_is_being_cancelled_comes_back_paid(self, bank: Driver):
        charge = made(bank)
        bank.cancel_fails_once(charge)
        seen = bank.collector.cancel(charge.ref)
        assert isinstance(seen, ChargeSeen) and seen.status is ChargeStatus.PAID and len(seen.payments) == 1

    def test_the_banks_own_event_leads_to_the_payment(self, bank: Driver):
        charge = made(bank)
        made(bank, B)
        bank.pay(charge, AMOUNT)
        payments = told(bank)
        assert payments == {payment.id: payment for payment in looked_at(bank, charge.ref).payments}
        (payment,) = payments.values()
        assert (payment.txid, payment.amount) == (A, AMOUNT)

    def test_an_event_read_twice_leads_to_the_same_payment(self, bank: Driver):
        bank.pay(made(bank), AMOUNT)
        assert told(bank) == told(bank)

    def test_no_event_whatever_raises(self, bank: Driver):
        @settings(max_examples=30, deadline=None)
        @given(
            body=st.binary(max_size=200) | st.text(max_size=80).map(str.encode),
            path=st.sampled_from(["", "pix", "../x"]),
            content_type=st.sampled_from(["", "application/json", "application/x-www-form-urlencoded", "é"]),
        )
        def read(body: bytes, path: str, content_type: str) -> None:
            found = bank.collector.parse_event(Event(body, content_type, path, {"a": "b"}))
            assert isinstance(found, NotUnderstood | tuple)

        read()

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b"[[]]", b"\xff\xfe", b"[" * 5_000, b"a=1&b", b"9" * 5_000]
    )
    def test_an_event_that_says_nothing_hints_at_no_payment(self, bank: Driver, body: bytes):
        found = bank.collector.parse_event(Event(body))
        assert isinstance(found, NotUnderstood) or found == ()

    def test_an_invented_hint_credits_nothing(self, bank: Driver):
        bank.pay(made(bank), AMOUNT)
        for hint in (Hint(token="0" * 36), Hint(payment_id="E" + "0" * 31), Hint(txid=B)):
            truth = bank.collector.truth(hint)
            assert isinstance(truth, NotFound | BankRefused) or truth == Truth(), (hint, truth)

    def test_a_bank_that_does_not_answer_is_unreachable_and_nothing_raises(self, bank: Driver):
        charge = made(bank)
        bank.pay(charge, AMOUNT)
        hint = Hint(txid=A)
        with bank.silent():
            assert isinstance(bank.collector.create(bank.wanted(B, AMOUNT)), BankUnreachable)
            assert isinstance(bank.collector.fetch(charge.ref), BankUnreachable)
            assert isinstance(bank.collector.cancel(charge.ref), BankUnreachable)
            assert isinstance(bank.collector.truth(hint), BankUnreachable)
        assert looked_at(bank, charge.ref).status is ChargeStatus.PAID

    def test_a_bank_that_says_no_has_refused(self, bank: Driver):
        charge = made(bank)
        with bank.refusing():
            answer = bank.collector.create(bank.wanted(B, AMOUNT))
            assert isinstance(answer, BankRefused) and answer.said and 400 <= answer.code < 500
            assert isinstance(bank.collector.fetch(charge.ref), BankRefused)
            assert isinstance(bank.collector.cancel(charge.ref), BankRefused)

    def test_a_charge_that_the_bank_would_refuse_is_refused_with_a_reason(self, bank: Driver):
        answer = bank.collector.create(bank.wanted(A, 0))
        assert isinstance(answer, BankRefused) and answer.said

    def test_the_list_of_a_period_has_all_that_was_received_in_it(self, bank: Driver):
        if Capability.LIST_RECEIVED not in bank.collector.capabilities:
            assert Capability.WEBHOOK in bank.collector.capabilities, (
                "no way to hear of money but asking each charge"
            )
            return
        since = bank.now() - timedelta(minutes=1)
        first, second = made(bank), made(bank, B, 50_00)
        bank.pay(first, AMOUNT)
        bank.pay(second, 51_00)
        received = bank.collector.received(since=since, until=bank.now() + timedelta(minutes=1))
        assert isinstance(received, Received)
        assert {(payment.txid, payment.amount) for payment in received.payments} == {(A, AMOUNT), (B, 51_00)}
        assert {payment.id for payment in received.payments} == set(told(bank))
        earlier = bank.collector.received(since=since - timedelta(hours=1), until=since)
        assert earlier == Received(())
        with bank.silent():
            silence = bank.collector.received(since=since, until=bank.now() + timedelta(minutes=1))
            assert isinstance(silence, BankUnreachable)
