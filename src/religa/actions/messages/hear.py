"""Understands what platforms of messages have posted, and hands it on: receipts to the evidence, words to the bot.

An event whose taker died comes back after its lease; one that cannot be handed on is tried again for a while. Receipts
and inbound messages may so be handed on more than once: whoever takes them tells repeats by their numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.bot import inbound as bot
from religa.actions.messages import receipts as evidence
from religa.ports.messages import Callback, Heard, NotUnderstood
from religa.records import channels, raw
from religa.records.channels import ChannelRow

logger = logging.getLogger(__name__)

Hear = Callable[[ChannelRow, Callback], Heard | NotUnderstood]
_LEASE = "60 seconds"
_WAITS = (5, 30, 120, 600, 1800)  # seconds until an event is tried again
_GIVE_UP = timedelta(hours=24)
_CLAIM = """
    WITH mine AS (
        UPDATE message_event_todo SET due_at = %(at)s::timestamptz + %(lease)s::interval, tries = tries + 1
         WHERE event_id IN (SELECT event_id FROM message_event_todo WHERE due_at <= %(at)s
                             ORDER BY due_at, event_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING event_id, tries)
    SELECT e.id, e.message_channel_id, m.tries, e.body, e.content_type, e.query, e.received_at
      FROM message_event_raw e JOIN mine m ON m.event_id = e.id ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class _Event:
    """One post on its way. `channel` None: it was closed meanwhile."""

    id: int
    channel_id: int
    channel: ChannelRow | None
    tries: int
    callback: Callback
    heard: Heard | NotUnderstood


def take_callbacks(hear: Hear, *, at: datetime, limit: int = 200) -> int:
    """Takes up to `limit` posts that wait; says how many. May run in any number of processes."""
    with transaction.atomic():
        claimed = raw.rows(_CLAIM, {"at": at, "limit": limit, "lease": _LEASE})
    rows = {number: channels.get(number) for number in {row[1] for row in claimed}}
    _hand_on_all([_understood(hear, rows, row) for row in claimed], at)
    return len(claimed)


def _understood(hear: Hear, rows: Mapping[int, ChannelRow | None], claimed: raw.Row) -> _Event:
    event, number, tries, body, kind, query, received_at = claimed
    channel = rows[number]
    callback = Callback(bytes(body), kind, query, received_at)
    heard = hear(channel, callback) if channel else NotUnderstood("the channel is closed")
    return _Event(event, number, channel, tries, callback, heard)


def _hand_on_all(events: Sequence[_Event], at: datetime) -> None:
    """All in one transaction; if that fails, each by itself, so that one bad event keeps no other back."""
    if not events:
        return
    try:
        with transaction.atomic():
            _hand_on(events, at)
    except Exception:
        if len(events) > 1:
            for one in events:
                _hand_on_all([one], at)
            return
        logger.exception("event %s of message channel %s was not taken", events[0].id, events[0].channel_id)
        with transaction.atomic():
            _again(events[0], at)


def _hand_on(events: Sequence[_Event], at: datetime) -> None:
    understood = [(e, e.heard) for e in events if isinstance(e.heard, Heard)]
    said = [r for _, heard in understood for r in heard.receipts]
    if said:
        evidence.learn(said, at=at)
    for event, heard in understood:
        if heard.inbound:
            _open_windows(event, heard)
            bot.take(heard.inbound, at=at)
    _settle([(e, *_result(e)) for e in events], at)


def _open_windows(event: _Event, heard: Heard) -> None:
    for one in heard.inbound:
        channels.open_window(event.channel_id, one.sender, at=one.at)


def _result(event: _Event) -> tuple[str, str]:
    if isinstance(event.heard, NotUnderstood):
        return "ignored", event.heard.why
    return ("done" if event.heard.receipts or event.heard.inbound else "ignored"), ""


def _again(event: _Event, at: datetime) -> None:
    if at - event.callback.received_at > _GIVE_UP:
        _settle([(event, "failed", "it could not be handed on")], at)
        return
    wait = _WAITS[min(event.tries, len(_WAITS)) - 1]
    raw.run(
        "UPDATE message_event_todo SET due_at = %s WHERE event_id = %s",
        [at + timedelta(seconds=wait), event.id],
    )


def _settle(results: Sequence[tuple[_Event, str, str]], at: datetime) -> None:
    columns = ("event_id", "message_channel_id", "at", "result", "receipts", "inbound", "detail")
    raw.insert("message_event_result", columns, [_row(*one, at) for one in results])
    raw.run("DELETE FROM message_event_todo WHERE event_id = ANY (%s)", [[e.id for e, _, _ in results]])


def _row(event: _Event, result: str, detail: str, at: datetime) -> raw.Row:
    heard = event.heard if isinstance(event.heard, Heard) else Heard()
    return event.id, event.channel_id, at, result, len(heard.receipts), len(heard.inbound), detail[:300]
