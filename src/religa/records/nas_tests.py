"""Tests of routers' CoA ports: asked for by pages, carried out by the reconciler on its own connection and role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from religa.domain.coa_test import Answer
from religa.records import raw


@dataclass(frozen=True, slots=True)
class Waiting:
    """A test that is to be carried out. `address` None: the router is a network, and no session names a member."""

    test: int
    nas: int
    vendor: str
    address: str | None
    port: int
    source: str | None
    secret: str = field(repr=False)


class Connection(Protocol):
    """What is needed of psycopg's `AsyncConnection`, in autocommit."""

    async def execute(self, query: Any, params: Any = ...) -> Any: ...


def ask(*, nas_id: int, by: str, at: datetime) -> bool:
    """False: one waits already."""
    insert = (
        "INSERT INTO nas_test (nas_id, asked_at, asked_by) VALUES (%s, %s, %s)"
        " ON CONFLICT (nas_id) WHERE answered_at IS NULL DO NOTHING"
    )
    return bool(raw.run(insert, [nas_id, at, by]))


async def waiting(connection: Connection) -> Sequence[Waiting]:
    """As role religa_network; secrets leave the database here."""
    cursor = await connection.execute("SELECT * FROM radius.tests_waiting()")
    return [Waiting(*row) for row in await cursor.fetchall()]


async def keep(connection: Connection, *, test: int, answer: Answer) -> None:
    """Writes what came of it; once."""
    await connection.execute(
        "SELECT radius.test_done(%s::bigint, %s::text, %s::integer, %s::real)",
        [test, answer.found.value, answer.cause, answer.took_ms],
    )
