"""Keeps what became of messages, and what that proves of the notices they gave: each thing once.

The clock of a notice starts here, by evidence of any of its messages, and never by queueing. The caller has not locked
anything yet: contracts come first (docs/decisions/0002).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from religa.actions import evaluate_access
from religa.actions.messages import changes
from religa.domain.facts import Evidence
from religa.records import facts, locks, outbox, raw
from religa.records.outbox import Carried, Event

_PROVES = {
    "sent": Evidence.SENT,
    "delivered": Evidence.DELIVERED,
    "read": Evidence.DELIVERED,
    "failed": Evidence.FAILED,
    "bounced": Evidence.FAILED,
}
_CAUSE = "notice sent"


def lock_contracts_of(messages: Sequence[int]) -> list[Carried]:
    """The notices of some messages, with their contracts locked."""
    carried = outbox.carried_by(messages)
    if carried:
        locks.lock(locks.sharing_invoices(sorted({c.contract for c in carried})))
    return carried


def keep(events: Sequence[Event], carried: Sequence[Carried], *, at: datetime, silent: set[int]) -> None:
    """Keeps events and decides the contracts again whose notices they speak of.

    `silent`: messages whose failure is not yet the notice's, since it goes on by another way.
    """
    new = outbox.keep_events(events)
    rows = list(_proofs([e for e in new if not (e.state == "failed" and e.message in silent)], carried))
    raw.insert("delivery_event", ("notice_id", "message_id", "at", "evidence", "detail"), rows)
    notices = {row[0] for row in rows}
    decide_again(sorted({c.contract for c in carried if c.notice in notices}), at=at, cause=_CAUSE)


def _proofs(events: Sequence[Event], carried: Sequence[Carried]) -> Iterator[raw.Row]:
    by_message: dict[int, list[int]] = {}
    for one in carried:
        by_message.setdefault(one.message, []).append(one.notice)
    for event in events:
        proven = _PROVES.get(event.state)
        for notice in by_message.get(event.message, ()) if proven is not None else ():
            yield notice, event.message, event.at, proven.value, event.detail  # type: ignore[union-attr]


def decide_again(contracts: Sequence[int], *, at: datetime, cause: str) -> None:
    """Contracts of which more is proven now, and those that share an invoice with them."""
    if not contracts:
        return
    together = locks.sharing_invoices(contracts)
    loaded = facts.load(locks.lock(together), at)
    judged = [evaluate_access.Judgement(one, one.facts, cause) for one in loaded.values()]
    written = evaluate_access.write(judged, at=at)
    changes.tell([changes.Happening.of(j, written[j.loaded.contract_id]) for j in judged], at=at)
