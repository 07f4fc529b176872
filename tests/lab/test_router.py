"""The simulated router against FreeRADIUS and against CoA by hand: it has to be right before anybody is tested on it."""

from __future__ import annotations

import time

import pytest

from .coa import disconnect, of_session, send
from .lab import Client, Lab, eventually
from .network import WEB4, WEB6

OPEN, REFUSED = "hello", ("EHOSTUNREACH", "EACCES")


def reach(client: Client) -> tuple[str, str, str]:
    """IPv4, IPv6, and IPv6 from the delegated prefix."""
    return (client.ask("udp", WEB4, 7777), client.ask("udp", WEB6, 7777),
            client.ask("udp", WEB6, 7777, client.place.ipv6_at_home))  # fmt: skip


@pytest.fixture
def bruno(lab: Lab) -> Client:
    made = lab.client(access="walled")
    made.dial()
    return made


def test_the_router_tells_of_a_session_and_radius_writes_it_down(lab: Lab, bruno: Client):
    session = bruno.session()
    assert (session["list"], session["class"], session["timeout"]) == ("isp-blocked", "st=blocked", 1800)
    told = "contract_id, nas_id, host(nas_address), host(framed_ipv4), framed_ipv6_prefix::text, delegated_ipv6_prefix::text"
    expected = (bruno.contract, lab.nas_id, lab.network.bng_address, bruno.place.ipv4, bruno.place.prefix)
    assert bruno.live(told) == (*expected, bruno.place.delegated)
    assert bruno.live() == "walled"
    before = bruno.live("updated_at")
    assert lab.nas.interim(username=bruno.username) == 1
    assert bruno.live("updated_at") > before
    assert lab.nas.hang_up(username=bruno.username) == 1
    assert bruno.live() is None
    assert lab.sql("SELECT terminate_cause FROM session_log WHERE username = %s", bruno.username) == [
        ("User-Request",)
    ]


def test_a_wrong_password_is_refused(lab: Lab, bruno: Client):
    answer = lab.nas.dial(username=bruno.username, password="errada", addresses=["100.64.0.99", "", ""])
    assert answer == {"error": "refused"}


def test_coa_moves_a_session_out_of_the_wall_and_back_without_dropping_it(lab: Lab, bruno: Client):
    assert reach(bruno) == ("EHOSTUNREACH", "EACCES", "EACCES")
    session = of_session(bruno)
    assert send(lab, Mikrotik_Address_List="isp-active", Session_Timeout=86400, **session).ack
    assert reach(bruno) == (OPEN, OPEN, OPEN)
    assert (bruno.session()["id"], bruno.session()["timeout"]) == (session["Acct_Session_Id"], 86400)
    assert send(lab, Mikrotik_Address_List="isp-blocked", Session_Timeout=1800, **session).ack
    assert reach(bruno) == ("EHOSTUNREACH", "EACCES", "EACCES")
    assert bruno.session()["id"] == session["Acct_Session_Id"]


def test_trust_ends_by_itself_at_the_router(lab: Lab):
    """Only FreeRADIUS and PostgreSQL take part: nothing of Religa runs that could have done it."""
    carla = lab.client()
    carla.decide("full", seconds=2.4, then="walled")
    first = carla.dial()
    assert (first["list"], first["class"], first["timeout"]) == ("isp-active", first["class"], 3)
    assert first["class"].startswith("st=trust:")
    assert reach(carla) == (OPEN, OPEN, OPEN)
    started = time.monotonic()
    assert eventually(lambda: [s for s in lab.nas.sessions() if s["list"] == "isp-blocked"], seconds=10)
    assert time.monotonic() - started < 8
    assert reach(carla) == ("EHOSTUNREACH", "EACCES", "EACCES")
    assert carla.session()["id"] != first["id"]
    assert eventually(lambda: carla.live() == "walled")
    ended = lab.sql("SELECT terminate_cause FROM session_log WHERE username = %s", carla.username)
    assert ended == [("Session-Timeout",)]


def test_a_disconnected_session_dials_again_and_gets_the_answer_of_now(lab: Lab, bruno: Client):
    before = of_session(bruno)
    bruno.decide("full")
    assert disconnect(lab, **before).ack
    assert eventually(lambda: [s for s in lab.nas.sessions() if s["list"] == "isp-active"])
    assert bruno.session()["id"] != before["Acct_Session_Id"]
    assert reach(bruno) == (OPEN, OPEN, OPEN)


def test_a_session_that_is_not_there_is_said_to_be_so(lab: Lab, bruno: Client):
    unknown = {**of_session(bruno), "Acct_Session_Id": "ffffffff"}  # all that is sent has to fit
    for answer in (
        send(lab, Mikrotik_Address_List="isp-active", **unknown),
        disconnect(lab, User_Name="nobody"),
    ):
        assert (answer.ack, answer.error_cause) == (False, 503)
    assert bruno.session()["list"] == "isp-blocked"


def test_other_refusals_say_why(lab: Lab, bruno: Client):
    session = of_session(bruno)
    assert send(lab, Mikrotik_Address_List="isp-active").error_cause == 402
    assert send(lab, NAS_IP_Address="192.0.2.1", **session).error_cause == 403
    assert send(lab, Framed_Pool="other", **session).error_cause == 401


def test_a_wrong_secret_and_silence_look_the_same(lab: Lab, bruno: Client):
    session = of_session(bruno)
    assert send(lab, secret="another secret", Mikrotik_Address_List="isp-active", **session) is None
    lab.nas.behave(mode="silent")
    assert send(lab, Mikrotik_Address_List="isp-active", **session) is None
    lab.nas.behave(secret="another secret")
    assert send(lab, Mikrotik_Address_List="isp-active", **session) is None
    assert bruno.session()["list"] == "isp-blocked"


def test_a_router_may_do_half_of_it_and_say_no(lab: Lab, bruno: Client):
    lab.nas.behave(mode="half")
    answer = send(lab, Mikrotik_Address_List="isp-active", **of_session(bruno))
    assert (answer.ack, answer.error_cause) == (False, None)
    assert reach(bruno) == (OPEN, OPEN, OPEN)


def test_the_same_request_again_is_answered_and_done_once(lab: Lab, bruno: Client):
    assert disconnect(lab, times=3, **of_session(bruno)).ack
    assert [h["answer"] for h in lab.nas.heard()] == ["ack"]


def test_a_restarted_router_has_forgotten_everybody(lab: Lab, bruno: Client):
    session = of_session(bruno)
    lab.nas.restart()
    assert lab.nas.sessions() == []
    assert send(lab, Mikrotik_Address_List="isp-active", **session).error_cause == 503
    assert bruno.ask("udp", WEB4, 7777) == "timeout"
