"""What may not be kept any longer goes: connection records (Marco Civil art. 13), orders to routers, who read them.

Runs as `religa_retention`, the only role that deletes. All take a psycopg connection in autocommit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import Connection, sql

# The law asks for 12 months; a month of the log goes whole, so that its oldest records are 13 months old then.
SESSIONS_FOR = ORDERS_FOR = "13 months"
READERS_FOR = "5 years"
# What platforms of messages post holds numbers and what people wrote; what it proves is evidence by then.
CALLBACKS_FOR = "30 days"
CHECKS_FOR = "1 month"
VISITS_FOR = "6 months"  # Marco Civil art. 15: access to an application
INBOUND_FOR = "6 months"  # longer than any channel repeats a message
_BATCH = 5_000
# A partition goes under a lock on the whole log, for which accounting would have to wait in line behind us.
_PATIENCE = "2s"


@dataclass(frozen=True, slots=True)
class Aged:
    """Rows of one table that are too old, told by the column `at`."""

    table: str
    at: str
    kept_for: str

    @property
    def identifiers(self) -> dict[str, sql.Composable]:
        return {"table": sql.Identifier(self.table), "at": sql.Identifier(self.at)}


AGED = (
    Aged("session_log_default", "stopped_at", SESSIONS_FOR),  # what found no month of its own
    Aged("coa_log", "at", ORDERS_FOR),
    Aged("session_read", "at", READERS_FOR),
    Aged("message_event_raw", "received_at", CALLBACKS_FOR),
    Aged("message_event_result", "at", SESSIONS_FOR),
    Aged("message_receipt", "known_at", SESSIONS_FOR),
    Aged("address_check", "created_at", CHECKS_FOR),  # addresses that may never have been anybody's
    Aged("data_export", "at", READERS_FOR),
    Aged("portal_session", "ends_at", VISITS_FOR),
    Aged("push_subscription", "ended_at", VISITS_FOR),
    Aged("inbound_message", "at", INBOUND_FOR),
)


@dataclass(frozen=True, slots=True)
class Old:
    """What is too old: months of the session log, and rows by table."""

    months: tuple[date, ...]
    rows: dict[str, int]

    def __bool__(self) -> bool:
        return bool(self.months) or any(self.rows.values())


def look(connection: Connection[Any], *, at: datetime) -> Old:
    """What `purge` would take at this instant."""
    return Old(_months(connection, at), {aged.table: _count(connection, aged, at) for aged in AGED})


def purge(connection: Connection[Any], *, at: datetime) -> Old:
    """Takes it: months one by one, rows in batches, each a transaction of its own; the rest waits for the next time."""
    connection.execute(sql.SQL("SET lock_timeout = {}").format(_PATIENCE))
    months = _months(connection, at)
    for month in months:
        connection.execute("SELECT drop_session_partition(%s, %s)", (month, at))
    return Old(months, {aged.table: sum(_batches(connection, aged, at)) for aged in AGED})


def database_now(connection: Connection[Any]) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    return row[0]  # type: ignore[no-any-return]


def _months(connection: Connection[Any], at: datetime) -> tuple[date, ...]:
    return tuple(month for (month,) in connection.execute("SELECT old_session_partitions(%s)", (at,)))


# `least`: a clock of ours that is ahead must not take what is still to be kept.
_OLD = "{at} < least(%(at)s, now()) - %(kept_for)s::interval"


def _count(connection: Connection[Any], aged: Aged, at: datetime) -> int:
    query = sql.SQL("SELECT count(*) FROM {table} WHERE " + _OLD).format(**aged.identifiers)
    row = connection.execute(query, {"at": at, "kept_for": aged.kept_for}).fetchone()
    return int(row[0]) if row else 0


def _batches(connection: Connection[Any], aged: Aged, at: datetime) -> Iterator[int]:
    statement = sql.SQL(
        "DELETE FROM {table} WHERE id = ANY (ARRAY(SELECT id FROM {table} WHERE "
        + _OLD
        + " ORDER BY {at} LIMIT %(batch)s))"
    ).format(**aged.identifiers)
    values = {"at": at, "kept_for": aged.kept_for, "batch": _BATCH}
    while deleted := connection.execute(statement, values).rowcount:
        yield deleted
