"""Set-based SQL on Django's own connection, past the ORM: plain tuples out, whole tables of rows in.

The loader and the writer handle thousands of contracts at once; model instances would cost ten times as much. Each
function is one statement. Errors are Django's (`IntegrityError`, ...), see `records/errors.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

Row = tuple[Any, ...]
_PLAN_AFTER = 3  # times the same statement was sent
_PLANS = 500  # kept per connection; we have more than psycopg's 100
_FEW = 3  # rows


def _cursor() -> psycopg.Cursor[Row]:
    """A server-side binding cursor: Django's own one reads instants four times slower.

    Plans are kept per connection, since planning costs as much as running. A pooler that changes the server connection
    between transactions cannot have that: set `PREPARED_STATEMENTS = False` behind one.
    """
    connection.ensure_connection()
    if connection.connection.prepare_threshold is None and getattr(settings, "PREPARED_STATEMENTS", True):
        connection.connection.prepare_threshold = _PLAN_AFTER
        connection.connection.prepared_max = _PLANS
    return psycopg.Cursor(connection.connection)


def ids(keys: Iterable[int]) -> str:
    """Keys as the text of a `bigint[]`: ten times cheaper than a list, where there are thousands."""
    return "{" + ",".join(map(str, keys)) + "}"


def array(values: Iterable[Any]) -> str:
    """Values of any type as the text of an array, for the same reason."""
    values = list(values)
    quoted = ["NULL" if value is None else f'"{value}"' for value in values]
    text = ",".join(quoted)
    if "\\" in text or text.count('"') != 2 * (len(quoted) - quoted.count("NULL")):
        text = ",".join("NULL" if value is None else _quoted(str(value)) for value in values)
    return "{" + text + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def rows(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """All rows of a query. Instants come in UTC, jsonb as Python values."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(statement, parameters, binary=True).fetchall()


def run(statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> int:
    """Runs a statement without result; says how many rows it touched."""
    with connection.wrap_database_errors, _cursor() as cursor:
        return cursor.execute(statement, parameters).rowcount


def insert(table: str, columns: Sequence[str], new: Iterable[Row]) -> None:
    """Adds rows: by COPY, or a few by one INSERT, which goes to the server and back once and not three times. No
    statement if there are none."""
    new = list(new)
    if not new:
        return
    if len(new) <= _FEW:
        with connection.wrap_database_errors, _cursor() as cursor:
            cursor.execute(_insert(table, tuple(columns), len(new)), [value for row in new for value in row])
        return
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(*table.split(".")), names)
    with connection.wrap_database_errors, _cursor() as cursor, cursor.copy(statement) as copy:
        for row in new:
            copy.write_row(row)


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], count: int) -> sql.Composed:
    row = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(*table.split(".")),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([row] * count),
    )


def update(table: str, columns: Mapping[str, str], changed: Sequence[Row], *, key: str = "id") -> int:
    """Sets columns of many rows at once. `columns`: name to type, in the order of each row after its key.

    A column that gets the same value in every row is sent as one value, not as a list.
    """
    if not changed:
        return 0
    keys, *values = zip(*changed, strict=True)
    same = tuple(of.count(of[0]) == len(of) for of in values)
    given = {name: of[0] if one else array(of) for name, of, one in zip(columns, values, same, strict=True)}
    with connection.wrap_database_errors, _cursor() as cursor:
        statement = _update(table, key, tuple(columns.items()), same)
        return cursor.execute(statement, {**given, key: ids(keys)}).rowcount


@lru_cache(maxsize=256)
def _update(table: str, key: str, columns: tuple[tuple[str, str], ...], same: tuple[bool, ...]) -> str:
    sets = [
        f"{c} = %({c})s::{t}" if one else f"{c} = v.{c}" for (c, t), one in zip(columns, same, strict=True)
    ]
    lists = [(key, "bigint"), *(column for column, one in zip(columns, same, strict=True) if not one)]
    names, given = ", ".join(c for c, _ in lists), ", ".join(f"%({c})s::{t}[]" for c, t in lists)
    return f"UPDATE {table} SET {', '.join(sets)} FROM unnest({given}) AS v({names}) WHERE {table}.{key} = v.{key}"


def numbers(wanted: Mapping[str, int]) -> dict[str, list[int]]:
    """New keys from sequences, all in one statement: sequence name to how many."""
    wanted = {name: count for name, count in wanted.items() if count}
    found: dict[str, list[int]] = {name: [] for name in wanted}
    if wanted:
        query = "SELECT s, nextval(s::regclass) FROM unnest(%s::text[], %s::int[]) AS w(s, n), generate_series(1, n)"
        for name, number in rows(query, [list(wanted), list(wanted.values())]):
            found[name].append(number)
    return found
