"""Sends what is in the outbox and keeps the evidence. The clock of a notice starts here, not when it was queued.

Three short steps: claim (commit), send (no transaction, several at once), record (one transaction per batch). A process
that dies in the middle leaves rows in `sending`; after a while their outcome is taken as unknown, which proves nothing.
They are not sent again: the other side may have them. A receipt that comes later may still prove them, and a notice is
given again on another day.

"Your internet is back" is said only once it is: it waits while the router of a session that runs has not obeyed. A
session that is not heard of, or is walled and cannot be moved, ends by itself within half an hour, and dials again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from religa.actions.messages import evidence, fallback, fate, receipts
from religa.ports.messages import PUSH, WHATSAPP, Channel, NotSent, OutgoingMessage, SendOutcome, Sent
from religa.records import access, outbox, pace, push, raw
from religa.records.outbox import Claimed, Event, Lane

ChannelFor = Callable[[str], Channel]
InWindow = Callable[[str], bool]
BATCH = 100  # messages in hand of one process and lane: so many are unknown if it dies
_FORGOTTEN = timedelta(minutes=10)
_ATTEMPTS = 5
_PATIENCE = timedelta(seconds=20)  # after the first failure that may pass; doubled with each


def _nobody(address: str) -> bool:
    return False


def send_queued(
    *,
    channel_for: ChannelFor,
    at: datetime,
    limit: int = BATCH,
    at_once: int = 1,
    may_write_freely: InWindow = _nobody,
) -> int:
    """Sends up to `limit` messages of every lane, `at_once` of them side by side; says how many were taken in hand."""
    return sum(
        send_lane(
            lane,
            channel_for=channel_for,
            at=at,
            limit=limit,
            at_once=at_once,
            may_write_freely=may_write_freely,
        )
        for lane in outbox.lanes(at)
    )


def send_lane(
    lane: Lane,
    *,
    channel_for: ChannelFor,
    at: datetime,
    limit: int = BATCH,
    at_once: int = 1,
    may_write_freely: InWindow = _nobody,
) -> int:
    """The same for one lane, as fast as its pace allows. `may_write_freely`: whether the person at an address wrote
    within a day (WhatsApp)."""
    with transaction.atomic():
        tokens = pace.take(provider_id=lane.provider_id, channel=lane.channel, wanted=limit, at=at)
        claimed = outbox.claim(lane, at=at, limit=tokens) if tokens else []
        going = fate.sort_out(claimed, at=at)
        pace.give_back(provider_id=lane.provider_id, channel=lane.channel, tokens=tokens - len(going))
    if going:
        free = [m.channel == WHATSAPP and may_write_freely(m.address) for m in going]
        addressed = _opened(going) if lane.channel == PUSH else going
        outcomes = _send_all(addressed, free, channel_for(lane.channel), at_once)
        _record(list(zip(going, outcomes, strict=True)), at)
    return len(claimed)


def _opened(going: Sequence[Claimed]) -> list[Claimed]:
    """With the subscriptions that their addresses name; those that are over by now are closed."""
    found = push.opened([m.address for m in going])
    return [
        replace(m, address=found.get(m.address, m.address), closed=m.closed or m.address not in found)
        for m in going
    ]


def _send_all(
    going: Sequence[Claimed], free: Sequence[bool], channel: Channel, at_once: int
) -> list[SendOutcome]:
    """Threads of their own, which ask no database."""
    if at_once == 1 or len(going) == 1:
        return [_send(channel, *each) for each in zip(going, free, strict=True)]
    with ThreadPoolExecutor(min(at_once, len(going))) as threads:
        return list(threads.map(partial(_send, channel), going, free))


def _send(channel: Channel, claimed: Claimed, in_window: bool) -> SendOutcome:
    if not claimed.address:
        return NotSent("the subscriber has no address", permanent=True)
    if claimed.closed:
        return NotSent("the address is closed", permanent=True)
    return channel.send(
        OutgoingMessage(
            claimed.id,
            claimed.kind,
            claimed.channel,
            claimed.address,
            claimed.subject,
            claimed.text,
            claimed.language,
            provider_id=claimed.provider_id,
            in_window=in_window,
        )
    )


@dataclass(frozen=True, slots=True)
class _Tried:
    """One message and what came of it: its row, and what is known of it now."""

    message: Claimed
    state: str
    row: raw.Row
    events: list[Event]


def _record(outcomes: Sequence[tuple[Claimed, SendOutcome]], at: datetime) -> None:
    tried = [_tried(message, outcome, at) for message, outcome in outcomes]
    with transaction.atomic():
        carried = evidence.lock_contracts_of([t.message.id for t in tried])
        outbox.settle([t.row for t in tried])
        push.end_gone([m.address for m, o in outcomes if isinstance(o, NotSent) and o.gone], at=at)
        failed = [t.message.id for t in tried if t.state == "failed"]
        going_on = fallback.go_on(failed, at=at)
        events = [event for t in tried for event in t.events]
        evidence.keep(events, carried, at=at, silent=going_on)
        access.wake([t.message.contract_id for t in tried if t.message.kind == "blocked"])
    receipts.match([t.row[3] for t in tried if t.row[3]], at=at)


def _tried(message: Claimed, outcome: SendOutcome, at: datetime) -> _Tried:
    state, again = _state(message, outcome, at)
    found, error, events = None, "", []
    if isinstance(outcome, Sent):
        found = outcome.provider_message_id
        for known in ("sent", "delivered") if outcome.delivered else ("sent",):
            events.append(Event(message.id, at, known, message.channel, found or ""))
    else:
        error = outcome.error
        if state == "failed":
            events.append(Event(message.id, at, "failed", message.channel, "", error))
    row = (message.id, state, at if state == "sent" else None, found, error, again)
    return _Tried(message, state, row, events)


def _state(message: Claimed, outcome: SendOutcome, at: datetime) -> tuple[str, datetime | None]:
    """What its row says now, and when it is tried again."""
    if isinstance(outcome, Sent):
        return "sent", None
    if not isinstance(outcome, NotSent):
        return "unknown", None
    if outcome.permanent or message.attempts >= _ATTEMPTS:
        return "failed", None
    wait = timedelta(seconds=outcome.retry_after or 0)
    return "queued", at + max(wait, _PATIENCE * 2 ** (message.attempts - 1))


_FORGET = """
    UPDATE message SET state = 'unknown', error = 'outcome unknown'
     WHERE id IN (SELECT id FROM message WHERE state = 'sending' AND claimed_at < %s FOR UPDATE SKIP LOCKED)
    RETURNING id, channel
"""


def give_up_forgotten(*, at: datetime) -> int:
    """Settles messages whose sender died: nothing is proven of them, and none is sent again."""
    with transaction.atomic():
        lost = raw.rows(_FORGET, [at - _FORGOTTEN])
    return len(lost)
