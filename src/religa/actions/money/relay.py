"""Passes events on to the system that took them before, as they came. Our own taking waits for none of it.

A try is leased and made between transactions; one that fails comes back later and later, and is given up after a day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.ports.relay import EventRelay, NotPassedOn, PassedOn
from religa.records import raw

_LEASE = "60 seconds"  # longer than a try may take
_WAITS = (
    5,
    30,
    120,
    600,
    1800,
    3600,
    10_800,
    21_600,
    43_200,
)  # seconds until the next try; then it is given up
_ADDED = re.compile(r"/[a-z]{1,10}")
_AT_ONCE = 8  # of one account: a system that is down keeps no other waiting


@dataclass(frozen=True, slots=True)
class _Due:
    """An event to pass on. `appended`: what the bank had added to the address."""

    event: int
    url: str
    body: bytes
    content_type: str
    appended: str
    tries: int

    @property
    def address(self) -> str:
        return f"{self.url.rstrip('/')}/{self.appended}" if self.appended else self.url


def relay_due(sender: EventRelay, *, at: datetime, pool: Executor) -> int:
    """Makes the tries that are due, side by side; says how many. May run in any number of processes."""
    claimed = raw.rows(_CLAIM, {"at": at, "lease": _LEASE, "most": _AT_ONCE})
    due = [_due(*row) for row in claimed]
    outcomes = list(pool.map(lambda one: _try(sender, one), due))
    with transaction.atomic():
        for one, outcome in zip(due, outcomes, strict=True):
            _keep(one, outcome, at)
    return len(due)


_CLAIM = """
    WITH mine AS (
        UPDATE event_relay SET due_at = %(at)s::timestamptz + %(lease)s::interval, tries = tries + 1
         WHERE event_id = ANY (ARRAY (
            SELECT d.event_id FROM payment_account a CROSS JOIN LATERAL (
                SELECT event_id FROM event_relay r WHERE r.payment_account_id = a.id AND r.due_at <= %(at)s
                 ORDER BY r.due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED) d))
        RETURNING event_id, tries)
    SELECT e.id, CASE WHEN a.closed_at IS NULL THEN a.hook_relay_url ELSE '' END, e.body, e.headers, e.path, m.tries
      FROM mine m JOIN provider_event e ON e.id = m.event_id JOIN payment_account a ON a.id = e.payment_account_id
     ORDER BY e.id
"""


def _due(
    event: int, url: str, body: bytes, headers: Mapping[str, Mapping[str, str]], path: str, tries: int
) -> _Due:
    kind = headers.get("headers", {}).get("content-type", "")
    return _Due(event, url, bytes(body), kind, _appended(path, headers.get("query", {})), tries)


def _appended(path: str, query: Mapping[str, str]) -> str:
    """What the bank adds to every address ("/pix"): behind the path, or, where ours ended in a query, behind that (Efí,
    `?ignorar=`)."""
    return path or next((value[1:] for value in query.values() if _ADDED.fullmatch(value)), "")


def _try(sender: EventRelay, one: _Due) -> PassedOn | NotPassedOn | None:
    """None: there is nobody to pass it on to any more."""
    return sender.post(one.address, one.body, one.content_type) if one.url else None


def _keep(one: _Due, outcome: PassedOn | NotPassedOn | None, at: datetime) -> None:
    if isinstance(outcome, PassedOn):
        raw.run(_DELIVERED, [at, one.event])
    elif outcome is None or one.tries > len(_WAITS):
        raw.run(_GIVEN_UP, [at, outcome.error if outcome else "no address", one.event])
    else:
        later = at + timedelta(seconds=_WAITS[one.tries - 1])
        raw.run(
            "UPDATE event_relay SET due_at = %s, error = %s WHERE event_id = %s",
            [later, outcome.error, one.event],
        )


_DELIVERED = "UPDATE event_relay SET due_at = NULL, delivered_at = %s, error = '' WHERE event_id = %s"
_GIVEN_UP = "UPDATE event_relay SET due_at = NULL, given_up_at = %s, error = %s WHERE event_id = %s"
