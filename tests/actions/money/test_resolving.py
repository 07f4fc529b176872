"""Money of nobody, decided by a person: each way once, with reason and author, whoever else looks at it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from religa.actions.carry_out import UnknownContract
from religa.actions.money import refunding, resolve, settle_case
from religa.actions.money.landing import Credited
from religa.actions.money.poll import Heard
from religa.actions.money.refunding import Asked, NotByBank
from religa.actions.money.resolve import Already, NotOurs, UnknownMoney
from religa.actions.money.settle_case import Settled, Way
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records.models import (
    Closing,
    MoneyCase,
    Payment,
    PaymentAccount,
    Provider,
    Refund,
    UnidentifiedPayment,
)

from .. import world
from .bank import Bank, owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def nobodys(bank: Bank):
    """R$ 99.90 on the key, without a charge, as the list told of it."""

    def make(amount: int = 99_90) -> UnidentifiedPayment:
        bank.psp.pay_key(amount)
        bank.passes(minutes=5)
        bank.poll()
        return UnidentifiedPayment.objects.latest("pk")

    return make


def identify(bank: Bank, money: UnidentifiedPayment, contract: int, **more):
    return resolve.identify(
        **{"provider_id": money.provider_id, "money": money.pk, "contract_id": contract, "reason": "nome igual",
           "author": "Fátima", "at": bank.at} | more,
    )  # fmt: skip


def decide(deed, bank: Bank, money: UnidentifiedPayment, reason: str = "pediu de volta"):
    return deed(provider_id=money.provider_id, money=money.pk, reason=reason, author="Fátima", at=bank.at)


def test_credited_to_a_contract_it_pays_and_says_who_decided(bank: Bank, bruno, nobodys):
    money = nobodys()
    bank.passes(days=1)
    assert identify(bank, money, bruno) == Credited(money.external_id, bruno)
    paid = Payment.objects.get()
    assert (paid.external_id, paid.paid_at, paid.amount) == (money.external_id, money.paid_at, 99_90)
    assert (paid.payment_account_id, f"{paid.booked_on}") == (bank.account_id, "2026-11-06")
    money.refresh_from_db()
    assert (money.resolution, money.author, money.reason) == ("credited", "Fátima", "nome igual")
    assert (money.payment_id, money.payer_document, money.payer_name) == (paid.pk, "", "")
    assert owed(bruno) == 0


def test_on_a_closed_day_it_counts_in_the_next_one(bank: Bank, bruno, nobodys):
    money = nobodys()
    Closing.objects.create(
        payment_account_id=bank.account_id, day=bank.at.date(), closed_at=bank.at, expected=0, author="Fátima"
    )
    identify(bank, money, bruno)
    assert f"{Payment.objects.get().booked_on}" == "2026-11-06"


def test_a_blocked_contract_opens_and_is_thanked(bank: Bank, bruno, nobodys):
    world.play(world.BLOCKED)
    bank.at = world.at("2026-12-01 10:00")
    money = nobodys(150_00)
    assert identify(bank, money, bruno) == Credited(money.external_id, bruno, opened=True)
    assert world.row(bruno)[0] == "full"
    assert world.count("SELECT count(*) FROM message WHERE kind = 'restored'") == 1


def test_it_goes_on_the_invoice_that_was_named(bank: Bank, bruno, nobodys):
    world.bill(bruno, "F0", due=world.date(2026, 10, 10), issued=world.at("2026-10-01 08:00"))
    identify(bank, nobodys(), bruno, invoice="F1")
    assert world.count("SELECT count(*) FROM allocation a JOIN invoice i ON i.id = a.invoice_id"
                       " WHERE i.external_id = 'F1'") == 1  # fmt: skip


def test_an_invoice_of_another_contract_is_refused_and_nothing_is_half_done(
    bank: Bank, provider, bruno, nobodys
):
    world.bill(world.contract(provider, "carla"), "F2")
    answer = identify(bank, nobodys(), bruno, invoice="F2")
    assert answer == Refused((Refusal.UNKNOWN_INVOICE,))
    assert (Payment.objects.count(), UnidentifiedPayment.objects.get().resolution) == (0, "")


@pytest.mark.parametrize("deed", [resolve.give_back, resolve.not_ours])
def test_without_a_reason_nothing_is_done(bank: Bank, nobodys, deed):
    assert decide(deed, bank, nobodys(), reason="  ") == Refused((Refusal.NO_REASON,))
    assert UnidentifiedPayment.objects.get().resolved_at is None


def test_a_second_click_is_told_what_was_decided(bank: Bank, bruno, nobodys):
    money = nobodys()
    identify(bank, money, bruno)
    decided = bank.at
    bank.passes(minutes=1)
    told = Already("credited", decided, "Fátima")
    assert identify(bank, money, bruno) == told
    assert decide(resolve.give_back, bank, money) == told
    assert decide(resolve.not_ours, bank, money) == told
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 0)


def test_money_that_was_written_down_by_hand_is_not_booked_again(bank: Bank, bruno, nobodys):
    from religa.actions import record_payment
    from religa.domain.facts import Method

    money = nobodys()
    record_payment.record(
        contract_id=bruno, payment_id=money.external_id, amount=99_90, method=Method.PIX, paid_at=money.paid_at,
        at=bank.at,
    )  # fmt: skip
    assert identify(bank, money, bruno) == Already("credited", bank.at, "")
    money.refresh_from_db()
    assert (money.resolution, money.payment.external_id) == ("credited", money.external_id)
    assert Payment.objects.count() == 1


def test_what_is_of_another_provider_is_unknown(bank: Bank, bruno, nobodys):
    money, other = nobodys(), Provider.objects.create(name="Outra Rede", cnpj="55444333000181")
    theirs = world.contract(other, "zeca")
    with pytest.raises(UnknownContract):
        identify(bank, money, theirs)
    with pytest.raises(UnknownMoney):
        identify(bank, money, theirs, provider_id=other.pk)
    with pytest.raises(UnknownMoney):
        resolve.not_ours(provider_id=other.pk, money=money.pk, reason="x", author="y", at=bank.at)


def test_the_list_leaves_alone_what_a_person_decided(bank: Bank, bruno, nobodys):
    money = nobodys()
    assert decide(resolve.not_ours, bank, money) == NotOurs()
    bank.passes(minutes=5)
    assert bank.poll() == Heard(bank.account_id, 0, 0)
    money.refresh_from_db()
    assert (money.resolution, money.payer_name, Payment.objects.count()) == ("not_ours", "", 0)


# -- back through the bank ------------------------------------------------------------------------------------------


def test_given_back_the_bank_returns_it_and_the_payer_is_forgotten(bank: Bank, nobodys):
    money = nobodys()
    UnidentifiedPayment.objects.update(payer_name="Zeca")
    assert isinstance(decide(resolve.give_back, bank, money), Asked)
    money.refresh_from_db()
    assert (money.resolution, money.payer_name) == ("refunded", "Zeca")
    for _ in range(3):
        bank.passes(minutes=2)
        refunding.follow(bank.account, bank.collector, at=bank.at)
        for returned in bank.psp.ledger.pix[money.external_id].returns:
            if returned.status == "EM_PROCESSAMENTO":
                bank.psp.settle_return(money.external_id, returned.id, "DEVOLVIDO")
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, refund.unidentified_payment_id) == ("returned", 99_90, money.pk)
    money.refresh_from_db()
    assert (money.payer_name, MoneyCase.objects.count()) == ("", 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "bank_files"}, "not_by_this_bank"),
        ({"closed_at": world.at("2026-11-05 09:00"), "since": world.at("2026-11-01 09:00")}, "no_account"),
    ],
)
def test_an_account_that_cannot_give_back_is_not_asked(bank: Bank, nobodys, change, why):
    money = nobodys()
    PaymentAccount.objects.update(**change)
    assert decide(resolve.give_back, bank, money) == NotByBank(why)
    assert (Refund.objects.count(), UnidentifiedPayment.objects.get().resolution) == (0, "")


def test_after_ninety_days_a_pix_does_not_go_back(bank: Bank, nobodys):
    money = nobodys()
    bank.at = money.paid_at + timedelta(days=90, seconds=1)
    assert decide(resolve.give_back, bank, money) == NotByBank("too_old")


def test_what_the_bank_did_not_give_back_comes_into_the_queue_again(bank: Bank, bruno, nobodys):
    money = nobodys()
    decide(resolve.give_back, bank, money)
    Refund.objects.update(status="refused", try_at=None)
    refund = Refund.objects.get()
    from religa.actions.money import returns

    returns.failed(bank.account, money.external_id, refund.refund_id, refund.amount, "fora do prazo", bank.at)
    case = MoneyCase.objects.get()
    answer = settle_case.settle(
        provider_id=money.provider_id, case_id=case.pk, way=Way.BACK_TO_QUEUE, reason="o banco negou",
        author="Fátima", at=bank.at,
    )  # fmt: skip
    assert answer == Settled("noted")
    assert identify(bank, money, bruno) == Credited(money.external_id, bruno)
