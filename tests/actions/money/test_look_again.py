"""Money that came before its invoice: it waits, and is credited when the invoice is known."""

from __future__ import annotations

import pytest

from cnab_files import Boleto
from religa.actions.money import look_again as module
from religa.actions.money import resolve
from religa.actions.money.look_again import look_again
from religa.records.models import Charge, ContractAccess, Invoice, Payment, Refund, UnidentifiedPayment

from .. import world
from .bank import Bank, owed
from .files import account, read, title

pytestmark = pytest.mark.django_db
LATER = world.at("2026-11-11 09:00")
LATE = Boleto("00231327", paid=102_10, interest=2_20)


@pytest.fixture
def itau(provider):
    return account(provider)


def open_ones() -> list[str]:
    return list(
        UnidentifiedPayment.objects.filter(resolved_at=None).order_by("pk").values_list("why", flat=True)
    )


def test_a_boleto_of_a_file_is_credited_when_its_invoice_has_come(provider, itau, bruno):
    read(provider, LATE, Boleto("00777777"))
    assert look_again(at=LATER) == 0
    paper = title("F1", "109/00231327-5")
    assert look_again(at=LATER) == 1
    paid = Payment.objects.get()
    assert (owed(bruno), paid.charge_id, paid.amount, paid.fee) == (0, paper.pk, 102_10, 2_50)
    assert (paid.paid_at, paid.known_at) == (world.at("2026-11-10 12:00"), LATER)
    assert paid.split == {"original": 99_90, "fine": 0, "interest": 2_20, "discount": 0, "rebate": 0}
    found = UnidentifiedPayment.objects.get(resolution="credited")
    assert (found.payment, found.resolved_at, found.author) == (paid, LATER, "")
    assert open_ones() == ["unknown_title"]


def test_a_payment_that_cannot_be_credited_keeps_no_other_back_and_waits_on(
    provider, itau, bruno, monkeypatch, caplog
):
    def bad(of, seen, **more):
        if any(m.nosso_numero == "00231328" for m in seen):
            raise ValueError("not this one")
        return credited(of, seen, **more)

    read(provider, Boleto("00231328"), LATE)
    title("F1", "109/00231327-5")
    title("F1", "109/00231328-3")
    credited = module.credit
    monkeypatch.setattr(module, "credit", bad)
    assert look_again(at=LATER) == 1
    assert (owed(bruno), Payment.objects.get().amount) == (0, 102_10)
    assert open_ones() == ["unknown_title"] and "could not be credited" in caplog.text


def test_repeated_it_credits_nothing_more_and_neither_does_the_file(provider, itau, bruno):
    read(provider, LATE)
    title("F1", "109/00231327-5")
    assert [look_again(at=LATER), look_again(at=LATER)] == [1, 0]
    assert read(provider, LATE, Boleto("00888888"), at=LATER).seen_before == 1
    assert Payment.objects.count() == 1


def test_a_number_that_is_written_otherwise_must_still_have_the_titles_amount(provider, itau, bruno):
    read(provider, LATE)
    title("F1", "109/00231327-5", amount=102_10)  # another invoice's, by chance as much as was paid
    assert look_again(at=LATER) == 0
    assert open_ones() == ["unknown_title"]


@pytest.fixture
def named(bank: Bank, bruno) -> Charge:
    """A Pix that named NOSSO1 was listed before that was known to be Bruno's."""
    bank.psp.pay_key(99_90, txid="NOSSO1")
    bank.passes(minutes=5)
    bank.poll()
    invoice = Invoice.objects.get()
    return Charge.objects.create(provider=invoice.provider, invoice=invoice, kind="pix_static", txid="NOSSO1",
                                 amount=99_90, created_at=bank.at)  # fmt: skip


def test_a_pix_is_found_by_its_txid_long_after_the_list_has_moved_on(bank: Bank, bruno, named):
    assert look_again(at=bank.at, provider_id=named.provider_id) == 1
    assert owed(bruno) == 0 and ContractAccess.objects.get(contract=bruno).access == "full"


def test_of_another_provider_nothing_is_looked_at(bank: Bank, named):
    assert look_again(at=bank.at, provider_id=named.provider_id + 1) == 0


def test_money_for_another_key_and_money_on_its_way_back_is_left(bank: Bank, bruno):
    charge = bank.charge(bruno)
    bank.psp.ledger.keys = (*bank.psp.ledger.keys, "outra@religa.example")
    bank.post(bank.psp.pay_key(50_00, key="outra@religa.example", txid=charge.txid))
    bank.take()
    bank.psp.pay_key(99_90, txid="NOSSO1")
    bank.passes(minutes=5)
    bank.poll()
    Charge.objects.filter(pk=charge.pk).update(txid="NOSSO1")
    money = UnidentifiedPayment.objects.get(txid="NOSSO1")
    resolve.give_back(
        provider_id=money.provider_id, money=money.pk, reason="engano", author="Fátima", at=bank.at
    )
    assert Refund.objects.count() == 1
    resolve.put_back(money.pk)  # as when the bank has not carried it out
    assert look_again(at=bank.at) == 0
    assert sorted(open_ones()) == ["unknown_txid", "wrong_key"]
