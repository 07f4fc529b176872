"""Keeps what a platform of messages posts, as it came. Nothing is understood here, so that the answer is quick."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.ports.messages import Callback, Proof
from religa.records import raw
from religa.records.channels import ChannelRow


def receive(channel: ChannelRow, callback: Callback, *, proof: Proof) -> bool:
    """Keeps a post. True: nobody was waiting, so that somebody has to be woken (`hear.take_callbacks`)."""
    with transaction.atomic():
        [(key,)] = raw.rows(
            "INSERT INTO message_event_raw (message_channel_id, received_at, content_type, query, body, proof)"
            " VALUES (%s, %s, %s, %s::jsonb, %s, %s) RETURNING id",
            [channel.id, callback.received_at, callback.content_type, json.dumps(dict(callback.query)),
             callback.body, proof.value],
        )  # fmt: skip
        raw.run(
            "INSERT INTO message_event_todo (event_id, due_at, tries) VALUES (%s, %s, 0)",
            [key, callback.received_at],
        )
        # Those that wait already have woken somebody; a crowd of posts is one call, not one each.
        [(others,)] = raw.rows(
            "SELECT EXISTS (SELECT FROM message_event_todo WHERE due_at <= %s AND event_id <> %s)",
            [callback.received_at, key],
        )
    return not others


def refuse(channel: ChannelRow | None, *, why: str, address: str, at: datetime) -> None:
    """Counts what was not taken; `why`: a word of `refused_callback.why`. Of the sender the last address is kept."""
    day = at.astimezone(ZoneInfo(channel.zone if channel else "America/Sao_Paulo")).date()
    raw.run(
        "INSERT INTO refused_callback (message_channel_id, day, why, count, last_at, address)"
        " VALUES (%s, %s, %s, 1, %s, %s)"
        " ON CONFLICT ON CONSTRAINT refused_callback_day_once DO UPDATE SET count = refused_callback.count + 1,"
        " last_at = excluded.last_at, address = excluded.address",
        [channel.id if channel else None, day, why, at, address],
    )
