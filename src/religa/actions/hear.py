"""Understands what platforms of messages have posted, and hands it on: receipts to the evidence, words to the bot.

An event whose taker died comes back after its lease; one that cannot be handed on is tried again for a while. Receipts
and inbound messages may so be handed on more than once: whoever takes them tells repeats by their numbers.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.bot import inbound as bot
from religa.actions.messages import receipts as evidence
from religa.ports.messages import WHATSAPP, Callback, Heard, Inbound, NotUnderstood
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
         WHERE event_id = ANY (ARRAY (SELECT event_id FROM message_event_todo WHERE due_at <= %(at)s
                             ORDER BY due_at, event_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
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

    @property
    def inbound(self) -> Sequence[Inbound]:
        return self.heard.inbound if isinstance(self.heard, Heard) else ()


def take_callbacks(hear: Hear, *, at: datetime, limit: int = 200) -> int:
    """Takes up to `limit` posts that wait; says how many. May run in any number of processes."""
    with transaction.atomic():
        claimed = raw.rows(_CLAIM, {"at": at, "limit": limit, "lease": _LEASE})
    rows = {number: channels.get(number) for number in {row[1] for row in claimed}}
    events = [_understood(hear, rows, row) for row in claimed]
    _learn_all([e for e in events if not e.inbound], at)
    for event in events:
        if event.inbound:
            _answer(event, at)
    return len(claimed)


def _understood(hear: Hear, rows: Mapping[int, ChannelRow | None], claimed: raw.Row) -> _Event:
    event, number, tries, body, kind, query, received_at = claimed
    channel = rows[number]
    callback = Callback(bytes(body), kind, query, received_at)
    heard = hear(channel, callback) if channel else NotUnderstood("the channel is closed")
    return _Event(event, number, channel, tries, callback, heard)


def _learn_all(events: Sequence[_Event], at: datetime) -> None:
    """All in one transaction; if that fails, each by itself, so that one bad event keeps no other back."""
    if not events:
        return
    try:
        with transaction.atomic():
            _learn(events, at)
            _settle([(e, *_result(e)) for e in events], at)
    except Exception as why:
        if len(events) == 1:
            _failed(events[0], why, at)
            return
        for one in events:
            _learn_all([one], at)


def _answer(event: _Event, at: datetime) -> None:
    """What a person wrote leads to deeds with transactions of their own, and perhaps to a bank: none is open here."""
    try:
        with transaction.atomic():
            _learn([event], at)
            _open_windows(event)
        bot.take(event.inbound, at=at, provider_id=event.channel.provider_id if event.channel else None)
        with transaction.atomic():
            _settle([(event, *_result(event))], at)
    except Exception as why:
        _failed(event, why, at)


def _learn(events: Sequence[_Event], at: datetime) -> None:
    said = [r for e in events if isinstance(e.heard, Heard) for r in e.heard.receipts]
    if said:
        evidence.learn(said, at=at)


def _open_windows(event: _Event) -> None:
    for one in event.inbound:
        if one.channel == WHATSAPP:
            channels.open_window(event.channel_id, one.sender, at=one.at)


def _failed(event: _Event, why: Exception, at: datetime) -> None:
    """What an error says may repeat a number or what somebody wrote: only where it happened is written down."""
    where = traceback.extract_tb(why.__traceback__)[-1]
    logger.error(
        "event %s of message channel %s was not taken: %s at %s:%s",
        event.id, event.channel_id, type(why).__name__, where.filename, where.lineno,
    )  # fmt: skip
    with transaction.atomic():
        _again(event, at)


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
