"""Sends orders, repeats them and waits: one socket per router, port and source address.

The Identifier is one octet, so 256 requests at most are under way on a socket; who asks for more waits. A repetition is
the same octets, so that a router recognises it (RFC 5176 section 6.3).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from religa.adapters.coa import packets
from religa.domain.pushing import Acknowledged, NoAnswer, NotSent, Outcome, Refused
from religa.ports import Order

logger = logging.getLogger(__name__)
TIMEOUT = 1.0  # seconds until a request is repeated
TRIES = 3
Place = tuple[str, int, str | None]


def _now() -> datetime:
    return datetime.now(UTC)


class Sender:
    """`ignored` counts what came back and was no answer: malformed, unsigned, foreign or replayed."""

    def __init__(
        self, *, timeout: float = TIMEOUT, tries: int = TRIES, now: Callable[[], datetime] = _now
    ) -> None:
        self._timeout, self._tries, self._now = timeout, tries, now
        self._sockets: dict[Place, _Socket] = {}
        self.ignored = 0

    async def send(self, order: Order) -> Outcome:
        """See `ports.DynamicAuthorization`."""
        try:
            socket = await self._socket((order.address, order.port, order.source))
            return await socket.ask(order, self._now())
        except packets.CannotEncode as problem:
            return NotSent(str(problem))
        except OSError as problem:  # no route, no such source address; also when a router is unplugged
            return NotSent(problem.strerror or str(problem))

    async def close(self) -> None:
        for socket in self._sockets.values():
            socket.close()
        self._sockets.clear()

    async def _socket(self, place: Place) -> _Socket:
        found = self._sockets.get(place)
        if found is None or found.is_closed:
            address, port, source = place
            made = _Socket(self)
            await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: made,
                remote_addr=(address, port),
                local_addr=None if source is None else (source, 0),
            )
            # Another order may have opened one meanwhile.
            found = self._sockets.get(place)
            if found is None or found.is_closed:
                found = self._sockets[place] = made
            else:
                made.close()
        return found

    @property
    def timeout(self) -> float:
        return self._timeout

    @property
    def tries(self) -> int:
        return self._tries


@dataclass(slots=True)
class _UnderWay:
    sent: packets.Sent
    answer: asyncio.Future[Outcome]
    since: float
    tries: int
    timer: asyncio.TimerHandle


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.DatagramTransport | None = None
        self._under_way: dict[int, _UnderWay] = {}
        self._room = asyncio.Semaphore(256)
        self._next = secrets.randbelow(256)  # a process that starts again is not to repeat the one before

    @property
    def is_closed(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    async def ask(self, order: Order, at: datetime) -> Outcome:
        async with self._room:
            identifier = self._free_identifier()
            sent = packets.encode(order, identifier, at)
            answer: asyncio.Future[Outcome] = self._loop.create_future()
            timer = self._loop.call_later(self._sender.timeout, self._repeat, identifier)
            self._under_way[identifier] = _UnderWay(sent, answer, time.perf_counter(), 1, timer)
            try:
                self._put(sent.octets)
                return await answer
            finally:
                timer = self._under_way.pop(identifier).timer
                timer.cancel()

    def _free_identifier(self) -> int:
        while self._next in self._under_way:
            self._next = (self._next + 1) % 256
        found, self._next = self._next, (self._next + 1) % 256
        return found

    def _put(self, octets: bytes) -> None:
        if self._transport is None:
            raise OSError("the socket is closed")
        self._transport.sendto(octets)

    def _repeat(self, identifier: int) -> None:
        waiting = self._under_way.get(identifier)
        if waiting is None or waiting.answer.done():
            return
        if waiting.tries >= self._sender.tries or self.is_closed:
            waiting.answer.set_result(NoAnswer())
            return
        waiting.tries += 1
        waiting.timer = self._loop.call_later(self._sender.timeout, self._repeat, identifier)
        self._put(waiting.sent.octets)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: object) -> None:
        waiting = self._under_way.get(data[1]) if len(data) >= 20 else None
        answer = None if waiting is None else packets.decode(data, waiting.sent)
        if waiting is None or answer is None or waiting.answer.done():
            self._sender.ignored += 1
            return
        took = (time.perf_counter() - waiting.since) * 1000
        waiting.answer.set_result(Acknowledged(took) if answer.acknowledged else Refused(answer.cause, took))

    def error_received(self, exc: Exception) -> None:
        """A closed port or no route says so at once; it may only be starting, so the repetitions go on."""
        logger.debug("a router's host answers: %s", exc)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def close(self) -> None:
        for waiting in self._under_way.values():
            if not waiting.answer.done():
                waiting.answer.set_result(NoAnswer())
        if self._transport is not None:
            self._transport.close()
