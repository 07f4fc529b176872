"""What a walled subscriber reaches and what he does not, of both families; and that nobody else notices the wall."""

from __future__ import annotations

import pytest

from .lab import Client, Lab
from .network import PAY4, RESOLVER4, WEB4, WEB6


@pytest.fixture
def walled(lab: Lab) -> Client:
    """Bruno is in the wall."""
    bruno = lab.client(access="walled")
    assert bruno.dial()["list"] == "isp-blocked"
    return bruno


@pytest.fixture
def active(lab: Lab) -> Client:
    """Ana has paid."""
    ana = lab.client()
    assert ana.dial()["list"] == "isp-active"
    return ana


def test_who_is_not_walled_reaches_the_internet_on_both_families(lab: Lab, active: Client):
    assert lab.fetch(active, "http://internet.example/", "-4").body == f"internet {active.place.ipv4}"
    assert lab.fetch(active, f"http://[{WEB6}]/").body == f"internet {active.place.ipv6}"
    assert lab.fetch(active, f"https://{WEB4}/").status == 200
    assert (
        active.ask("udp", WEB4, 7777) == active.ask("udp", WEB6, 7777, active.place.ipv6_at_home) == "hello"
    )
    assert active.ask("dns", RESOLVER4, "whose.example") == RESOLVER4  # his own choice of a resolver


def test_without_a_session_nothing_passes(lab: Lab):
    assert lab.client().ask("udp", WEB4, 7777) == "timeout"


def test_names_are_answered_inside_the_wall_whichever_resolver_is_asked(lab: Lab, walled: Client):
    for asked in (RESOLVER4, "10.255.0.2", "192.0.2.99"):
        assert walled.ask("dns", asked, "whose.example") == "10.255.0.2"
    assert walled.ask("dns-tcp", RESOLVER4, "whose.example") == "10.255.0.2"
    assert walled.ask("dns", "2001:db8:dead::53", "whose.example", walled.place.ipv6_at_home) == "10.255.0.2"
    assert walled.ask("dns", RESOLVER4, "internet.example") in (WEB4,)
    assert walled.ask("dns", RESOLVER4, "use-application-dns.net") == "rcode 3"


@pytest.mark.parametrize("address", [WEB4, f"[{WEB6}]"])
def test_https_is_refused_at_once(lab: Lab, walled: Client, address: str):
    answer = lab.fetch(walled, f"https://{address}/")
    assert (answer.exit, answer.status) == (7, 0)
    assert answer.seconds < 0.5


def test_what_is_no_web_page_is_refused_at_once(walled: Client):
    assert walled.ask("tcp", WEB4, 7777) == "ECONNREFUSED"
    assert walled.ask("udp", WEB4, 7777) == "EHOSTUNREACH"  # ICMP: communication administratively prohibited
    assert walled.ask("udp", WEB6, 7777) == "EACCES"  # ICMPv6: the same
    assert (
        walled.ask("udp", WEB6, 7777, walled.place.ipv6_at_home) == "EACCES"
    )  # no leak by the delegated prefix
    assert "Packet filtered" in walled.run("ping", "-c1", "-W2", WEB4)
    assert "Administratively prohibited" in walled.run("ping", "-c1", "-W2", WEB6)


def test_the_payment_page_opens_once_its_name_was_asked_for(lab: Lab, walled: Client):
    assert lab.fetch(walled, f"https://{PAY4}/").exit == 7
    assert lab.fetch(walled, "https://pay.example/").body == f"internet {walled.place.ipv4}"
    assert walled.ask("tcp", PAY4, 7777) == "ECONNREFUSED"


def test_the_gateway_itself_is_closed_but_for_names_and_pages(walled: Client):
    for port in (22, 8000):
        assert walled.ask("tcp", "10.255.0.2", port) == "ECONNREFUSED"


VOICE = [
    ("udp", WEB4, 5060),
    ("udp", WEB6, 5060),
    ("udp", WEB4, 10500),
    ("udp", WEB4, 9999),
    ("tcp", WEB4, 5060),
]


def test_telephony_and_alarms_pass_for_the_voice_list_alone(lab: Lab, walled: Client):
    lab.nas.put(username=walled.username, name="isp-blocked-voice")
    assert {walled.ask(*asked) for asked in VOICE} == {"hello", "echo"}
    assert walled.ask("udp", WEB4, 7777) == "EHOSTUNREACH"
    assert lab.fetch(walled, f"https://{WEB4}/").exit == 7
    lab.nas.put(username=walled.username, name="isp-blocked")
    assert "hello" not in {walled.ask(*asked) for asked in VOICE}


def test_loading_the_rules_again_keeps_what_the_resolver_let_through(lab: Lab, walled: Client):
    lab.fetch(walled, "https://pay.example/")
    lab.network.wall(lab.home)
    assert lab.fetch(walled, f"https://{PAY4}/").status == 200


def test_nothing_leaks_while_the_gateway_is_away(lab: Lab, walled: Client, active: Client):
    with lab.network.gateway_cut_off():
        assert walled.ask("tcp", WEB4, 7777) == "EHOSTUNREACH"
        for source in (walled.place.ipv6, walled.place.ipv6_at_home):
            assert walled.ask("tcp", WEB6, 80, source) == "ENETUNREACH"
        assert lab.fetch(walled, f"https://{WEB4}/").seconds < 0.5
        assert active.ask("udp", WEB4, 7777) == "hello"
    assert lab.fetch(walled, f"http://{WEB4}/").status == 302
    assert lab.fetch(walled, f"http://[{WEB6}]/").status == 302
