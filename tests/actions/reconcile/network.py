"""A reconciler at work on the tests' database, routers that it speaks to, and sessions as accounting would have left
them."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

import aside
from religa.actions.reconcile.reconciler import Reconciler
from religa.actions.reconcile.telling import Telling
from religa.adapters.coa import Sender
from religa.adapters.fakes.router import FakeRouter
from religa.records import network_secrets, raw
from religa.records.models import AccessRecord, Nas, Plan, Provider

SECRET = "a secret of the tests"
WITHIN = 5.0
_count = itertools.count(1)


def url() -> str:
    """The tests' database, as the role of the reconciler."""
    of = connection.settings_dict
    return f"postgresql://religa_network:of-a-test@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def eventually(true: Callable[[], Any], *, within: float = WITHIN) -> Any:
    """The first true answer; the last one after `within` seconds."""
    deadline = time.monotonic() + within
    while not (found := true()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


class Running:
    """A reconciler in a thread of its own; quick to give up on a silent router."""

    def __init__(self, *, timeout: float = 0.1, tries: int = 2) -> None:
        self.telling = Telling()
        self._ready = threading.Event()
        self._options = {"timeout": timeout, "tries": tries}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.sender = Sender(**self._options)
        self.reconciler = Reconciler(
            url=url(), sender=self.sender, telling=self.telling, now=lambda: datetime.now(UTC)
        )
        self._task = asyncio.create_task(self.reconciler.run())
        self._ready.set()
        await asyncio.gather(self._task, return_exceptions=True)

    def __enter__(self) -> Running:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(10)
        assert not self._thread.is_alive()


def once() -> int:
    """One look at everything; how many sessions disagreed."""

    async def look() -> int:
        made = Reconciler(
            url=url(), sender=Sender(timeout=0.1, tries=1), telling=Telling(), now=lambda: datetime.now(UTC)
        )
        return await made.once(patience=3)

    return aside.run(look())


def nas(router: FakeRouter, *, address: str = "127.0.0.1", secret: str = SECRET, **more: Any) -> int:
    made = Nas.objects.create(name=f"bng {address}", address=address, coa_port=router.port, **more)
    network_secrets.set_nas_secret(nas_id=made.pk, secret=secret)
    return made.pk


def plan(of: Provider) -> Plan:
    return Plan.objects.create(
        provider=of, external_id=f"P{next(_count)}", name="600 Mega", down_kbps=600_000, up_kbps=300_000
    )


@dataclass(frozen=True)
class Live:
    """A session: what its row says, and what its router was told."""

    key: int
    number: str

    def row(self, columns: str) -> Any:
        found = raw.rows(f"SELECT {columns} FROM session_live WHERE id = %s", [self.key])
        return found[0] if found else None

    @property
    def applied(self) -> str | None:
        row = self.row("applied_state")
        return row[0] if row else None

    @property
    def drifts(self) -> bool:
        return bool(raw.rows("SELECT drifts FROM radius.live WHERE id = %s", [self.key])[0][0])


def session(
    contract: int, nas: int, router: FakeRouter | None, *, applied: str | None = "full", address: str = "127.0.0.1",
    heard: str = "1 second", until: datetime | None = None,
) -> Live:  # fmt: skip
    """An open session of the contract's log-in at a router."""
    number = f"8{next(_count):07x}"
    login, _ = AccessRecord.objects.get_or_create(contract_id=contract, username=f"login{contract}")
    [(key,)] = raw.rows(
        "INSERT INTO session_live (unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port,"
        " calling_station, called_station, framed_ipv4, applied_state, applied_at, applied_until, started_at,"
        " updated_at, octets_in, octets_out)"
        " VALUES (%s, %s, %s, %s, %s, %s, '', '', '', '100.64.0.9', %s, now() - interval '1 hour', %s,"
        " now() - interval '1 hour', now() - %s::interval, 0, 0) RETURNING id",
        [f"u{number}", number, login.username, contract, nas, address, applied, until, heard],
    )
    if router is not None:
        from religa.adapters.fakes.router import Kept

        router.sessions[number] = Kept()
    return Live(key, number)


def log(columns: str = "kind, wanted, outcome, error_cause") -> list[tuple[Any, ...]]:
    return raw.rows(f"SELECT {columns} FROM coa_log ORDER BY id")


def set_access(contract: int, access: str, *, then: str | None = None, seconds: float | None = None) -> None:
    """What evaluation would write, with its NOTIFY."""
    status = {"full": "trusted" if seconds else "current", "reduced": "late", "walled": "blocked"}
    raw.run(
        "UPDATE contract_access SET access = %s, status = %s, why = 'test', until = now() + make_interval(secs => %s),"
        " access_then = %s, changed_at = clock_timestamp() WHERE contract_id = %s",
        [access, status.get(access, "terminated"), seconds, then or access, contract],
    )
    raw.run("SELECT pg_notify('religa_access', %s)", [str(contract)])
