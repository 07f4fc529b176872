"""Takes candidates through the guard and opens what it admits.

Between the steps other work goes on: banks are asked, payments are booked, and whoever paid meanwhile is dropped at the
opening, which decides again from facts. Restores never come this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import WORSENING, Judgement
from religa.actions.guard import asking
from religa.actions.guard.asking import AskBanks
from religa.actions.guard.budget import budget_of, reason_to_hold
from religa.actions.messages import changes
from religa.domain import steps
from religa.domain.calendar import next_slot
from religa.domain.facts import Facts
from religa.domain.standing import INCIDENT, Standing
from religa.records import collecting, facts, incidents, locks, raw
from religa.records.loaded import Loaded


@dataclass(frozen=True, slots=True)
class GuardRun:
    """What became of one run: `held` names its reason. `waiting` candidates are no run yet: a bank is silent."""

    run_id: int
    opened: int = 0
    dropped: int = 0
    held: str = ""
    waiting: int = 0


def run_guard(*, at: datetime, ask_banks: AskBanks | None = None) -> list[GuardRun]:
    """One pass over all providers: starts runs, opens admitted blocks.

    `ask_banks` reads what banks have received before a run is made; without it nobody is asked.
    """
    held = [run for provider in _providers(_NEW, at) if (run := _begin(provider, at, ask_banks)) is not None]
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


def _begin(provider_id: int, at: datetime, ask_banks: AskBanks | None) -> GuardRun | None:
    """New candidates whose banks were asked become a run; where one is silent they wait, since late is lenient."""
    if ask_banks is None or not asking.has_banks(provider_id):
        return _admit(provider_id, at)
    asked = asking.claim(provider_id, at)
    if not asked:
        return None
    if asking.is_anyone_silent(provider_id, asked, ask_banks, at):
        return GuardRun(0, waiting=len(asked))
    return _admit(provider_id, at, asked)


def _admit(provider_id: int, at: datetime, asked: Sequence[int] | None = None) -> GuardRun | None:
    """The new candidates become a run, admitted (None) or held; those held are decided again, so that pages say so."""
    with transaction.atomic():
        run_id, reasons = _judge_run(provider_id, at, asked)
    for reason in reasons:
        held = _held_for(run_id, reason)
        for n in range(0, len(held), WORSENING):
            with transaction.atomic():
                evaluate_access.evaluate_many(
                    held[n : n + WORSENING], at=at, cause=f"held by guard: {reason}"
                )
    return GuardRun(run_id, held=reasons[-1]) if reasons else None


def _judge_run(provider_id: int, at: datetime, asked: Sequence[int] | None) -> tuple[int, list[str]]:
    """One short step under the provider's budget row (docs/decisions/0002: after it no contract is locked).

    The new candidates are gathered as admitted, and held where there is a reason, before anybody can see them. Those at
    a fault of ours are held each by itself; the others are the run. Gives the reasons for which some are held.
    """
    raw.rows("SELECT FROM provider WHERE id = %s FOR NO KEY UPDATE", [provider_id])
    [(run_id,)] = raw.rows(_START, [provider_id, at])
    proposed = raw.run(_GATHER, {"run": run_id, "p": provider_id, "at": at, "asked": asked})
    apart = _hold_at_faults(provider_id, run_id, at)
    wanted, budget = proposed - apart, budget_of(provider_id, at)
    reason = (reason_to_hold(provider_id, run_id, wanted, budget, at) if wanted else None) or ""
    counts = {"proposed": proposed, "apart": apart, "budget": budget.limit}
    raw.run(_DECIDE_RUN, {"run": run_id, **counts, "why": reason, "at": at})
    if reason:
        raw.run(_HOLD_CANDIDATES, {"run": run_id, "why": reason, "at": at, "contracts": None})
    return run_id, [why for why, applies in ((INCIDENT, apart), (reason, reason)) if applies]


def _hold_at_faults(provider_id: int, run_id: int, at: datetime) -> int:
    """Holds those of the run where a fault of ours is open; says how many."""
    if not incidents.has_open(provider_id, at):
        return 0
    gathered = raw.rows("SELECT contract_id FROM block_candidate WHERE run_id = %s", [run_id])
    there = sorted(incidents.at_open([contract for (contract,) in gathered], at))
    return raw.run(_HOLD_CANDIDATES, {"run": run_id, "why": INCIDENT, "at": at, "contracts": there})


_START = """
    INSERT INTO block_run (provider_id, started_at, state, reason, proposed, admitted, held, opened, dropped,
                           approved_by)
    VALUES (%s, %s, 'open', '', 0, 0, 0, 0, 0, '') RETURNING id
