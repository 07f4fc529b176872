"""One FreeRADIUS per test process, on a database and ports of its own. Without its packages the tests fail."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from religa.adapters.freeradius.server import Server
from religa.adapters.postgres import databases

from .town import Radius, Town

RADIUS_ROLE, PASSWORD = "religa_radius", "of-a-test"


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


@pytest.fixture(scope="session")
def town(postgres_server, database_template, django_db_blocker) -> Iterator[Town]:
    name = f"town_{os.getpid()}"
    server_url = postgres_server.url(database="postgres")
    databases.create(server_url=server_url, name=name, template=database_template)
    made = Town(postgres_server.url(database=name), django_db_blocker)
    made.nas("127.0.0.1")
    yield made
    made.close()
    databases.drop(server_url=server_url, name=name)


@pytest.fixture(scope="session")
def role_url(postgres_server, town: Town) -> str:
    """The town's database, as the role of FreeRADIUS."""
    return postgres_server.url(database=f"town_{os.getpid()}", user=RADIUS_ROLE, password=PASSWORD)


@pytest.fixture(scope="session")
def radius(role_url: str, tmp_path_factory) -> Iterator[Radius]:
    server = make_server(tmp_path_factory.mktemp("radius"), role_url)
    server.start()
    yield Radius(server)
    server.stop()


def make_server(folder: Path, database_url: str) -> Server:
    auth_port, acct_port = free_udp_ports(2)
    return Server(folder=folder, database_url=database_url, auth_port=auth_port, acct_port=acct_port)
