"""Paying a part, one bill, or only what is late; and the wait until the router has let the internet through."""

from __future__ import annotations

import pytest

import people
from banking import bank_of, collect, last_charge
from religa.actions import dispute
from religa.entrypoints.portal import pay as pay_pages
from religa.records import raw
from religa.records.models import Charge, Invoice, Payment, PolicyVersion

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


def choose(client, contract, **choice):
    return client.post(f"/contrato/{contract.pk}/pagar/", choice, follow=True)


def look_at(client, contract, query):
    return client.get(f"/contrato/{contract.pk}/pagar/?{query}")


def pay(bank, charge):
    bank.pay(charge.txid)
    collect(bank)
    return Payment.objects.latest("id")


def test_a_bill_that_is_not_due_yet_is_not_asked_for(bank, enter, maria, now):
    """The page says what is late, and the code asks for that and no more."""
    people.bill(maria, due=people.days_ago(now, -12), amount=99_90)
    client = enter(maria)
    page = text_of(choose(client, maria, valor="tudo"))
    charge = last_charge()
    assert charge.scope == "late" and charge.amount < 110_00
    assert f"Valor para pagar hoje R$ {charge.amount // 100},{charge.amount % 100:02}" in page
    pay(bank, charge)
    assert "Internet funcionando" in text_of(client.get(f"/contrato/{maria.pk}/")) or "em dia" in text_of(
        client.get(f"/contrato/{maria.pk}/")
    )


def test_what_is_contested_is_not_asked_for(bank, enter, maria):
    name = Invoice.objects.filter(contract=maria).latest("due_date").external_id
    dispute.file(contract_id=maria.pk, invoice=name, at=raw.rows("SELECT now()")[0][0], amount=40_00)
    client = enter(maria)
    page = text_of(choose(client, maria, valor="tudo"))
    charge = last_charge()
    assert charge.amount < 70_00
    assert f"R$ {charge.amount // 100},{charge.amount % 100:02}" in page


def test_an_amount_of_ones_own_is_said_not_to_open_and_does_not(bank, enter, maria):
    client = enter(maria)
    page = text_of(look_at(client, maria, "valor=quanto&quanto=30%2C00"))
    assert "Com este valor a internet não volta ainda." in page and "ainda faltam R$" in page
    choose(client, maria, valor="quanto", quanto="30,00")
    charge = last_charge()
    assert (charge.amount, charge.scope) == (30_00, "stated")
    payment = pay(bank, charge)
    page = text_of(client.get(f"/contrato/{maria.pk}/recebido/{payment.external_id}/"))
    assert "ainda falta uma parte para a internet voltar" in page
    assert "Internet bloqueada" in text_of(client.get(f"/contrato/{maria.pk}/"))


def test_an_amount_of_ones_own_is_said_to_open_and_does(bank, enter, maria):
    client = enter(maria)
    page = text_of(look_at(client, maria, "valor=quanto&quanto=99%2C00"))
    assert "Com este valor a internet volta." in page
    choose(client, maria, valor="quanto", quanto="99,00")
    pay(bank, last_charge())
    assert raw.rows("SELECT access FROM contract_access WHERE contract_id = %s", [maria.pk]) == [("full",)]


@pytest.mark.parametrize("written", ["0", "19,99", "-30", "5000", "1.000", "abc", "", "\0", "9" * 40])
def test_amounts_out_of_range_are_refused_with_the_limits_and_make_no_code(bank, enter, maria, written):
    page = choose(enter(maria), maria, valor="quanto", quanto=written)
    assert page.status_code == 422
    assert "Escreva um valor de R$ 20,00 até R$ 1" in text_of(page)
    assert not Charge.objects.exists()


def test_a_policy_without_parts_offers_none(bank, enter, maria):
    PolicyVersion.objects.update(values={"part_payment_min": None})
    client = enter(maria)
    assert "Quer pagar outro valor?" not in text_of(look_at(client, maria, ""))
    choose(client, maria, valor="quanto", quanto="50,00")
    assert last_charge().scope == "late"


