"""The chain of access changes of one contract: salted digests, each sealed by the one before.

Salt and cause can be erased (the digest then only says that something was there); leaving a change out, adding one or
altering one breaks the chain from that place on. Nothing global: one contract never waits for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_START = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Link:
    """What is sealed of one change."""

    contract_id: int
    seq: int
    at: datetime
    old: tuple[str | None, str | None]
    new: tuple[str, str, str]
    until: datetime | None
    access_then: str
    decided_with: str
    cause: str


def digest(link: Link, salt: bytes) -> bytes:
    """SHA-256 of the salt and every field, in a form that cannot be read two ways."""
    moments = [m.astimezone(UTC).isoformat() if m else None for m in (link.at, link.until)]
    texts = [
        str(link.contract_id), str(link.seq), *moments, *link.old, *link.new, link.access_then, link.decided_with,
        link.cause,
    ]  # fmt: skip
    told = "".join(["-" if text is None else f"{len(text)}:{text}" for text in texts])
    return hashlib.sha256(salt + told.encode()).digest()


def seal(previous: bytes | None, sealed: bytes) -> bytes:
    """The next seal: SHA-256 of the one before (zeros at the start) and this digest."""
    return hashlib.sha256((previous or _START) + sealed).digest()


@dataclass(frozen=True, slots=True)
class Intact:
    """`erased`: how many changes can no longer be read, only checked for place."""

    changes: int
    erased: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place that does not fit."""

    seq: int
    why: str


Sealed = tuple[Link | None, int, bytes | None, bytes, bytes]


def verify(changes: Iterable[Sealed]) -> Intact | Broken:
    """Checks (link, seq, salt, digest, seal) in order; link and salt are None where they were erased."""
    previous, count, erased = None, 0, 0
    for link, seq, salt, sealed, sealing in changes:
        count += 1
        if seq != count:
            return Broken(seq, f"change {count} is missing")
        if link is None or salt is None:
            erased += 1
        elif digest(link, salt) != sealed:
            return Broken(seq, "was altered")
        if seal(previous, sealed) != sealing:
            return Broken(seq, "does not follow the one before")
        previous = sealing
    return Intact(count, erased)
