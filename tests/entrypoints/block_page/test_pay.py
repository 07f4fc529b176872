"""Pix on the block page: one amount, the code that asks for it, and the bank's word until the line is open again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import people
from banking import bank_of, collect, last_charge
from religa.records.models import Charge, ContractAccess, SessionLive

from ..reading import text_of

pytestmark = pytest.mark.django_db
PIX = "/bloqueio/pix/"


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


def amount_on(page) -> int:
    shown = re.search(r"Para (?:voltar|continuar)[^R]*R\$ ([\d.,]+)", text_of(page))[1]
    return int(re.sub(r"\D", "", shown))


def test_looking_makes_no_code_and_asking_makes_one_for_the_amount_that_was_shown(
    bank, get, post, token, online, maria, tables
):
    online(maria)
    before, shown = tables(), amount_on(get("/bloqueio/"))
    assert tables() == before and not bank.ledger.charges
    answer = post(PIX, ficha=token("pix"))
    assert (answer.status_code, answer["Location"]) == (303, "/bloqueio/#pix")
    page, charge = get("/bloqueio/"), last_charge()
    assert charge.amount == amount_on(page) == shown
    assert bank.ledger.charges[charge.txid].body["valor"]["original"] == f"{shown / 100:.2f}"
    assert charge.copy_paste in page.content.decode() and b'aria-label="QR Code do Pix"' in page.content
    assert "PONTE FIBRA TELECOM" in text_of(page) and "CNPJ 41.222.333/0001-" in text_of(page)


def test_asking_twice_is_one_code(bank, post, token, online, maria):
    online(maria)
    ficha = token("pix")
    assert post(PIX, ficha=ficha).status_code == post(PIX, ficha=ficha).status_code == 303
    assert Charge.objects.count() == 1


def test_from_the_code_to_the_open_line(bank, get, post, token, online, maria):
    online(maria)
    post(PIX, ficha=token("pix"))
    assert get("/bloqueio/estado").json() == {"network": "walled"}
    bank.pay(last_charge().txid)
    collect(bank)
    assert ContractAccess.objects.get(contract=maria).access == "full"
    assert get("/bloqueio/estado").json() == {"network": "returning"}
    text = text_of(get("/bloqueio/"))
    assert "A internet está voltando" in text and "O banco confirmou o pagamento" in text and "R$" not in text
    SessionLive.objects.update(applied_state="full")
    assert get("/bloqueio/estado").json() == {"network": "open"}


def test_what_is_not_late_yet_is_not_asked_for(bank, get, post, token, online, maria, now):
    people.bill(maria, due=people.days_ago(now, -5))
    online(maria)
    shown = amount_on(get("/bloqueio/"))
    post(PIX, ficha=token("pix"))
    assert 99_90 < shown < 110_00 and last_charge().amount == shown


@pytest.mark.parametrize("coming", [False, True])
def test_of_several_late_bills_what_opens_is_asked_for_and_opens(
    bank, get, post, token, online, maria, now, coming
):
    people.bill(maria, due=people.days_ago(now, 15))
    if coming:
        people.bill(maria, due=people.days_ago(now, -5))
    people.play(now)
    online(maria)
    shown = amount_on(get("/bloqueio/"))
    post(PIX, ficha=token("pix"))
    charge = last_charge()
    assert charge.amount == amount_on(get("/bloqueio/")) == shown < 2 * 110_00
    bank.pay(charge.txid)
    collect(bank)
    assert ContractAccess.objects.get(contract=maria).access == "full"


def test_a_bank_that_is_silent_is_said_so(bank, get, post, token, online, maria, settings):
    online(maria)
    ficha = token("pix")
    settings.DEMO_BANK = "http://127.0.0.1:9"
    answer = post(PIX, ficha=ficha)
    assert answer.status_code == 503 and "O banco não respondeu agora" in text_of(answer)


def test_without_an_account_the_portal_and_the_phone_are_named(get, online, maria):
    online(maria)
    text = text_of(get("/bloqueio/"))
    assert "Para receber o código Pix, entre na Central do Assinante ou ligue para nós" in text
    assert "Gerar o código" not in text


def test_where_no_amount_is_shown_no_code_is_made(bank, post, token, online, maria, policy):
    online(maria)
    ficha = token("pix")
    policy(block_page_shows_amount=False)
    assert post(PIX, ficha=ficha).status_code == 303 and not bank.ledger.charges


def test_who_is_trusted_may_pay_before_it_ends(bank, get, online, maria, now):
    people.unlock(maria, now)
    online(maria)
    page = get("/bloqueio/")
    assert "Para continuar com internet" in text_of(page) and amount_on(page) > 99_90
    assert ContractAccess.objects.get(contract=maria).until > now + timedelta(days=2)


def test_it_all_weighs_less_than_50_kilobytes_with_the_code(bank, get, post, client, token, online, maria):
    online(maria)
    post(PIX, ficha=token("pix"))
    html = get("/bloqueio/").content
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())
    assert len(files) == 4
    whole = len(html) + sum(
        len(b"".join(client.get(path, headers={"host": "testserver"}).streaming_content)) for path in files
    )
    assert whole < 50_000
