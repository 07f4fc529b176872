"""The export from which a second FreeRADIUS answers while the database is away (deploy/freeradius-survival).

One SQLite file, `export.sqlite`, mode 0600: **the passwords of all subscribers and routers are in it**. It is written
under another name, forced to disk and renamed, so that a reader finds the old one or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

NAME = "export.sqlite"
_LEAST_SHARE = 0.5  # of the log-ins of the last export; fewer are more likely a fault than the truth
_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE export (made_at INTEGER NOT NULL, logins INTEGER NOT NULL);
    CREATE TABLE login (vendor TEXT, name TEXT, items TEXT NOT NULL, PRIMARY KEY (vendor, name)) WITHOUT ROWID;
    CREATE TABLE router (id INTEGER, first TEXT, last TEXT, bits INTEGER, items TEXT NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Export:
    """A whole export: when the database was read, and how many log-ins it holds."""

    path: Path
    made_at: datetime
    logins: int


class Unreadable(RuntimeError):
    """There is no export, or it is none."""


class Shrunk(RuntimeError):
    """The new export would hold far fewer log-ins than the last; that one was kept."""


def read(folder: Path) -> Export:
    """What the export in `folder` says of itself, or :class:`Unreadable`."""
    path = folder / NAME
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            (made_at, logins) = file.execute("SELECT made_at, logins FROM export").fetchone()
    except (sqlite3.Error, TypeError) as why:
        raise Unreadable(f"{path}: {why}") from why
    return Export(path=path, made_at=datetime.fromtimestamp(made_at, UTC), logins=logins)


def write(*, database_url: str, folder: Path, anyway: bool = False) -> Export:
    """Replaces the export in `folder`. `database_url` is that of the role `religa_survival`.

    `anyway`: also where it has shrunk to less than half.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder), _draft(folder) as draft:
        made = _fill(draft, database_url)
        if not anyway and (before := _logins_before(folder)) * _LEAST_SHARE > made.logins:
            raise Shrunk(f"{made.logins} log-ins where the last export has {before}")
        _put(draft, folder / NAME)
    return Export(path=folder / NAME, made_at=made.made_at, logins=made.logins)


def _logins_before(folder: Path) -> int:
    try:
        return read(folder).logins
    except Unreadable:
        return 0


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with open(os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """An empty file only we may read; whatever is left of it afterwards goes, also what a killed run left."""
    path = folder / f"{NAME}.draft"
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _put(draft: Path, place: Path) -> None:
    for path, rename in ((draft, True), (place.parent, False)):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if rename:
            os.replace(draft, place)


def _fill(path: Path, database_url: str) -> Export:
    """All of it from one instant of the database."""
    with (
        psycopg.connect(database_url) as database,
        contextlib.closing(sqlite3.connect(path)) as file,
    ):
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        file.executescript(_TABLES)
        routers = database.execute("SELECT * FROM radius.survival_routers()").fetchall()
        file.executemany("INSERT INTO router VALUES (?, ?, ?, ?, ?)", map(_router, routers))
        for vendor in {vendor for (_, _, vendor, _, _) in routers}:
            file.executemany("INSERT OR IGNORE INTO login VALUES (?, ?, ?)", _logins(database, vendor))
        [(made_at,)] = database.execute("SELECT now()")
        [(logins,)] = database.execute("SELECT radius.survival_count()")
        file.execute("INSERT INTO export VALUES (?, ?)", (int(made_at.timestamp()), logins))
        file.commit()
    return Export(path=path, made_at=made_at, logins=logins)


def _router(row: tuple[Any, ...]) -> tuple[int, str, str, int, str]:
    """A network as its first and its last address in hexadecimal: SQLite knows no addresses."""
    key, given, vendor, secret, signed = row
    network = ipaddress.ip_network(ipaddress.ip_interface(str(given)).network)
    kind = "FreeRADIUS-Client-IP-Address" if network.version == 4 else "FreeRADIUS-Client-IPv6-Address"
    items = [
        (kind, ""),  # whoever asks
        ("FreeRADIUS-Client-Secret", secret),
        ("FreeRADIUS-Client-Shortname", str(key)),
        ("FreeRADIUS-Client-NAS-Type", vendor),
        ("FreeRADIUS-Client-Require-MA", "yes" if signed else "no"),
    ]
    first, last = network.network_address.packed.hex(), network.broadcast_address.packed.hex()
    return key, first, last, network.prefixlen, json.dumps(items)


def _logins(database: psycopg.Connection[Any], vendor: str) -> Iterator[tuple[str, str, str]]:
    with database.cursor("logins") as cursor:
        cursor.itersize = 5000
        for name, items in cursor.execute(
            "SELECT name, items::text FROM radius.survival_logins(%s)", [vendor]
        ):
            for octets in _as_typed(name):
                yield vendor, octets, items


def _as_typed(name: str) -> Iterator[str]:
    """A name in hexadecimal, and once more in Latin-1 if that differs: some routers send it so."""
    yield name
    with contextlib.suppress(UnicodeEncodeError):
        latin = bytes.fromhex(name).decode().encode("latin-1").hex()
        if latin != name:
            yield latin
