"""CPF or CNPJ, a code, in. Nothing tells whether a document is known; nothing can be tried for long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

import people
from religa.entrypoints.portal import log_in, visitor
from religa.records import locks, raw
from religa.records.models import LoginCode, Message

from ..reading import text_of
from .conftest import last_code

UNKNOWN = people.cpf(987_654)
pytestmark = pytest.mark.django_db


def ask(client, document, channel="sms"):
    client.post("/entrar/", {"documento": document})
    return client.post("/entrar/canal/", {"canal": channel})


def answer(client, code):
    return client.post("/entrar/codigo/", {"codigo": code})


@pytest.fixture
def later(monkeypatch):
    """`later(minutes=11)`: the database's clock has moved on."""

    def move(**by):
        seconds = timedelta(**by).total_seconds()
        monkeypatch.setattr(locks, "NOW", f"clock_timestamp() + interval '{seconds} seconds'")

    return move


def test_a_code_opens_the_door(client, maria):
    assert ask(client, maria.subscriber.document)["Location"] == "/entrar/codigo/"
    assert answer(client, last_code())["Location"] == "/"
    assert client.get("/")["Location"] == f"/contrato/{maria.pk}/"


def test_a_document_may_be_written_with_or_without_points(client, maria):
    digits = maria.subscriber.document
    dotted = f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"
    ask(client, f"  {dotted} ")
    assert answer(client, last_code())["Location"] == "/"


def test_only_a_digest_of_the_code_is_kept(client, maria):
    ask(client, maria.subscriber.document)
    kept = LoginCode.objects.get()
    assert len(bytes(kept.digest)) == 32
    assert last_code().encode() not in bytes(kept.digest)


def test_the_code_goes_where_the_subscriber_chose(client, maria):
    ask(client, maria.subscriber.document, "email")
    assert Message.objects.get(kind="code").address == "maria@example.org"
    ask(client, maria.subscriber.document, "sms")
    assert Message.objects.filter(kind="code").latest("id").channel == "sms"


def test_addresses_are_masked(client, maria):
    client.post("/entrar/", {"documento": maria.subscriber.document})
    page = client.get("/entrar/canal/").content.decode()
    assert "m•••••@example.org" in page
    assert "maria@" not in page and maria.subscriber.name not in page
    assert "5581999001001" not in page


def test_an_unknown_document_is_led_the_same_way(client, maria):
    for document in (maria.subscriber.document, UNKNOWN):
        first = client.post("/entrar/", {"documento": document})
        choice = client.get("/entrar/canal/")
        sent = client.post("/entrar/canal/", {"canal": "sms"})
        wrong = answer(client, "000000")
        assert (first.status_code, first["Location"]) == (302, "/entrar/canal/")
        assert choice.status_code == 200 and "Por SMS" in text_of(choice)
        assert (sent.status_code, sent["Location"]) == (302, "/entrar/codigo/")
        assert wrong.status_code == 422 and "Código errado ou vencido" in text_of(wrong)


def test_a_document_that_nobody_has_always_shows_the_same_choice(client, provider):
    client.post("/entrar/", {"documento": UNKNOWN})
    choices = {text_of(client.get("/entrar/canal/")) for _ in range(3)}
    assert len(choices) == 1


def test_nothing_is_sent_to_a_document_that_nobody_has(client, maria):
    before = Message.objects.count()
    ask(client, UNKNOWN)
    assert Message.objects.count() == before


def test_a_mistyped_document_is_explained(client, provider):
    page = client.post("/entrar/", {"documento": "123.456.789-00"})
    assert page.status_code == 422
    assert "algum algarismo está trocado" in text_of(page)
    assert "11 números" in text_of(client.post("/entrar/", {"documento": "123"}))


def test_a_code_is_used_once(client, maria):
    ask(client, maria.subscriber.document)
    code = last_code()
    answer(client, code)
    client.post("/sair/")
    client.post("/entrar/", {"documento": maria.subscriber.document})
    assert answer(client, code).status_code == 422


def test_a_code_is_over_after_ten_minutes(client, maria, later):
    ask(client, maria.subscriber.document)
    later(minutes=10, seconds=1)
    assert answer(client, last_code()).status_code == 422


