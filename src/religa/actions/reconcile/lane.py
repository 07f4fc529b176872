"""One router: how much it is given at once, and when it is left alone.

Slow start: one order at first, one more with every answer, up to its room. After three orders in a row without an
answer the router counts as silent, and hears one order every half minute until it answers. A silent router costs the
others nothing: what is meant for it waits in the database, and shows.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from religa.records.reconciling import Push

SILENT_AFTER = 3  # orders without an answer
PROBE_EVERY = 30.0  # seconds
KEPT = 2_000  # orders that wait here; what is beyond stays in the database until the next pass


@dataclass(slots=True)
class Lane:
    """Orders that wait, restores apart and first. `clock` values are seconds of a clock that never goes back."""

    room: int
    restores: OrderedDict[int, Push] = field(default_factory=OrderedDict)
    others: OrderedDict[int, Push] = field(default_factory=OrderedDict)
    under_way: int = 0
    open: int = 1
    failures: int = 0
    silent_since: datetime | None = None
    next_probe: float = 0.0

    def offer(self, push: Push) -> bool:
        """Takes an order, in place of an earlier one for the same session; False: there is no room to keep it."""
        self.forget(push.session)
        line = self.restores if is_restore(push) else self.others
        if len(line) >= KEPT:
            return False
        line[push.session] = push
        return True

    def forget(self, session: int) -> bool:
        """Whether an order for the session was waiting."""
        return any(line.pop(session, None) is not None for line in (self.restores, self.others))

    def take(self, clock: float) -> Iterator[Push]:
        """Orders that may go out now."""
        while self.waiting and self.under_way < self._limit(clock):
            line = self.restores or self.others
            _, push = line.popitem(last=False)
            self.under_way += 1
            if self.is_silent:
                self.next_probe = clock + PROBE_EVERY
            yield push

    def _limit(self, clock: float) -> int:
        if self.is_silent:
            return 1 if clock >= self.next_probe else 0
        return self.open

    @property
    def waiting(self) -> int:
        return len(self.restores) + len(self.others)

    @property
    def is_silent(self) -> bool:
        return self.silent_since is not None

    def is_left_alone(self, clock: float) -> bool:
        """Whether asking the database for orders to this router would be in vain now."""
        return self.is_silent and (clock < self.next_probe or self.under_way > 0)

    def answered(self) -> None:
        self.failures, self.silent_since = 0, None
        self.open = min(self.open + 1, self.room)

    def unanswered(self, at: datetime, clock: float) -> None:
        """One order got no answer. What waits is let go when the router falls silent: it may be old when it speaks."""
        self.failures += 1
        self.open = 1
        if self.failures >= SILENT_AFTER:
            if not self.is_silent:
                self.silent_since = at
            self.next_probe = clock + PROBE_EVERY
            self.clear()

    def clear(self) -> list[int]:
        """Lets go of everything that waits; gives the sessions."""
        waiting = [*self.restores, *self.others]
        self.restores.clear()
        self.others.clear()
        return waiting


def is_restore(push: Push) -> bool:
    """Whether the order can only make access better: those never wait behind others."""
    return _RANK[push.wanted] <= _RANK[push.applied or "full"] and push.wanted != "walled"


_RANK = {"full": 0, "reduced": 1, "walled": 2, "closed": 3}
