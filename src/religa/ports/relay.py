"""What Religa needs to pass a bank's events on to a system that took them before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PassedOn:
    """The other system took it (2xx)."""

    status: int


@dataclass(frozen=True, slots=True)
class NotPassedOn:
    """It did not, or it did and its answer was lost: it may get the same event twice, as from a bank."""

    error: str


class EventRelay(Protocol):
    """Posts an event as it came."""

    def post(self, url: str, body: bytes, content_type: str) -> PassedOn | NotPassedOn:
        """One try, of some seconds at most. Never raises for what the other side does; may be used by many threads."""
