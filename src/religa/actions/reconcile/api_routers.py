"""Routers without RADIUS (installation mode c): looked at again and again, and told what differs.

There is no accounting to hear from, so each router is read: which log-ins it holds, and what it gives them. What the
database wants otherwise is written, restores first, and read again the next time: that is the verification. A change of
access wakes us; a router that does not answer delays no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import psycopg

from religa.domain.facts import Access
from religa.ports import (
    AccessRouter,
    Applied,
    AppliedOutcome,
    Missing,
    NotOurs,
    Released,
    RouterRefused,
    RouterStates,
    Unchanged,
    Unreachable,
    WantedAccess,
)
from religa.records.reconciling import ApiRouter, Database, RouterSeen, Told, Wish

logger = logging.getLogger(__name__)
LOOK_EVERY = 20.0  # seconds; a change of access does not wait for it
READ_ROUTERS_EVERY = 10.0
_NAMES = {
    Applied: "applied",
    Unchanged: "unchanged",
    Missing: "gone",
    NotOurs: "not_ours",
    RouterRefused: "refused",
    Unreachable: "silent",
}
Connect = Callable[[ApiRouter], AccessRouter]


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one router: how many log-ins differed, and what became of them."""

    differed: int
    told: tuple[Told, ...]
    seen: RouterSeen


class ApiRouters:
    """One thread for each router, one for the database. `connect` makes the adapter of a router."""

    def __init__(self, *, url: str, connect: Connect, now: Callable[[], datetime]) -> None:
        self._connect, self._now = connect, now
        self._database, self._thread = Database(url), ThreadPoolExecutor(1, thread_name_prefix="api-database")
        self._watched: dict[int, tuple[ApiRouter, asyncio.Event, asyncio.Task[None]]] = {}
        self._silent: dict[int, datetime] = {}

    async def run(self) -> None:
        """Until cancelled: watches every router that is registered so."""
        try:
            while True:
                with contextlib.suppress(psycopg.Error):  # away for a moment: said by the others
                    self._watch(await self._ask(self._database.api_routers))
                await asyncio.sleep(READ_ROUTERS_EVERY)
        finally:
            for _, _, task in self._watched.values():
                task.cancel()
            await asyncio.gather(*(task for *_, task in self._watched.values()), return_exceptions=True)
            self._thread.shutdown()
            self._database.close()

    def wake(self) -> None:
        """Access has changed somewhere."""
        for _, changed, _ in self._watched.values():
            changed.set()

    def _watch(self, routers: Sequence[ApiRouter]) -> None:
        wanted = {router.nas: router for router in routers}
        for nas, (router, _, task) in list(self._watched.items()):
            if wanted.get(nas) != router:
                task.cancel()
                del self._watched[nas]
        for nas in wanted.keys() - self._watched.keys():
            changed = asyncio.Event()
            task = asyncio.create_task(self._watch_one(wanted[nas], changed))
            self._watched[nas] = (wanted[nas], changed, task)

    async def _watch_one(self, router: ApiRouter, changed: asyncio.Event) -> None:
        adapter = self._connect(router)
        while True:
            changed.clear()
            try:
                await self.look_at(router, adapter)
            except psycopg.Error as why:
                logger.warning("the database does not answer: %s", why)
            except Exception:
                logger.exception("router %s could not be looked at", router.nas)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await changed.wait()

    async def look_at(self, router: ApiRouter, adapter: AccessRouter) -> Look:
        """Reads the router, tells it what differs, keeps what came of it."""
        if await self._ask(self._database.released) and not router.shadow:
            return await self._let_go(router, adapter)
        states = await asyncio.to_thread(adapter.states)
        if not isinstance(states, RouterStates):
            look = Look(0, (), self._seen(router, _NAMES[type(states)]))
        else:
            held = {state.login: state for state in states.logins}
            wishes = await self._ask(self._database.wanted_of, list(held))
            differing = [
                w for w in wishes if held[w.username].access != w.wanted or held[w.username].outdated
            ]
            told = () if router.shadow else await self._tell(router, adapter, differing)
            look = Look(len(differing), told, self._seen(router, _worst({t.outcome for t in told})))
        if look.told:
            await self._ask(self._database.told_by_api, look.told)
        await self._ask(self._database.router_seen, [look.seen])
        return look

    async def _let_go(self, router: ApiRouter, adapter: AccessRouter) -> Look:
        """The whole network was let go: all that was ever changed there is taken back."""
        released = await asyncio.to_thread(adapter.release)
        if isinstance(released, Released):
            outcome = _worst({_NAMES[type(one)] for _, one in released.outcomes})
        else:
            outcome = _NAMES[type(released)]
        look = Look(0, (), self._seen(router, outcome))
        await self._ask(self._database.router_seen, [look.seen])
        return look

    async def _tell(
        self, router: ApiRouter, adapter: AccessRouter, wishes: Sequence[Wish]
    ) -> tuple[Told, ...]:
        if not wishes:
            return ()
        wanted = [WantedAccess(w.username, w.contract, Access(w.wanted)) for w in wishes]
        outcomes: Sequence[AppliedOutcome] = await asyncio.to_thread(adapter.apply, wanted)
        return tuple(
            Told(w.contract, router.nas, w.username, w.wanted, _NAMES[type(outcome)])
            for w, outcome in zip(wishes, outcomes, strict=True)
        )

    def _seen(self, router: ApiRouter, outcome: str) -> RouterSeen:
        now = self._now()
        if outcome == "silent":
            since = self._silent.setdefault(router.nas, now)
            return RouterSeen(router.nas, None, outcome, since, "")
        self._silent.pop(router.nas, None)
        alarm = outcome if outcome in ("refused", "not_ours") else ""
        return RouterSeen(router.nas, now, outcome, None, alarm)

    async def _ask(self, question: Callable[..., object], *parameters: object):  # type: ignore[no-untyped-def]
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: question(*parameters))


def _worst(found: Collection[str]) -> str:
    """What is said of the router after one look: the outcome that most needs somebody."""
    return next((name for name in ("silent", "refused", "not_ours", "applied") if name in found), "applied")
