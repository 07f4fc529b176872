"""WhatsApp: a fixed menu leads through the same actions as the portal."""

from __future__ import annotations

import re
from datetime import date

import pytest

from religa.actions.bot import identify
from religa.records.models import (
    Contract,
    Conversation,
    InboundMessage,
    Message,
    ProtocolNumber,
    Subscriber,
    SubscriberPhone,
    TrustUnlock,
)
from religa.records.throttle import Limit
from religa.wording import bot

from .. import world
from .conftest import DIGITS, world_subscriber
from .talk import Phone

pytestmark = pytest.mark.django_db
END = "até segunda-feira, 7 de dezembro, às 9 horas da manhã"


def another(provider, name, document, number, **more):
    """Somebody else's contract, not late."""
    person = Subscriber.objects.create(
        provider=provider, external_id=name, kind="person", document=document, name=name.title(), **more
    )
    SubscriberPhone.objects.create(subscriber=person, number=number)
    return Contract.objects.create(
        provider=provider, subscriber=person, external_id=name, since=date(2024, 1, 1)
    )


def test_from_the_first_word_to_an_unlock(phone, carla):
    first = phone.talk("quero desbloquear")
    assert re.search(r"^Olá! Aqui é o atendimento automático da Religa Net Ltda\. Protocolo: \d{14}\.", first)
    assert "4 últimos números do CPF ou CNPJ" in first and "bloqueada" not in first
    offer = phone.talk(DIGITS)
    assert END in offer and "1 Liberar agora" in offer
    assert not TrustUnlock.objects.exists()
    done = phone.talk("1")
    assert done.startswith(f"Pronto! Sua internet está liberada {END}.")
    granted = TrustUnlock.objects.get(contract_id=carla)
    told = ProtocolNumber.objects.get(contract_id=carla, subject="trust_unlock")
    assert (granted.channel, granted.kind) == ("whatsapp", "promise") and told.number in done
    assert world.row(carla)[:2] == ("full", "trusted")


def test_a_greeting_tells_how_things_stand_once_it_is_known_who_greets(phone, carla):
    phone.talk("Oi")
    said = phone.talk(f"é {DIGITS}")
    assert "Sua internet está bloqueada desde segunda-feira, 30 de novembro" in said
    assert "1 Liberar em confiança\n2 Pagar com Pix\n3 Já paguei\n4 Falar com uma pessoa" in said
    assert "novembro)" not in said and "R$" not in said, "a number alone hears no month and no amount"


def test_she_is_asked_who_she_is_once_on_a_day(phone):
    phone.talk("oi")
    phone.talk(DIGITS)
    phone.passes(hours=3)
    assert "bloqueada desde" in phone.talk("oi")
    phone.passes(hours=12)
    assert "4 últimos números" in phone.talk("oi")


def test_a_message_that_comes_twice_is_answered_once_and_unlocks_once(phone, carla):
    phone.talk("desbloquear")
    phone.talk(DIGITS)
    assert phone.talk("1", "wamid.X") and phone.talk("1", "wamid.X") == ""
    assert TrustUnlock.objects.filter(contract_id=carla).count() == 1
    assert InboundMessage.objects.filter(message_id="wamid.X").count() == 1


def test_a_no_names_every_reason_and_has_a_protocol_number(phone, carla):
    phone.talk("desbloquear")
    phone.talk(DIGITS)
    phone.talk("sim")
    said = phone.talk("desbloquear")
    told = ProtocolNumber.objects.filter(contract_id=carla).latest("id")
    assert "Hoje não podemos liberar em confiança, porque" in said
    assert "Será possível pedir de novo a partir de segunda-feira, 7 de dezembro" in said
    assert told.text == "refused: promise_open" and told.number in said


def test_no_means_no(phone):
    phone.talk("desbloquear")
    phone.talk(DIGITS)
    assert "nada foi feito" in phone.talk("não quero")
    assert not TrustUnlock.objects.exists()


def test_who_says_he_has_paid_is_offered_the_days_of_the_bank(phone, carla):
    phone.talk("já paguei")
    offer = phone.talk(DIGITS)
    assert "Ainda não vimos o pagamento" in offer and "1 Já paguei: liberar" in offer
    phone.talk("1")
    assert TrustUnlock.objects.get(contract_id=carla).kind == "paid_already"


