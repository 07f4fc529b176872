"""The loop. Level, not edge: a session that disagrees with its row is the order, and nothing else is.

A change of access is heard of at once (NOTIFY names the contracts) and only their sessions are looked at. Every few
seconds all that can disagree is looked at besides, and once a minute every session: what was not heard, what ended by
itself, and what a router did on its own is found then.

What became of orders is kept in bulk, as it comes. The long look has a connection of its own, so that what was heard
never waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import psycopg

from religa.actions import nas_tests
from religa.actions.reconcile import orders
from religa.actions.reconcile.api_routers import ApiRouters
from religa.actions.reconcile.lane import Lane
from religa.actions.reconcile.orders import Vendor
from religa.actions.reconcile.telling import Telling
from religa.domain import pushing
from religa.domain.pushing import Consequence, Kind, NoAnswer, NotSent, Outcome, Refused, Result, Then
from religa.ports import DynamicAuthorization
from religa.records import reconciling
from religa.records.reconciling import Database, Push, Pushed, Router, RouterSeen
from religa.records.waking import TEST

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
LOOK_EVERY = 2.0  # seconds, or ten times what a look takes if that is more
LOOK_AT_ALL_EVERY = 60.0
READ_ROUTERS_EVERY = 10.0
AFTER_TROUBLE = 1.0
_CHANCE = 0.2  # by so much pauses are longer, at random, so that not all come at once


@dataclass(frozen=True, slots=True)
class Way:
    """How a session's router is reached."""

    router: Router
    vendor: Vendor
    lane: Lane


