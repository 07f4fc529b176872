"""Paying: GET shows a code, the demo's button stands for the bank, a real provider has no such button."""

from __future__ import annotations

import pytest

import people
from religa.records.models import Charge, Invoice, Payment

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.BANK = "fake"


def total_of(client, contract) -> int:
    text = text_of(client.get(f"/contrato/{contract.pk}/pagar/"))
    amount = text.split("Valor para pagar hoje R$ ")[1].split(" ")[0]
    return int(amount.replace(".", "").replace(",", ""))


def test_the_code_carries_amount_payee_and_a_checksum(demo, enter, maria, tables):
    client = enter(maria)
    before = tables()
    page = client.get(f"/contrato/{maria.pk}/pagar/")
    total = total_of(client, maria)
    assert f"54{len(f'{total / 100:.2f}'):02}{total / 100:.2f}" in page.content.decode()
    assert "PONTE FIBRA TELECOM" in text_of(page) and "CNPJ 41.222.333/0001-" in text_of(page)
    assert "Demonstração" in text_of(page)
    assert tables() == before


def test_paying_opens_at_once(demo, enter, maria):
    client = enter(maria)
    total = total_of(client, maria)
    page = client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc", "valor": "tudo"}, follow=True)
    assert f"Recebemos R$ {total // 100},{total % 100:02} Obrigado!" in text_of(page)
    assert "Sua internet está liberada." in text_of(page)
    assert "Está tudo em dia" in text_of(client.get(f"/contrato/{maria.pk}/"))
    assert Payment.objects.filter(contract=maria).latest("id").amount == total


def test_the_same_charge_is_paid_once(demo, enter, maria):
    client = enter(maria)
    total_before = Payment.objects.filter(contract=maria).count()
    for _ in range(2):
        page = client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc"}, follow=True)
        assert page.status_code == 200
    assert Payment.objects.filter(contract=maria).count() == total_before + 1


def test_the_amount_never_comes_from_the_form(demo, enter, maria):
    client = enter(maria)
    total = total_of(client, maria)
    client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc", "valor": "1", "amount": "1"})
    assert Payment.objects.filter(contract=maria).latest("id").amount == total


def test_without_the_fake_bank_nobody_can_claim_a_payment(enter, maria, tables):
    client = enter(maria)
    before = tables()
    page = client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc", "valor": "tudo"})
    assert page.status_code == 404
    assert tables() == before
    assert "emonstração" not in text_of(client.get(f"/contrato/{maria.pk}/pagar/"))


def test_printed_ways_to_pay_are_shown(enter, maria, now):
    invoice = Invoice.objects.filter(contract=maria).latest("due_date")
    Charge.objects.create(
        provider=maria.provider, invoice=invoice, kind="boleto", linha_digitavel="00190.00009 01234",
        amount=99_90, created_at=now,
    )  # fmt: skip
    assert "00190.00009 01234" in text_of(enter(maria).get(f"/contrato/{maria.pk}/pagar/"))


def test_a_smaller_amount_is_offered_only_where_it_leaves_a_bill_out(demo, enter, maria, now):
    people.bill(
        maria, due=people.days_ago(now, 6), amount=149_90
    )  # late, not notified: it holds nothing shut
    client = enter(maria)
    page = text_of(client.get(f"/contrato/{maria.pk}/pagar/?valor=minimo"))
    assert "Só o necessário para voltar" in page
    client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc", "valor": "minimo"})
    paid = Payment.objects.filter(contract=maria).latest("id").amount
    assert paid < 110_00
    assert "Internet funcionando" in text_of(client.get(f"/contrato/{maria.pk}/"))


def test_with_nothing_owed_there_is_nothing_to_pay(demo, enter, provider, now):
    contract = people.contract(people.subscriber(provider, "Ana", 1002), 1002, since=people.days_ago(now, 99))
    assert "Não há nada para pagar" in text_of(enter(contract).get(f"/contrato/{contract.pk}/pagar/"))


def test_a_payment_is_found_by_its_own_contract_alone(demo, enter, maria, provider, now):
    client = enter(maria)
    page = client.post(f"/contrato/{maria.pk}/pagar/", {"txid": "abc"})
    payment = page["Location"].rstrip("/").rpartition("/")[2]
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    assert enter(other).get(f"/contrato/{other.pk}/recebido/{payment}/").status_code == 404
