"""Temporary tables, one per file: everything is looked at together before anything is written.

`in_<kind>` holds the rows as they came, with their lines. They belong to the transaction and vanish with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from religa.actions.importing.columns import COLUMNS, Kind
from religa.actions.importing.problems import Problems
from religa.records import raw

_BLOCK = 500  # rows that are sent at once
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
STAGED = tuple(kind for kind in Kind if kind is not Kind.PROVIDER)


@dataclass(slots=True)
class Staged:
    """What one file brought: its name, which columns it has, how many rows, and how long it is."""

    name: str
    present: frozenset[str]
    rows: int = 0


@dataclass(slots=True)
class Run:
    """One import on its way: what every step needs to know. Rates are the policy's, in hundredths of a percent."""

    provider: int
    zone: str
    at: datetime
    fine_pct: int
    interest_pct_month: int
    complete: bool = False
    batch: int = 0
    files: dict[Kind, Staged] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    @property
    def author(self) -> str:
        """Who wrote it, in every table that keeps an author; adjustments are told apart by it."""
        return f"import {self.batch}"

    @property
    def parameters(self) -> dict[str, Any]:
        """For every statement: `%(at)s` and so on."""
        return {
            "provider": self.provider,
            "zone": self.zone,
            "at": self.at,
            "fine": self.fine_pct,
            "interest": self.interest_pct_month,
            "complete": self.complete,
            "batch": self.batch,
            "author": self.author,
        }

    def present(self, kind: Kind) -> frozenset[str]:
        return self.files[kind].present if kind in self.files else frozenset()

    def name(self, kind: Kind) -> str:
        return self.files[kind].name if kind in self.files else kind.value


def prepare_session() -> None:
    """For this transaction alone: room to join whole files."""
    _set("work_mem = '128MB'", "jit = off", "client_min_messages = warning", "default_statistics_target = 10")


def take_statistics() -> None:
    """Of the tables that this transaction has filled: the next step is not to be planned for empty ones."""
    raw.run("SELECT take_statistics()")


def _set(*settings: str) -> None:
    for setting in settings:
        raw.run(f"SET LOCAL {setting}")


def table(kind: Kind) -> str:
    return f"in_{kind.value}"


def create() -> None:
    """Empty tables for all kinds, so that every statement finds its table whatever was brought."""
    for kind in STAGED:
        columns = ", ".join(f"{c.key} {c.type}" for c in COLUMNS[kind])
        fresh(table(kind), f"(line integer NOT NULL, {columns})")
    fresh("in_spoilt", "(kind text NOT NULL, external_id text NOT NULL)")


def fresh(name: str, definition: str) -> None:
    raw.run(f"DROP TABLE IF EXISTS pg_temp.{name}")
    raw.run(f"CREATE TEMPORARY TABLE {name} {definition} ON COMMIT DROP")


def derive(name: str, query: str, parameters: Mapping[str, Any]) -> None:
    """A temporary table from a query, with statistics, so that what joins it is planned well."""
    raw.run(f"DROP TABLE IF EXISTS pg_temp.{name}")
    made = f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.ClientCursor(connection.connection) as cursor:
        cursor.execute(made, parameters)  # bound here: the server binds none in CREATE
    raw.run(f"ANALYZE {name}")


def fill(kind: Kind, rows: Iterable[raw.Row]) -> None:
    """Streams the rows of a file in; the database parses while the next rows are read."""
    columns = COLUMNS[kind]
    names = sql.SQL(", ").join(sql.Identifier(name) for name in ("line", *(c.key for c in columns)))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table(kind)), names)
    types = ("integer", *(c.type for c in columns))
    rows = iter(rows)
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        while block := list(islice(rows, _BLOCK)):
            copy.write(as_copied(block, types))


def as_copied(rows: Sequence[raw.Row], types: Sequence[str]) -> str:
    """Rows as COPY reads them, put into text column by column: psycopg looks at each value, and takes four times as
    long."""
    columns = [_as_text(values, of) for values, of in zip(zip(*rows, strict=True), types, strict=True)]
    return "\n".join(map("\t".join, zip(*columns, strict=True))) + "\n"


def _as_text(values: Sequence[Any], type: str) -> list[str]:
    if type.endswith("[]"):
        values = [None if value is None else raw.array(value) for value in values]
    if type.startswith("text") and _SPECIAL.search("".join(filter(None, values))):
        values = [None if value is None else value.translate(_ESCAPED) for value in values]
    return ["\\N" if value is None else str(value) for value in values]


def finish(kind: Kind, spoilt: Iterable[str]) -> None:
    """Notes which rows were refused, and takes statistics."""
    raw.insert("in_spoilt", ("kind", "external_id"), ((kind.value, name) for name in sorted(spoilt)))
    raw.run(f"ANALYZE {table(kind)}")
