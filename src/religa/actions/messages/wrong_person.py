"""Somebody answered that he is not the subscriber: nothing more goes to his number, and what went there proves nothing.

Debts are told to those who owe and to nobody else (CDC art. 42, LGPD art. 6). The number stays where it was entered,
marked, so that whoever opens the contract sees that it must be asked for anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions.messages import evidence, fallback
from religa.domain.facts import Evidence
from religa.ports.messages import canonical_phone
from religa.records import locks, raw, reach
from religa.records.outbox import Event


@dataclass(frozen=True, slots=True)
class Marked:
    """The subscribers who had the number, and the contracts whose notices have lost what it proved."""

    subscribers: tuple[int, ...]
    contracts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnknownNumber:
    """No subscriber has it; it is closed all the same."""


def mark(number: str, *, channel: str, at: datetime) -> Marked | UnknownNumber:
    """`number`: digits with country code, or the address of another channel. Once more does nothing more."""
    names = sorted({number, canonical_phone(number) or number})
    with transaction.atomic():
        proofs = raw.rows(_PROOFS, [names])
        contracts = sorted({contract for _, _, contract in proofs})
        locks.lock(locks.sharing_invoices(contracts) if contracts else [])
        subscribers = _close(names, at)
        raw.insert(
            "delivery_event", _COLUMNS, [(n, m, at, Evidence.WITHDRAWN.value, channel) for n, m, _ in proofs]
        )
        _stop_what_waits(names, at)
        evidence.decide_again(contracts, at=at, cause="wrong person")
    return Marked(tuple(subscribers), tuple(contracts)) if subscribers else UnknownNumber()


_COLUMNS = ("notice_id", "message_id", "at", "evidence", "detail")
# Notices of which a message to the number is a proof that has not been taken away yet.
_PROOFS = """
    SELECT e.notice_id, m.id, n.contract_id
      FROM message m JOIN delivery_event e ON e.message_id = m.id JOIN notice n ON n.id = e.notice_id
     WHERE m.address = ANY (%s)
     GROUP BY e.notice_id, m.id, n.contract_id
    HAVING bool_or(e.evidence IN ('sent', 'delivered')) AND NOT bool_or(e.evidence = 'withdrawn')
     ORDER BY e.notice_id, m.id
"""


def _close(names: list[str], at: datetime) -> list[int]:
    found = raw.rows(
        "UPDATE subscriber_phone SET wrong_at = coalesce(wrong_at, %s) WHERE number = ANY (%s)"
        " RETURNING subscriber_id",
        [at, names],
    )
    reach.close([("", name) for name in names], why="wrong_person", at=at)
    return sorted({subscriber for (subscriber,) in found})


def _stop_what_waits(names: list[str], at: datetime) -> None:
    """What is still queued to the number goes another way, where there is one."""
    stopped = raw.rows(
        "UPDATE message SET state = 'failed', error = 'the address is closed' WHERE state = 'queued'"
        " AND address = ANY (%s) AND kind <> 'answer' RETURNING id, channel",
        [names],
    )
    waiting = [key for key, _ in stopped]
    carried = evidence.lock_contracts_of(waiting)
    going_on = fallback.go_on(waiting, at=at)
    events = [Event(key, at, "failed", channel, "", "the address is closed") for key, channel in stopped]
    evidence.keep(events, carried, at=at, silent=going_on)
