"""Worlds that many tests begin with: played once by each worker, then put back row by row, which takes a tenth as long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from psycopg import sql

from religa.entrypoints.commands.demo.people import ZONE
from religa.records import raw

T = TypeVar("T")
_OLD = timedelta(minutes=5)
_FILLED_BY_MIGRATIONS = ["auth_permission", "django_content_type", "django_migrations"]
_TABLES = """
    SELECT n.nspname, c.relname,
           (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'radius_secret') AND c.relname <> ALL (%s)
     ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class _World:
    at: datetime
    inserts: sql.Composed
    found: Any


_worlds: dict[str, _World] = {}


def world(name: str, build: Callable[[datetime], T], now: datetime) -> T:
    """What `build(now)` answers (keys, not models), with the rows it writes: its own, or as they were kept up to five
    minutes ago on the same day. Nothing is kept where a test has written something before."""
    kept = _worlds.get(name)
    if kept and now - kept.at < _OLD and kept.at.astimezone(ZONE).date() == now.astimezone(ZONE).date():
        _put_back(kept)
        return kept.found
    clean = not _filled()
    found = build(now)
    if clean:
        _worlds[name] = _World(now, sql.SQL("; ").join(map(_insert, _filled())), found)
    return found


def _put_back(kept: _World) -> None:
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
    ):  # as they were: no trigger adds anything, no foreign key asks
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(kept.inserts)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _filled() -> list[tuple[str, str, list[str]]]:
    """Schema, name and columns of each table that has rows."""
    tables = raw.rows(_TABLES, [_FILLED_BY_MIGRATIONS])
    asked = " UNION ALL ".join(
        f"SELECT {n} WHERE EXISTS (SELECT FROM {schema}.{name})" for n, (schema, name, _) in enumerate(tables)
    )
    return [tables[n] for (n,) in raw.rows(asked)]


def _insert(table: tuple[str, str, list[str]]) -> sql.Composed:
    schema, name, columns = table
    place = sql.Identifier(schema, name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT json_agg(t)::text FROM {} t").format(place))
        [(rows,)] = cursor.fetchall()
    return sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, {2})").format(
        place, sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Literal(rows)
    )