def test_a_code_of_somebody_else_does_not_fit(client, maria, provider, now):
    other = people.blocked(provider, now, name="Outra Pessoa", number=1999)
    ask(client, other.subscriber.document)
    code = last_code()
    client.post("/entrar/", {"documento": maria.subscriber.document})
    assert answer(client, code).status_code == 422


def test_five_wrong_tries_end_a_code(client, maria):
    ask(client, maria.subscriber.document)
    code = last_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert answer(client, wrong).status_code == 422
    assert answer(client, code).status_code == 422


@pytest.mark.parametrize("known", [True, False])
def test_codes_per_document_are_limited_alike_for_known_and_unknown(client, maria, later, known):
    document = maria.subscriber.document if known else UNKNOWN
    statuses = [ask(client, document).status_code for _ in range(log_in.SENT_TO_DOCUMENT.most + 1)]
    assert statuses == [302] * log_in.SENT_TO_DOCUMENT.most + [429]
    later(minutes=16)
    assert ask(client, document).status_code == 302


@pytest.mark.parametrize("known", [True, False])
def test_tries_per_document_are_limited_alike_for_known_and_unknown(client, maria, known):
    client.post("/entrar/", {"documento": maria.subscriber.document if known else UNKNOWN})
    statuses = [answer(client, "000000").status_code for _ in range(log_in.TRIED_FOR_DOCUMENT.most + 1)]
    assert statuses == [422] * log_in.TRIED_FOR_DOCUMENT.most + [429]


def test_one_network_address_cannot_ask_for_many_documents(client, provider):
    most = log_in.ASKED_BY_ADDRESS.most
    documents = [people.cpf(500_000 + n) for n in range(most + 1)]
    statuses = [client.post("/entrar/", {"documento": d}).status_code for d in documents]
    assert statuses == [302] * most + [429]
    other = client.post("/entrar/", {"documento": documents[0]}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 302


def test_who_tries_is_kept_as_a_digest(client, maria):
    ask(client, maria.subscriber.document)
    kept = [bytes(who) for (who,) in raw.rows("SELECT who FROM throttle")]
    assert kept and all(len(who) == 32 for who in kept)
    assert not any(maria.subscriber.document.encode() in who for who in kept)


def test_a_key_that_was_planted_before_the_log_in_opens_nothing(client, maria):
    client.cookies[visitor.COOKIE] = planted = "x" * 43
    ask(client, maria.subscriber.document)
    steps = client.session.session_key
    answer(client, last_code())
    key = client.cookies[visitor.COOKIE].value
    assert key != planted and len(key) == 43
    assert not Session.objects.filter(session_key=steps).exists()  # nor is anything left of the way in
    client.cookies[visitor.COOKIE] = planted
    assert client.get("/")["Location"] == "/entrar/"


def test_the_session_ends_after_two_hours(client, maria, later):
    ask(client, maria.subscriber.document)
    answer(client, last_code())
    later(hours=2, seconds=1)
    assert client.get(f"/contrato/{maria.pk}/")["Location"] == "/entrar/"


def test_leaving_takes_a_post_and_leaves_nothing(client, maria):
    ask(client, maria.subscriber.document)
    answer(client, last_code())
    assert client.get("/sair/").status_code == 405
    client.post("/sair/")
    assert client.get("/")["Location"] == "/entrar/"


def test_the_steps_cannot_be_taken_out_of_order(client, provider):
    for path in ("/entrar/canal/", "/entrar/codigo/"):
        assert client.get(path)["Location"] == "/entrar/"
        assert client.post(path)["Location"] == "/entrar/"


def test_looking_at_the_steps_sends_nothing(client, maria, tables):
    client.post("/entrar/", {"documento": maria.subscriber.document})
    before = tables()
    for path in ("/entrar/", "/entrar/canal/", "/entrar/codigo/"):
        client.get(path)
    assert tables() == before


def test_forms_of_other_sites_are_refused(maria):
    from django.test import Client

    stranger = Client(enforce_csrf_checks=True)
    page = stranger.post("/entrar/", {"documento": maria.subscriber.document})
    assert page.status_code == 403
    assert "nada mudou" in text_of(page)
