"""A payment goes to the contract it was meant for: whole, at once, as of the day on which it was paid."""

from __future__ import annotations

import pytest

from religa.actions import move_payment, record_payment, take_payment, unlock_on_trust
from religa.actions.move_payment import Moved, next_id
from religa.domain.facts import Channel, Method, UnlockKind
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.domain.trust import Request
from religa.records import raw
from religa.records.changes import PaymentDetails
from religa.records.models import (
    Charge,
    Invoice,
    Message,
    Payment,
    PaymentAccount,
    PaymentReversal,
    TrustUnlock,
)
from religa.records.queries import closings, payments

from . import world

pytestmark = pytest.mark.django_db
PAID, FOUND = world.at("2026-12-01 10:00"), world.at("2026-12-03 15:00")


@pytest.fixture
def provider():
    return world.provider()


@pytest.fixture
def carla(provider):
    """Blocked, and she did pay: somebody put it on Bruno's contract."""
    return world.billed(provider, "carla", "FC")


@pytest.fixture
def bruno(provider):
    """Late like her; the money was not his."""
    return world.billed(provider, "bruno", "FB")


def pay(contract, name="E1", amount=102_58, at=PAID, **details):
    return record_payment.record(
        contract_id=contract, payment_id=name, amount=amount, method=Method.PIX, paid_at=at, at=at,
        details=PaymentDetails(**details),
    )  # fmt: skip


def move(wrong, right, name="E1", reason="era da Carla", at=FOUND, **more):
    return move_payment.move(
        contract_id=wrong,
        payment_id=name,
        to_contract_id=right,
        reason=reason,
        at=at,
        author=f"Fred: {reason}",
        **more,
    )


def test_the_right_contract_opens_and_the_wrong_one_is_not_blocked_without_a_new_notice(carla, bruno):
    world.play(PAID)
    pay(bruno)
    assert world.row(carla)[:2] == ("walled", "blocked") and world.row(bruno)[:2] == ("full", "current")
    world.play(FOUND)
    moved = move(bruno, carla)
    assert isinstance(moved, Moved) and moved.payment_id == "E1~2"
    assert world.row(carla)[:2] == ("full", "current")
    assert world.row(bruno)[:2] == ("full", "late")
    world.play(world.at("2026-12-04 08:00"))
    assert world.row(bruno)[:2] == ("full", "late")  # its old notice is spent
    restored = Message.objects.filter(contract=carla, kind="restored")
    assert restored.count() == 1


def test_charges_follow_the_day_it_was_paid_not_the_day_it_was_found(carla, bruno):
    pay(bruno)
    move(bruno, carla)
    kept = Payment.objects.get(external_id="E1~2")
    assert (kept.paid_at, kept.known_at) == (PAID, FOUND)
    [part] = payments.parts_of(kept.pk)
    assert (part.principal, part.charges) == (99_90, 2_68)  # 1.99 and 21 days, of 23 that have passed
    assert closed(carla) and not closed(bruno)


def closed(contract):
    return Invoice.objects.get(contract=contract).at_rest


def test_a_promise_is_kept_by_the_day_it_was_paid(carla, bruno):
    world.play(PAID)
    unlock_on_trust.unlock(contract_id=carla, request=Request(UnlockKind.PROMISE, Channel.PORTAL), at=PAID)
    pay(bruno)
    world.play(world.at("2026-12-08 10:00"))
    assert TrustUnlock.objects.get().outcome == "broken"
    move(bruno, carla, at=world.at("2026-12-08 12:00"))
    world.play(world.at("2026-12-08 12:01"))
    assert TrustUnlock.objects.get().outcome == "kept"


def test_it_says_where_it_came_from_and_where_it_went(carla, bruno):
    pay(bruno)
    move(bruno, carla)
    old, new = payments.payment_named(bruno, "E1"), payments.payment_named(carla, "E1~2")
    assert (old.moved_to, old.reversal_reason, old.reversed_by) == (
        "carla",
        "era da Carla",
        "Fred: era da Carla",
    )
    assert (new.came_from, new.stands, new.author) == ("bruno", True, "Fred: era da Carla")


