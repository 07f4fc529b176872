"""What Efí's words come to: states, amounts, days, and money that goes back."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.adapters.efi_cobrancas import answers, money
from religa.adapters.fakes.efi import ZONE
from religa.ports.money import ChargeKind, ChargeSeen, ChargeStatus, Hint, Nature, ReturnStatus, Truth

from .conftest import TXID

FRIDAY = date(2026, 12, 4)


def truth(account, efi, charge) -> Truth:
    token = efi.charges[int(charge.ref.bank_id)].token
    found = account.truth(Hint(token=token))
    assert isinstance(found, Truth), found
    return found


def fetched(account, charge) -> ChargeSeen:
    found = account.fetch(charge.ref)
    assert isinstance(found, ChargeSeen), found
    return found


def test_a_bolix_has_a_pix_code_and_a_digitable_line(issue):
    charge = issue()
    assert charge.copy_paste.startswith("000201") and len(charge.linha_digitavel) == 47
    assert charge.linha_digitavel.isdigit()


def test_an_account_without_bolix_gives_a_boleto_all_the_same(efi, issue, account):
    efi.bolix = False
    charge = issue()
    assert charge.copy_paste == "" and charge.linha_digitavel
    assert truth(account, efi, charge).charges[0].ref.kind is ChargeKind.BOLETO


@pytest.mark.parametrize(
    ("happens", "status"),
    [
        ("identify", ChargeStatus.ACTIVE),
        ("overdue", ChargeStatus.ACTIVE),
        ("expire", ChargeStatus.EXPIRED),
        ("settle", ChargeStatus.REMOVED),
    ],
)
def test_what_brings_no_money_credits_none(happens, status, efi, issue, account):
    charge = issue()
    getattr(efi, happens)(charge.ref.bank_id)
    assert fetched(account, charge).status is status
    found = truth(account, efi, charge)
    assert found.payments == () and [one.status for one in found.charges] == [status]


def test_a_word_that_efi_has_not_used_so_far_is_unknown():
    charge = answers.charge({"id": 7, "total": 500, "status": "frozen"}, ZONE)
    assert charge and money.seen(charge, None, ()).status is ChargeStatus.UNKNOWN


def test_a_boleto_paid_on_friday_and_told_on_monday_was_paid_on_friday(efi, clock, issue, account):
    charge = issue()
    clock.at = datetime(2026, 12, 7, 8, 31, tzinfo=ZONE)
    efi.pay(charge.ref.bank_id, on=FRIDAY)
    (payment,) = truth(account, efi, charge).payments
    assert payment.paid_at == datetime(2026, 12, 4, tzinfo=ZONE)


def test_a_bolix_paid_at_once_has_its_time(efi, clock, issue, account):
    charge = issue()
    clock.at = datetime(2026, 12, 4, 23, 40, tzinfo=ZONE)
    efi.pay(charge.ref.bank_id)
    (payment,) = truth(account, efi, charge).payments
    assert payment.paid_at == clock.at


def test_notification_detail_and_list_tell_of_one_payment(efi, clock, issue, account):
    charge = issue()
    efi.pay(charge.ref.bank_id, 101_92)
    day = timedelta(days=1)
    listed = account.received(since=clock.at - day, until=clock.at + day)
    told = (*truth(account, efi, charge).payments, *fetched(account, charge).payments, *listed.payments)
    assert {payment.id for payment in told} == {f"efi:{charge.ref.bank_id}"}
    assert {payment.amount for payment in told} == {101_92} and len(told) == 3
    assert {payment.txid for payment in told} == {TXID}
    assert {payment.method for payment in told} == {"boleto"}


def test_a_payment_is_asked_for_again_by_its_own_id(efi, issue, account):
    charge = issue()
    efi.pay(charge.ref.bank_id)
    found = account.truth(Hint(payment_id=f"efi:{charge.ref.bank_id}"))
    assert isinstance(found, Truth) and found.payments == fetched(account, charge).payments


def test_a_refund_is_on_the_payment_and_the_payment_stays(efi, issue, account):
    charge = issue()
    efi.pay(charge.ref.bank_id)
    efi.refund(charge.ref.bank_id)
    for payments in (truth(account, efi, charge).payments, fetched(account, charge).payments):
        (payment,) = payments
        (back,) = payment.returns
        assert payment.amount == back.amount == 99_90
        assert (back.id, back.status) == (f"{payment.id}:back", ReturnStatus.RETURNED)
        assert back.nature is Nature.ORIGINAL and back.reason == "refunded"
    assert fetched(account, charge).status is ChargeStatus.PAID


def test_a_contest_that_ends_in_a_refund_is_one_way_back(efi, issue, account):
    charge = issue()
    efi.pay(charge.ref.bank_id)
    efi.contest(charge.ref.bank_id)
    (contested,) = truth(account, efi, charge).payments[0].returns
    assert contested.status is ReturnStatus.PROCESSING and contested.settled_at is None
    efi.refund(charge.ref.bank_id)
    (refunded,) = truth(account, efi, charge).payments[0].returns
    assert refunded.id == contested.id and refunded.status is ReturnStatus.RETURNED


def test_a_contest_that_is_turned_down_took_nothing_and_paid_nothing_twice(efi, clock, issue, account):
    charge = issue()
    efi.pay(charge.ref.bank_id, 101_92)
    paid_at = clock.at
    efi.contest(charge.ref.bank_id)
    clock.at += timedelta(days=10)
    efi.uphold(charge.ref.bank_id)
    (payment,) = truth(account, efi, charge).payments
    assert (payment.amount, payment.paid_at) == (101_92, paid_at)
    assert [back.status for back in payment.returns] == [ReturnStatus.NOT_DONE]


def entry(number, status, **more):
    at = f"2026-12-04 10:00:{number:02}"
    usual = {"id": number, "custom_id": TXID, "status": {"current": status}, "created_at": at}
    return usual | {"identifiers": {"charge_id": 7}} | more


HISTORY = [
    entry(1, "new"),
    entry(2, "waiting"),
    entry(3, "paid", value=101_92, received_by_bank_at="2026-12-04"),
    entry(4, "contested"),
    entry(5, "refunded"),
]


@given(seed=st.integers(0, 999), length=st.integers(1, 5))
def test_any_order_and_repetition_of_a_history_says_the_same(seed, length):
    known = HISTORY[:length]
    mixed = known + known[: seed % 5]
    random.Random(seed).shuffle(mixed)
    in_order = money.of_history(answers.items(known, ZONE), None, ZONE)
    assert money.of_history(answers.items(mixed, ZONE), None, ZONE) == in_order
    assert in_order is not None and len(in_order) == (length >= 3)


def test_an_amount_that_the_history_leaves_out_is_that_of_the_charge():
    items = answers.items([entry(3, "paid")], ZONE)
    charge = answers.charge({"id": 7, "total": 99_90, "status": "paid", "paid_value": 101_92}, ZONE)
    assert [payment.amount for payment in money.of_history(items, charge, ZONE) or ()] == [101_92]
    bare = answers.charge({"id": 7, "total": 99_90, "status": "paid"}, ZONE)
    assert [payment.amount for payment in money.of_history(items, bare, ZONE) or ()] == [99_90]


def test_money_without_a_day_is_not_guessed():
    charge = answers.charge(
        {"id": 7, "total": 99_90, "status": "paid", "created_at": "2026-12-01 10:00:00"}, ZONE
    )
    assert charge is not None and money.of_charge(charge, ZONE) is None


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (99_90, 99_90),
        ("9990", 99_90),
        (Decimal("9990.0"), 99_90),
        (0, 0),
        (Decimal("99.90"), None),
        ("99.90", None),
        ("99,90", None),
        (-1, None),
        (True, None),
        (None, None),
        (10**14, None),
        (Decimal("1e400"), None),
        (Decimal("NaN"), None),
    ],
)
def test_only_whole_centavos_are_an_amount(value, amount):
    assert answers.centavos(value) == amount


def test_days_and_instants_in_each_of_their_forms():
    assert answers.day("2026-12-04", ZONE) == FRIDAY and answers.instant("2026-12-04", ZONE) is None
    assert answers.instant("2026-12-04 10:00:01", ZONE) == datetime(2026, 12, 4, 10, 0, 1, tzinfo=ZONE)
    # 02:00 in London is still the evening before in Brazil
    assert answers.day("2026-12-05T02:00:00.000Z", ZONE) == FRIDAY
    assert answers.instant("yesterday", ZONE) is None and answers.day(20261204, ZONE) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "charge_id",
                    "total",
                    "status",
                    "current",
                    "payment",
                    "banking_billet",
                    "pix",
                    "history",
                    "message",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=15,
)


@given(data=json_values)
def test_no_answer_whatever_raises(data):
    charge = answers.charge(data, ZONE)
    if charge is not None:
        money.seen(charge, None, money.of_charge(charge, ZONE) or ())
    assert isinstance(answers.items([data], ZONE), tuple)