def test_who_says_he_has_paid_and_owes_nothing_hears_so(provider):
    contract = another(provider, "ana", "52998224725", "5585988880001")
    phone = Phone("5585988880001", world.at("2026-12-01 14:00"))
    phone.talk("paguei")
    said = phone.talk("4725")
    assert "está funcionando e não há conta atrasada" in said
    assert not TrustUnlock.objects.filter(contract=contract).exists()


def test_a_person_is_called_and_reads_what_is_written_from_then_on(phone):
    phone.talk("oi, e o meu segredo")
    said = phone.talk("atendente")
    assert "uma pessoa vai responder" in said and "0800 000 0000 (24 horas)" in said
    assert "guardada" in phone.talk("a conta veio errada")
    kept = list(InboundMessage.objects.order_by("id").values_list("text", flat=True))
    assert kept == ["", "atendente", "a conta veio errada"]
    assert "4 últimos números" in phone.talk("menu"), "the menu goes on beside it"


def test_the_menu_is_silent_while_a_person_talks_and_wakes_if_he_forgets(phone):
    phone.talk("atendente")
    Conversation.objects.update(taken_at=phone.at, taken_by="Helena")
    assert phone.talk("a conta veio errada") == ""
    assert InboundMessage.objects.latest("id").text == "a conta veio errada"
    phone.passes(hours=5)
    assert "4 últimos números" in phone.talk("oi")
    assert not InboundMessage.objects.exclude(text="").exists()


def test_a_wrong_person_gets_nothing_more_and_is_nobody(phone, carla):
    Message.objects.create(
        provider_id=_provider(carla), kind="reminder", channel="sms",
        address="5585999990001", text="x", created_at=phone.at,
    )  # fmt: skip
    assert "desculpe o engano" in phone.talk("não sou essa pessoa")
    assert not Message.objects.filter(state="queued", kind="reminder").exists()
    said = phone.talk("desbloquear")
    assert "não está no nosso cadastro" in said and "0800 000 0000" in said
    assert phone.talk(DIGITS) == phone.talk("oi")


def test_a_number_that_was_verified_again_counts_again(phone, carla):
    phone.talk("não sou essa pessoa")
    phone.passes(days=1)
    SubscriberPhone.objects.update(verified_at=phone.at, wrong_at=None)  # as a corrected phone is kept
    assert "4 últimos números" in phone.talk("oi")


def test_reminders_can_be_stopped_and_started(phone):
    assert "não mandamos mais lembretes" in phone.talk("PARAR")
    assert Conversation.objects.get().stopped_at == phone.at
    phone.talk("voltar a receber")
    assert Conversation.objects.get().stopped_at is None


def test_an_unknown_number_hears_how_to_reach_us_and_nothing_else(provider, settings):
    settings.PORTAL_URL = "https://central.example.org"
    stranger = Phone("5585977770000", world.at("2026-12-01 14:00"))
    wanted = "Central do Assinante: central.example.org. Telefone: 0800 000 0000 (24 horas)."
    for text in ("desbloquear", DIGITS, "pix", "1", "atendente", ""):
        assert wanted in stranger.talk(text)
    assert not Conversation.objects.get().handed_over_at


def test_digits_are_guessed_five_times_an_hour(phone, carla):
    phone.talk("oi")
    for _ in range(5):
        assert "não conferem" in phone.talk("0000")
    assert "muitas tentativas" in phone.talk(DIGITS)
    phone.talk("oi")
    assert "muitas tentativas" in phone.talk(DIGITS)
    phone.passes(minutes=61)
    phone.talk("oi")
    assert "bloqueada desde" in phone.talk(DIGITS)


def test_a_document_is_guarded_whatever_number_guesses(phone, carla):
    second = "5585999990002"
    SubscriberPhone.objects.create(subscriber=world_subscriber(carla), number=second, position=2)
    for _ in range(5):
        identify.by_caller(provider_id=_provider(carla), number=second, digits="0000", at=phone.at)
    found = identify.by_caller(provider_id=_provider(carla), number=phone.number, digits=DIGITS, at=phone.at)
    assert found == identify.NotIdentified()


