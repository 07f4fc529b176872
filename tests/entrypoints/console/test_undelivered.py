"""The page of notices that have not arrived, and what the contract's page says of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from actions import world
from actions.messages import town
from religa.actions.messages import receipts, wrong_person
from religa.ports.messages import Receipt, ReceiptState
from religa.records.models import Message

from ..reading import text_of

DAY = timedelta(days=1)
NONE = "Todos os avisos de contas em aberto chegaram"


@pytest.fixture
def provider(db):
    return world.provider()


@pytest.fixture
def bruno(provider):
    return world.billed(provider, "bruno", "F1")


@pytest.fixture
def listed(staff):
    agent = staff("agent")
    return lambda: text_of(agent.get(reverse("console:undelivered")))


def test_a_refused_notice_is_listed_with_why_and_what_to_do(bruno, listed):
    town.turn(town.Channels().refuse("email"), world.NOTIFIED)
    found = listed()
    assert "Bruno" in found and "Notificação de débito" in found
    assert "O canal não aceitou a mensagem." in found and "550 no such user" in found
    assert "e-mail a a@example.org" in found


def test_what_arrived_or_was_given_again_and_is_on_its_way_is_not(bruno, listed):
    town.turn(town.Channels().refuse("email"), world.NOTIFIED)
    town.turn(town.Channels(), world.NOTIFIED + DAY)
    assert NONE in listed()


def test_who_has_no_address_is_listed(bruno, listed):
    town.email(bruno, "")
    town.turn(town.Channels(), world.NOTIFIED)
    assert "não tem e-mail nem WhatsApp" in listed()


def test_a_bounce_is_listed_until_the_debt_is_paid(bruno, listed):
    town.turn(town.Channels(), world.NOTIFIED)
    sent = Message.objects.get(kind="debt_notice")
    bounce = Receipt("email", sent.provider_message_id, ReceiptState.FAILED, world.NOTIFIED, "5.1.1", True)
    receipts.learn([bounce], at=world.NOTIFIED + timedelta(hours=1))
    assert "A mensagem voltou." in listed() and "5.1.1" in listed()
    from religa.actions import record_payment
    from religa.domain.facts import Method

    at = world.NOTIFIED + timedelta(hours=2)
    record_payment.record(
        contract_id=bruno, payment_id="E1", amount=200_00, method=Method.PIX, paid_at=at, at=at
    )
    assert NONE in listed()


def test_the_contract_s_page_shows_a_wrong_number_and_that_the_block_waits(bruno, staff, monkeypatch):
    from religa.records import reach

    monkeypatch.setattr(reach, "SHIPPED", ("whatsapp",))
    town.phone(bruno, "5585991234567", whatsapp=True)
    town.turn(town.Channels(), world.NOTIFIED)
    wrong_person.mark("5585991234567", channel="whatsapp", at=world.NOTIFIED + timedelta(hours=1))
    found = text_of(staff("agent").get(reverse("console:contract", args=[bruno])))
    assert "O telefone de final 4567 é de outra pessoa" in found
    assert "não entregue: o bloqueio espera" in found and "disse que não é o assinante" in found


def test_another_provider_s_are_not_shown(bruno, listed, provider):
    other = world.billed(world.provider(cnpj="11222333000181"), "alheia", "F2")
    town.turn(town.Channels().refuse("email"), world.NOTIFIED)
    assert world.row(other)[1] == "late"
    assert "Alheia" not in listed() and "Bruno" in listed()


def test_who_is_not_logged_in_sees_nothing(client, bruno):
    assert client.get(reverse("console:undelivered")).status_code == 302
