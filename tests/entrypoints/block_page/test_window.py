"""Janela para pagar: the whole internet for some minutes, until an instant that is said, as often as the policy lets."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import people
from religa.records.models import ContractAccess, PayWindow, ProtocolNumber

from ..reading import text_of

pytestmark = pytest.mark.django_db
WINDOW = "/bloqueio/janela/"
SECOND = timedelta(seconds=1)


@pytest.fixture
def ask(post, token):
    return lambda: post(WINDOW, ficha=token("janela"))


def end(contract):
    return ContractAccess.objects.get(contract=contract)


def test_it_opens_and_says_exactly_until_when(get, ask, online, maria):
    session = online(maria)
    assert "Abrimos a internet inteira por 15 minutos para você pagar" in text_of(get("/bloqueio/"))
    answer = ask()
    row = end(maria)
    [window] = PayWindow.objects.filter(contract=maria)
    assert answer.status_code == 303 and not answer.cookies
    assert (row.access, row.status, row.until, row.access_then) == ("full", "blocked", window.until, "walled")
    text = text_of(get(answer["Location"]))
    local = window.until.astimezone(people.ZONE)
    hour = f"{local.hour}h{local.minute:02}" if local.minute else " horas"
    assert "Pronto! A internet inteira está aberta" in text and hour in text
    assert "Para continuar com internet" in text  # what to pay, though the router has not answered yet
    told = ProtocolNumber.objects.get(contract=maria, subject="pay_window")
    assert f"Protocolo deste pedido: {told.number}" in text
    session.applied_state = "full"
    session.save()
    page = text_of(get("/bloqueio/"))
    assert "Internet aberta para você pagar" in page and "A internet inteira está aberta até" in page
    assert "Abrir a internet para pagar" not in page and "Para continuar com internet" in page


def test_the_same_form_twice_is_one_window(post, token, online, maria):
    online(maria)
    ficha = token("janela")
    assert post(WINDOW, ficha=ficha)["Location"] == post(WINDOW, ficha=ficha)["Location"]
    assert PayWindow.objects.count() == ProtocolNumber.objects.filter(subject="pay_window").count() == 1


def test_one_that_is_open_is_not_lengthened(get, post, token, online, maria):
    online(maria)
    first, second = token("janela"), token("janela")
    post(WINDOW, ficha=first)
    text = text_of(get(post(WINDOW, ficha=second)["Location"]))
    assert "Já há uma janela para pagar aberta." in text and "Protocolo deste pedido" in text
    assert PayWindow.objects.count() == 1


def test_when_todays_are_used_that_is_said_instead_of_the_button(get, online, maria, policy, now):
    policy(pay_window_per_day=1)
    online(maria)
    PayWindow.objects.create(contract=maria, granted_at=now - 2 * SECOND, until=now - SECOND)
    text = text_of(get("/bloqueio/"))
    assert "as janelas para pagar de hoje já foram usadas" in text and "Abrir a internet" not in text


@pytest.mark.parametrize("minutes", [0, 1, 20])
def test_the_minutes_are_the_policys(get, online, maria, policy, minutes):
    policy(pay_window_minutes=minutes)
    online(maria)
    found = re.search(r"por (\d+) minutos? para", text_of(get("/bloqueio/")))
    assert (int(found[1]) if found else 0) == minutes


def test_it_also_opens_for_who_is_locked(ask, online, locked):
    online(locked)
    ask()
    assert (end(locked).access, end(locked).status) == ("full", "locked")
