"""A passkey opens the door without document and code, for who made it, from our page, once for each challenge."""

from __future__ import annotations

import pytest
from django.test import Client

import people
from religa.records.models import PortalPasskey, PortalSession

from .authenticator import Authenticator

pytestmark = pytest.mark.django_db
WAY_IN = "/entrar/chave/"


@pytest.fixture(autouse=True)
def a_host_that_is_ours(settings):
    settings.ALLOWED_HOSTS = ["testserver"]


def make(client, device: Authenticator):
    options = client.post("/aparelhos/chave/opcoes/").json()
    return client.post("/aparelhos/chave/", {"resposta": device.create(options)})


def come_in(device: Authenticator, **changed):
    """A fresh browser and its answer."""
    browser = Client()
    options = browser.post(f"{WAY_IN}opcoes/").json()
    return browser, browser.post(WAY_IN, {"resposta": device.get({**options, **changed})})


@pytest.fixture
def device(enter, maria):
    made = Authenticator()
    make(enter(maria), made)
    return made


def test_a_passkey_is_made_and_opens_the_door(device, maria):
    browser, answer = come_in(device)
    assert answer["Location"] == "/"
    assert browser.get("/")["Location"] == f"/contrato/{maria.pk}/"
    kept = PortalPasskey.objects.get()
    assert kept.uses == 1 and kept.used_at is not None
    assert PortalSession.objects.latest("id").proof == "passkey"


def test_what_is_asked_of_a_device_names_nobody(device, client):
    options = client.post(f"{WAY_IN}opcoes/").json()
    assert options.get("allowCredentials", []) == [] and options["userVerification"] == "required"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://testserver.evil.example"},
        {"verifies": False},
        {"credential": b"of nobody"},
        {"uses": -1},  # it counts backwards: a copy was used meanwhile
    ],
)
def test_an_answer_that_does_not_hold_opens_nothing(device, wrong):
    for _ in range(2):
        come_in(device)
    for name, value in wrong.items():
        setattr(device, name, value)
    browser, answer = come_in(device)
    assert answer["Location"] == "/entrar/" and browser.get("/")["Location"] == "/entrar/"


def test_another_key_opens_nothing(device):
    _, answer = come_in(Authenticator(credential=device.credential))
    assert answer["Location"] == "/entrar/"


def test_a_challenge_is_good_once_and_in_its_own_browser(device):
    browser = Client()
    said = device.get(browser.post(f"{WAY_IN}opcoes/").json())
    other = Client()
    other.post(f"{WAY_IN}opcoes/")
    assert other.post(WAY_IN, {"resposta": said})["Location"] == "/entrar/"
    assert browser.post(WAY_IN, {"resposta": said})["Location"] == "/"
    assert browser.post(WAY_IN, {"resposta": said})["Location"] == "/entrar/"


@pytest.mark.parametrize("odd", ["", "{}", "[]", "null", "\0", "x" * 30_000, '{"id": 1}', '{"response": []}'])
def test_odd_answers_open_and_keep_nothing(enter, maria, odd):
    browser = Client()
    browser.post(f"{WAY_IN}opcoes/")
    assert browser.post(WAY_IN, {"resposta": odd})["Location"] == "/entrar/"
    client = enter(maria)
    client.post("/aparelhos/chave/opcoes/")
    assert client.post("/aparelhos/chave/", {"resposta": odd})["Location"] == "/aparelhos/"
    assert not PortalPasskey.objects.exists()


def test_a_passkey_of_another_page_is_not_kept(enter, maria):
    make(enter(maria), Authenticator(origin="https://evil.example"))
    make(enter(maria), Authenticator(verifies=False))
    assert not PortalPasskey.objects.exists()


def test_a_passkey_is_taken_away_by_its_owner_alone(device, enter, provider, now, maria):
    key = PortalPasskey.objects.get().pk
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    enter(other).post("/aparelhos/chave/apagar/", {"chave": key})
    assert PortalPasskey.objects.exists()
    enter(maria).post("/aparelhos/chave/apagar/", {"chave": key})
    assert come_in(device)[1]["Location"] == "/entrar/"
