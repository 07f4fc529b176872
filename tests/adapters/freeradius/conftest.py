"""One FreeRADIUS per test process, on a database and ports of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from radius import ROLE, ROLE_PASSWORD, Radius, make_server
from religa.adapters.postgres import databases

from .sessions import Session
from .town import Town

WAITS = ("test_outages.py", "test_proxy.py", "test_survival.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker waits for silences, while the others work; all would wait together."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name in WAITS:
            item.add_marker(pytest.mark.xdist_group("silence"))


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
    return postgres_server.url(database=f"town_{os.getpid()}", user=ROLE, password=ROLE_PASSWORD)


@pytest.fixture(scope="session")
def radius(role_url: str, tmp_path_factory) -> Iterator[Radius]:
    server = make_server(tmp_path_factory.mktemp("radius"), role_url)
    server.start()
    yield Radius(server)
    server.stop()


@pytest.fixture
def session(town: Town, radius: Radius, request) -> Session:
    """A new log-in's, of the router at 127.0.0.1."""
    return Session(town, radius, town.login(), request.node.name)