def test_one_bill_alone_can_be_paid_and_another_contracts_cannot(bank, enter, maria, provider, now):
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    people.bill(maria, due=people.days_ago(now, 6), amount=149_90)
    newest = Invoice.objects.filter(contract=maria).latest("due_date")
    strange = Invoice.objects.filter(contract=other).latest("id")
    client = enter(maria)
    choose(client, maria, valor="conta", conta=str(newest.pk))
    assert last_charge().invoice_id == newest.pk and last_charge().scope == "invoice"
    choose(client, maria, valor="conta", conta=str(strange.pk))
    assert {c.invoice.contract_id for c in Charge.objects.all()} == {maria.pk}


def test_codes_without_end_are_stopped(bank, enter, maria, monkeypatch):
    monkeypatch.setattr(pay_pages, "ASKED", pay_pages.Limit("portal_pay", 2, pay_pages.ASKED.within))
    client = enter(maria)
    statuses = [choose(client, maria, valor="quanto", quanto=f"{n},00").status_code for n in (30, 31, 32)]
    assert statuses == [200, 200, 429] and Charge.objects.count() == 2


# -- until the router has let it through --------------------------------------------------------------------------


def session(contract, *, applied: str, age: str = "1 minute") -> None:
    raw.run(
        "INSERT INTO session_live (unique_id, session_id, username, contract_id, nas_port, calling_station,"
        " called_station, applied_state, started_at, updated_at, octets_in, octets_out)"
        " VALUES (%s, 's', 'u', %s, '', '', '', %s, now() - interval '1 day', now() - %s::interval, 0, 0)",
        [f"s-{contract.pk}", contract.pk, applied, age],
    )


def received(client, contract):
    payment = Payment.objects.filter(contract=contract).latest("id")
    return f"/contrato/{contract.pk}/recebido/{payment.external_id}/"


def asks(client, place):
    return client.get(place, headers={"accept": "application/json"}).json()


def test_paid_waits_for_the_router_and_then_says_that_the_internet_is_back(enter, maria, now):
    session(maria, applied="walled")
    people.pay(maria, 150_00, now, "E-whole")
    client = enter(maria)
    place = received(client, maria)
    page = client.get(place)
    assert "Estamos religando a sua internet." in text_of(page) and "A internet voltou." not in text_of(page)
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()  # without a script, too
    assert asks(client, place) == {"received": None}
    raw.run("UPDATE session_live SET applied_state = 'full'")
    assert asks(client, place) == {"received": place}
    page = text_of(client.get(place))
    assert "A internet voltou." in page and "Estamos religando" not in page


def test_a_router_that_does_not_answer_is_said_to_take_long(enter, maria, now):
    session(maria, applied="walled")
    people.pay(maria, 150_00, now - people.DAY / 24, "E-whole")
    client = enter(maria)
    assert "Está demorando mais que o normal." in text_of(client.get(received(client, maria)))


def test_a_device_that_is_switched_off_is_not_waited_for(enter, maria, now):
    session(maria, applied="walled", age="2 hours")
    people.pay(maria, 150_00, now, "E-whole")
    client = enter(maria)
    page = text_of(client.get(received(client, maria)))
    assert "Sua internet está liberada." in page and "Seu aparelho não está conectado agora" in page


def test_an_unlock_waits_for_the_router_as_well(enter, maria):
    session(maria, applied="walled")
    client = enter(maria)
    page = client.post(f"/contrato/{maria.pk}/liberar/", {"chave": "a" * 32, "como": "promessa"}, follow=True)
    assert "Estamos religando a sua internet." in text_of(page)
    place = page.redirect_chain[-1][0]
    assert asks(client, place) == {"received": None}
    raw.run(
        "UPDATE session_live s SET applied_state = 'full', applied_until = a.until FROM contract_access a"
    )
    assert asks(client, place) == {"received": place}
