"""Message channels as their pages show them: how each is heard, what waits, what was refused. Reads no secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from religa.records import raw

LOOKED_AT = 2_000  # messages, the newest, of which it is counted what became of them


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """A channel and how it fares. `is_first`: messages of its medium go by it; `waiting`: posts of its platform that
    nobody has understood yet; `refused`: posts not taken today."""

    id: int
    name: str
    medium: str
    kind: str
    settings: Mapping[str, Any]
    cost_tenths: int
    per_second: int
    position: int
    since: datetime
    closed_at: datetime | None
    is_first: bool
    heard_at: datetime | None
    waiting: int
    refused: int


_ROWS = """
    SELECT c.id, c.name, c.medium, c.kind, c.settings, c.cost_tenths, c.per_second, c.position, c.since, c.closed_at,
           c.closed_at IS NULL AND NOT EXISTS (
               SELECT FROM message_channel o WHERE o.provider_id = c.provider_id AND o.medium = c.medium
                  AND o.closed_at IS NULL AND (o.position, o.id) < (c.position, c.id)),
           (SELECT e.received_at FROM message_event_raw e WHERE e.message_channel_id = c.id
             ORDER BY e.received_at DESC LIMIT 1),
           (SELECT count(*) FROM message_event_todo t JOIN message_event_raw e ON e.id = t.event_id
             WHERE e.message_channel_id = c.id),
           coalesce((SELECT sum(count) FROM refused_callback r
                      WHERE r.message_channel_id = c.id AND r.day = %(today)s), 0)::bigint
      FROM message_channel c
     WHERE c.provider_id = %(provider)s AND (%(channel)s::bigint IS NULL OR c.id = %(channel)s)
     ORDER BY c.closed_at IS NOT NULL, c.medium, c.position, c.id
"""


def every(provider_id: int, *, today: date) -> list[ChannelShown]:
    """Open channels first, in the order in which they are tried; `today`: the provider's civil day."""
    rows = raw.rows(_ROWS, {"provider": provider_id, "channel": None, "today": today})
    return [ChannelShown(*row) for row in rows]


def one(provider_id: int, channel_id: int, *, today: date) -> ChannelShown | None:
    rows = raw.rows(_ROWS, {"provider": provider_id, "channel": channel_id, "today": today})
    return ChannelShown(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Sending:
    """What became of the newest messages of a provider by one medium."""

    medium: str
    sent: int
    failed: int
    waiting: int


def sendings(provider_id: int) -> dict[str, Sending]:
    """By medium, of the provider's newest `LOOKED_AT` messages."""
    query = """
        SELECT channel, count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'failed'),
               count(*) FILTER (WHERE state IN ('queued', 'sending'))
          FROM (SELECT channel, state FROM message WHERE provider_id = %s ORDER BY id DESC LIMIT %s) m GROUP BY 1
    """
    return {row[0]: Sending(*row) for row in raw.rows(query, [provider_id, LOOKED_AT])}


def latest_errors(provider_id: int, medium: str) -> list[tuple[str, int]]:
    """Why messages failed, and how often, of the newest ones; most frequent first."""
    query = """
        SELECT error, count(*) FROM (
            SELECT channel, state, error FROM message WHERE provider_id = %s ORDER BY id DESC LIMIT %s) m
         WHERE channel = %s AND state = 'failed' AND error <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5
    """
    return [(error, count) for error, count in raw.rows(query, [provider_id, LOOKED_AT, medium])]


@dataclass(frozen=True, slots=True)
class SecretKept:
    """That there is a secret, since when and by whom; never what it is."""

    name: str
    changed_at: datetime
    author: str


def secrets_of(channel_id: int) -> list[SecretKept]:
    query = "SELECT name, changed_at, author FROM channel_secret WHERE message_channel_id = %s ORDER BY id"
    return [SecretKept(*row) for row in raw.rows(query, [channel_id])]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody did to a channel."""

    at: datetime
    what: str
    detail: Mapping[str, Any]
    author: str


def changes_of(channel_id: int, *, limit: int = 30) -> list[Change]:
    """Latest first."""
    query = (
        "SELECT at, what, detail, author FROM message_channel_change WHERE message_channel_id = %s"
        " ORDER BY at DESC, id DESC LIMIT %s"
    )
    return [Change(*row) for row in raw.rows(query, [channel_id, limit])]


def refusals(channel_id: int, *, since: date) -> list[tuple[str, int, datetime, str]]:
    """Reason, how often, when last, and the last sender's address."""
    query = """
        SELECT why, sum(count)::bigint, max(last_at), (array_agg(address ORDER BY last_at DESC))[1]
          FROM refused_callback WHERE message_channel_id = %s AND day >= %s GROUP BY 1 ORDER BY 3 DESC
    """
    return [(why, count, at, address) for why, count, at, address in raw.rows(query, [channel_id, since])]
