"""HTTP as messages need it: whether a request left, and what came back, as types.

The difference between "never asked" and "asked, and the answer was lost" is what keeps a message from being sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

LONGEST_WAIT = 24 * 3600  # seconds: a Retry-After beyond it is taken as a day


@dataclass(frozen=True, slots=True, repr=False)
class Ask:
    """One request. It holds addresses and secrets, so it has no repr."""

    method: str
    url: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, of which the first part is kept. `headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> int | None:
        """Seconds of a Retry-After (RFC 9110 § 10.2.3); None where there is none or it is a date."""
        text = self.headers.get("retry-after", "").strip()
        return min(int(text[:9]), LONGEST_WAIT) if text.isascii() and text.isdigit() else None


@dataclass(frozen=True, slots=True)
class NeverAsked:
    """No byte of the request was written."""

    error: str


@dataclass(frozen=True, slots=True)
class Lost:
    """It was written, in part or whole, and no answer was understood: it may have had its effect."""

    error: str


class Wire(Protocol):
    """Sends one request. May be used by several threads; keeps connections."""

    def ask(self, ask: Ask) -> Answered | NeverAsked | Lost:
        """Never raises for what the network or the other side does. `error` names neither address nor secret."""
