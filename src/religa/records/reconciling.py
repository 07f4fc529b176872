"""What the reconciler asks and writes, as the role `religa_network`: functions of schema `radius`, and no table.

A connection of its own and not Django's: the process holds routers' secrets, so it gets to know nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.rows import class_row

from religa.records.access import CHANNEL

Row = TypeVar("Row")
MOST = 50_000  # sessions looked at in one pass; the next pass brings the others


@dataclass(frozen=True, slots=True)
class Push:
    """A live session and the state it should be in. `due`: it is not in it.

    `wanted_until`: when that ends by itself at the router. `applied`: what the router is known to enforce (None: not
    known). `tries`: orders that failed. Rates in kbit/s. `changed_at` and `cause`: of the decision behind it.
    """

    session: int
    contract: int
    nas: int
    nas_address: str
    unique_id: str
    session_id: str
    username: str
    ipv4: str | None
    wanted: str
    wanted_until: datetime | None
    applied: str | None
    seconds_old: int
    tries: int
    contradicted: int
    due: bool
    up: int | None
    down: int | None
    burst: str
    voice: bool
    changed_at: datetime
    cause: str | None


@dataclass(frozen=True, slots=True)
class Router:
    """A router that takes orders: `room` at once; `shadow`: they are only counted."""

    nas: int
    name: str
    vendor: str
    port: int
    source: str | None
    secret: str
    room: int
    shadow: bool

    def __repr__(self) -> str:
        return f"Router({self.nas}, {self.name!r})"


@dataclass(frozen=True, slots=True)
class ApiRouter:
    """A router that holds its log-ins itself (installation mode c). `settings`: as on its row."""

    nas: int
    name: str
    host: str
    secret: str
    shadow: bool
    settings: dict[str, Any]

    def __repr__(self) -> str:
        return f"ApiRouter({self.nas}, {self.name!r})"


@dataclass(frozen=True, slots=True)
class Wish:
    """The access that a log-in should have now."""

    username: str
    contract: int
    wanted: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one log-in on a router that was told over its API."""

    contract: int
    nas: int
    username: str
    wanted: str
    outcome: str


@dataclass(frozen=True, slots=True)
class VendorRow:
    """What a kind of router hears in an order, for one access (None: it hears nothing at all)."""

    vendor: str
    moved_by: str
    timeout_from: str
    shown_by: str
    identified_by: list[str]
    access: str | None
    attributes: list[str] | None
    templates: list[str] | None
    facts: list[str] | None


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of one order. `kind` None: nothing had to be sent. `again`: not before so many seconds."""

    push: Push
    kind: str | None
    outcome: str
    error_cause: int | None
    took_ms: float | None
    again: float


@dataclass(frozen=True, slots=True)
class RouterSeen:
    """What is known of a router now. `alarm`: what a person must mend."""

    nas: int
    answered_at: datetime | None
    outcome: str
    silent_since: datetime | None
    alarm: str


class Database:
    """One connection, opened again where it was lost; every call is one statement. Raises `psycopg.Error`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection | None = None

    def drifting(self, skip: Sequence[str], *, whole: bool) -> list[Push]:
        """Fresh sessions that are not in their state, restores first, without those of the routers at `skip`."""
        return self._rows(
            Push, "SELECT * FROM radius.drifting(%s::inet[], %s, %s)", [list(skip), whole, MOST]
        )

    def sessions_of(self, contracts: Sequence[int]) -> list[Push]:
        """All fresh sessions of some contracts, restores first."""
        return self._rows(Push, "SELECT * FROM radius.sessions_of(%s)", [list(contracts)])

    def routers(self) -> list[Router]:
        return self._rows(Router, "SELECT * FROM radius.routers()")

    def vendors(self) -> list[VendorRow]:
        return self._rows(VendorRow, "SELECT * FROM radius.vendors()")

    def api_routers(self) -> list[ApiRouter]:
        return self._rows(ApiRouter, "SELECT * FROM radius.api_routers()")

    def released(self) -> bool:
        """Whether the whole network was let go. As the function's caller: the table is not open to the role."""
        with self._open().cursor() as cursor:
            row = cursor.execute("SELECT radius.is_let_go()").fetchone()
        return bool(row and row[0])

    def wanted_of(self, logins: Sequence[str]) -> list[Wish]:
        """What each of some log-ins should have; those that we do not know are left out."""
        return self._rows(Wish, "SELECT * FROM radius.wanted_of(%s)", [list(logins)])

    def told_by_api(self, told: Sequence[Told]) -> None:
        columns = zip(*((t.contract, t.nas, t.username, t.wanted, t.outcome) for t in told), strict=True)
        self._run(_TOLD_BY_API, [list(column) for column in columns])

    def pushed(self, done: Sequence[Pushed]) -> None:
        """Keeps what became of orders, all in one transaction."""
        columns = zip(*(_row(one) for one in done), strict=True)
        self._run(_PUSHED, [list(column) for column in columns])

    def router_seen(self, seen: Sequence[RouterSeen]) -> None:
        columns = zip(
            *((s.nas, s.answered_at, s.outcome, s.silent_since, s.alarm) for s in seen), strict=True
        )
        self._run(_ROUTER_SEEN, [list(column) for column in columns])

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _rows(self, kind: type[Row], query: LiteralString, parameters: Sequence[object] = ()) -> list[Row]:
        with self._open().cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def _run(self, statement: LiteralString, parameters: Sequence[object]) -> None:
        self._open().execute(statement, parameters)

    def _open(self) -> psycopg.Connection:
        if self._connection is None or self._connection.closed or self._connection.broken:
            self._connection = psycopg.connect(self._url, autocommit=True)
            # For one contract a plan of its own looks cheaper, and takes eight times as long to make as to carry out.
            self._connection.execute("SET plan_cache_mode = force_generic_plan")
        return self._connection


async def changes(url: str) -> AsyncIterator[str]:
    """What is said whenever some access changes: contracts by number with commas between, or nothing ("look").

    Ends when the connection is lost. The first one comes at once: what changed before we listened was not heard.
    """
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield ""
        async for said in listening.notifies():
            yield said.payload


_PUSHED = """
    SELECT radius.pushed(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                         %s::timestamptz[], %s::text[], %s::integer[], %s::real[], %s::real[])
"""
_TOLD_BY_API = "SELECT radius.told_by_api(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
_ROUTER_SEEN = (
    "SELECT radius.router_seen(%s::bigint[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[])"
)


def _row(one: Pushed) -> tuple[object, ...]:
    push = one.push
    return (
        push.session, push.contract, push.nas if one.kind is not None else None, push.unique_id, one.kind, push.wanted,
        push.wanted_until, one.outcome, one.error_cause, one.took_ms, one.again,
    )  # fmt: skip
