"""Avisos neste aparelho: shown where there is a push channel, on by the browser's subscription, off by a plain form."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

import people
from religa import wiring
from religa.records import channels
from religa.records.models import MessageChannel, PushSubscription

from ..reading import text_of

pytestmark = pytest.mark.django_db
KEYS = {"p256dh": "B" + "A" * 86, "auth": "A" * 22}
OFFER = "Ligar os avisos neste aparelho"


def subscription(endpoint="https://fcm.googleapis.com/fcm/send/abc"):
    return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": KEYS})


@pytest.fixture
def key(provider, now):
    """The provider sends push messages; the key that its pages subscribe with."""
    row = MessageChannel.objects.create(
        provider=provider,
        name="Avisos",
        kind="web_push",
        medium="push",
        settings={"contact": "a@b.test"},
        since=now,
    )
    private = wiring.new_push_key()
    channels.keep_secret(channel_id=row.pk, name=channels.VAPID_KEY, clear=private, at=now, author="Helena")
    return wiring.public_push_key(private)


def on(client, text=""):
    return client.post("/aparelhos/avisos/", {"inscricao": text or subscription()})


def living():
    return PushSubscription.objects.filter(ended_at__isnull=True)


def test_without_a_push_channel_nothing_is_offered_and_nothing_kept(enter, maria):
    client = enter(maria)
    assert "Avisos neste aparelho" not in text_of(client.get("/aparelhos/"))
    on(client)
    assert not PushSubscription.objects.exists()


def test_notices_are_switched_on_and_off_without_a_script(enter, maria, key):
    client = enter(maria)
    page = client.get("/aparelhos/").content.decode()
    assert f'data-push="{key}"' in page and OFFER in page and "portal/push.js" in page
    assert on(client)["Location"] == "/aparelhos/"
    page = text_of(client.get("/aparelhos/"))
    assert "Os avisos estão ligados neste aparelho." in page and OFFER not in page
    client.post("/aparelhos/avisos/desligar/", {"aviso": living().get().pk})
    assert PushSubscription.objects.get().why == "switched_off"
    assert OFFER in text_of(client.get("/aparelhos/"))


def test_another_device_is_seen_and_switched_off_from_here(enter, maria, key):
    on(enter(maria))
    client = enter(maria)
    page = text_of(client.get("/aparelhos/"))
    assert "Avisos ligados em outros aparelhos: Outro aparelho" in page and OFFER in page
    client.post("/aparelhos/avisos/desligar/", {"aviso": living().get().pk})
    assert not living()


def test_what_leads_elsewhere_is_not_kept(enter, maria, key):
    client = enter(maria)
    for text in (
        "x",
        "{}",
        subscription("https://127.0.0.1/x"),
        subscription("https://evil.test/fcm.googleapis.com"),
    ):
        assert on(client, text).status_code == 302
    assert not PushSubscription.objects.exists()


def test_nobody_switches_off_what_is_somebody_elses(enter, maria, provider, key, now):
    on(enter(maria))
    hers = living().get().pk
    stranger = enter(people.blocked(provider, now, name="Outra Pessoa", number=1998))
    for odd in (hers, 10**30, -1, "x", "²", "\0"):
        assert stranger.post("/aparelhos/avisos/desligar/", {"aviso": odd}).status_code == 302
    assert living().get().pk == hers
    assert "outros aparelhos: " not in text_of(stranger.get("/aparelhos/"))


def test_a_device_that_signs_out_is_told_no_more(enter, maria, key):
    client = enter(maria)
    on(client)
    client.post("/sair/")
    assert not living() and PushSubscription.objects.get().why == "signed_out"


def test_both_forms_need_a_token_of_ours_and_a_visitor(enter, maria, key):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = enter(maria).cookies
    for path in ("/aparelhos/avisos/", "/aparelhos/avisos/desligar/"):
        assert strict.post(path, {"inscricao": subscription()}).status_code == 403
        assert Client().post(path, {"inscricao": subscription()})["Location"] == "/entrar/"
        assert enter(maria).get(path).status_code == 405
    assert not PushSubscription.objects.exists()


def test_a_session_cannot_switch_without_end(enter, maria, key, monkeypatch):
    from religa.entrypoints.portal import push

    monkeypatch.setattr(
        push, "SWITCHED_BY_SUBSCRIBER", push.Limit("portal_push_subscriber", 2, timedelta(hours=1))
    )
    client = enter(maria)
    for n in range(4):
        on(client, subscription(f"https://fcm.googleapis.com/{n}"))
    assert PushSubscription.objects.count() == 2 and living().count() == 1


def test_secrets_that_do_not_open_any_more_take_the_offer_and_not_the_page(enter, maria, key, settings):
    client = enter(maria)
    settings.SECRETS_KEYS = ["another key than the one they were sealed with"]
    page = client.get("/aparelhos/")
    assert page.status_code == 200 and OFFER not in text_of(page)
