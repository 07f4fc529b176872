"""The lab is built once for each run, by root alone; each test has it to itself."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from radius import ROLE, ROLE_PASSWORD
from religa.adapters.postgres import databases

from .lab import Lab, missing
from .network import Network


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker builds one lab."""
    for item in items:
        if "built_lab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("lab"))


@pytest.fixture(scope="session")
def built_lab(
    postgres_server, database_template, django_db_blocker, tmp_path_factory, require
) -> Iterator[Lab]:
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    packages = missing()
    require(not packages, "part of the lab", " ".join(packages))
    name = f"lab_{os.getpid()}"
    server_url = postgres_server.url(database="postgres")
    databases.create(server_url=server_url, name=name, template=database_template)
    made = Lab(
        network=Network(),
        home=tmp_path_factory.mktemp("lab"),
        database_url=postgres_server.url(database=name),
        app_url=postgres_server.url(database=name, user="religa_app", password=ROLE_PASSWORD),
        radius_url=postgres_server.url(database=name, user=ROLE, password=ROLE_PASSWORD),
        network_url=postgres_server.url(database=name, user="religa_network", password=ROLE_PASSWORD),
    )
    try:
        made.start()
        with pointed_at(made, django_db_blocker):
            import people

            made.prepare(people.provider(made.now))
        yield made
    finally:
        made.stop()
        databases.drop(server_url=server_url, name=name)


@pytest.fixture
def lab(built_lab: Lab, django_db_blocker) -> Iterator[Lab]:
    """The lab, and Django on its database: what is done here is committed, and seen by FreeRADIUS and the pages."""
    with pointed_at(built_lab, django_db_blocker):
        yield built_lab
        built_lab.leave()


class pointed_at:
    """Django's connection on the lab's database, for a while."""

    def __init__(self, lab: Lab, blocker) -> None:
        self._url, self._blocker = lab.database_url, blocker

    def __enter__(self) -> None:
        from django.db import connection
        from psycopg.conninfo import conninfo_to_dict

        self._before = dict(connection.settings_dict)
        parts = conninfo_to_dict(self._url)
        connection.close()
        connection.settings_dict.update(NAME=parts["dbname"], USER=parts["user"], PASSWORD=parts.get("password", ""),
                                        HOST=parts["host"], PORT=str(parts["port"]))  # fmt: skip
        self._open = self._blocker.unblock()
        self._open.__enter__()

    def __exit__(self, *fault: object) -> None:
        from django.db import connection

        connection.close()
        connection.settings_dict.update(self._before)
        self._open.__exit__(None, None, None)
