"""Push subscriptions as rows: kept sealed, found by the names that messages have for them, and ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from religa.domain.push_subscriptions import PushSubscription
from religa.records import raw, secrets

# Those of a subscriber that the channel opens by which his provider sends now, the latest first.
LIVING = """
    SELECT p.id FROM push_subscription p
     WHERE p.subscriber_id = {subscriber} AND p.ended_at IS NULL
       AND p.message_channel_id = (SELECT h.id FROM message_channel h
                                    WHERE h.provider_id = {provider} AND h.medium = 'push' AND h.closed_at IS NULL
                                    ORDER BY h.position, h.id LIMIT 1)
"""
_NAME = "device/"


def name_of(key: int) -> str:
    """What `message.address` says in place of an address with which anybody could write to the device."""
    return f"{_NAME}{key}"


def _key_of(name: str) -> int | None:
    number = name.removeprefix(_NAME)
    return int(number) if name.startswith(_NAME) and number.isdecimal() else None


def keep(
    found: PushSubscription,
    *,
    subscriber_id: int,
    channel_id: int,
    session_id: int,
    device: str,
    at: datetime,
) -> None:
    """One for each browser and each session; a browser that was somebody else's is so no more."""
    digest = hashlib.sha256(found.endpoint.encode()).digest()
    values = {
        "digest": digest, "subscriber": subscriber_id, "channel": channel_id, "session": session_id,
        "device": device, "at": at, "sealed": secrets.seal(found.text, place=_place(digest)),
    }  # fmt: skip
    # Two pages of one browser at once: the second waits here, and then finds the first one's row.
    raw.run("SELECT pg_advisory_xact_lock(hashtextextended(encode(%s, 'hex'), 0))", [digest])
    end(_OTHERS, values, why="replaced", at=at)
    if not raw.run(_AGAIN, values):
        raw.run(_NEW, values)


_OTHERS = """
    (portal_session_id = %(session)s OR digest = %(digest)s)
    AND (digest, subscriber_id) <> (%(digest)s, %(subscriber)s::bigint)
"""
_AGAIN = """
    UPDATE push_subscription SET sealed = %(sealed)s, message_channel_id = %(channel)s, portal_session_id = %(session)s,
                                 device = %(device)s
     WHERE digest = %(digest)s AND ended_at IS NULL
"""
_NEW = """
    INSERT INTO push_subscription (subscriber_id, message_channel_id, portal_session_id, digest, sealed, device,
                                   created_at, why)
    VALUES (%(subscriber)s, %(channel)s, %(session)s, %(digest)s, %(sealed)s, %(device)s, %(at)s, '')
"""


def end(which: str, values: dict[str, object], *, why: str, at: datetime) -> int:
    """Ends the living ones that a condition names, and forgets their addresses; says how many."""
    return raw.run(
        "UPDATE push_subscription SET ended_at = greatest(%(at)s, created_at), why = %(why)s, sealed = NULL"
        f" WHERE ended_at IS NULL AND {which}",
        {**values, "at": at, "why": why},
    )


def end_gone(names: Sequence[str], *, at: datetime) -> int:
    """Ends those whose browser has gone away, by the names that messages have for them."""
    keys = [key for name in names if (key := _key_of(name)) is not None]
    return end("id = ANY (%(ids)s::bigint[])", {"ids": raw.ids(keys)}, why="gone", at=at) if keys else 0


def opened(names: Sequence[str]) -> dict[str, str]:
    """The subscriptions in clear, by name; what has ended, or what no key of ours opens, is left out."""
    keys = [key for name in names if (key := _key_of(name)) is not None]
    query = (
        "SELECT id, digest, sealed FROM push_subscription WHERE id = ANY (%s::bigint[]) AND ended_at IS NULL"
    )
    found = {name_of(key): _clear(digest, sealed) for key, digest, sealed in raw.rows(query, [raw.ids(keys)])}
    return {name: text for name, text in found.items() if text}


def _clear(digest: bytes, sealed: bytes) -> str:
    try:
        return secrets.open_sealed(sealed, place=_place(digest))
    except secrets.Unopenable:
        return ""


def _place(digest: bytes) -> str:
    return f"push_subscription/{bytes(digest).hex()}"
