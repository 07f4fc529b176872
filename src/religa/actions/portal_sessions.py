"""Sessions of subscribers: begun with a proof, ended by time, by leaving, or from another device.

A session is known by a key that only the browser has; the database keeps its digest. Whatever ends one is seen at the
very next request.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from religa.records import push, raw

SEEN_EVERY = timedelta(minutes=5)
_BYTES = 32


def digest_of(key: str) -> bytes:
    """What is kept of a key. It is random and long: a plain digest tells nothing of it."""
    return hashlib.sha256(key.encode()).digest()


def begin(
    *,
    subscriber_id: int,
    proof: str,
    device: str,
    stays: timedelta,
    at: datetime,
    after: int | None = None,
) -> str:
    """A new session and its key, which is told once. `proof` and `device` are words of `records/models/portal.py`.

    `after`: the browser's session before this one. Its notices stay on if the person is the same.
    """
    key = secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        [(made,)] = raw.rows(
            "INSERT INTO portal_session (subscriber_id, digest, since, seen_at, ends_at, device, proof)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
            [subscriber_id, digest_of(key), at, at, at + stays, device, proof],
        )
        if after is not None:
            raw.run(_FOLLOW, [made, after, subscriber_id])
            push.end("portal_session_id = %(before)s", {"before": after}, why="replaced", at=at)
    return key


_FOLLOW = """
    UPDATE push_subscription SET portal_session_id = %s
     WHERE portal_session_id = %s AND subscriber_id = %s AND ended_at IS NULL
"""


def seen(*, session_id: int, at: datetime) -> None:
    """That it was used, unless that was written a moment ago: two pages at once write once."""
    with transaction.atomic():
        raw.run(
            "UPDATE portal_session SET seen_at = %(at)s WHERE id = %(id)s AND seen_at <= %(before)s",
            {"at": at, "id": session_id, "before": at - SEEN_EVERY},
        )


def end(*, subscriber_id: int, session_id: int, at: datetime) -> bool:
    """Signs one device out. False: the subscriber has no such session, or it was over."""
    return _end("{id} = %(id)s", subscriber_id, at, {"id": session_id}) == 1


def end_all(*, subscriber_id: int, at: datetime, but: int | None = None) -> int:
    """Signs all devices out, or all but one; says how many there were."""
    return _end("{id} IS DISTINCT FROM %(but)s::bigint", subscriber_id, at, {"but": but})


def _end(which: str, subscriber_id: int, at: datetime, values: dict[str, object]) -> int:
    """With the notices of these devices, also of those whose session was over by itself."""
    values = {"subscriber": subscriber_id, **values}
    with transaction.atomic():
        of_these = f"subscriber_id = %(subscriber)s AND {which.format(id='portal_session_id')}"
        push.end(of_these, values, why="signed_out", at=at)
        return raw.run(
            "UPDATE portal_session SET revoked_at = greatest(%(at)s, since) WHERE subscriber_id = %(subscriber)s"
            f" AND revoked_at IS NULL AND ends_at > %(at)s AND {which.format(id='id')}",
            {**values, "at": at},
        )