class Reconciler:
    """`sender` gives the orders. `now` is the wall clock, for timeouts that are counted from an instant."""

    def __init__(
        self,
        *,
        url: str,
        sender: DynamicAuthorization,
        telling: Telling,
        now: Callable[[], datetime],
        api: ApiRouters | None = None,
    ) -> None:
        self._url, self._sender, self._telling, self._now, self._api = url, sender, telling, now, api
        self._database, self._database_of_looks = Database(url), Database(url)
        self._thread, self._thread_of_looks = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._routers: dict[int, Router] = {}
        self._vendors: dict[str, Vendor] = {}
        self._lanes: dict[tuple[int, str], Lane] = {}
        self._under_way: dict[int, Push] = {}
        self._newer: dict[int, Push] = {}
        self._finished: dict[int, float] = {}  # when the last order for a session was over
        self._heard: set[int] = set()
        self._wake, self._look_now, self._done_some = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._test_now, self._keeping = asyncio.Event(), asyncio.Lock()
        self._done: list[Pushed] = []
        self._seen: dict[int, RouterSeen] = {}
        self._orders: set[asyncio.Task[None]] = set()
        self._next_whole = self._next_reading = 0.0

    async def run(self) -> None:
        """Until cancelled; then what was answered is still kept."""
        work = (self._listen(), self._look_forever(), self._keep_forever(), self._test_forever())
        others = [asyncio.create_task(one) for one in (*work, *([self._api.run()] if self._api else []))]
        try:
            while True:
                await self._turn()
        finally:
            for task in (*others, *self._orders):
                task.cancel()
            await asyncio.gather(*others, *self._orders, return_exceptions=True)
            await self._keep()
            await self._sender.close()
            for thread, of in (
                (self._thread, self._database),
                (self._thread_of_looks, self._database_of_looks),
            ):
                thread.shutdown()
                of.close()

    async def once(self, *, patience: float = 10.0) -> int:
        """One look at every session, and the orders that follow from it; says how many disagreed."""
        await self._read_routers()
        clock = time.monotonic()
        found = await self._look_up(self._database_of_looks.drifting, [], whole=True)
        self._take(found, clock)
        deadline = time.monotonic() + patience
        while (self._orders or self._waiting()) and time.monotonic() < deadline:
            self._pump()
            if self._orders:
                await asyncio.wait(self._orders, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
        await self._keep()
        return len(found)

    # -- looking ------------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        """What was heard of is looked at at once; nothing slow stands in its way."""
        await self._wake.wait()
        self._wake.clear()
        try:
            if self._heard:
                await self._look_at_some()
        except psycopg.Error as why:
            logger.warning("the database does not answer: %s", why)
            self._look_now.set()
            await asyncio.sleep(AFTER_TROUBLE)
        self._pump()

    async def _look_at_some(self) -> None:
        clock = time.monotonic()  # before keeping: what comes back meanwhile is not kept yet
        await self._keep()  # what is asked next must know it
        contracts, self._heard = list(self._heard), set()
        self._take(await self._ask(self._database.sessions_of, contracts), clock)

    async def _look_forever(self) -> None:
        while True:
            pause = LOOK_EVERY
            try:
                if time.monotonic() >= self._next_reading:
                    await self._read_routers()
                pause = await self._look()
            except psycopg.Error as why:
                logger.warning("the database does not answer: %s", why)
                pause = AFTER_TROUBLE
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look_now.wait()

    async def _look(self) -> float:
        """All that can disagree, or every session; seconds until the next look."""
        self._look_now.clear()
        clock = time.monotonic()
        await self._keep()
        self._finished = {s: over for s, over in self._finished.items() if over > clock - LOOK_EVERY}
        whole = clock >= self._next_whole
        left_alone = [address for (_, address), lane in self._lanes.items() if lane.is_left_alone(clock)]
        found = await self._look_up(self._database_of_looks.drifting, left_alone, whole=whole)
        took = time.monotonic() - clock
        self._forget_all_but({push.session for push in found})
        self._take(found, clock)
        self._telling.looked(len(found), took, self._sender.ignored)
        if whole:
            self._next_whole = time.monotonic() + max(LOOK_AT_ALL_EVERY, 100 * took)
        self._pump()
        return max(LOOK_EVERY, 10 * took)

    def _forget_all_but(self, disagreeing: set[int]) -> None:
        """What waits and agrees by now must not go out."""
        for lane in self._lanes.values():
            for session in [*lane.restores, *lane.others]:
                if session not in disagreeing:
                    lane.forget(session)

    async def _listen(self) -> None:
        while True:
            try:
                async for said in reconciling.changes(self._url):
                    self._hear(said)
            except psycopg.Error as why:
                logger.warning("not heard from the database: %s", why)
            await asyncio.sleep(AFTER_TROUBLE)

    async def _test_forever(self) -> None:
        """Tests of routers that pages ask for; now and then also unasked, should the word have been lost."""
        while True:
            self._test_now.clear()
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await nas_tests.carry_out(self._sender, connection)
            except psycopg.Error as why:
                logger.warning("routers could not be tested: %s", why)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(READ_ROUTERS_EVERY):
                    await self._test_now.wait()

    def _hear(self, said: str) -> None:
        if said == TEST:
            self._test_now.set()
            return
        if self._api is not None:
            self._api.wake()
        names = said.split(",")
        if all(name.isdecimal() for name in names):
            self._heard.update(map(int, names))
            self._wake.set()
        else:
            self._look_now.set()

    async def _read_routers(self) -> None:
        self._routers = {router.nas: router for router in await self._ask(self._database.routers)}
        self._vendors = orders.vendors(await self._ask(self._database.vendors))
        self._next_reading = time.monotonic() + READ_ROUTERS_EVERY

    async def _ask(self, question: Callable[..., Answer], *parameters: object) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: question(*parameters))

    async def _look_up(self, question: Callable[..., Answer], *parameters: object, whole: bool) -> Answer:
        """A long question, on a connection of its own."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread_of_looks, lambda: question(*parameters, whole=whole)
        )

    # -- giving orders ------------------------------------------------------------------------------------------

    def _take(self, found: Sequence[Push], asked: float) -> None:
        """Each session that disagrees waits for its router; one that agrees is forgotten. What was asked before an
        order came back does not know of it."""
        for push in found:
            if push.session in self._under_way:
                self._newer[push.session] = push
                continue
            if self._finished.get(push.session, 0.0) >= asked:
                continue
            way = self._way(push)
            if way is None:
                continue
            if push.due:
                way.lane.offer(push)
            else:
                way.lane.forget(push.session)

    def _way(self, push: Push) -> Way | None:
        router = self._routers.get(push.nas)
        if router is None:
            return None
        vendor = self._vendors.get(router.vendor) or self._vendors.get(orders.GENERIC)
        if vendor is None:
            return None
        lane = self._lanes.setdefault((push.nas, push.nas_address), Lane(router.room))
        lane.room = router.room
        return Way(router, vendor, lane)

    def _pump(self) -> None:
        clock = time.monotonic()
        for lane in list(self._lanes.values()):
            self._fill(lane, clock)

    def _fill(self, lane: Lane, clock: float) -> None:
        for push in lane.take(clock):
            self._under_way[push.session] = push
            task = asyncio.create_task(self._carry_out(push, lane))
            self._orders.add(task)
            task.add_done_callback(self._orders.discard)

    async def _carry_out(self, push: Push, lane: Lane) -> None:
        """One session moved, or not; whatever happens here is no reason to stop."""
        try:
            await self._move(push, lane)
        except Exception:
            logger.exception("an order to router %s failed", push.nas)
        finally:
            lane.under_way -= 1
            self._under_way.pop(push.session, None)
            self._finished[push.session] = time.monotonic()
            newer = self._newer.pop(push.session, None)
            if newer is not None:
                self._again(newer, push)
            self._fill(lane, time.monotonic())

    def _again(self, newer: Push, sent: Push) -> None:
        """What was asked for while the order was under way; it may have been the same."""
        if (newer.wanted, newer.wanted_until) != (sent.wanted, sent.wanted_until):
            self._heard.add(newer.contract)
            self._wake.set()

    async def _move(self, push: Push, lane: Lane) -> None:
        way = self._way(push)
        kind = None if way is None else orders.kind_for(push, way.vendor)
        if way is None or kind is None or way.router.shadow:
            self._nothing_sent(push, way)
            return
        consequence = await self._send(push, way, kind)
        if consequence.then is Then.DISCONNECT:
            await self._send(push, way, Kind.DISCONNECT)

    def _nothing_sent(self, push: Push, way: Way | None) -> None:
        if way is not None and way.router.shadow:
            self._record(Pushed(push, None, "shadow", None, None, 60.0))
        elif way is not None:
            self._record(Pushed(push, None, Result.APPLIED.value, None, None, 0.0))

    async def _send(self, push: Push, way: Way, kind: Kind) -> Consequence:
        order = orders.order(push, way.router, way.vendor, kind, self._now())
        outcome = await self._sender.send(order)
        found = pushing.consequence(outcome, kind, push.tries)
        self._note(way, outcome, found)
        cause = outcome.cause if isinstance(outcome, Refused) else None
        took = getattr(outcome, "took_ms", None)
        again = found.again * (1 + random.random() * _CHANCE)
        self._record(Pushed(push, kind.value, found.result.value, cause, took, again))
        self._telling.pushed(way.router.name, kind, found, push, self._now())
        return found

    def _note(self, way: Way, outcome: Outcome, found: Consequence) -> None:
        """What the outcome says of the router."""
        lane, router = way.lane, way.router
        if isinstance(outcome, NoAnswer | NotSent):
            lane.unanswered(self._now(), time.monotonic())
            seen = RouterSeen(router.nas, None, found.result.value, lane.silent_since, "")
        else:
            lane.answered()
            alarm = _alarm(outcome) if found.alarm else ""
            seen = RouterSeen(router.nas, self._now(), found.result.value, None, alarm)
        self._seen[router.nas] = seen

    def _waiting(self) -> int:
        return sum(lane.waiting for lane in self._lanes.values() if not lane.is_silent)

    # -- keeping ------------------------------------------------------------------------------------------------

    def _record(self, done: Pushed) -> None:
        self._done.append(done)
        self._done_some.set()

    async def _keep_forever(self) -> None:
        while True:
            await self._done_some.wait()
            self._done_some.clear()
            try:
                await self._keep()
            except psycopg.Error as why:
                logger.warning("what became of orders could not be kept: %s", why)
                await asyncio.sleep(AFTER_TROUBLE)
                self._done_some.set()

    async def _keep(self) -> None:
        """All that came back since the last time, in one statement; what cannot be kept now is kept later. Over only
        when what somebody else is keeping is kept, too."""
        async with self._keeping:
            done, self._done = self._done, []
            seen, self._seen = self._seen, {}
            try:
                if done:
                    await self._ask(self._database.pushed, done)
                if seen:
                    await self._ask(self._database.router_seen, list(seen.values()))
            except psycopg.OperationalError:
                self._done = [*done, *self._done]
                self._seen = {**seen, **self._seen}
                raise


def _alarm(outcome: Outcome) -> str:
    cause = outcome.cause if isinstance(outcome, Refused) else None
    return f"NAK {cause}" if cause is not None else "NAK"
