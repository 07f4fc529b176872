"""What Religa needs from outside, as protocols of one to three methods, and their outcomes as types.

Money has a module of its own, `religa.ports.money`, and messages have `religa.ports.messages`; what sends them is named
here, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from religa.domain.facts import Access
from religa.domain.pushing import Kind, Outcome
from religa.ports.messages import (
    Channel as Channel,
)
from religa.ports.messages import (
    NotSent as NotSent,
)
from religa.ports.messages import (
    OutgoingMessage as OutgoingMessage,
)
from religa.ports.messages import (
    SendOutcome as SendOutcome,
)
from religa.ports.messages import (
    Sent as Sent,
)


class Holidays(Protocol):
    """Where holidays come from: a library and the provider's file."""

    def bank(self, years: Sequence[int]) -> dict[date, str]:
        """Days on which banks are closed."""

    def local(self, years: Sequence[int], *, uf: str, ibge_code: str) -> dict[date, str]:
        """Days that close in a state and a municipality besides."""


@dataclass(frozen=True, slots=True)
class Order:
    """One CoA-Request or Disconnect-Request (RFC 5176) to a router.

    `attributes`: names as in FreeRADIUS's dictionaries, values as text; those that identify the session among them.
    `source`: the address of ours that it is sent from; None: what the system picks.
    """

    kind: Kind
    address: str
    port: int
    secret: str
    attributes: tuple[tuple[str, str], ...]
    source: str | None = None

    def __repr__(self) -> str:
        return f"Order({self.kind.value}, {self.address}:{self.port}, {self.attributes!r})"


class DynamicAuthorization(Protocol):
    """How orders reach routers. One answer belongs to one order, however often it had to be sent.

    `ignored`: packets that came back and were no answer (malformed, unsigned, foreign, replayed). They change nothing.
    """

    ignored: int

    async def send(self, order: Order) -> Outcome:
        """Sends, repeats, verifies. Never raises for what the network or the router does; that is an outcome."""

    async def close(self) -> None:
        """Gives up what is under way (as `NoAnswer`) and lets the sockets go."""


@dataclass(frozen=True, slots=True)
class WantedAccess:
    """What one log-in shall have on a router that holds its own log-ins (no RADIUS).

    `key` is the contract's, by which the router's own entries are found again. `profile` is the plan's: needed only
    where the router has no memory of what the log-in had before. `drop_session`: a changed profile acts on the next
    dial alone, so the running session is ended.
    """

    login: str
    key: int
    access: Access
    profile: str | None = None
    drop_session: bool = True


class Changed(StrEnum):
    """What an adapter may change on a router."""

    PROFILE = "profile"
    DISABLED = "disabled"
    COMMENT = "comment"
    LIST_ENTRY = "list_entry"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done on the router; an empty `before` was added, an empty `after` removed."""

    what: Changed
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The router took it; it now holds what was wanted."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The router already held it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The router knows no such log-in. Entries of ours that were left of it are removed."""

    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class NotOurs:
    """What stands in the way is somebody else's doing, and was left alone: a person has to look."""

    why: tuple[Changed, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class RouterRefused:
    """The router answered no. `changes` were made before and stand: a refusal is no rollback."""

    message: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer, or none that can be read. `changes` are those known to stand; one more may have been made."""

    error: str
    changes: tuple[Change, ...] = ()


AppliedOutcome = Applied | Unchanged | Missing | NotOurs | RouterRefused | Unreachable


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry of an address list that carries our comment."""

    key: int
    address: str
    list: str


@dataclass(frozen=True, slots=True)
class RouterState:
    """What a router holds for one log-in. `key`: the contract that our mark on it names, if there is one.

    `outdated`: a change is written, but the session of before was not ended yet.
    """

    login: str
    access: Access
    profile: str
    key: int | None = None
    online: bool = False
    addresses: tuple[str, ...] = ()
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class RouterStates:
    """Every log-in of a router, and every list entry of ours, also those whose log-in is gone."""

    logins: tuple[RouterState, ...]
    entries: tuple[OwnEntry, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """The way back, step by step: log-in (or address, where none is known) and how it went."""

    outcomes: tuple[tuple[str, AppliedOutcome], ...]


class AccessRouter(Protocol):
    """A router that holds log-ins itself. Never raises for what the router says or fails to say."""

    def states(self) -> RouterStates | RouterRefused | Unreachable:
        """What the router holds now."""

    def apply(self, wanted: Sequence[WantedAccess]) -> Sequence[AppliedOutcome]:
        """Writes the differences, improvements first. One outcome for each of `wanted`, in their order.

        A log-in is wanted once in a call.
        """

    def release(self, *, drop_sessions: bool = True) -> Released | RouterRefused | Unreachable:
        """Takes back all that this adapter ever changed on the router, and nothing else."""


@dataclass(frozen=True, slots=True)
class AttributeKind:
    """What a dictionary says of an attribute. `names`: words that stand for its numbers."""

    name: str
    type: str
    tagged: bool = False
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """FreeRADIUS does not take a list of attributes as it is; `packet`: which list, `said`: its own words."""

    packet: int
    said: str


class Dictionary(Protocol):
    """What FreeRADIUS knows of attributes. One that it does not know, or a value of the wrong form, silences a router's
    every log-in, and so is found before it is saved."""

    def attribute(self, name: str) -> AttributeKind | None:
        """By its name, whatever its case; None: unknown."""

    def unreadable(self, packets: Sequence[Sequence[tuple[str, str, str]]]) -> Unreadable | None:
        """Lets FreeRADIUS itself read lists of (attribute, operator, value); None: it takes all as they are."""
