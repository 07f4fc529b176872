"""Peers that take orders: the shipped fake, and FreeRADIUS as CoA server, which knows nothing of us."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import aside
from radius import SECRET, free_udp_ports
from religa.adapters.coa import Sender
from religa.adapters.fakes.router import FakeRouter, running
from religa.adapters.freeradius import programs
from religa.domain.pushing import Kind, Outcome
from religa.ports import Order

KNOWN = {"User-Name": "ana", "Acct-Session-Id": "80000001", "Framed-IP-Address": "100.64.1.2"}


def order(
    port: int, kind: Kind = Kind.COA, *, secret: str = SECRET, address: str = "127.0.0.1", **more: str
) -> Order:
    attributes = {**KNOWN, "Session-Timeout": "1800", **{k.replace("_", "-"): v for k, v in more.items()}}
    if kind is Kind.DISCONNECT:
        del attributes["Session-Timeout"]
    return Order(kind, address, port, secret, tuple(attributes.items()))


def send(*orders: Order, timeout: float = 0.2, tries: int = 2) -> list[Outcome]:
    """All of them at once; their outcomes in order."""

    async def all_of_them() -> list[Outcome]:
        sender = Sender(timeout=timeout, tries=tries)
        try:
            return list(await asyncio.gather(*(sender.send(one) for one in orders)))
        finally:
            await sender.close()

    return aside.run(all_of_them())


@pytest.fixture
def router() -> Iterator[FakeRouter]:
    with running(FakeRouter(SECRET, any_session=True)) as peer:
        yield peer


RADDB = """
prefix = /usr
libdir = /usr/lib/freeradius
run_dir = {folder}
logdir = {folder}
name = peer
log {{
    destination = stdout
}}
client us {{
    ipaddr = 127.0.0.1
    secret = "{secret}"
}}
modules {{
    always ok {{
        rcode = ok
    }}
    always reject {{
        rcode = reject
    }}
    always handled {{
        rcode = handled
    }}
}}
server peer {{
    listen {{
        type = coa
        ipaddr = 127.0.0.1
        port = {port}
        virtual_server = peer
    }}
    recv-coa {{
        if (&User-Name == "unknown") {{
            update reply {{
                &Error-Cause := 503
            }}
            reject
        }}
        elsif (&User-Name == "unable") {{
            update reply {{
                &Error-Cause := 401
            }}
            reject
        }}
        elsif (&User-Name == "unexplained") {{
            reject
        }}
        elsif (&User-Name == "ignored") {{
            update control {{
                &Response-Packet-Type := Do-Not-Respond
            }}
            handled
        }}
        else {{
            ok
        }}
    }}
    send-coa {{
        ok
    }}
}}
"""


@pytest.fixture(scope="session")
def freeradius(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a FreeRADIUS that answers by User-Name."""
    folder: Path = tmp_path_factory.mktemp("peer")
    (port,) = free_udp_ports(1)
    (folder / "radiusd.conf").write_text(RADDB.format(folder=folder, secret=SECRET, port=port))
    (folder / "dictionary").write_text("$INCLUDE /usr/share/freeradius/dictionary\n")
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [programs.find().server, "-d", str(folder), "-f", "-l", "stdout"], stdout=out, stderr=out
        )
    deadline = time.monotonic() + 15
    while "Ready to process requests" not in log.read_text():
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)
    yield port
    process.terminate()
    process.wait()
