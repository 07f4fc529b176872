"""From behind the BNG, through the shipped gateway and the shipped nginx, to the running pages: who is walled is led to the
block page, and the pages know him by his inside address."""

from __future__ import annotations

import json

import pytest

from .coa import of_session, send
from .lab import PORTAL, Client, Lab
from .network import WEB4, WEB6

PROBES = [
    ("http://connectivitycheck.gstatic.com/generate_204", WEB4),
    ("http://captive.apple.com/hotspot-detect.html", WEB4),
    ("http://www.msftconnecttest.com/connecttest.txt", f"[{WEB6}]"),
]


@pytest.fixture
def bruno(lab: Lab) -> Client:
    """Bruno is in the wall."""
    made = lab.client(access="walled")
    made.dial()
    return made


def captive(lab: Lab, client: Client, *options: str) -> dict:
    answer = lab.fetch(client, f"{PORTAL}/captive", *options)
    assert answer.type == "application/captive+json"
    return json.loads(answer.body)


@pytest.mark.parametrize("address", [WEB4, f"[{WEB6}]"])
def test_any_page_leads_to_the_block_page(lab: Lab, bruno: Client, address: str):
    answer = lab.fetch(bruno, f"http://{address}/some/page?of=somebody")
    assert (answer.status, answer.location) == (302, f"{PORTAL}/bloqueio/")
    assert answer.seconds < 5  # at once, and by no time-out
    page = lab.fetch(bruno, f"http://{address}/", "-L")
    assert page.status == 200 and "Acesso à internet restrito" in page.body


@pytest.mark.parametrize(("probe", "address"), PROBES)
def test_devices_find_out_that_they_are_walled(lab: Lab, bruno: Client, probe: str, address: str):
    host, _, path = probe.removeprefix("http://").partition("/")
    answer = lab.fetch(bruno, f"http://{address}/{path}", "-H", f"Host: {host}")
    assert answer.status == 302 and answer.location.startswith(f"{PORTAL}/bloqueio/?de=")


def test_the_portal_opens_inside_the_wall_on_both_families(lab: Lab, bruno: Client):
    assert "CPF ou CNPJ" in lab.fetch(bruno, f"{PORTAL}/entrar/", "-4").body
    assert "CPF ou CNPJ" in lab.fetch(bruno, f"{PORTAL}/entrar/", "-6").body
    assert lab.fetch(bruno, f"{PORTAL}/static/religa/base.css").status == 200


def test_the_portal_knows_the_subscriber_by_either_prefix(lab: Lab, bruno: Client):
    for source in (bruno.place.ipv4, bruno.place.ipv6, bruno.place.ipv6_at_home):
        assert captive(lab, bruno, "--interface", source)["captive"] is True, source


def test_translating_for_what_is_outside_leaves_the_way_to_the_portal_alone(lab: Lab, bruno: Client):
    lab.network.wall(lab.home, translate4="{ 100.64.0.0/10 }")
    try:
        assert lab.fetch(bruno, "https://pay.example/").body == "internet 10.255.3.1"
        assert captive(lab, bruno, "-4")["captive"] is True
    finally:
        lab.network.wall(lab.home)


def test_who_is_back_is_told_so_in_the_order_in_which_it_happens(lab: Lab, bruno: Client):
    block_page = f"{PORTAL}/bloqueio/"
    bruno.decide("full")
    assert "está voltando" in lab.fetch(bruno, block_page).body
    assert captive(lab, bruno)["captive"] is True
    assert send(lab, Mikrotik_Address_List="isp-active", Session_Timeout=86400, **of_session(bruno)).ack
    lab.sql("UPDATE session_live SET applied_state = 'full' WHERE username = %s", bruno.username)
    assert "está funcionando" in lab.fetch(bruno, block_page).body
    assert captive(lab, bruno) == {
        "captive": False,
        "user-portal-url": block_page,
        "can-extend-session": False,
    }
    assert lab.fetch(bruno, f"http://{WEB4}/").body == f"internet {bruno.place.ipv4}"


def test_trust_is_not_captive_and_says_how_long(lab: Lab):
    carla = lab.client()
    carla.decide("full", seconds=3600, then="walled")
    carla.dial()
    said = captive(lab, carla)
    assert said["captive"] is False and 3500 < said["seconds-remaining"] <= 3600


def test_who_was_really_blocked_by_the_rules_stands_before_the_wall(lab: Lab):
    """Maria of tests/people.py: late, given notice, blocked by the sweeper, as the facts have it."""
    import people

    contract = people.blocked(lab.provider, lab.now, number=lab.number())
    people.play(lab.now)
    maria = lab.client(contract)
    assert maria.dial()["list"] == "isp-blocked"
    assert "Acesso à internet restrito" in lab.fetch(maria, f"http://{WEB4}/", "-L").body


def test_nobody_speaks_for_others_through_the_gateway(lab: Lab, bruno: Client):
    ana = lab.client()
    ana.dial()
    forged = lab.fetch(bruno, f"{PORTAL}/captive", "-H", f"X-Forwarded-For: {ana.place.ipv4}")
    assert json.loads(forged.body)["captive"] is True


def test_while_religa_is_away_the_gateway_answers_by_itself(lab: Lab, bruno: Client):
    with lab.pages_away():
        answer = lab.fetch(bruno, f"http://{WEB4}/")
    assert answer.status == 503 and "restrito" in answer.body and answer.seconds < 4
