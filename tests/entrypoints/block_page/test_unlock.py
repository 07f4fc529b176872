"""Trust from the block page: the holder's digits or a code, one answer, a protocol number, and no guessing."""

from __future__ import annotations

import re

import pytest

from religa.actions import login_code
from religa.records import raw
from religa.records.models import ContractAccess, Message, ProtocolNumber, SubscriberPhone, TrustUnlock

from ..reading import text_of

pytestmark = pytest.mark.django_db
UNLOCK = "/bloqueio/liberar/"


@pytest.fixture
def ask(post, token):
    """`ask(digits)`: the form of the page as it stands, filled in and sent."""
    return lambda proof, **more: post(
        UNLOCK, ficha=more.pop("ficha", None) or token("liberar"), prova=proof, **more
    )


def row(contract) -> tuple[str, str]:
    return ContractAccess.objects.values_list("access", "status").get(contract=contract)


def digits(contract) -> str:
    return contract.subscriber.document[-4:]


def test_the_end_is_said_before_and_the_last_digits_open_until_then(get, ask, online, maria):
    online(maria)
    before = re.search(r"use a internet (até [^,]+, [^,]+, [^,.]+)", text_of(get("/bloqueio/")))[1]
    answer = ask(digits(maria))
    assert answer.status_code == 303 and not answer.cookies
    page = get(answer["Location"])
    [unlock] = TrustUnlock.objects.filter(contract=maria)
    protocol = ProtocolNumber.objects.get(contract=maria, subject="trust_unlock")
    assert row(maria) == ("full", "trusted") and unlock.channel == "block_page"
    text = text_of(page)
    assert before.capitalize() in text and f"Protocolo deste pedido: {protocol.number}" in text
    assert "A internet está voltando" in text and not page.cookies


def test_looking_at_the_answer_again_asks_nothing_again(get, ask, online, maria, tables):
    online(maria)
    place = ask(digits(maria))["Location"]
    before = tables()
    assert text_of(get(place)) == text_of(get(place)) and tables() == before


def test_the_same_form_twice_is_one_request(ask, token, online, maria):
    online(maria)
    ficha = token("liberar")
    assert ask(digits(maria), ficha=ficha)["Location"] == ask(digits(maria), ficha=ficha)["Location"]
    assert TrustUnlock.objects.count() == ProtocolNumber.objects.filter(subject="trust_unlock").count() == 1


@pytest.mark.parametrize("written", ["{0}", " {0} ", "{1}", "{2}"])
def test_the_digits_may_be_typed_as_people_type_them(ask, online, maria, written):
    document = maria.subscriber.document
    masked = f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    online(maria)
    assert ask(written.format(document[-4:], document, masked)).status_code == 303


@pytest.mark.parametrize(
    "wrong", ["", "0000", "12345678901", pytest.param("x" * 500, id="long"), "\0", "last three"]
)
def test_wrong_digits_are_all_answered_alike_and_do_nothing(ask, online, maria, tables, wrong):
    online(maria)
    wrong = digits(maria)[1:] if wrong == "last three" else wrong
    before = tables()
    answer = ask(wrong)
    assert answer.status_code == 422 and "Os dados não conferem" in text_of(answer)
    assert tables() == before and row(maria) == ("walled", "blocked")


def test_after_five_tries_only_the_portal_is_left_even_with_the_right_digits(ask, token, online, maria):
    online(maria)
    ficha = token("liberar")
    assert [ask("0000", ficha=ficha).status_code for _ in range(6)] == [422] * 5 + [429]
    answer = ask(digits(maria), ficha=ficha)
    assert answer.status_code == 429 and "só pode ser pedida na Central do Assinante" in text_of(answer)
    assert b'name="prova"' not in answer.content and row(maria)[0] == "walled"
    raw.run("UPDATE throttle SET since = since - interval '61 minutes'")
    assert ask(digits(maria), ficha=ficha).status_code == 303


def test_a_refusal_says_every_reason_the_next_date_and_what_to_pay(get, ask, online, locked):
    online(locked)
    page = get(ask(digits(locked))["Location"])
    text = text_of(page)
    assert "Hoje não podemos liberar em confiança" in text and row(locked) == ("walled", "locked")
    for reason in ("A liberação em confiança deste bloqueio já foi usada.", "A conta da última liberação ainda não foi paga.",
                   "Agora a internet só volta com o pagamento"):  # fmt: skip
        assert reason in text
    assert re.search(r"Pagando R\$ [\d,]+ por Pix, a internet volta na hora", text)
    told = ProtocolNumber.objects.filter(contract=locked, subject="trust_unlock").latest("id")
    assert f"Protocolo deste pedido: {told.number}" in text and told.text.startswith("refused")


