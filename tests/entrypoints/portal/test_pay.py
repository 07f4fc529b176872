"""Paying: POST asks the bank for a code, GET shows it, and only the bank's word counts as paid."""

from __future__ import annotations

import re

import pytest

import people
from banking import bank_of, collect, last_charge
from religa.domain import brcode
from religa.domain.brcode import StaticCode
from religa.records.models import Charge, Invoice, Payment, PaymentAccount
from scanning import picture, read

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


def total_of(client, contract) -> int:
    text = text_of(client.get(f"/contrato/{contract.pk}/pagar/"))
    amount = text.split("Valor para pagar hoje R$ ")[1].split(" ")[0]
    return int(amount.replace(".", "").replace(",", ""))


def ask(client, contract, choice="tudo"):
    """The page with the code, after asking for it."""
    return client.post(f"/contrato/{contract.pk}/pagar/", {"valor": choice}, follow=True)


def waiting(client, contract, charge):
    return client.get(
        f"/contrato/{contract.pk}/pagar/{charge.pk}/", headers={"accept": "application/json"}
    ).json()


def test_looking_makes_no_code_and_asking_makes_one(bank, enter, maria, tables):
    client = enter(maria)
    before = tables()
    assert "Gerar o código Pix" in text_of(client.get(f"/contrato/{maria.pk}/pagar/"))
    assert tables() == before and not bank.ledger.charges
    page = ask(client, maria)
    assert (
        bank.ledger.charges[last_charge().txid].body["valor"]["original"]
        == f"{total_of(client, maria) / 100:.2f}"
    )
    assert last_charge().copy_paste in page.content.decode()
    assert "PONTE FIBRA TELECOM" in text_of(page) and "CNPJ 41.222.333/0001-" in text_of(page)


def test_asking_twice_is_one_code(bank, enter, maria):
    client = enter(maria)
    assert ask(client, maria).content.count(b"codigo-pix") == ask(client, maria).content.count(b"codigo-pix")
    assert Charge.objects.count() == 1


def test_paying_opens_and_the_page_that_waits_is_told(bank, enter, maria):
    client = enter(maria)
    ask(client, maria)
    charge, total = last_charge(), total_of(client, maria)
    assert waiting(client, maria, charge) == {"received": None}
    page = client.get(f"/contrato/{maria.pk}/pagar/{charge.pk}/", follow=True)
    assert "O banco ainda não confirmou o pagamento" in text_of(page)
    bank.pay(charge.txid)
    collect(bank)
    place = waiting(client, maria, charge)["received"]
    page = client.get(place)
    assert f"Recebemos R$ {total // 100},{total % 100:02} Obrigado!" in text_of(page)
    assert "Sua internet está liberada." in text_of(page)
    assert client.get(f"/contrato/{maria.pk}/pagar/{charge.pk}/")["Location"] == place
    assert "Está tudo em dia" in text_of(client.get(f"/contrato/{maria.pk}/"))
    assert Payment.objects.filter(contract=maria).latest("id").amount == total


def test_the_amount_never_comes_from_the_form(bank, enter, maria):
    client = enter(maria)
    total = total_of(client, maria)
    client.post(f"/contrato/{maria.pk}/pagar/", {"valor": "1", "amount": "1"})
    assert last_charge().amount == total


def test_a_silent_bank_is_said_and_the_button_stays(bank, enter, maria):
    bank.misbehave(fail_pct=100)
    page = text_of(ask(enter(maria), maria))
    assert "O banco não respondeu agora." in page and "Gerar o código Pix" in page
    bank.behave()
    assert "Copia e Cola" in text_of(ask(enter(maria), maria))
    assert Charge.objects.count() == 1


def test_the_demo_leads_to_its_bank_and_no_real_one_does(bank, enter, maria):
    page = ask(enter(maria), maria)
    assert f"{bank.root}/_fake/pagar/{last_charge().txid}?voltar=" in page.content.decode()
    PaymentAccount.objects.update(settings={"base_url": bank.url, "token_url": bank.token_url})
    assert "emonstração" not in text_of(enter(maria).get(f"/contrato/{maria.pk}/pagar/"))


def test_without_an_account_there_is_the_phone(enter, maria, tables):
    client = enter(maria)
    before = tables()
    assert "ligue para nós" in text_of(ask(client, maria))
    assert tables() == before


def test_printed_ways_to_pay_are_shown(enter, maria, now):
    invoice = Invoice.objects.filter(contract=maria).latest("due_date")
    Charge.objects.create(
        provider=maria.provider, invoice=invoice, kind="boleto", linha_digitavel="00190.00009 01234",
        amount=99_90, created_at=now,
    )  # fmt: skip
    assert "00190.00009 01234" in text_of(enter(maria).get(f"/contrato/{maria.pk}/pagar/"))


def test_a_smaller_amount_is_offered_only_where_it_leaves_a_bill_out(bank, enter, maria, now):
    people.bill(
        maria, due=people.days_ago(now, 6), amount=149_90
    )  # late, not notified: it holds nothing shut
    client = enter(maria)
    assert "Só o necessário para voltar" in text_of(ask(client, maria, "minimo"))
    bank.pay(last_charge().txid)
    collect(bank)
    paid = Payment.objects.filter(contract=maria).latest("id").amount
    assert paid < 110_00
    assert "Internet funcionando" in text_of(client.get(f"/contrato/{maria.pk}/"))


def test_with_nothing_owed_there_is_nothing_to_pay(enter, provider, now):
    contract = people.contract(people.subscriber(provider, "Ana", 1002), 1002, since=people.days_ago(now, 99))
    assert "Não há nada para pagar" in text_of(enter(contract).get(f"/contrato/{contract.pk}/pagar/"))


def test_charges_and_payments_are_found_by_their_own_contract_alone(bank, enter, maria, provider, now):
    client = enter(maria)
    ask(client, maria)
    charge = last_charge()
    bank.pay(charge.txid)
    collect(bank)
    payment = waiting(client, maria, charge)["received"].rstrip("/").rpartition("/")[2]
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    assert enter(other).get(f"/contrato/{other.pk}/recebido/{payment}/").status_code == 404
    assert enter(other).get(f"/contrato/{other.pk}/pagar/{charge.pk}/").status_code == 404


def drawn(page) -> list[str]:
    """The codes for a camera that are on a page."""
    return re.findall(r'<svg class="scan".*?</svg>', page.content.decode())


def written(page) -> list[str]:
    return re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page.content.decode())


def test_the_qr_says_what_the_code_to_copy_says(bank, enter, maria):
    page = ask(enter(maria), maria)
    (text,), (qr,) = written(page), drawn(page)
    assert read(picture(qr)) == ("QRCode", text)
    assert isinstance(brcode.decode(text), brcode.DynamicCode)


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
