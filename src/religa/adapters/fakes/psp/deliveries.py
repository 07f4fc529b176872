"""Calls to the receiver's webhook, from threads of their own over connections that stay open.

What may happen to a call is `Mischief`'s to say. No PSP promises an order, a delay or a second try, so neither is
there unless it is asked for.
"""

from __future__ import annotations

import contextlib
import heapq
import http.client
import itertools
import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from religa.adapters.fakes.psp import render
from religa.adapters.fakes.psp.ledger import Pix
from religa.adapters.fakes.psp.mischief import Dice, Mischief

TIMEOUT = 10  # seconds that a receiver has to answer
KEPT = 1_000  # calls remembered


@dataclass
class Counters:
    """`told`: Pix that the receiver ought to hear of. Calls: `made`, of these `accepted` (2xx), `refused` (another
    status), `unanswered`; `lost` were never made. `waiting`: gathered, held, late, or on their way."""

    told: int = 0
    made: int = 0
    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    lost: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Made:
    """One call: `status` is the answer's, None if there was none."""

    url: str
    body: bytes
    status: int | None


@dataclass(order=True, slots=True)
class _Call:
    due: float
    number: int
    url: str = field(compare=False)
    body: bytes = field(compare=False)
    tries_left: int = field(compare=False, default=0)


class Deliveries:
    """`plan` is asked anew for each call. `tls`: of a client, for receivers that want the PSP's certificate."""

    def __init__(
        self, *, plan: Callable[[], Mischief], tls: ssl.SSLContext | None = None, senders: int = 1
    ) -> None:
        self._plan, self._tls, self._dice = plan, tls, Dice()
        self._changed = threading.Condition()
        self._calls: list[_Call] = []
        self._held: list[tuple[str, Any]] = []
        self._numbers = itertools.count()
        self._running = self._stopping = 0
        self.counters, self.made = Counters(), deque[Made](maxlen=KEPT)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(senders)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """What is still waiting is dropped."""
        with self._changed:
            self._stopping = 1
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(TIMEOUT)

    def tell(self, url: str, pix: Pix) -> None:
        """The receiver behind `url` ought to hear of a Pix: now, later, twice, or never."""
        plan = self._plan()
        with self._changed:
            self.counters.told += 1
            # As it is now: an event that comes late tells what was true when it was made.
            self._held.append((url, render.event([pix], plan)))
            gathered = max(plan.reorder, plan.together, 1)
            if not plan.hold and len(self._held) >= gathered:
                self._let_go()

    def post(self, url: str, body: Any) -> None:
        """One call with a body of one's own, whatever the plan."""
        with self._changed:
            self._push(url, body, after_ms=0)

    def flush(self) -> Counters:
        """Lets everything go that is held, gathered or late; the calls are made when this returns, or soon after."""
        with self._changed:
            self._let_go()
            for call in self._calls:
                call.due = 0.0
            heapq.heapify(self._calls)
            self._changed.notify_all()
            return self.now()

    def settle(self, timeout: float) -> Counters:
        """Waits until nothing is on its way (what is held stays so). Raises `TimeoutError`."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._calls and not self._running, timeout):
                raise TimeoutError(f"{len(self._calls) + self._running} calls are still on their way")
            return self.now()

    def now(self) -> Counters:
        """The counters at this moment, as a value of its own."""
        with self._changed:
            waiting = len(self._held) + len(self._calls) + self._running
            return Counters(**{**asdict(self.counters), "waiting": waiting})

    def _let_go(self) -> None:
        plan, held, self._held = self._plan(), self._held, []
        if plan.reorder:
            held.reverse()
        for url, group in itertools.groupby(held, key=lambda item: item[0]):
            events = [event for _, event in group]
            for first in range(0, len(events), plan.together):
                self._go(url, _joined(events[first : first + plan.together]), plan)

    def _go(self, url: str, body: Any, plan: Mischief) -> None:
        if self._dice.strikes(plan, "lose", plan.lose_pct):
            self.counters.lost += 1
            return
        late = plan.delay_ms if self._dice.strikes(plan, "delay", plan.delay_pct) else 0
        for _ in range(2 if self._dice.strikes(plan, "repeat", plan.repeat_pct) else 1):
            self._push(url, body, after_ms=late, tries_left=plan.retries)

    def _push(self, url: str, body: Any, *, after_ms: int, tries_left: int = 0) -> None:
        octets = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        due = time.monotonic() + after_ms / 1000
        heapq.heappush(self._calls, _Call(due, next(self._numbers), url, octets, tries_left))
        self._changed.notify_all()

    # the senders

    def _work(self) -> None:
        with contextlib.closing(_Lines(self._tls)) as lines:
            while (call := self._next()) is not None:
                status = lines.post(call.url, call.body)
                self._done(call, status)

    def _next(self) -> _Call | None:
        with self._changed:
            while not self._stopping:
                left = self._calls[0].due - time.monotonic() if self._calls else None
                if left is not None and left <= 0:
                    self._running += 1
                    return heapq.heappop(self._calls)
                self._changed.wait(left)
            return None

    def _done(self, call: _Call, status: int | None) -> None:
        with self._changed:
            self._running -= 1
            self.counters.made += 1
            self.made.append(Made(call.url, call.body, status))
            word = "unanswered" if status is None else "accepted" if 200 <= status < 300 else "refused"
            setattr(self.counters, word, getattr(self.counters, word) + 1)
            if word != "accepted" and call.tries_left:
                self._push(
                    call.url, call.body, after_ms=self._plan().retry_ms, tries_left=call.tries_left - 1
                )
            self._changed.notify_all()


def _joined(events: list[Any]) -> Any:
    """Several events as one call."""
    if isinstance(events[0], list):
        return [pix for event in events for pix in event]
    return {"pix": [pix for event in events for pix in event["pix"]]}


class _Lines:
    """One sender's open connections."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls, self._open = tls, dict[tuple[str, str], http.client.HTTPConnection]()

    def post(self, url: str, body: bytes) -> int | None:
        """The status of the answer; None if there is none. A connection that was closed meanwhile is made anew."""
        parts = urlsplit(url)
        line, target = (
            (parts.scheme, parts.netloc),
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )
        was_open = line in self._open
        try:
            return self._ask(line, target, body)
        except (OSError, http.client.HTTPException, ValueError) as failed:
            self._drop(line)
            return self.post(url, body) if was_open and isinstance(failed, ConnectionError) else None

    def _ask(self, line: tuple[str, str], target: str, body: bytes) -> int:
        if line not in self._open:
            self._open[line] = self._connection(*line)
        connection = self._open[line]
        connection.request("POST", target, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        if answer.will_close:
            self._drop(line)
        return answer.status

    def _connection(self, scheme: str, netloc: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(netloc, timeout=TIMEOUT, context=self._tls)
        return http.client.HTTPConnection(netloc, timeout=TIMEOUT)

    def _drop(self, line: tuple[str, str]) -> None:
        if (connection := self._open.pop(line, None)) is not None:
            connection.close()

    def close(self) -> None:
        for line in list(self._open):
            self._drop(line)