def test_right_digits_do_not_use_up_tries(phone, carla, monkeypatch):
    monkeypatch.setattr(
        identify, "GUESSED_BY_NUMBER", Limit("digits_number", 1, identify.GUESSED_BY_NUMBER.within)
    )
    for _ in range(3):
        found = identify.by_caller(
            provider_id=_provider(carla), number=phone.number, digits=DIGITS, at=phone.at
        )
        assert isinstance(found, identify.Identified)


def _provider(contract_id):
    return world_subscriber(contract_id).provider_id


def test_a_shared_number_is_told_apart_by_the_digits(phone, carla, provider):
    other = another(provider, "davi", "52998224725", phone.number)
    phone.talk("oi")
    assert "não há conta atrasada" in phone.talk("4725")
    assert Conversation.objects.get().contract_id == other.pk


def test_a_number_without_its_ninth_digit_is_the_same_phone(carla):
    phone = Phone("558599990001", world.at("2026-12-01 14:00"))
    phone.talk("oi")
    assert "bloqueada desde" in phone.talk(DIGITS)


def test_a_picture_gets_a_kind_answer(phone):
    phone.talk("oi")
    assert "não consigo ouvir áudio nem ver foto" in phone.talk("")


def test_of_several_contracts_the_one_that_needs_something_is_meant(phone, carla):
    Contract.objects.create(
        provider_id=_provider(carla),
        subscriber=world_subscriber(carla),
        external_id="C2",
        since=date(2024, 1, 1),
    )
    phone.talk("desbloquear")
    assert phone.talk(DIGITS).startswith("Contrato carla.")


def test_several_in_order_are_listed_four_at_most_and_all_can_be_reached(provider):
    first = another(provider, "ana", "52998224725", "5585988880001")
    for n in range(2, 8):
        Contract.objects.create(
            provider=provider, subscriber=first.subscriber, external_id=f"C{n}", since=date(2024, 1, 1)
        )
    phone = Phone("5585988880001", world.at("2026-12-01 14:00"))
    phone.talk("situação")
    seen, said = set(), phone.talk("4725")
    for _ in range(3):
        assert re.findall(r"^(\d) ", said, re.M)[-1] == "4"
        seen |= set(re.findall(r"Contrato (\w+):", said))
        said = phone.talk("4")
    assert seen == {"ana", "C2", "C3", "C4", "C5", "C6", "C7"}
    assert "está funcionando" in phone.talk("1")


@pytest.mark.parametrize(
    ("language", "word", "answer"), [("en", "unlock", "Done!"), ("es", "desbloqueo", "¡Listo!")]
)
def test_she_is_answered_in_her_own_language(phone, carla, language, word, answer):
    Subscriber.objects.update(language=language)
    phone.talk(word)
    phone.talk(DIGITS)
    assert phone.talk("1").startswith(answer)
    assert Message.objects.latest("id").language == language


def test_what_comes_a_day_late_is_not_acted_on(phone):
    from religa.actions.bot import inbound
    from religa.ports.messages import Inbound

    before = Message.objects.count()
    inbound.take([Inbound("whatsapp", phone.number, "oi", "w1", phone.at - 2 * world.DAY)], at=phone.at)
    assert Message.objects.count() == before


def test_whoever_writes_without_end_gets_no_more_answers(phone, monkeypatch):
    from religa.actions.bot import inbound

    monkeypatch.setattr(inbound, "SPOKEN", Limit("bot_messages", 2, inbound.SPOKEN.within))
    assert [bool(phone.talk("oi")) for _ in range(3)] == [True, True, False]


def test_one_message_that_fails_does_not_keep_the_others(phone, monkeypatch):
    from religa.actions.bot import inbound, talking
    from religa.ports.messages import Inbound

    real = talking.answer

    def fails(turn):
        if turn.message_id == "bad":
            raise RuntimeError("no")
        return real(turn)

    monkeypatch.setattr(talking, "answer", fails)
    messages = [Inbound("whatsapp", phone.number, "oi", name, phone.at) for name in ("bad", "good")]
    with pytest.raises(RuntimeError):
        inbound.take(messages, at=phone.at)
    assert set(InboundMessage.objects.values_list("message_id", flat=True)) == {"good"}


def test_every_text_is_short_and_in_three_languages():
    texts = [w for name, w in vars(bot).items() if name.isupper() and isinstance(w, bot.Words)]
    assert len(texts) > 30
    for words in texts:
        assert all(words) and max(map(len, words)) < 420
        assert not any("http" in text or "—" in text for text in words)
