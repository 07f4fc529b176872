"""What phones and computers ask: probes on any name, and the captive portal API of RFC 8908."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from religa.entrypoints.block_page import probes
from religa.entrypoints.block_page.sources import PROBES

from .conftest import FOREIGN, IPV6, PORTAL, PROXY

pytestmark = pytest.mark.django_db
BLOCK_PAGE = f"{PORTAL}/bloqueio/"

# As each maker's own servers answer.
ANSWERS = [
    ("connectivitycheck.gstatic.com", "/generate_204", 204, b""),
    ("www.google.com", "/gen_204", 204, b""),
    ("captive.apple.com", "/hotspot-detect.html", 200,
     b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n"),
    ("captive.apple.com", "/library/test/success.html", 200,
     b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n"),
    ("www.msftconnecttest.com", "/connecttest.txt", 200, b"Microsoft Connect Test"),
    ("www.msftncsi.com", "/ncsi.txt", 200, b"Microsoft NCSI"),
    ("detectportal.firefox.com", "/success.txt", 200, b"success\n"),
    ("detectportal.firefox.com", "/canonical.html", 200,
     b'<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'),
]  # fmt: skip


@pytest.fixture
def free(maria, online, decide):
    """Maria has paid and is out of the wall."""
    decide(maria, "full", status="current", why="nothing_late")
    return online(maria)


@pytest.mark.parametrize(("host", "path", "status", "body"), ANSWERS)
def test_an_open_network_is_answered_as_the_device_expects(get, free, host, path, status, body):
    answer = get(path, host=host)
    assert (answer.status_code, answer.content) == (status, body)
    assert answer["Cache-Control"] == "no-store, private" and not answer.cookies


@pytest.mark.parametrize("path", probes.PATHS)
@pytest.mark.parametrize("host", ["testserver", FOREIGN, ""])
def test_a_walled_device_is_led_to_the_block_page(get, maria, online, path, host):
    online(maria)
    answer = get(path, host=host)
    assert (answer.status_code, answer["Location"]) == (302, f"{BLOCK_PAGE}?de={probes.ORIGINS[path]}")
    assert answer["Cache-Control"] == "no-store, private"


def test_who_is_on_his_way_out_of_the_wall_is_still_led_there(get, maria, online, decide):
    decide(maria, "full", status="current", why="nothing_late")
    online(maria, applied="walled")
    assert get("/generate_204", host=FOREIGN).status_code == 302


def test_an_address_that_nobody_has_is_led_there_too(get, maria):
    assert get("/generate_204", host=FOREIGN)["Location"] == f"{BLOCK_PAGE}?de=android"


@pytest.mark.parametrize(
    "host", [FOREIGN, "203.0.113.10", "[2001:db8::1]:80", "x" * 300, "a b", "evil\\@testserver", "..", ":80"]
)
@pytest.mark.parametrize(
    "path", ["/", "/bloqueio/", "/console/", "/admin/login/", "/static/x", "/entrar/?next=//evil"]
)
def test_every_other_page_of_a_foreign_name_leads_to_the_block_page(get, free, host, path):
    answer = get(path, host=host)
    assert (answer.status_code, answer["Location"]) == (302, BLOCK_PAGE)
    assert host not in str(answer.serialize())


def test_what_is_posted_to_a_foreign_name_does_nothing(get, free, tables):
    before = tables()
    assert get("/entrar/", host=FOREIGN, method="post").status_code == 302
    assert tables() == before


def test_our_own_name_is_answered_as_ever(get, maria):
    assert get("/entrar/").status_code == 200
    assert get("/entrar/", host="TESTSERVER:80").status_code == 200


def test_without_the_wall_foreign_names_are_refused(settings, maria):
    settings.WALL_HOSTS = False
    assert Client().get("/generate_204", headers={"host": FOREIGN}).status_code == 400


def test_probes_of_one_home_are_limited(get, free, monkeypatch):
    monkeypatch.setattr(
        "religa.entrypoints.block_page.sources.PROBES", PROBES.__class__("block_probe", 2, PROBES.within)
    )
    assert [get("/gen_204", host=FOREIGN).status_code for _ in range(3)] == [204, 204, 429]
    assert get("/captive").status_code == 429


def captive(get, **request) -> dict:
    answer = get("/captive", **request)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/captive+json"
    assert answer["Cache-Control"] == "no-store, private"
    return json.loads(answer.content)


def test_the_api_says_who_is_captive(get, maria, online):
    online(maria)
    said = {"captive": True, "user-portal-url": BLOCK_PAGE, "can-extend-session": False}
    assert captive(get) == captive(get, address=IPV6) == said


def test_the_api_says_who_is_not(get, free):
    assert captive(get) == {"captive": False, "user-portal-url": BLOCK_PAGE, "can-extend-session": False}


def test_the_api_says_how_long_trust_lasts(get, maria, online, decide, now):
    decide(maria, "full", until=now + timedelta(seconds=3600), then="walled", status="trusted", why="trust")
    online(maria)
    said = captive(get)
    assert not said["captive"] and 3590 <= said["seconds-remaining"] <= 3600
    assert said["can-extend-session"] is True and said["venue-info-url"] == BLOCK_PAGE


@pytest.mark.parametrize(("status", "access"), [("blocked", "full"), ("late", "reduced")])
def test_a_window_to_pay_and_a_slow_line_are_open_for_a_while_too(
    get, maria, online, decide, now, status, access
):
    decide(maria, access, until=now + timedelta(seconds=900), then="walled", status=status)
    online(maria)
    said = captive(get)
    assert (said["captive"], said["can-extend-session"]) == (False, True)
    assert 890 <= said["seconds-remaining"] <= 900
    assert get("/generate_204", host=FOREIGN).status_code == 204


def test_an_end_that_changes_nothing_for_the_worse_is_no_end(get, maria, online, decide, now):
    decide(maria, "full", until=now + timedelta(seconds=3600), status="late", why="late_debt")
    online(maria)
    assert captive(get).keys() == {"captive", "user-portal-url", "can-extend-session"}


def test_who_is_not_known_is_not_called_captive(get, maria):
    assert captive(get)["captive"] is False


def test_without_a_portal_address_the_api_names_the_host_that_was_asked(client, maria, online, settings):
    settings.PORTAL_URL, settings.WALL_HOSTS = "", False
    online(maria)
    said = json.loads(Client().get("/captive", REMOTE_ADDR=PROXY).content)
    assert said["user-portal-url"] == "http://testserver/bloqueio/"