def test_it_may_be_moved_on_and_back(carla, bruno):
    pay(bruno)
    move(bruno, carla)
    assert move(carla, bruno, name="E1~2").payment_id == "E1~3"
    assert [p.stands for p in payments.payments_of(bruno)] == [True, False]
    assert (next_id("E1"), next_id("E1~9"), next_id("a~b")) == ("E1~2", "E1~10", "a~b~2")


def test_the_book_of_the_account_stays_even_and_keeps_the_fee(provider, carla, bruno):
    account = PaymentAccount.objects.create(provider=provider, name="Banco", kind="other", since=PAID)
    invoice = Invoice.objects.get(contract=bruno)
    charge = Charge.objects.create(
        provider=provider, invoice=invoice, kind="pix_cobv", amount=102_58, txid="t" * 32, created_at=PAID
    )
    pay(bruno, account=account.pk, fee=99, charge=charge.pk, credited_on=PAID.date())
    move(bruno, carla)
    kept = Payment.objects.get(external_id="E1~2")
    assert (kept.payment_account_id, kept.fee, kept.credited_on, kept.charge_id) == (
        account.pk,
        99,
        PAID.date(),
        None,
    )
    assert kept.booked_on == PaymentReversal.objects.get().booked_on == FOUND.date()
    [book] = closings.open_books(provider.pk, FOUND.date())
    assert (book.sums.gross, book.sums.fee) == (102_58, 99)


def test_the_number_of_a_receipt_stays_with_the_first_booking(carla, bruno):
    taken = take_payment.take(
        contract_id=bruno, amount=10_00, method=Method.CASH, cashier="bia", key="k", at=PAID, author="Bia"
    )
    move(bruno, carla, name=taken.payment_id)
    assert payments.payment(taken.key).receipt_number == taken.receipt_number
    assert payments.payment_named(carla, f"{taken.payment_id}~2").receipt_number is None


def test_with_an_invoice_that_one_is_paid_first(carla, bruno):
    world.bill(carla, "FC2", due=world.at("2026-12-20 00:00").date(), issued=world.at("2026-11-20 08:00"))
    pay(bruno)
    move(bruno, carla, invoice="FC2")
    assert payments.parts_of(payments.payment_named(carla, "E1~2").key)[-1].invoice == "FC2"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "E9"}, Refusal.UNKNOWN_PAYMENT),
        ({"reason": ""}, Refusal.NO_REASON),
        ({"name": "C1"}, Refusal.UNKNOWN_PAYMENT),
        ({"name": "E2"}, Refusal.PAYMENT_REVERSED),
    ],
)
def test_a_no_changes_neither_contract(carla, bruno, changes, why):
    from religa.actions import reverse_payment

    record_payment.grant_credit(contract_id=bruno, credit_id="C1", amount=1_00, at=PAID)
    pay(bruno)
    pay(bruno, name="E2", amount=1_00)
    reverse_payment.reverse(contract_id=bruno, payment_id="E2", at=PAID)
    before = counts()
    assert move(bruno, carla, **changes) == Refused((why,))
    assert counts() == before


def counts():
    return [
        raw.rows(f"SELECT count(*) FROM {t}")[0][0]
        for t in ("payment", "payment_reversal", "allocation", "access_change")
    ]


def test_it_stays_within_the_provider_and_does_not_move_onto_itself(bruno):
    stranger = world.contract(world.provider(cnpj="55444333000181"))
    pay(bruno)
    assert move(bruno, stranger) == Refused((Refusal.UNKNOWN_CONTRACT,))
    assert move(bruno, bruno) == Refused((Refusal.SAME_CONTRACT,))
    assert move(bruno, 10**9) == Refused((Refusal.UNKNOWN_CONTRACT,))


def test_a_refusal_of_the_second_half_takes_the_first_half_back(carla, bruno):
    pay(bruno)
    pay(carla, name="E1~2", amount=1_00)  # a bank's id that happens to look like ours
    before = counts()
    assert move(bruno, carla) == Refused((Refusal.PAYMENT_SEEN_BEFORE,))
    assert counts() == before
