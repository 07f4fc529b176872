"""Events of banks, what became of each, and whom they were passed on to. Lists read no body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from religa.records import raw


@dataclass(frozen=True, slots=True)
class EventRow:
    """`result` None: nothing yet; `waiting`: its truth is still to be asked; `tries`: how often it was."""

    id: int
    account_id: int | None
    account: str
    received_at: datetime
    proof: str
    size: int
    result: str | None
    detail: str
    result_at: datetime | None
    waiting: bool
    tries: int
    relayed_at: datetime | None
    relay_due_at: datetime | None
    relay_given_up_at: datetime | None
    relay_error: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the list is wanted. `result`: a word of `provider_event_result.result`, `waiting`, or "" for all;
    `before`: only those that come after this one in the list."""

    account: int | None = None
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


_EVENTS = """
    SELECT e.id, e.payment_account_id, coalesce(a.name, e.source), e.received_at, e.proof, octet_length(e.body),
           r.result, coalesce(r.detail, ''), r.at, t.event_id IS NOT NULL, coalesce(t.tries, 0),
           y.delivered_at, y.due_at, y.given_up_at, coalesce(y.error, '')
      FROM provider_event e
      LEFT JOIN payment_account a ON a.id = e.payment_account_id
      LEFT JOIN provider_event_todo t ON t.event_id = e.id
      LEFT JOIN event_relay y ON y.event_id = e.id
      LEFT JOIN LATERAL (SELECT result, detail, at FROM provider_event_result x WHERE x.event_id = e.id
                          ORDER BY x.id DESC LIMIT 1) r ON true
     WHERE e.provider_id = %(provider)s {which}
     ORDER BY e.received_at DESC, e.id DESC LIMIT %(limit)s
"""
_WHICH = """
       AND (%(account)s::bigint IS NULL OR e.payment_account_id = %(account)s)
       AND (%(since)s::timestamptz IS NULL OR e.received_at >= %(since)s)
       AND (%(until)s::timestamptz IS NULL OR e.received_at < %(until)s)
       AND (%(before)s::bigint IS NULL OR (e.received_at, e.id) < (
            SELECT b.received_at, b.id FROM provider_event b WHERE b.id = %(before)s AND b.provider_id = %(provider)s))
"""
_OF_RESULT = {  # what is rare is looked for by its own index, not among everything that ever came
    "": "",
    "waiting": "AND e.id IN (SELECT event_id FROM provider_event_todo)",
    "done": "AND r.result = 'done' AND t.event_id IS NULL",
    "ignored": "AND r.result = 'ignored' AND t.event_id IS NULL",
    **{
        rare: f"AND r.result = '{rare}' AND t.event_id IS NULL"
        f" AND e.id IN (SELECT event_id FROM provider_event_result WHERE result = '{rare}')"
        for rare in ("failed", "held", "unidentified")
    },
}


def events(provider_id: int, wanted: Wanted, *, limit: int) -> list[EventRow]:
    """Latest first."""
    values = {
        "provider": provider_id, "account": wanted.account, "since": wanted.since, "until": wanted.until,
        "before": wanted.before, "limit": limit,
    }  # fmt: skip
    return [
        EventRow(*row) for row in raw.rows(_EVENTS.format(which=_WHICH + _OF_RESULT[wanted.result]), values)
    ]


def event(provider_id: int, event_id: int) -> EventRow | None:
    values = {"provider": provider_id, "event": event_id, "limit": 1}
    found = raw.rows(_EVENTS.format(which="AND e.id = %(event)s"), values)
    return EventRow(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class Result:
    at: datetime
    result: str
    detail: str


def results_of(event_id: int) -> list[Result]:
    """Oldest first."""
    query = "SELECT at, result, detail FROM provider_event_result WHERE event_id = %s ORDER BY id"
    return [Result(*row) for row in raw.rows(query, [event_id])]


def content_of(event_id: int) -> tuple[bytes, Mapping[str, Any]]:
    """The body as it came, and what was kept beside it. Holds people's documents: mask before it is shown."""
    [(body, headers)] = raw.rows("SELECT body, headers FROM provider_event WHERE id = %s", [event_id])
    return bytes(body), headers
