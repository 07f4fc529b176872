"""Contacts, addresses, and what is sent on request: the holder hears of everything, and nobody else of anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from religa.actions import correct_address, register_contact, send_now
from religa.actions.correct_address import CodeSent, Corrected, NotAccepted, NotSent, Wanted
from religa.actions.register_contact import NotRegistered, Overtaken, Registered
from religa.actions.send_now import Order, Sent
from religa.domain.contacts import About, Account, Caller, ContactFault, Means
from religa.records import errors
from religa.records.errors import Broken
from religa.records.models import (
    AddressChange,
    AddressCheck,
    Charge,
    Contact,
    Contract,
    Invoice,
    Message,
    ProtocolNumber,
    Subscriber,
    SubscriberPhone,
)
from religa.records.queries import ways

from . import world

pytestmark = pytest.mark.django_db
AT = world.at("2026-11-28 10:14")
LATER = AT + timedelta(minutes=4)
OLD, NEW = "5585999990001", "5585988887777"
SAID = Account(
    Means.PHONE, Caller.HOLDER, About.DEBT, "vai pagar na sexta",
    promised_on=date(2026, 12, 4), promised_amount=99_90, recording="R77",
)  # fmt: skip


@pytest.fixture
def bruno():
    contract = world.contract(world.provider(), "bruno")
    person = Contract.objects.get(pk=contract).subscriber
    SubscriberPhone.objects.create(subscriber=person, position=1, number=OLD, whatsapp=True)
    return contract


def texts(kind: str) -> list[tuple[str, str, str]]:
    found = Message.objects.filter(kind=kind).order_by("id").values_list("channel", "address", "text")
    return [(channel, address, text.replace("\N{NO-BREAK SPACE}", " ")) for channel, address, text in found]


# -- contacts ---------------------------------------------------------------------------------------------------


def begin(contract) -> str:
    return register_contact.begin(contract_id=contract, at=AT, author="Agente")


def register(contract, number, written=SAID, corrects=None):
    return register_contact.register(
        contract_id=contract, number=number, written=written, at=LATER, author="Agente", corrects=corrects
    )


def test_the_number_is_there_before_anything_is_written(bruno):
    number = begin(bruno)
    kept = ProtocolNumber.objects.get(contract_id=bruno)
    assert (kept.number, kept.subject, kept.at, kept.author) == (number, "contact", AT, "Agente")
    assert not Contact.objects.exists() and not Message.objects.exists()


def test_what_was_said_is_kept_and_the_holder_hears_of_it(bruno):
    number = begin(bruno)
    assert isinstance(register(bruno, number), Registered)
    kept = Contact.objects.get()
    assert (kept.protocol, kept.started_at, kept.registered_at) == (number, AT, LATER)
    assert (kept.promised_on, kept.promised_amount, kept.recording) == (date(2026, 12, 4), 99_90, "R77")
    [(channel, address, text)] = texts("contact")
    assert (channel, address) == ("email", "a@example.org")
    assert "no sábado, 28 de novembro, às 10h14" in text and number in text
    assert "Ficou combinado o pagamento de R$ 99,90 até sexta-feira, 4 de dezembro." in text
    assert "0800 000 0000" in text and "vai pagar na sexta" not in text


@pytest.mark.parametrize(("language", "words"), [("en", "It was agreed that"), ("es", "Se acordó el pago")])
def test_in_his_own_language(bruno, language, words):
    Subscriber.objects.update(language=language)
    register(bruno, begin(bruno))
    assert words in texts("contact")[0][2]


def test_of_a_contact_with_another_person_the_holder_hears_who_it_was_and_no_amount_is_kept(bruno):
    number = begin(bruno)
    other = replace(SAID, caller=Caller.OTHER, caller_name="João")
    assert register(bruno, number, other) == NotRegistered((ContactFault.AMOUNT_TO_OTHERS,))
    assert isinstance(register(bruno, number, replace(other, promised_amount=None)), Registered)
    assert "Quem falou com a gente foi João, e não demos nenhum valor" in texts("contact")[0][2]
    with pytest.raises(Broken, match="hears no amounts"), errors.naming(), transaction.atomic():
        Contact.objects.create(
            **{**Contact.objects.values().get(), "id": None, "protocol": "x", "promised_amount": 1}
        )


def test_a_correction_is_another_entry_and_only_of_the_latest(bruno):
    number = begin(bruno)
    first = register(bruno, number)
    assert register(bruno, number) == Overtaken()  # a form sent twice
    second = register(bruno, number, replace(SAID, notes="era quinta"), corrects=first.contact)
    assert isinstance(second, Registered)
    assert register(bruno, number, corrects=first.contact) == Overtaken()
    assert list(Contact.objects.order_by("id").values_list("notes", "corrects_id")) == [
        ("vai pagar na sexta", None), ("era quinta", first.contact),
    ]  # fmt: skip
    assert "Corrigimos o registro" in texts("contact")[1][2]


def test_a_number_of_another_contract_or_of_another_matter_is_not_taken(bruno):
    other = world.contract(world.provider(cnpj="41222333000142"), "carla")
    assert register(other, begin(bruno)) == Overtaken()
    send_now.code(Order(bruno, "email", "Agente", "k"), at=AT)
    number = ProtocolNumber.objects.get(subject="staff_send").number
    assert register(bruno, number) == Overtaken()


# -- addresses --------------------------------------------------------------------------------------------------


def ask(contract, wanted=None, at=AT):
    return correct_address.begin(
        contract_id=contract,
        wanted=wanted or Wanted("phone", NEW, OLD),
        reason="ligou",
        at=at,
        author="Agente",
    )


def code_sent() -> str:
    found = re.search(r"\d{6}", Message.objects.filter(kind="code").latest("id").text)
    return found[0]


def confirm(contract, check, code, at=LATER):
    return correct_address.confirm(contract_id=contract, check=check, code=code, at=at)


def numbers() -> list[str]:
    return list(SubscriberPhone.objects.order_by("position").values_list("number", flat=True))


def test_a_new_phone_counts_when_its_code_comes_back_and_both_are_told(bruno):
    sent = ask(bruno)
    assert isinstance(sent, CodeSent)
    assert texts("code")[0][:2] == ("sms", NEW) and numbers() == [OLD]
    assert isinstance(confirm(bruno, sent.check, code_sent()), Corrected)
    kept = SubscriberPhone.objects.get()
    assert (kept.number, kept.verified_at, kept.position) == (NEW, LATER, 1)
    history = AddressChange.objects.get()
    assert (history.old, history.new, history.author, history.reason) == (OLD, NEW, "Agente", "ligou")
    told = texts("contact")
    assert [t[:2] for t in told] == [("sms", OLD), ("sms", NEW), ("email", "a@example.org")]
    assert all("final 7777" in t[2] and NEW not in t[2] for t in told)


def test_a_new_email_is_told_to_the_one_before(bruno):
    sent = ask(bruno, Wanted("email", "novo@example.org", "a@example.org"))
    assert texts("code")[0][:2] == ("email", "novo@example.org")
    confirm(bruno, sent.check, code_sent())
    assert Subscriber.objects.get().email == "novo@example.org"
    assert [t[:2] for t in texts("contact")] == [
        ("email", "a@example.org"), ("email", "novo@example.org"), ("sms", OLD),
    ]  # fmt: skip
    assert "n•••••@example.org" in texts("contact")[0][2]
    assert ways.way(bruno, "email").verified_at == LATER


def test_a_phone_without_one_to_replace_comes_first(bruno):
    sent = ask(bruno, Wanted("phone", NEW))
    confirm(bruno, sent.check, code_sent())
    assert numbers() == [NEW, OLD]
    assert texts("contact")[0][:2] == ("sms", OLD)


def test_a_wrong_late_or_used_code_changes_nothing(bruno):
    sent = ask(bruno)
    code = code_sent()
    wrong = "000000" if code != "000000" else "111111"
    assert confirm(bruno, sent.check, wrong) == NotAccepted()
    assert confirm(bruno, sent.check, code, at=AT + correct_address.LIFETIME) == NotAccepted()
    assert confirm(bruno, sent.check + 1, code) == NotAccepted()
    assert numbers() == [OLD]
    assert isinstance(confirm(bruno, sent.check, code), Corrected)
    assert confirm(bruno, sent.check, code) == NotAccepted()
    assert AddressChange.objects.count() == 1


def test_five_tries_end_it(bruno):
    sent = ask(bruno)
    code = code_sent()
    for _ in range(5):
        confirm(bruno, sent.check, "12345x")
    assert confirm(bruno, sent.check, code) == NotAccepted()


def test_a_code_of_another_contract_is_not_taken(bruno):
    other = world.contract(world.provider(cnpj="41222333000142"), "carla")
    sent = ask(bruno)
    assert confirm(other, sent.check, code_sent()) == NotAccepted()
    assert AddressCheck.objects.get().attempts == 0


def test_a_new_code_ends_the_one_before_and_four_in_a_quarter_are_enough(bruno):
    first = ask(bruno)
    old_code = code_sent()
    second = ask(bruno, at=AT + timedelta(minutes=1))
    assert confirm(bruno, first.check, old_code) == NotAccepted()
    ask(bruno, at=AT + timedelta(minutes=2))
    ask(bruno, at=AT + timedelta(minutes=3))
    assert ask(bruno, at=AT + timedelta(minutes=4)) == NotSent("too_often")
    assert isinstance(second, CodeSent)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted("phone", "85988887777"), "wrong_form"),
        (Wanted("phone", "5500988887777"), "wrong_form"),
        (Wanted("phone", ""), "wrong_form"),
        (Wanted("phone", OLD), "same"),
        (Wanted("phone", NEW, "5585000000000"), "unknown_old"),
        (Wanted("email", "a b@c"), "wrong_form"),
        (Wanted("email", "a@example.org"), "same"),
    ],
)
def test_what_is_no_new_address_gets_no_code(bruno, wanted, why):
    assert ask(bruno, wanted) == NotSent(why)
    assert not Message.objects.exists()


# -- sending ----------------------------------------------------------------------------------------------------


@pytest.fixture
def boleto(bruno):
    world.bill(bruno, "F1")
    invoice = Invoice.objects.get()
    return Charge.objects.create(
        provider_id=invoice.provider_id, invoice=invoice, kind="boleto", amount=99_90, due_date=invoice.due_date,
        linha_digitavel="75691434480151200000003500002011989100000009990", created_at=AT,
    )  # fmt: skip


def test_the_line_of_a_boleto_goes_by_the_chosen_way_once(bruno, boleto):
    sms = ways.ways_of(bruno)[0]
    order = Order(bruno, sms.key, "Agente", "k1")
    sent = send_now.boleto(order, charge=boleto.pk, at=AT)
    assert isinstance(sent, Sent) and sent.amount == 99_90
    assert send_now.boleto(order, charge=boleto.pk, at=LATER) == sent
    [(channel, address, text)] = texts("answer")
    assert (channel, address) == ("sms", OLD)
    assert text.endswith("\n\n75691434480151200000003500002011989100000009990") and "http" not in text
    assert "Religa Net Ltda, CNPJ 12.ABC.345/01DE-35" in text
    assert ProtocolNumber.objects.get().text == "answer by sms to …0001"


def test_what_could_not_be_written_is_not_said_to_be_sent(bruno, boleto, monkeypatch):
    monkeypatch.setattr(send_now, "boleto_text", lambda **more: 1 / 0)
    order = Order(bruno, "email", "Agente", "k1")
    assert send_now.boleto(order, charge=boleto.pk, at=AT) == send_now.NotSent("not_written")
    assert not Message.objects.exists() and not ProtocolNumber.objects.exists()


def test_nothing_goes_to_an_address_that_is_not_the_holders(bruno, boleto):
    other = world.contract(world.provider(cnpj="41222333000142"), "carla")
    foreign = SubscriberPhone.objects.create(
        subscriber=Contract.objects.get(pk=other).subscriber, position=1, number=NEW
    )
    for to in (f"sms-{foreign.pk}", f"sms-{10**30}", "", "fax"):
        order = Order(bruno, to, "Agente", "k")
        assert send_now.boleto(order, charge=boleto.pk, at=AT) == send_now.NotSent("unknown_address")
        assert send_now.code(order, at=AT) == send_now.NotSent("unknown_address")
    foreign_charge = Order(other, f"sms-{foreign.pk}", "Agente", "k")
    assert send_now.boleto(foreign_charge, charge=boleto.pk, at=AT) == send_now.NotSent("no_boleto")
    assert not Message.objects.exists()


def test_a_log_in_code_goes_by_sms_or_mail_and_is_not_in_what_the_agent_gets(bruno):
    sms = ways.ways_of(bruno)[0]
    sent = send_now.code(Order(bruno, sms.key, "Agente", "k1"), at=AT)
    assert isinstance(sent, Sent)
    assert [t[:2] for t in texts("code")] == [("sms", OLD)]
    assert code_sent() not in repr(sent) and code_sent() not in ProtocolNumber.objects.get().text
    for n in range(3):
        send_now.code(Order(bruno, sms.key, "Agente", f"more{n}"), at=AT + timedelta(seconds=n + 1))
    late = AT + timedelta(minutes=1)
    assert send_now.code(Order(bruno, "email", "Agente", "k5"), at=late) == send_now.NotSent("too_often")


def test_the_ticks_say_what_became_of_a_message(bruno, boleto):
    from religa.actions.messages import receipts, send
    from religa.ports.messages import OutgoingMessage, Receipt, ReceiptState, Sent

    class Mail:
        name = "email"

        def send(self, message: OutgoingMessage) -> Sent:
            return Sent("m-1")

    send_now.boleto(Order(bruno, "email", "Agente", "k1"), charge=boleto.pk, at=AT)
    [queued] = ways.sendings_of(bruno, at=AT)
    assert [e.state for e in queued.events] == ["queued"] and not queued.is_settled
    send.send_queued(channel_for=lambda name: Mail(), at=LATER)
    [sent] = ways.sendings_of(bruno, at=LATER)
    assert [(e.state, e.at) for e in sent.events] == [("queued", AT), ("sent", LATER)]
    bounced = Receipt("email", "m-1", ReceiptState.FAILED, LATER, "no such mailbox", permanent=True)
    assert receipts.learn([bounced], at=LATER) == 1
    [failed] = ways.sendings_of(bruno, at=LATER)
    assert failed.is_settled and failed.reached("failed").detail == "no such mailbox"
    assert ways.sendings_of(bruno, at=AT + timedelta(days=2)) == []
