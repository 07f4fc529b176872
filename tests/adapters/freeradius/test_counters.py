"""What cannot be used changes nothing, and is counted."""

from __future__ import annotations

import socket
import time

import pytest

from radius import Radius
from religa.adapters.freeradius import counters

from .town import Town

COUNTED = ("invalid", "malformed", "bad_authenticator", "unknown_types", "dropped")


def counts(radius: Radius) -> dict[str, int]:
    found = counters.read(radius.server.control)
    return {name: found.log_ins.get(name, 0) + found.accounting.get(name, 0) for name in COUNTED}


def send(radius: Radius, port: int, packet: bytes, source: str = "127.0.0.1") -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as wire:
        wire.bind((source, 0))
        wire.sendto(packet, ("127.0.0.1", port))


def rows(town: Town) -> list[tuple]:
    return town.sql("SELECT (SELECT count(*) FROM session_live), (SELECT count(*) FROM session_log)")


def packet(code: int, attributes: bytes, length: int | None = None) -> bytes:
    whole = 20 + len(attributes)
    return bytes([code, 7]) + (length or whole).to_bytes(2, "big") + b"an authenticator" + attributes


NAME = b"\x01\x05ana"


@pytest.mark.parametrize(
    ("what", "kind", "octets", "source"),
    [
        ("malformed", "auth", packet(1, NAME, length=4000), "127.0.0.1"),
        ("malformed", "acct", packet(4, b"\x01\x00"), "127.0.0.1"),
        ("bad_authenticator", "acct", packet(4, NAME + b"\x28\x06\x00\x00\x00\x01\x2c\x03x"), "127.0.0.1"),
        ("invalid", "auth", packet(1, NAME), "127.0.9.9"),
    ],
    ids=["too-short", "empty-attribute", "unsigned", "foreign"],
)
def test_it_is_counted_and_nothing_is_written(town: Town, radius: Radius, what, kind, octets, source):
    town.login()
    before, was = counts(radius), rows(town)
    port = radius.server.auth_port if kind == "auth" else radius.server.acct_port
    send(radius, port, octets, source)
    deadline = time.monotonic() + 5
    while (now := counts(radius)) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    risen = {name for name in COUNTED if now[name] > before[name]}
    assert risen, (what, before, now)
    assert rows(town) == was


def test_where_no_server_listens_it_says_so(tmp_path):
    with pytest.raises(OSError):
        counters.read(tmp_path / "control")
