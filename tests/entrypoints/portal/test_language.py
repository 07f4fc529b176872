"""Portuguese first; another language by a form alone, kept in the browser and for the subscriber."""

from __future__ import annotations

import re

import pytest

from religa.entrypoints.common import i18n
from religa.records.models import Subscriber

from ..reading import text_of

pytestmark = pytest.mark.django_db


def choose(client, language, back="/"):
    return client.post("/idioma/", {"idioma": language, "volta": back})


def test_the_browser_is_not_asked(client, provider):
    page = client.get("/entrar/", HTTP_ACCEPT_LANGUAGE="en-US,en;q=0.9")
    assert '<html lang="pt-br">' in page.content.decode() and "CPF ou CNPJ do titular" in text_of(page)


def test_a_visitor_who_is_not_known_yet_chooses_for_this_browser(client, provider):
    assert choose(client, "en", "/entrar/")["Location"] == "/entrar/"
    page = client.get("/entrar/")
    assert '<html lang="en">' in page.content.decode() and "CPF or CNPJ of the holder" in text_of(page)
    assert "Write your CPF or CNPJ." in text_of(client.post("/entrar/", {"documento": ""}))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Internet blocked", "Was my contract cancelled? No. It is still active.", "Fine", "Interest until today",
                "There is no fee for reconnecting.", "Bill for", "Open on trust", "Use the internet until")),
        ("es", ("Internet cortado", "¿Mi contrato fue cancelado? No. Sigue activo.", "Multa", "Intereses hasta hoy",
                "No hay cargo por reconexión.", "Cuenta de", "Liberar por confianza", "Use el internet hasta el")),
    ],
)  # fmt: skip
def test_the_main_page_is_said_in_each_language(enter, maria, language, said):
    client = enter(maria)
    choose(client, language)
    page = text_of(client.get(f"/contrato/{maria.pk}/"))
    assert [words for words in said if words not in page] == []
    assert not re.search(r"bloquead|atrasad|Vale mesmo|Próxim|contas", page)
    assert Subscriber.objects.get(pk=maria.subscriber_id).language == language


def test_another_browser_speaks_the_subscribers_language(enter, maria):
    Subscriber.objects.filter(pk=maria.subscriber_id).update(language="es")
    assert "Internet cortado" in text_of(enter(maria).get(f"/contrato/{maria.pk}/"))


@pytest.mark.parametrize("odd", ["", "de", "EN", "\0", "en\r\nSet-Cookie: a=b"])
def test_what_is_no_language_of_ours_chooses_nothing(enter, maria, odd):
    client = enter(maria)
    choose(client, odd)
    assert i18n.COOKIE not in client.cookies
    assert Subscriber.objects.get(pk=maria.subscriber_id).language == "pt-br"
    client.cookies[i18n.COOKIE] = "xx"
    assert "Internet bloqueada" in text_of(client.get(f"/contrato/{maria.pk}/"))


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "x", "", "\0"]
)
def test_a_choice_leads_to_no_other_site(client, provider, back):
    assert choose(client, "en", back)["Location"] == "/"
