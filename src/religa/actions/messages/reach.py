"""By which channel and address a subscriber is told something: first, and then, where that did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa.domain.facts import NoticeKind
from religa.domain.message_kinds import ChannelKind, MessageKind, carries
from religa.ports.messages import EMAIL, PUSH, SMS, WHATSAPP
from religa.records.reach import Person

LEGAL = frozenset({NoticeKind.DEBT.value, NoticeKind.TERMINATION.value})
ANSWERS = frozenset({"answer", "code"})  # to whoever has just asked from there


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and an address on it; both as `message` keeps them."""

    channel: str
    address: str


NOWHERE = Way(EMAIL, "")


def ways(person: Person, kind: str) -> list[Way]:
    """Every way to tell a person something, in order.

    A legal notice goes by SMS only where the provider says so, and never by push (`message_kinds.carries`). A code, and
    whatever is told to somebody whose internet is cut, is tried by SMS first, which does not need it.
    """
    order = (
        sorted(person.channels, key=lambda c: c != SMS) if _by_sms_first(person, kind) else person.channels
    )
    carrying = (c for c in dict.fromkeys(order) if _carries(person, c, kind))
    return [Way(c, address) for c in carrying for address in _addresses(person, c)]


def _carries(person: Person, channel: str, kind: str) -> bool:
    allowed = person.sms_carries_notices
    return carries(ChannelKind(channel), MessageKind(kind), sms_carries_notices=allowed)


def _by_sms_first(person: Person, kind: str) -> bool:
    return kind == "code" or (person.walled and kind not in LEGAL)


def _addresses(person: Person, channel: str) -> list[str]:
    if channel == EMAIL:
        found = [person.email] if person.email else []
    elif channel == WHATSAPP:
        found = [phone.number for phone in person.phones if phone.whatsapp]
    elif channel == PUSH:
        found = list(person.devices)
    else:
        found = [phone.number for phone in person.phones] if channel == SMS else []
    return [a for a in found if ("", a) not in person.closed and (channel, a) not in person.closed]


def first(person: Person, kind: str) -> Way:
    """The first way; `NOWHERE` where there is none, so that the message fails with its reason and is seen."""
    return next(iter(ways(person, kind)), NOWHERE)


def following(person: Person, kind: str, tried: Sequence[tuple[str, str]]) -> Way | None:
    """The next way after those that were tried; a second number of a channel counts as a way of its own."""
    return next((way for way in ways(person, kind) if (way.channel, way.address) not in set(tried)), None)
