"""Packets out of reason: answered and harmless, or not heard at all. A router that is not answered repeats for ever."""

import hashlib
import os
import socket
import struct

import pytest

from radius import SECRET, Radius
from religa.adapters.freeradius.client import Acknowledged, NoAnswer

from .sessions import Session
from .town import Town

MOST = 4294967295
COUNTS = """SELECT (SELECT count(*) FROM session_live), (SELECT count(*) FROM session_log),
                   (SELECT coalesce(sum(octets_in + octets_out), 0) FROM session_live)"""

# By number (RFC 2865, 2866, 3162, 4818, 2869) and as octets, so that the client does not mend them.
ODD = {
    "address of three octets": {"Attr-8": "0x640302"},
    "address of nine octets": {"Attr-8": "0x640000010000000000"},
    "address 0.0.0.0": {"Framed-IP-Address": "0.0.0.0"},
    "address 255.255.255.255": {"Framed-IP-Address": "255.255.255.255"},
    "IPv6 prefix of one octet": {"Attr-97": "0x00"},
    "IPv6 prefix longer than 128": {"Attr-97": "0x00ff20010db8"},
    "IPv6 prefix with more octets than its length": {"Attr-97": "0x000820010db8000000000000000000000001"},
    "IPv6 prefix of too many octets": {"Attr-97": "0x0080" + "20" * 20},
    "IPv6 prefix shorter than its length": {"Attr-97": "0x004020010d"},
    "delegated prefix of garbage": {"Attr-123": "0xdeadbeefdeadbeefdeadbeef"},
    "delegated ::/0": {"Delegated-IPv6-Prefix": "::/0"},
    "times of one octet": {"Attr-46": "0x01", "Attr-41": "0x01"},
    "times of eight octets": {"Attr-46": "0x0000000000000001", "Attr-41": "0xffffffffffffffff"},
    "counters of three octets": {"Attr-42": "0x010203", "Attr-52": "0x010203", "Attr-43": "0x01", "Attr-53": "0x01"},
    "everything at its most": {
        "Acct-Session-Time": MOST, "Acct-Delay-Time": MOST, "Acct-Input-Octets": MOST, "Acct-Input-Gigawords": MOST,
        "Acct-Output-Octets": MOST, "Acct-Output-Gigawords": MOST,
    },
    "Class of zeros": {"Class": "0x00000000"},
    "Class of all octets": {"Class": "0x" + bytes(range(256)).hex()[:480]},
    "Class with an end out of reason": {"Class": "0x" + b"st=trust:99999999999".hex()},
    "Class with an end beyond numbers": {"Class": "0x" + b"st=trust:999999999999999999999999".hex()},
    "Class with no end": {"Class": "0x" + b"st=trust:".hex()},
    "Class with SQL": {"Class": "0x" + b"st=active'; DROP TABLE session_live; --".hex()},
    "Filter-Id of octets": {"Attr-11": "0x00ff00ff"},
    "ports and stations of zeros": {"Attr-87": "0x00", "Attr-31": "0x0000", "Attr-30": "0x00"},
    "a cause that nobody knows": {"Acct-Terminate-Cause": 4000000000},
    "a cause of one octet": {"Attr-49": "0x01"},
}  # fmt: skip


@pytest.mark.parametrize("kind", ["Start", "Interim-Update", "Stop"])
@pytest.mark.parametrize("odd", ODD)
def test_odd_values_are_answered(town: Town, radius: Radius, odd: str, kind: str):
    session = Session(town, radius, town.login(), f"{odd} {kind}")
    session.tell(kind, **ODD[odd])
    if kind != "Stop":
        assert session.live("count(*), min(contract_id)") == (1, session.login.contract)
        session.tell("Stop", Acct_Session_Time=1)
    assert session.live() == (0,)
    assert session.logged("contract_id") == [(session.login.contract,)]


NAMELESS = {
    "no name": {"Acct-Session-Id": "nameless"},
    "no session": {"User-Name": "ana"},
    "neither": {},
}


@pytest.mark.parametrize("kind", ["Start", "Interim-Update", "Stop", "Failed", "Tunnel-Start", "Alive"])
@pytest.mark.parametrize("who", NAMELESS)
def test_packets_about_nobody_are_answered_and_change_nothing(
    town: Town, radius: Radius, who: str, kind: str
):
    before = town.sql(COUNTS)
    assert isinstance(radius.router().account({"Acct-Status-Type": kind, **NAMELESS[who]}), Acknowledged)
    assert town.sql(COUNTS) == before


