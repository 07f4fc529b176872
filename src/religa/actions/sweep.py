"""Does what is due by itself: set-based, resumable, any number of sweepers side by side.

A batch claims due rows, loads their facts in a later statement, applies the engine's steps and writes. First blocks are
only proposed here; the guard opens them. A batch that fails is halved until the bad row is alone, set aside and shown.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.evaluate_access import IMPROVING, WORSENING, Judgement
from religa.actions.guard import proposals
from religa.actions.messages import changes, outbox
from religa.domain import deeds, steps
from religa.domain.facts import Facts, NoticeKind
from religa.domain.standing import Standing
from religa.records import collecting, facts, locks, raw
from religa.records.loaded import Loaded

logger = logging.getLogger(__name__)

_AT_ONCE = 40  # steps of one contract at one instant; more would be a loop of ours
_CAUSE = "time"


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    looked_at: int = 0
    proposed: int = 0
    notices: int = 0
    set_aside: list[int] = field(default_factory=list)

    def add(self, other: Swept) -> None:
        self.looked_at += other.looked_at
        self.proposed += other.proposed
        self.notices += other.notices
        self.set_aside += other.set_aside


Mute = Collection[NoticeKind]


def sweep(*, at: datetime, mute: Mute = ()) -> Swept:
    """Handles everything that is due at `at`, batch by batch, worsening rows in small ones.

    `mute`: kinds of messages that are not to go out (shadow mode); what waits for them does not come.
    """
    total = Swept()
    while (done := _batch(at, mute)) is not None:
        total.add(done)
    return total


def _batch(at: datetime, mute: Mute) -> Swept | None:
    """One claimed batch in one transaction; None when nothing is due."""
    try:
        with transaction.atomic():
            claimed = locks.claim_due_improving(at, IMPROVING) or locks.claim_due(at, WORSENING)
            return _handle(locks.with_siblings(claimed, at), at, mute) if claimed else None
    except Exception:
        logger.exception("a sweep batch failed; looking for the row")
        return _halved(locks.due(at, IMPROVING), at, mute)


def _halved(contract_ids: Sequence[int], at: datetime, mute: Mute) -> Swept:
    """The same rows in ever smaller transactions, until the one that fails is alone."""
    if not contract_ids:
        return Swept()
    try:
        with transaction.atomic():
            return _handle(locks.claim(contract_ids), at, mute)
    except Exception as why:
        if len(contract_ids) == 1:
            return _set_aside(contract_ids[0], why, at)
        middle = len(contract_ids) // 2
        total = _halved(contract_ids[:middle], at, mute)
        total.add(_halved(contract_ids[middle:], at, mute))
        return total


def _set_aside(contract_id: int, why: Exception, at: datetime) -> Swept:
    """Takes a bad row out of the due index and shows it to people; its last answer stands."""
    logger.error("contract %s set aside: %s", contract_id, why)
    with transaction.atomic():
        raw.run("UPDATE contract_access SET next_look_at = NULL WHERE contract_id = %s", [contract_id])
        raw.run(
            "INSERT INTO sweep_failure (contract_id, at, step, error, resolved_by) VALUES (%s, %s, 'sweep', %s, '')"
            " ON CONFLICT DO NOTHING",
            [contract_id, at, f"{type(why).__name__}: {why}"[:2000]],
        )
    return Swept(set_aside=[contract_id])


@collecting.paused()
def _handle(contract_ids: Sequence[int], at: datetime, mute: Mute) -> Swept:
    """Steps, saving and decisions of claimed contracts."""
    loaded = facts.load(contract_ids, at)
    judged = [_step(one, at, mute) for one in loaded.values()]
    written = evaluate_access.write([j for j, _ in judged], at=at, swept=True)
    proposed = [p for _, p in judged if p is not None]
    proposals.propose(proposed, at=at)
    pending = [
        waiting
        for judgement, _ in judged
        for waiting in outbox.new_notices(
            judgement.loaded.contract_id,
            judgement.loaded.facts,
            written[judgement.loaded.contract_id].standing,
        )
    ]
    outbox.enqueue(pending, at=at)
    changes.tell([changes.Happening.of(j, written[j.loaded.contract_id]) for j, _ in judged], at=at)
    return Swept(looked_at=len(judged), proposed=len(proposed), notices=len(pending))


def _step(loaded: Loaded, at: datetime, mute: Mute) -> tuple[Judgement, proposals.Proposal | None]:
    """One contract after every step that is due, and the block it proposes, if any."""
    standing = evaluate_access.standing_of(loaded, at)
    proposal = None
    for _ in range(_AT_ONCE):
        due = steps.due_steps(standing, at)
        blocks = [s for s in due if isinstance(s, steps.ProposeBlock)]
        proposal = proposals.Proposal(loaded, blocks[0]) if blocks else None
        step = next((s for s in due if _is_done_here(s, mute)), None)
        if step is None:
            break
        standing = standing.after(_stepped(standing, step, at))
    return Judgement(loaded, standing.facts, _CAUSE, seen=standing), proposal


def _is_done_here(step: steps.Step, mute: Mute) -> bool:
    """Everything but first blocks, which pass the guard, and what is muted."""
    if isinstance(step, steps.ProposeBlock):
        return False
    return isinstance(step, steps.Silent) or step.kind not in mute


def _stepped(standing: Standing, step: steps.Step, at: datetime) -> Facts:
    if isinstance(step, steps.Silent):
        return steps.apply(standing, step, at)
    return deeds.queue_message(standing.facts, step, at)
