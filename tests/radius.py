"""A real FreeRADIUS on loopback ports of its own, and routers that ask it. Without its packages the tests fail."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from religa.adapters.freeradius.client import Client
from religa.adapters.freeradius.server import Server

ROLE, ROLE_PASSWORD = "religa_radius", "of-a-test"
SECRET = "a secret of the tests"


@dataclass(frozen=True, kw_only=True)
class Login:
    """A log-in of one contract, and its password."""

    username: str
    password: str
    contract: int
    record: int


@dataclass(frozen=True)
class Radius:
    """A running FreeRADIUS, and routers that ask it."""

    server: Server

    def router(self, source: str = "127.0.0.1", *, secret: str = SECRET, seconds: float = 3.0) -> Client:
        return Client(
            auth_port=self.server.auth_port,
            acct_port=self.server.acct_port,
            secret=secret,
            source=source,
            seconds=seconds,
        )

    def ask(self, login: Login, *, source: str = "127.0.0.1", **request: object):
        """The answer to this log-in with its right password."""
        return self.router(source).ask(username=login.username, password=login.password, **request)


def make_server(folder: Path, database_url: str, **more: Any) -> Server:
    auth_port, acct_port = free_udp_ports(2)
    return Server(folder=folder, database_url=database_url, auth_port=auth_port, acct_port=acct_port, **more)


def free_udp_ports(count: int) -> list[int]:
    """Ports that nobody has now; taken together, so that they differ."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    try:
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in sockets]
    finally:
        for probe in sockets:
            probe.close()
