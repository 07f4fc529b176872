"""A Pix goes to a registered number of its holder, and to nobody else."""

from __future__ import annotations

from contextlib import contextmanager
from unittest.mock import Mock

import pytest

from religa.actions.bot.send_pix import PixNotSent, PixSent, send
from religa.adapters.fakes.psp import FakePsp
from religa.domain import brcode
from religa.ports.money import BankUnreachable
from religa.records.models import Charge, Message, Subscriber, SubscriberPhone
from religa.wording import Language

from .. import world
from ..money import bank as banks
from .conftest import DIGITS, world_subscriber
from .talk import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def psp():
    with FakePsp(now=lambda: world.at("2026-12-01 14:00")) as server:
        yield server


@pytest.fixture
def bank(psp, provider, carla):
    made = banks.Bank(psp, banks.account(provider, psp).pk)
    made.at = world.at("2026-12-01 14:00")
    yield made
    made.pool.shutdown()


def ask(bank, carla, *, key="k", number="", channel="sms"):
    return send(
        contract_id=carla, number=number, channel=channel, collector_for=lambda _: bank.collector, at=bank.at, key=key,
        language=Language.PT,
    )  # fmt: skip


def answers():
    return list(
        Message.objects.filter(kind="answer").order_by("id").values_list("channel", "address", "text")
    )


def test_what_it_is_comes_first_and_then_the_code_alone(bank, phone, carla, then):
    phone.more = {"collector_for": lambda _: bank.collector}
    phone.talk("manda o pix")
    explained, code = then(phone, DIGITS)[-2:]
    amount = Charge.objects.get().amount
    assert f"Pix de R$\N{NO-BREAK SPACE}{amount // 100},{amount % 100:02}" in explained
    assert "CNPJ 12.ABC.345/01DE-35" in explained and "Não há taxa para religar." in explained
    assert isinstance(brcode.decode(code), brcode.DynamicCode) and code == Charge.objects.get().copy_paste


def test_the_same_key_again_sends_nothing_again(bank, phone, carla):
    first, second = ask(bank, carla), ask(bank, carla)
    assert isinstance(first, PixSent) and first == second
    assert first.ending == "01" and len(answers()) == 2
    assert {a[:2] for a in answers()} == {("sms", phone.number)}


def test_a_number_of_the_same_persons_other_row_is_registered_too(bank, phone, carla):
    mine = world_subscriber(carla)
    twin = Subscriber.objects.create(
        provider=mine.provider, external_id="twice", kind="person", document=mine.document, name="Carla"
    )
    SubscriberPhone.objects.create(subscriber=twin, number="5585911112222")
    assert isinstance(ask(bank, carla, number="5585911112222"), PixSent)


def test_another_number_gets_nothing(bank, phone, carla):
    assert ask(bank, carla, number="5585911112222") == PixNotSent("no_number")
    assert answers() == [] and not Charge.objects.exists()


def test_a_silent_bank_is_said_and_nothing_is_kept(bank, phone, carla):
    with silent(bank):
        assert ask(bank, carla) == PixNotSent("bank_silent")
    assert isinstance(ask(bank, carla), PixSent)


@contextmanager
def silent(bank):
    """The bank does not answer for a while."""
    real = bank.collector
    bank.collector = Mock(create=lambda wanted: BankUnreachable("no answer"))
    yield
    bank.collector = real


@pytest.fixture
def then(django_capture_on_commit_callbacks):
    """What is answered after the bank was asked, which is once the transaction is over."""

    def talk(phone, text):
        before = Message.objects.count()
        with django_capture_on_commit_callbacks(execute=True):
            phone.talk(text)
        return list(Message.objects.order_by("id").values_list("text", flat=True))[before:]

    return talk


def test_without_an_account_the_menu_says_so_and_goes_on(phone, carla, then):
    phone.talk("pix")
    coming, said = then(phone, DIGITS)
    assert coming.startswith("Um momento")
    assert "Por aqui não consigo mandar um Pix" in said and "0800 000 0000" in said and "4 Falar" in said


def test_who_owes_nothing_is_told_so(bank, provider, then):
    from .test_menu import another

    another(provider, "ana", "52998224725", "5585988880001")
    phone = Phone("5585988880001", bank.at, collector_for=lambda _: bank.collector)
    phone.talk("pix")
    assert "Não há nada a pagar agora." in then(phone, "4725")[-1]
