"""Lets go of candidates whose cause has passed; the sweeper proposes them at the next slot, without anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import IMPROVING
from religa.actions.guard.budget import is_feed_stale
from religa.domain.standing import FEED_STALE, INCIDENT
from religa.records import incidents, locks, raw


def free(at: datetime) -> None:
    """Those held for a feed that speaks again, and those held for a fault that is over."""
    _let_go(_where_payments_are_heard(at), FEED_STALE, "payment feed speaks again", at)
    _let_go(_where_no_fault_is_open(at), INCIDENT, "incident is over", at)


def _where_payments_are_heard(at: datetime) -> list[int]:
    held = raw.rows(_SILENT, {"why": FEED_STALE})
    stale = {p for p, max_age in {(p, a) for _, p, a in held} if is_feed_stale(p, max_age, at)}
    return [contract for contract, provider, _ in held if provider not in stale]


_SILENT = """
    SELECT b.contract_id, c.provider_id,
           coalesce((SELECT (values ->> 'payment_feed_max_age_hours')::int FROM policy_version v
                      WHERE v.provider_id = c.provider_id ORDER BY valid_from DESC, number DESC LIMIT 1), 30)
      FROM block_candidate b JOIN contract c ON c.id = b.contract_id
     WHERE b.state = 'held' AND b.held_reason = %(why)s ORDER BY 1
"""


def _where_no_fault_is_open(at: datetime) -> list[int]:
    """Also who has moved to a router that works."""
    query = "SELECT contract_id FROM block_candidate WHERE state = 'held' AND held_reason = %s ORDER BY 1"
    held = [contract for (contract,) in raw.rows(query, [INCIDENT])]
    still = incidents.at_open(held, at) if held else set()
    return [contract for contract in held if contract not in still]


def _let_go(contracts: Sequence[int], reason: str, because: str, at: datetime) -> None:
    for n in range(0, len(contracts), IMPROVING):
        with transaction.atomic():
            some = locks.lock(contracts[n : n + IMPROVING])
            raw.run(_LET_GO, {"at": at, "contracts": some, "reason": reason, "because": because})
            evaluate_access.evaluate_many(some, at=at, cause=because)
            raw.run("UPDATE contract_access SET next_look_at = %s WHERE contract_id = ANY (%s)", [at, some])


_LET_GO = """
    UPDATE block_candidate SET state = 'dropped', dropped_at = %(at)s, dropped_why = %(because)s
     WHERE contract_id = ANY (%(contracts)s) AND state = 'held' AND held_reason = %(reason)s
"""
