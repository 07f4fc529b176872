"""Which text is taken, in which language and version, and that nobody stays untold because of a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from religa.actions import save_template
from religa.actions.messages import outbox, texts
from religa.actions.save_template import Draft, NotSaved, Saved
from religa.domain.message_kinds import ChannelKind, MessageKind
from religa.domain.template_check import Habits, Slot
from religa.domain.templates import Fault
from religa.records import raw, templates
from religa.records.models import Message, MessageTemplate, Subscriber, SubscriberPhone
from religa.records.templates import Version
from religa.wording import Language, Receipt, receipts
from religa.wording.messages import shipped

from .. import world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
PT, EN = Language.PT, Language.EN
VALUES = {"valor": "R$ 10,00", "situacao": "Tudo em dia.", "nome": "Ana", "hoje": "terça-feira"}


@pytest.fixture
def provider(db):
    return world.provider()


def keep(provider, body, *, kind="receipt", channel="any", language="pt-br", seen=0, subject="Assunto"):
    slot = Slot(MessageKind(kind), ChannelKind(channel), language)
    return save_template.save(Draft(slot, subject, body, seen), provider_id=provider.pk, by="Gestora", at=AT)


def written(provider, channel="email", language=PT, kind=MessageKind.RECEIPT, **values):
    return texts.write(kind, channel, language, VALUES | values, provider.pk)


def test_the_shipped_text_goes_until_the_provider_writes_his_own(provider):
    text = written(provider)
    assert text.body == "Religa Net Ltda: Recebemos R$ 10,00. Obrigado! Tudo em dia."
    assert (text.template, text.version) == (
        "receipt/any/pt-br", shipped()[Slot(MessageKind.RECEIPT, ChannelKind.ANY, "pt-br")].version
    )  # fmt: skip
    assert isinstance(keep(provider, "Chegou {valor}, {nome}."), Saved)
    text = written(provider)
    assert (text.subject, text.body, text.version) == ("Assunto", "Chegou R$ 10,00, Ana.", "1")
    assert written(provider, language=EN).body.startswith("Religa Net Ltda: We received"), (
        "another language is another text"
    )


def test_a_channels_own_text_goes_before_the_one_for_any(provider):
    keep(provider, "Geral {valor}")
    keep(provider, "Zap {valor}", channel="whatsapp")
    assert [written(provider, c).body for c in ("email", "whatsapp", "pombo")] == [
        "Geral R$ 10,00", "Zap R$ 10,00", "Geral R$ 10,00"
    ]  # fmt: skip
    assert written(provider, "push").template == "receipt/push/pt-br", (
        "the shipped push is shorter than any own text"
    )


def test_going_back_is_a_version_and_the_shipped_text_goes_again(provider):
    keep(provider, "Chegou {valor}")
    slot = Slot(MessageKind.RECEIPT, ChannelKind.ANY, "pt-br")
    assert save_template.restore(slot, seen=1, provider_id=provider.pk, by="Gestora", at=AT) == Saved(2)
    assert "Obrigado" in written(provider).body
    again = save_template.restore(slot, seen=2, provider_id=provider.pk, by="Gestora", at=AT)
    assert isinstance(again, NotSaved) and again.problems[0].fault is Fault.NOTHING_NEW
    assert keep(provider, "Chegou {valor}", seen=2) == Saved(3)


def test_saving_what_holds_already_makes_no_version(provider):
    ours = shipped()[Slot(MessageKind.RECEIPT, ChannelKind.ANY, "pt-br")]
    assert isinstance(keep(provider, ours.body, subject=ours.subject), NotSaved)
    keep(provider, "Chegou {valor}")
    assert isinstance(keep(provider, "Chegou {valor}\n", seen=1), NotSaved)
    assert MessageTemplate.objects.count() == 1


def test_who_writes_over_another_version_is_told_by_whom(provider):
    keep(provider, "Chegou {valor}")
    answer = keep(provider, "Veio {valor}", seen=0)
    assert isinstance(answer, NotSaved)
    assert (answer.problems[0].fault, answer.problems[0].detail) == (Fault.CHANGED_MEANWHILE, "Gestora")


def test_a_number_taken_in_between_is_a_refusal_and_no_crash(provider, monkeypatch):
    """Two authors who both saw nothing: the database lets one of them have number 1."""
    keep(provider, "Chegou {valor}")
    seen = iter([[]])
    monkeypatch.setattr(templates, "versions", lambda *_: next(seen, []))
    answer = keep(provider, "Veio {valor}", seen=0)
    assert isinstance(answer, NotSaved) and answer.problems[0].fault is Fault.CHANGED_MEANWHILE
    assert MessageTemplate.objects.get().body == "Chegou {valor}"


def test_a_text_without_its_values_is_passed_over(provider):
    """The engine may say less than a text asks for; then ours goes, and then the words as they are."""
    keep(provider, "{motivo}: {valor}", kind="restored")
    text = texts.write(
        MessageKind.RESTORED, "email", PT, VALUES | {"motivo": "Acordo."} | {"valor": ""}, provider.pk
    )
    assert text.version.startswith("shipped-") and text.body.startswith(
        "Religa Net Ltda: Acordo. Tudo em dia."
    )
    text = texts.write(
        MessageKind.RESTORED, "email", PT, {"texto": "Voltou.", "titulo": "Voltou"}, provider.pk
    )
    assert (text.subject, text.body, text.version) == ("Voltou", "Religa Net Ltda: Voltou.", texts.AS_SAID)
    with pytest.raises(texts.NothingToSay):
        texts.write(MessageKind.RESTORED, "email", PT, {}, provider.pk)


def test_a_text_that_can_no_longer_be_read_is_passed_over(provider, caplog):
    slot = Slot(MessageKind.RECEIPT, ChannelKind.ANY, "pt-br")
    templates.add(Version(provider.pk, slot, 1, True, "", "{um_campo_de_antes}", "Gestora", AT))
    assert "Obrigado" in written(provider).body
    assert "cannot be read" in caplog.text


def test_a_notice_is_portuguese_for_every_reader(provider):
    contract = world.contract(provider, "bruno")
    Subscriber.objects.update(language="en")
    world.bill(contract, "F1")
    world.play(world.BLOCKED)
    found = {m.kind: m for m in Message.objects.filter(contract_id=contract)}
    assert found["debt_notice"].language == "pt-br" and found["debt_notice"].text.startswith("Olá, Bruno.")
    assert found["block_warning"].language == "en" and found["block_warning"].text.startswith("Hello, Bruno.")
    assert "bill, due since 10/11/2026: R$\xa099.90" in found["block_warning"].text


def test_an_own_notice_is_what_is_sent_and_its_version_is_kept(provider):
    ours = shipped()[Slot(MessageKind.DEBT_NOTICE, ChannelKind.ANY, "pt-br")]
    body = ours.body.replace("Olá, {nome}.", "Prezado(a) {nome}:")
    assert isinstance(keep(provider, body, kind="debt_notice", subject="Aviso"), Saved)
    contract = world.contract(provider, "bruno")
    world.bill(contract, "F1")
    world.play(world.BLOCKED)
    message = Message.objects.get(contract_id=contract, kind="debt_notice")
    assert message.text.startswith("Prezado(a) Bruno:")
    assert (message.template, message.template_version, message.subject) == (
        "debt_notice/any/pt-br",
        "1",
        "Aviso",
    )


def test_words_that_come_ready_are_kept_as_they_are(provider):
    contract = world.contract(provider, "ana")
    outbox.tell(
        contract_id=contract, kind="locked", at=AT, say=lambda _: Receipt("Bloqueada", "Só com o pagamento.")
    )
    message = Message.objects.get()
    assert (message.subject, message.text) == ("Bloqueada", "Religa Net Ltda: Só com o pagamento.")
    assert (message.template, message.template_version) == ("locked/email/pt-br", texts.AS_SAID)


def test_a_company_is_called_by_its_whole_name(provider):
    contract = world.contract(provider, "padaria do zé ltda")
    Subscriber.objects.update(kind="company", document="11222333000181")
    keep(provider, "{nome}: {codigo}", kind="code")
    outbox.tell(contract_id=contract, kind="code", at=AT, say=lambda _: receipts.code("123456", minutes=10))
    assert Message.objects.get().text == "Padaria Do Zé Ltda: 123456"


def test_sms_loses_its_accents_unless_the_provider_keeps_them(provider):
    contract = world.contract(provider, "ana")
    Subscriber.objects.update(email="")
    SubscriberPhone.objects.create(subscriber=Subscriber.objects.get(), number="85999990000", position=1)

    def told():
        outbox.tell(
            contract_id=contract, kind="code", at=AT, say=lambda _: receipts.code("123456", minutes=10)
        )
        return Message.objects.latest("id")

    assert "123456 é o seu codigo" in told().text
    save_template.set_habits(Habits(sms_without_accents=False), provider_id=provider.pk, by="Gestora", at=AT)
    message = told()
    assert "é o seu código" in message.text and message.channel == "sms"
    assert message.subject == "Seu código de acesso", "by which lists of messages call it"


def test_a_batch_reads_people_and_texts_once_however_many_they_are(provider, monkeypatch):
    words = [
        outbox.Word(contract, "code", lambda _: receipts.code("123456", minutes=10))
        for contract in world.contracts(provider, 12)
    ]
    asked, rows = [], raw.rows
    monkeypatch.setattr(raw, "rows", lambda *query: (asked.append(query), rows(*query))[1])
    outbox.tell_all(words[:2], at=AT)
    outbox.tell_all(words, at=AT)
    assert (
        len(asked) == 2 * len(("people", "channels", "texts", "who sends", "numbers"))
        and Message.objects.count() == 14
    )


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"kind": "rumour"}, "message_template_kind_known"),
        ({"channel": "fax"}, "message_template_channel_known"),
        ({"language": "fr"}, "message_template_language_known"),
        ({"kind": "debt_notice", "language": "en"}, "message_template_notice_in_portuguese"),
        ({"body": ""}, "message_template_body_not_empty"),
        ({"author": ""}, "message_template_author_not_empty"),
        ({"number": 0}, "message_template_number_positive"),
    ],
)
def test_the_database_keeps_what_a_text_must_be(provider, change, constraint):
    row = {
        "kind": "receipt",
        "channel": "any",
        "language": "pt-br",
        "number": 1,
        "body": "x",
        "author": "Gestora",
    }
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageTemplate.objects.create(provider=provider, created_at=AT, **(row | change))
