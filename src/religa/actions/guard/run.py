"""Takes candidates through the guard and opens what it admits.

Between the steps other work goes on: payments are booked, and whoever paid meanwhile is dropped at the opening, which
decides again from facts. Restores never come this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import IMPROVING, WORSENING, Judgement
from religa.actions.guard.budget import budget_of, is_feed_stale, reason_to_hold
from religa.domain import steps
from religa.domain.calendar import next_slot
from religa.domain.standing import FEED_STALE, Standing
from religa.records import collecting, facts, locks, raw
from religa.records.loaded import Loaded


@dataclass(frozen=True, slots=True)
class GuardRun:
    """What became of one run: `held` names its reason."""

    run_id: int
    opened: int = 0
    dropped: int = 0
    held: str = ""


def run_guard(*, at: datetime) -> list[GuardRun]:
    """One pass over all providers: frees candidates whose cause has passed, starts runs, opens admitted blocks."""
    _free_feed_holds(at)
    held = [run for provider in _providers(_NEW, at) if (run := _admit(provider, at)) is not None]
    opened = [_open_admitted(provider, at) for provider in _providers(_ADMITTED, at)]
    return [*held, *opened]


_NEW = "b.run_id IS NULL AND b.state = 'proposed' AND %(at)s IS NOT NULL"
_ADMITTED = "b.state = 'admitted' AND coalesce(b.admitted_at, b.approved_at) <= %(at)s"


def _providers(where: str, at: datetime) -> list[int]:
    query = (
        "SELECT DISTINCT c.provider_id FROM block_candidate b JOIN contract c ON c.id = b.contract_id"
        f" WHERE {where} ORDER BY 1"
    )
    return [provider for (provider,) in raw.rows(query, {"at": at})]


def _admit(provider_id: int, at: datetime) -> GuardRun | None:
    """The new candidates become a run, admitted (None) or held; those held are decided again, so that pages say so."""
    with transaction.atomic():
        run_id, reason = _judge_run(provider_id, at)
    if not reason:
        return None
    held = _contracts_of(run_id)
    for n in range(0, len(held), WORSENING):
        with transaction.atomic():
            evaluate_access.evaluate_many(held[n : n + WORSENING], at=at, cause=f"held by guard: {reason}")
    return GuardRun(run_id, held=reason)


def _judge_run(provider_id: int, at: datetime) -> tuple[int, str]:
    """One short step under the provider's budget row (docs/decisions/0002: after it no contract is locked).

    The new candidates are gathered as admitted, and held where there is a reason, before anybody can see them.
    """
    raw.rows("SELECT FROM provider WHERE id = %s FOR NO KEY UPDATE", [provider_id])
    [(run_id,)] = raw.rows(_START, [provider_id, at])
    wanted = raw.run(_GATHER, {"run": run_id, "p": provider_id, "at": at})
    budget = budget_of(provider_id, at)
    reason = (reason_to_hold(provider_id, run_id, wanted, budget, at) if wanted else None) or ""
    raw.run(_DECIDE_RUN, {"run": run_id, "n": wanted, "budget": budget.limit, "why": reason, "at": at})
    if reason:
        raw.run(_HOLD_CANDIDATES, {"run": run_id, "why": reason, "at": at})
    return run_id, reason


_START = """
    INSERT INTO block_run (provider_id, started_at, state, reason, proposed, admitted, held, opened, dropped,
                           approved_by)
    VALUES (%s, %s, 'open', '', 0, 0, 0, 0, 0, '') RETURNING id
"""
_GATHER = """
    UPDATE block_candidate b SET run_id = %(run)s, state = 'admitted', checked_at = %(at)s, admitted_at = %(at)s
      FROM contract c
     WHERE c.id = b.contract_id AND c.provider_id = %(p)s AND b.run_id IS NULL AND b.state = 'proposed'
"""
_DECIDE_RUN = """
    UPDATE block_run SET proposed = %(n)s, budget = %(budget)s, reason = %(why)s,
           state = CASE WHEN %(why)s = '' THEN 'open' ELSE 'held' END,
           admitted = CASE WHEN %(why)s = '' THEN %(n)s ELSE 0 END,
           held = CASE WHEN %(why)s = '' THEN 0 ELSE %(n)s END,
           held_at = CASE WHEN %(why)s = '' THEN NULL ELSE %(at)s END
     WHERE id = %(run)s
"""
_HOLD_CANDIDATES = """
    UPDATE block_candidate SET state = 'held', admitted_at = NULL, held_at = %(at)s, held_reason = %(why)s
     WHERE run_id = %(run)s AND state = 'admitted'