@pytest.mark.parametrize(
    "name",
    ["0x00", "0x616e6100", "0xffffffff", "0x" + "61" * 253],
    ids=["zero", "zero at the end", "no text", "longest"],
)
def test_names_of_any_octets_are_answered(town: Town, radius: Radius, name: str):
    live = "SELECT count(*) FROM session_live"
    before = town.sql(live)
    for kind in ("Start", "Interim-Update", "Stop"):
        packet = {"Acct-Status-Type": kind, "Attr-1": name, "Attr-44": name}
        assert isinstance(radius.router().account(packet), Acknowledged)
    assert town.sql(live) == before


def test_a_packet_without_a_kind_changes_nothing(town: Town, radius: Radius):
    before = town.sql(COUNTS)
    radius.router(seconds=0.5).account({"User-Name": "ana", "Acct-Session-Id": "kindless"})
    assert town.sql(COUNTS) == before


@pytest.mark.parametrize("kind", [0, 9, 15, 200, MOST])
def test_kinds_that_nobody_knows_change_nothing(town: Town, radius: Radius, kind: int):
    before = town.sql(COUNTS)
    packet = {"Acct-Status-Type": kind, "User-Name": "ana", "Acct-Session-Id": "odd kind"}
    assert isinstance(radius.router().account(packet), Acknowledged)
    assert town.sql(COUNTS) == before


# Who may speak at all


def test_a_stranger_is_not_heard(town: Town, radius: Radius):
    before = town.sql(COUNTS)
    stranger = radius.router("127.0.2.200", seconds=0.5)
    packet = {"Acct-Status-Type": "Start", "User-Name": "ana", "Acct-Session-Id": "of a stranger"}
    assert isinstance(stranger.account(packet), NoAnswer)
    assert town.sql(COUNTS) == before


@pytest.mark.parametrize("kind", ["Start", "Stop", "Accounting-On", "Accounting-Off"])
def test_a_wrong_secret_is_not_heard(town: Town, radius: Radius, session: Session, kind: str):
    session.tell("Start")
    before = town.sql(COUNTS)
    liar = radius.router(secret="another secret", seconds=0.5)
    packet = {
        "Acct-Status-Type": kind,
        "User-Name": session.login.username,
        "Acct-Session-Id": session.number,
    }
    assert isinstance(liar.account(packet), NoAnswer)
    assert town.sql(COUNTS) == before


def packet(authenticator: bytes | None, attributes: bytes, *, identifier: int = 7) -> bytes:
    head = struct.pack("!BBH", 4, identifier, 20 + len(attributes))
    if authenticator is None:
        authenticator = hashlib.md5(head + bytes(16) + attributes + SECRET.encode()).digest()
    return head + authenticator + attributes


def attribute(number: int, value: bytes) -> bytes:
    return struct.pack("!BB", number, len(value) + 2) + value


ON = attribute(40, struct.pack("!I", 7))
RAW = {
    "unsigned": packet(bytes(16), ON),
    "signed at random": packet(os.urandom(16), ON),
    "cut short": packet(None, ON)[:21],
    "an attribute of no length": packet(None, ON + b"\x01\x00"),
    "an attribute longer than the packet": packet(None, ON + b"\x01\xff"),
    "nothing but zeros": bytes(64),
    "noise": os.urandom(200),
    "an attribute without a value": packet(None, ON + b"\x01\x02"),
}


@pytest.mark.parametrize("raw", [name for name in RAW if name != "an attribute without a value"])
def test_what_is_no_packet_of_ours_is_not_heard(town: Town, radius: Radius, session: Session, raw: str):
    session.tell("Start")
    before = town.sql(COUNTS)
    assert _send(radius, RAW[raw]) == b""
    assert town.sql(COUNTS) == before
    session.tell("Interim-Update", Acct_Session_Time=1)


def test_an_attribute_without_a_value_is_as_good_as_none(radius: Radius):
    assert _send(radius, RAW["an attribute without a value"])[:1] == b"\x05"


def _send(radius: Radius, packet: bytes) -> bytes:
    """The answer, or nothing."""
    with socket.socket(type=socket.SOCK_DGRAM) as router:
        router.bind(("127.0.0.1", 0))
        router.settimeout(0.5)
        router.sendto(packet, ("127.0.0.1", radius.server.acct_port))
        try:
            return router.recv(4096)
        except TimeoutError:
            return b""
