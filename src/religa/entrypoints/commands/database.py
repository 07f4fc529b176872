"""Gives a command the database it works on: DATABASE_URL's, this installation's own, or a passing one."""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from religa import wiring
from religa.entrypoints.commands import home, preparation
from religa.records import setup

NAME = "religa"
RETENTION_URL = "RELIGA_RETENTION_URL"


class Server(Protocol):
    """What we need of an embedded server (`wiring.embedded_postgres`)."""

    folder: Path
    port: int

    def start(self) -> None: ...
    def is_running(self) -> bool: ...
    def stop(self) -> bool: ...
    def create_database(self, name: str) -> None: ...
    def url(self, *, database: str, user: str = ..., password: str | None = ...) -> str: ...


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Of one prepared database, for each role that logs in; `admin` is the server's own, for tests and journeys."""

    app: str
    radius: str
    network: str
    retention: str
    admin: str


@contextlib.contextmanager
def provided() -> Iterator[str]:
    """The database of this installation, by address: DATABASE_URL's, or the embedded server's.

    An embedded server that was not running stops again when the last command that uses it ends.
    """
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    server = wiring.embedded_postgres(folder=home.folder() / "postgres")
    with running(server) as addresses, _used(addresses.app), _said(RETENTION_URL, addresses.retention):
        yield addresses.app


@contextlib.contextmanager
def thrown_away() -> Iterator[Addresses]:
    """A fresh, prepared database on a server of its own; nothing of it remains."""
    with tempfile.TemporaryDirectory(prefix="religa-") as folder:
        Path(folder).chmod(0o711)
        server = wiring.embedded_postgres(folder=Path(folder) / "postgres", durable=False)
        with running(server) as addresses, _used(addresses.app):
            yield addresses


@contextlib.contextmanager
def running(server: Server, *, say: Callable[[str], None] = lambda line: None) -> Iterator[Addresses]:
    """`server` started, with a database of this version of Religa in it."""
    server.start()
    try:
        server.create_database(NAME)
        roles = (setup.APP, setup.RADIUS, setup.NETWORK, setup.RETENTION)
        passwords = {role: home.secret(role, server.folder) for role in roles}
        _prepare_once(server, passwords, say)
        app, radius, network, retention = (
            server.url(database=NAME, user=role, password=passwords[role]) for role in roles
        )
        yield Addresses(
            app=app, radius=radius, network=network, retention=retention, admin=server.url(database=NAME)
        )
    finally:
        server.stop()


def _prepare_once(server: Server, passwords: dict[str, str], say: Callable[[str], None]) -> None:
    with (server.folder / "prepared").open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.seek(0)
        wanted = preparation.fingerprint(passwords)
        if mark.read() == wanted:
            return
        preparation.prepare(admin_url=server.url(database=NAME), passwords=passwords, say=say)
        mark.truncate(0)
        mark.write(wanted)


def set_up_django() -> None:
    """Load settings and models. Needs no database yet."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "religa.project.settings")
    django.setup()


@contextlib.contextmanager
def _used(url: str) -> Iterator[None]:
    """This process, and those that it starts, work on the database at `url`."""
    with _said("DATABASE_URL", url):
        _point_django_at(url)
        try:
            yield
        finally:
            _close_connections()


@contextlib.contextmanager
def _said(setting: str, value: str) -> Iterator[None]:
    before = os.environ.get(setting)
    os.environ[setting] = value
    try:
        yield
    finally:
        os.environ.pop(setting)
        if before is not None:
            os.environ[setting] = before


def _point_django_at(url: str) -> None:
    set_up_django()
    from django.db import connection

    address = urlsplit(url)
    connection.close()
    connection.settings_dict.update(
        NAME=address.path[1:],
        USER=unquote(address.username or ""),
        PASSWORD=unquote(address.password or ""),
        HOST=address.hostname,
        PORT=address.port,
    )


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