"""


def _contracts_of(run_id: int) -> list[int]:
    query = "SELECT contract_id FROM block_candidate WHERE run_id = %s AND state = 'held' ORDER BY 1"
    return [contract for (contract,) in raw.rows(query, [run_id])]


def _open_admitted(provider_id: int, at: datetime) -> GuardRun:
    """Opens what is admitted, batch by batch; what a payment holds at the moment waits for the next pass."""
    admitted = raw.rows(_ADMITTED_CONTRACTS, {"p": provider_id, "at": at})
    total = GuardRun(admitted[-1][1] if admitted else 0)
    for n in range(0, len(admitted), WORSENING):
        with transaction.atomic():
            done = _open_batch(locks.claim([c for c, _ in admitted[n : n + WORSENING]]), at)
        total = GuardRun(total.run_id, total.opened + done.opened, total.dropped + done.dropped)
    with transaction.atomic():
        raw.run(_COUNT, {"p": provider_id, "at": at})
    return total


_ADMITTED_CONTRACTS = f"""
    SELECT b.contract_id, b.run_id FROM block_candidate b JOIN contract c ON c.id = b.contract_id
     WHERE c.provider_id = %(p)s AND {_ADMITTED} ORDER BY b.contract_id
"""
_COUNT = """
    UPDATE block_run r SET opened = n.opened, dropped = n.dropped,
           state = CASE WHEN n.alive = 0 THEN 'done' ELSE r.state END,
           finished_at = CASE WHEN n.alive = 0 THEN %(at)s ELSE r.finished_at END
      FROM (SELECT run_id, count(*) FILTER (WHERE state = 'opened') AS opened,
                   count(*) FILTER (WHERE state = 'dropped') AS dropped,
                   count(*) FILTER (WHERE state NOT IN ('opened', 'dropped')) AS alive
              FROM block_candidate
             WHERE run_id IN (SELECT id FROM block_run WHERE provider_id = %(p)s AND finished_at IS NULL)
             GROUP BY run_id) n
     WHERE r.id = n.run_id
"""


@collecting.paused()
def _open_batch(contract_ids: Sequence[int], at: datetime) -> GuardRun:
    """Decides claimed candidates again from facts: opens, waits for the slot, or drops."""
    loaded = facts.load(contract_ids, at)
    fates = {contract: _fate(one, at) for contract, one in loaded.items()}
    opening = [
        Judgement(loaded[contract], fate.facts, "block opened", seen=fate)
        for contract, fate in fates.items()
        if isinstance(fate, Standing)
    ]
    evaluate_access.write(opening, at=at)
    dropped = [contract for contract, fate in fates.items() if fate is None]
    raw.run(_DROP, [at, dropped])
    waiting = [(contract, fate) for contract, fate in fates.items() if isinstance(fate, datetime)]
    for contract, slot in waiting:
        raw.run(_WAIT, [slot, contract])
    return GuardRun(0, len(opening), len(dropped))


_DROP = """
    UPDATE block_candidate SET state = 'dropped', dropped_at = %s, dropped_why = 'no longer due'
     WHERE contract_id = ANY (%s) AND state = 'admitted'
"""
_WAIT = "UPDATE block_candidate SET admitted_at = %s WHERE contract_id = %s AND state = 'admitted'"


def _fate(loaded: Loaded, at: datetime) -> Standing | datetime | None:
    """The contract with its block opened, the slot to wait for, or None: it is not due any more."""
    standing = evaluate_access.standing_of(loaded, at)
    due = next((s for s in steps.silent_steps(standing, at) if isinstance(s, steps.ProposeBlock)), None)
    if due is not None:
        return standing.after(steps.open_suspension(loaded.facts, due.invoices, due.late, at))
    slot = next_slot(standing.calendars, standing.policy, at)
    due_later = (
        standing.ripe is not None and standing.ripe.since <= at and loaded.facts.open_suspension is None
    )
    return slot if due_later and slot is not None and slot > at else None


def _free_feed_holds(at: datetime) -> None:
    """Candidates held for a silent feed that speaks again are let go; the sweeper proposes them at the next slot."""
    freed = raw.rows(_SILENT_NO_MORE, {"why": FEED_STALE})
    stale = {p for p, max_age in {(p, a) for _, p, a in freed} if is_feed_stale(p, max_age, at)}
    contracts = [contract for contract, provider, _ in freed if provider not in stale]
    for n in range(0, len(contracts), IMPROVING):
        with transaction.atomic():
            some = locks.lock(contracts[n : n + IMPROVING])
            raw.run(_LET_GO, [at, some, FEED_STALE])
            evaluate_access.evaluate_many(some, at=at, cause="payment feed speaks again")
            raw.run("UPDATE contract_access SET next_look_at = %s WHERE contract_id = ANY (%s)", [at, some])


_SILENT_NO_MORE = """
    SELECT b.contract_id, c.provider_id,
           coalesce((SELECT (values ->> 'payment_feed_max_age_hours')::int FROM policy_version v
                      WHERE v.provider_id = c.provider_id ORDER BY valid_from DESC, number DESC LIMIT 1), 30)
      FROM block_candidate b JOIN contract c ON c.id = b.contract_id
     WHERE b.state = 'held' AND b.held_reason = %(why)s ORDER BY 1
"""
_LET_GO = """
    UPDATE block_candidate SET state = 'dropped', dropped_at = %s, dropped_why = 'payment feed speaks again'
     WHERE contract_id = ANY (%s) AND state = 'held' AND held_reason = %s
"""
