"""Paying: GET shows a code, the demo's button stands for the bank, a real provider has no such button."""

from __future__ import annotations

import re

import pytest

import people
from religa.domain import brcode
from religa.domain.brcode import StaticCode
from religa.records.models import Charge, Invoice, Payment
from scanning import picture, read

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


def drawn(page) -> list[str]:
    """The codes for a camera that are on a page."""
    return re.findall(r'<svg class="scan".*?</svg>', page.content.decode())


def written(page) -> list[str]:
    return re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.content.decode())


def test_the_qr_says_what_the_code_to_copy_says(demo, enter, maria):
    page = enter(maria).get(f"/contrato/{maria.pk}/pagar/")
    (text,), (qr,) = written(page), drawn(page)
    assert read(picture(qr)) == ("QRCode", text)
    assert brcode.decode(text).amount == total_of(enter(maria), maria)


def test_printed_codes_are_drawn_where_they_can_be_read(enter, maria, now):
    invoice = Invoice.objects.filter(contract=maria).latest("due_date")
    line = "00190.50095 40144.816069 06809.350314 3 37370000000100"
    charge = {"provider": maria.provider, "invoice": invoice, "amount": 99_90, "created_at": now}
    code = brcode.encode(StaticCode("pagamentos@pontefibra.example", "PONTE FIBRA", "RECIFE", 99_90, "a1"))
    Charge.objects.create(kind="boleto_pix", linha_digitavel=line, copy_paste=code, **charge)
    Charge.objects.create(kind="boleto", linha_digitavel="8" * 48, copy_paste="x" * 600, **charge)
    page = enter(maria).get(f"/contrato/{maria.pk}/pagar/")
    assert [read(picture(svg)) for svg in drawn(page)] == [
        ("QRCode", code),
        ("ITF", "00193373700000001000500940144816060680935031"),
    ]
    assert written(page) == [code, line, "x" * 600, "8" * 48]