"""
_GATHER = """
    UPDATE block_candidate b SET run_id = %(run)s, state = 'admitted', checked_at = %(at)s, admitted_at = %(at)s,
           held_reason = ''
      FROM contract c
     WHERE c.id = b.contract_id AND c.provider_id = %(p)s AND b.run_id IS NULL AND b.state = 'proposed'
       AND (%(asked)s::bigint[] IS NULL OR b.id = ANY (%(asked)s))
"""
_DECIDE_RUN = """
    UPDATE block_run SET proposed = %(proposed)s, budget = %(budget)s, reason = %(why)s,
           state = CASE WHEN %(why)s = '' THEN 'open' ELSE 'held' END,
           admitted = CASE WHEN %(why)s = '' THEN %(proposed)s::int - %(apart)s::int ELSE 0 END,
           held = CASE WHEN %(why)s = '' THEN %(apart)s ELSE %(proposed)s END,
           held_at = CASE WHEN %(why)s = '' THEN NULL ELSE %(at)s END
     WHERE id = %(run)s
"""
_HOLD_CANDIDATES = """
    UPDATE block_candidate SET state = 'held', admitted_at = NULL, held_at = %(at)s, held_reason = %(why)s
     WHERE run_id = %(run)s AND state = 'admitted'
       AND (%(contracts)s::bigint[] IS NULL OR contract_id = ANY (%(contracts)s))
"""


def _held_for(run_id: int, reason: str) -> list[int]:
    query = (
        "SELECT contract_id FROM block_candidate"
        " WHERE run_id = %s AND state = 'held' AND held_reason = %s ORDER BY 1"
    )
    return [contract for (contract,) in raw.rows(query, [run_id, reason])]


def _open_admitted(provider_id: int, at: datetime) -> GuardRun:
    """Opens what is admitted, batch by batch; what a payment holds at the moment waits for the next pass."""
    admitted = raw.rows(_ADMITTED_CONTRACTS, {"p": provider_id, "at": at})
    total = GuardRun(admitted[-1][1] if admitted else 0)
    for n in range(0, len(admitted), WORSENING):
        with transaction.atomic():
            claimed = locks.claim([c for c, _ in admitted[n : n + WORSENING]])
            # A fault that is being opened waits for this batch, or the batch for it: then the facts know of it.
            raw.rows("SELECT FROM provider WHERE id = %s FOR SHARE", [provider_id])
            done = _open_batch(claimed, at)
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
    """Decides claimed candidates again from facts: opens, waits for the slot or the end of a fault, or drops."""
    loaded = facts.load(contract_ids, at)
    fates = {contract: _fate(one, at) for contract, one in loaded.items()}
    judged = [
        Judgement(loaded[contract], fate.facts, _cause(fate.facts), seen=fate)
        for contract, fate in fates.items()
        if isinstance(fate, Standing)
    ]
    written = evaluate_access.write(judged, at=at)
    changes.tell([changes.Happening.of(j, written[j.loaded.contract_id]) for j in judged], at=at)
    dropped = [contract for contract, fate in fates.items() if fate is None]
    raw.run(_DROP, [at, dropped])
    waiting = [(contract, fate) for contract, fate in fates.items() if isinstance(fate, datetime)]
    for contract, slot in waiting:
        raw.run(_WAIT, [slot, contract])
    opened = sum(j.after.open_suspension is not None for j in judged)
    return GuardRun(0, opened, len(dropped))


def _cause(after: Facts) -> str:
    return "block opened" if after.open_suspension is not None else f"held by guard: {INCIDENT}"


_DROP = """
    UPDATE block_candidate SET state = 'dropped', dropped_at = %s, dropped_why = 'no longer due'
     WHERE contract_id = ANY (%s) AND state = 'admitted'
"""
_WAIT = "UPDATE block_candidate SET admitted_at = %s WHERE contract_id = %s AND state = 'admitted'"


def _fate(loaded: Loaded, at: datetime) -> Standing | datetime | None:
    """The contract with its block opened (or held, where a fault has begun since), the slot to wait for, or None: it is
    not due any more."""
    standing = evaluate_access.standing_of(loaded, at)
    due = next((s for s in steps.silent_steps(standing, at) if isinstance(s, steps.ProposeBlock)), None)
    if due is not None:
        if standing.incident_holds:
            return standing.after(steps.hold_for_incident(loaded.facts, at))
        return standing.after(steps.open_suspension(loaded.facts, due.invoices, due.late, at))
    slot = next_slot(standing.calendars, standing.policy, at)
    due_later = (
        standing.ripe is not None and standing.ripe.since <= at and loaded.facts.open_suspension is None
    )
    return slot if due_later and slot is not None and slot > at else None
