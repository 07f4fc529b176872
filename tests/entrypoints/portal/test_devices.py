"""Where a subscriber is signed in: seen on a page, ended from any of his devices, gone at the next request."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

import people
from religa.actions import portal_sessions
from religa.entrypoints.portal import devices, visitor
from religa.records import locks, raw
from religa.records.models import PortalSession

from ..reading import text_of
from .conftest import last_code

pytestmark = pytest.mark.django_db
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A146M) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def another(contract, now, device="iphone") -> Client:
    """The same subscriber on another device."""
    browser = Client()
    browser.cookies[visitor.COOKIE] = portal_sessions.begin(
        subscriber_id=contract.subscriber_id, proof="code", device=device, stays=visitor.STAYS, at=now
    )
    return browser


def log_in(browser, contract, **more):
    browser.post("/entrar/", {"documento": contract.subscriber.document})
    browser.post("/entrar/canal/", {"canal": "sms"})
    return browser.post("/entrar/codigo/", {"codigo": last_code(), **more}, HTTP_USER_AGENT=ANDROID)


def test_each_device_is_listed_with_its_kind(enter, maria, now):
    another(maria, now)
    page = text_of(enter(maria).get("/aparelhos/"))
    assert "Celular ou tablet Android este aparelho" in page and "iPhone" in page
    assert re.search(r"Entrou n[ao] \w+", page)


def test_a_device_that_is_taken_away_is_out_at_its_next_request(enter, maria, now):
    lost = another(maria, now)
    assert lost.get(f"/contrato/{maria.pk}/").status_code == 200
    key = PortalSession.objects.latest("id").pk
    client = enter(maria)
    client.post("/aparelhos/tirar/", {"aparelho": key})
    assert lost.get(f"/contrato/{maria.pk}/")["Location"] == "/entrar/"
    assert client.get("/aparelhos/").status_code == 200


def test_all_others_are_taken_away_at_once(enter, maria, now):
    others = [another(maria, now) for _ in range(2)]
    client = enter(maria)
    client.post("/aparelhos/tirar-os-outros/")
    assert [one.get("/aparelhos/").status_code for one in others] == [302, 302]
    assert client.get("/aparelhos/").status_code == 200


def test_nobody_ends_a_session_of_somebody_else(enter, maria, provider, now):
    other = people.blocked(provider, now, name="Outra Pessoa", number=1998)
    hers = another(maria, now)
    key = PortalSession.objects.latest("id").pk
    client = enter(other)
    for odd in (key, 10**30, -1, "x", "²", "\0"):
        assert client.post("/aparelhos/tirar/", {"aparelho": odd}).status_code == 302
    client.post("/aparelhos/tirar-os-outros/")
    assert hers.get("/aparelhos/").status_code == 200


def test_leaving_ends_the_session_and_not_only_the_cookie(enter, maria):
    client = enter(maria)
    key = client.cookies[visitor.COOKIE].value
    client.post("/sair/")
    client.cookies[visitor.COOKIE] = key
    assert client.get("/")["Location"] == "/entrar/"


def test_a_device_is_remembered_only_where_that_was_asked(client, maria):
    log_in(client, maria)
    short = client.cookies[visitor.COOKIE]
    assert short["max-age"] == "" and short["httponly"] and short["samesite"] == "Lax"
    again = Client()
    log_in(again, maria, ficar="sim")
    assert again.cookies[visitor.COOKIE]["max-age"] == 30 * 24 * 3600
    stays = [s.ends_at - s.since for s in PortalSession.objects.order_by("id")]
    assert stays == [visitor.STAYS, timedelta(days=30)]


def test_only_the_kind_of_device_and_a_digest_are_kept(client, maria):
    log_in(client, maria)
    kept = PortalSession.objects.get()
    assert kept.device == "android" and len(bytes(kept.digest)) == 32
    [(whole,)] = raw.rows("SELECT portal_session::text FROM portal_session")
    assert "SM-A146M" not in whole and client.cookies[visitor.COOKIE].value not in whole


def test_a_visit_is_written_down_at_most_once_in_five_minutes(enter, maria, monkeypatch):
    client = enter(maria)
    first = PortalSession.objects.get().seen_at
    client.get("/aparelhos/")
    assert PortalSession.objects.get().seen_at == first
    monkeypatch.setattr(locks, "NOW", "clock_timestamp() + interval '6 minutes'")
    client.get("/aparelhos/")
    later = PortalSession.objects.get().seen_at
    client.get("/aparelhos/")
    assert PortalSession.objects.get().seen_at == later > first + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (ANDROID, "android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)", "iphone"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)", "ipad"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "mac"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "linux"),
        ("", "other"),
    ],
)
def test_a_device_is_known_by_its_kind(agent, kind):
    assert devices.kind_of(agent) == kind and devices.name_of(kind)
