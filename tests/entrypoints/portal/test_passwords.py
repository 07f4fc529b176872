"""A password in place of the code: one's own wish, no weaker than the code, and no way to find out who is a customer."""

from __future__ import annotations

import pytest
from django.test import Client

import people
from religa.actions import portal_password
from religa.entrypoints.portal import log_in
from religa.records.models import PortalPassword, PortalSession

from ..reading import text_of
from .conftest import last_code

pytestmark = pytest.mark.django_db
SECRET = "três cavalos azuis"
UNKNOWN = people.cpf(987_654)


@pytest.fixture
def chosen(enter, maria):
    """Maria has a password."""
    assert enter(maria).post("/aparelhos/senha/", {"senha": SECRET})["Location"] == "/aparelhos/?senha=set"
    return maria


def come_in(document, password):
    browser = Client()
    browser.post("/entrar/", {"documento": document})
    return browser, browser.post("/entrar/senha/", {"senha": password})


def test_a_password_opens_the_door(chosen):
    browser, answer = come_in(chosen.subscriber.document, SECRET)
    assert answer["Location"] == "/" and browser.get("/").status_code == 302
    assert PortalSession.objects.latest("id").proof == "password"
    assert SECRET not in PortalPassword.objects.get().hash


@pytest.mark.parametrize("password", ["", "três cavalos", SECRET + " ", SECRET.upper(), "\0"])
def test_a_wrong_password_opens_nothing(chosen, password):
    browser, answer = come_in(chosen.subscriber.document, password)
    assert answer.status_code == 422 and browser.get("/")["Location"] == "/entrar/"


def test_nothing_tells_who_has_a_password_or_is_a_customer(chosen, provider, now):
    other = people.subscriber(provider, "Ana Rocha", 1002)
    pages = [text_of(come_in(d, "x" * 12)[1]) for d in (chosen.subscriber.document, other.document, UNKNOWN)]
    assert pages[0] == pages[1] == pages[2]
    assert "não há senha para este CPF ou CNPJ" in pages[0]


def test_a_hash_is_computed_for_nobody_as_for_somebody(chosen, monkeypatch):
    seen = []
    real = portal_password.check_password
    monkeypatch.setattr(portal_password, "check_password", lambda p, kept: seen.append(kept) or real(p, kept))
    for document in (chosen.subscriber.document, UNKNOWN):
        assert not isinstance(
            portal_password.check(document=document, password="x"), portal_password.LoggedIn
        )
    assert len(seen) == 2 and all(kept.split("$")[0] == seen[0].split("$")[0] for kept in seen)


@pytest.mark.parametrize(
    ("password", "why"),
    [("curta", "curta demais"), ("x" * 129, "longa demais"), ("1234567890", "adivinhar"), ("password123", "adivinhar"),
     ("99817263544", "adivinhar")],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(enter, maria, password, why):
    page = enter(maria).post("/aparelhos/senha/", {"senha": password})
    assert page.status_code == 422 and why in text_of(page)
    assert not PortalPassword.objects.exists()


def test_wrong_tries_in_a_row_leave_only_the_code(chosen, client, monkeypatch):
    monkeypatch.setattr(
        log_in, "TRIED_FOR_DOCUMENT", log_in.Limit("test", 99, log_in.TRIED_FOR_DOCUMENT.within)
    )
    document = chosen.subscriber.document
    for _ in range(10):
        come_in(document, "x" * 12)
    assert come_in(document, SECRET)[1].status_code == 422
    client.cookies.clear()
    client.post("/entrar/", {"documento": document})
    client.post("/entrar/canal/", {"canal": "sms"})
    assert client.post("/entrar/codigo/", {"codigo": last_code()})["Location"] == "/"
    assert come_in(document, SECRET)[1]["Location"] == "/"  # the code has made it good again


def test_codes_and_passwords_share_their_tries(chosen, monkeypatch):
    monkeypatch.setattr(
        log_in, "TRIED_FOR_DOCUMENT", log_in.Limit("test", 2, log_in.TRIED_FOR_DOCUMENT.within)
    )
    browser, _ = come_in(chosen.subscriber.document, "x" * 12)
    assert browser.post("/entrar/codigo/", {"codigo": "000000"}).status_code == 422
    assert browser.post("/entrar/senha/", {"senha": SECRET}).status_code == 429


def test_a_new_password_signs_the_other_devices_out(chosen, enter):
    elsewhere, _ = come_in(chosen.subscriber.document, SECRET)
    enter(chosen).post("/aparelhos/senha/", {"senha": "outra frase comprida"})
    assert elsewhere.get("/")["Location"] == "/entrar/"
    assert come_in(chosen.subscriber.document, SECRET)[1].status_code == 422


def test_a_password_that_was_deleted_opens_nothing(chosen, enter):
    client = enter(chosen)
    client.post("/aparelhos/senha/apagar/")
    assert come_in(chosen.subscriber.document, SECRET)[1].status_code == 422
    assert "Criar senha" in text_of(client.get("/aparelhos/"))


def test_the_password_page_needs_a_document_first(client, provider):
    assert client.get("/entrar/senha/")["Location"] == "/entrar/"
    assert client.post("/entrar/senha/", {"senha": SECRET})["Location"] == "/entrar/"
