"""Has an event taken again because a person says so: the bank is asked anew; money that landed has no effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions.money.receive_event import CHANNEL
from religa.records import account_rows, raw


@dataclass(frozen=True, slots=True)
class Again:
    """It waits for the process that asks banks. `was_waiting`: it did already; it is next now."""

    was_waiting: bool


@dataclass(frozen=True, slots=True)
class NobodyTakesIt:
    """There is no such event, or its account is closed."""


def retry(*, event_id: int, provider_id: int, author: str, at: datetime) -> Again | NobodyTakesIt:
    """Puts it in line, first. Repeated, it stays one."""
    with transaction.atomic():
        found = raw.rows(_ACCOUNT, [event_id, provider_id])
        if not found:
            return NobodyTakesIt()
        [(account,)] = found
        new = put_in_line(event_id, at)
        account_rows.write_down(account, "event_retried", at=at, author=author, detail={"event": event_id})
    return Again(was_waiting=not new)


def put_in_line(event_id: int, at: datetime) -> bool:
    """It is next, and whoever asks its bank is woken. Returns whether it did not wait already. In a transaction."""
    new = raw.run(_PUT, {"event": event_id, "at": at})
    if not new:
        raw.run(
            "UPDATE provider_event_todo SET due_at = least(due_at, %s) WHERE event_id = %s", [at, event_id]
        )
    raw.run(_WAKE, [CHANNEL, event_id])
    return bool(new)


_ACCOUNT = """
    SELECT a.id FROM provider_event e JOIN payment_account a ON a.id = e.payment_account_id
     WHERE e.id = %s AND e.provider_id = %s AND a.closed_at IS NULL
"""
_PUT = """
    INSERT INTO provider_event_todo (event_id, due_at, tries) VALUES (%(event)s, %(at)s, 0)
    ON CONFLICT (event_id) DO NOTHING
"""
_WAKE = "SELECT pg_notify(%s, payment_account_id::text) FROM provider_event WHERE id = %s"