def test_a_refusal_that_passes_says_from_when(get, ask, online, maria, policy):
    policy(trust_min_contract_days=2000)
    online(maria)
    text = text_of(get(ask(digits(maria))["Location"]))
    assert re.search(r"Você poderá pedir de novo a partir de \S+, \d+º? de \S+ de 20\d\d", text)


def test_the_answer_is_in_the_readers_language(get, post, token, online, locked):
    online(locked)
    place = post(f"{UNLOCK}?lang=es", ficha=token("liberar"), prova=digits(locked))["Location"]
    assert place.endswith("?lang=es")
    assert "La liberación por confianza de este corte ya fue usada." in text_of(get(place))


@pytest.mark.parametrize("values", [{"block_page_unlock": "off"}, {"trust_when": "off"}])
def test_where_it_is_not_offered_there_is_no_form(get, online, maria, policy, values):
    policy(**values)
    online(maria)
    assert b'name="prova"' not in get("/bloqueio/").content


def test_a_form_from_before_the_policy_changed_does_nothing(ask, token, online, maria, policy):
    online(maria)
    ficha = token("liberar")
    policy(block_page_unlock="off")
    assert ask(digits(maria), ficha=ficha).status_code == 403 and row(maria)[0] == "walled"


def test_how_many_digits_is_the_policys(get, ask, online, maria, policy):
    policy(block_page_digits=6)
    online(maria)
    assert "Os 6 últimos números do CPF do titular" in text_of(get("/bloqueio/"))
    assert ask(digits(maria)).status_code == 422
    assert ask(maria.subscriber.document[-6:]).status_code == 303


def test_a_cnpj_may_have_letters(get, ask, online, maria):
    person = maria.subscriber
    person.kind, person.document = "company", "12ABC34501DE35"
    person.save()
    online(maria)
    assert "Os 4 últimos caracteres do CNPJ do titular" in text_of(get("/bloqueio/"))
    assert ask("de35").status_code == 303


# -- by code ------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_code(policy, online, maria):
    policy(block_page_unlock="code")
    online(maria)
    return maria


def sent() -> list[str]:
    return [
        re.search(r"\d{6}", m.text)[0] for m in Message.objects.filter(template="unlock_code").order_by("id")
    ]


@pytest.fixture
def send_code(post, token):
    return lambda: post("/bloqueio/codigo/", ficha=token("codigo"))


def test_a_code_goes_to_the_registered_phone_of_which_only_the_end_is_shown(get, send_code, by_code):
    phone = SubscriberPhone.objects.get(subscriber=by_code.subscriber).number
    page = text_of(get("/bloqueio/"))
    assert f"com final {phone[-2:]}" in page and phone[-4:] not in page
    answer = send_code()
    assert answer.status_code == 303 and "chega em instantes" in text_of(get(answer["Location"]))
    message = Message.objects.get(template="unlock_code")
    assert (message.channel, message.address, message.kind) == ("sms", phone, "code")


def test_the_code_opens_once(ask, send_code, by_code):
    send_code()
    [code] = sent()
    assert ask("000000" if code != "000000" else "111111").status_code == 422
    assert ask(code).status_code == 303 and row(by_code) == ("full", "trusted")


def test_a_code_is_used_up(ask, send_code, by_code, decide):
    send_code()
    [code] = sent()
    ask(code)
    decide(by_code, "walled", status="blocked", why="debt")
    ficha = ask("x").content.decode()
    ficha = re.search(r'liberar/"><input type="hidden" name="ficha" value="([^"]+)"', ficha)
    assert ficha is None or ask(code, ficha=ficha[1]).status_code == 422


def test_digits_open_nothing_where_a_code_is_asked_for(ask, by_code):
    assert ask(digits(by_code)).status_code == 422


def test_the_two_kinds_of_codes_open_only_their_own_door(ask, send_code, by_code, now):
    person = by_code.subscriber
    send_code()
    assert isinstance(
        login_code.check(document=person.document, code=sent()[0], at=now), login_code.NotAccepted
    )
    login_code.send(document=person.document, at=now)
    portal = re.search(r"\d{6}", Message.objects.filter(kind="code").latest("id").text)[0]
    assert ask(portal).status_code == 422


def test_an_expired_code_opens_nothing(ask, send_code, by_code):
    send_code()
    raw.run("UPDATE login_code SET expires_at = created_at + interval '1 microsecond'")
    assert ask(sent()[0]).status_code == 422


def test_more_than_three_codes_in_an_hour_are_answered_alike_and_not_sent(get, send_code, by_code):
    answers = [send_code() for _ in range(5)]
    assert len(sent()) == 3
    assert len({(a.status_code, a["Location"]) for a in answers}) == 1


def test_without_a_phone_there_is_only_the_portal(get, by_code):
    SubscriberPhone.objects.all().delete()
    assert b'name="prova"' not in get("/bloqueio/").content
