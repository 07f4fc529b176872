"""Writes message channels and what was done to them; reads one as it was typed. Secrets go to `records.channels`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from religa.domain.message_channels import MessageChannel
from religa.records import raw

_FIELDS = ("name", "kind", "medium", "cost_tenths", "per_second", "position", "settings")


@dataclass(frozen=True, slots=True)
class Kept:
    """A channel as it stands. `closed_at` None: it is open."""

    id: int
    channel: MessageChannel
    since: datetime
    closed_at: datetime | None


def one(provider_id: int, channel_id: int, *, lock: bool = False) -> Kept | None:
    """A channel of the provider, closed ones too. `lock`: nobody else changes it until the transaction ends."""
    query = f"SELECT id, since, closed_at, {', '.join(_FIELDS)} FROM message_channel WHERE provider_id = %s AND id = %s"
    found = raw.rows(query + (" FOR NO KEY UPDATE" if lock else ""), [provider_id, channel_id])
    if not found:
        return None
    number, since, closed_at, *fields = found[0]
    return Kept(number, MessageChannel(**dict(zip(_FIELDS, fields, strict=True))), since, closed_at)


def name_taken(provider_id: int, name: str, *, but: int | None) -> bool:
    query = "SELECT 1 FROM message_channel WHERE provider_id = %s AND name = %s AND id IS DISTINCT FROM %s::bigint"
    return bool(raw.rows(query, [provider_id, name, but]))


def secret_names(channel_id: int) -> list[str]:
    """Which secrets are there."""
    return [
        n for (n,) in raw.rows("SELECT name FROM channel_secret WHERE message_channel_id = %s", [channel_id])
    ]


def add(channel: MessageChannel, *, provider_id: int, at: datetime, author: str) -> int:
    [(number,)] = raw.rows(
        "INSERT INTO message_channel (provider_id, name, kind, medium, cost_tenths, per_second, position, settings,"
        " since, author) VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s) RETURNING id",
        [provider_id, channel.name, channel.kind, channel.medium, channel.cost_tenths, channel.per_second,
         channel.position, json.dumps(channel.settings), at, author],
    )  # fmt: skip
    return int(number)


def change(channel_id: int, channel: MessageChannel, *, author: str) -> None:
    """Writes it anew; its kind and medium stay."""
    raw.run(
        "UPDATE message_channel SET name = %s, cost_tenths = %s, per_second = %s, position = %s, settings = %s::jsonb,"
        " author = %s WHERE id = %s AND closed_at IS NULL",
        [channel.name, channel.cost_tenths, channel.per_second, channel.position, json.dumps(channel.settings),
         author, channel_id],
    )  # fmt: skip


def close(channel_id: int, *, at: datetime, author: str) -> None:
    raw.run(
        "UPDATE message_channel SET closed_at = %s, author = %s WHERE id = %s AND closed_at IS NULL",
        [at, author, channel_id],
    )


def write_down(
    channel_id: int, what: str, *, at: datetime, author: str, detail: Mapping[str, Any] | None = None
) -> None:
    """`what`: a word of `message_channel_change.what`; `detail`: never a secret."""
    raw.run(
        "INSERT INTO message_channel_change (message_channel_id, at, what, detail, author)"
        " VALUES (%s, %s, %s, %s::jsonb, %s)",
        [channel_id, at, what, json.dumps(detail or {}), author],
    )
