"""Decides and writes: the only caller of the writer of `contract_access`.

The caller holds the lock of every contract it brings (docs/decisions/0002). Whatever restores access is done here, with
the fact that causes it; blocks, notices and judgements are left to the sweeper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.domain import access as deciding
from religa.domain import steps
from religa.domain.access import Decision
from religa.domain.facts import Facts
from religa.domain.standing import Standing
from religa.records import access, calendars, facts, locks, writer
from religa.records.changes import NOTHING_BESIDE, Beside, Change
from religa.records.loaded import AccessRow, Loaded

IMPROVING, WORSENING = 1_000, 500  # contracts per transaction (docs/decisions/0002)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One contract on its way through a batch: what was loaded, and the facts as they are to be.

    `seen`: those facts as they were looked at already, so that nothing is worked out twice.
    """

    loaded: Loaded
    after: Facts
    cause: str
    beside: Beside = NOTHING_BESIDE
    seen: Standing | None = None

    def standing(self, at: datetime) -> Standing:
        return self.seen if self.seen is not None else standing_of(self.loaded, at, self.after)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The decision that was written; `standing`, `facts`: with the keys under which they were saved."""

    contract_id: int
    decided: Standing
    decision: Decision
    saved: writer.Saved

    @property
    def standing(self) -> Standing:
        facts = self.facts
        return self.decided if facts is self.decided.facts else self.decided.with_keys(facts)

    @property
    def facts(self) -> Facts:
        return self.saved[self.contract_id]


def standing_of(loaded: Loaded, at: datetime, known: Facts | None = None) -> Standing:
    """A loaded contract, seen through its policy and calendars."""
    known = loaded.facts if known is None else known
    return Standing(known, loaded.policy, calendars.of(loaded.place, at))


def evaluate_many(contract_ids: Sequence[int], *, at: datetime, cause: str) -> dict[int, Evaluated]:
    """Locks contracts, loads their facts and decides them again (an import, a new policy, another holiday)."""
    loaded = facts.load(locks.lock(contract_ids), at)
    return write([Judgement(one, one.facts, cause) for one in loaded.values()], at=at)


def write(
    judgements: Sequence[Judgement], *, at: datetime, author: str = "", swept: bool = False
) -> dict[int, Evaluated]:
    """Saves what changed, decides, and writes each narrow row that says something else now.

    A step that is due at `at` sets the alarm to `at`, so that the sweeper does it next; unless it is the sweeper who
    writes (`swept`): what he leaves undone waits for the guard or for a person.
    """
    seen = [_restored(j.standing(at), at) for j in judgements]
    changes = [
        Change(j.loaded, standing.facts, standing.calendars, j.beside)
        for j, standing in zip(judgements, seen, strict=True)
    ]
    saved = writer.save_all(changes, at=at, author=author)
    found, verdicts = {}, []
    for judgement, standing in zip(judgements, seen, strict=True):
        contract = judgement.loaded.contract_id
        decision = deciding.decide(standing, at)
        found[contract] = Evaluated(contract, standing, decision, saved)
        verdicts.append(_verdict(judgement, standing, decision, at, swept))
    access.write(verdicts, at=at)
    return found


def _restored(standing: Standing, at: datetime) -> Standing:
    step = steps.closing_step(standing, at) if standing.episode is not None else None
    return standing if step is None else standing.after(steps.apply(standing, step, at))


def _verdict(
    judgement: Judgement, standing: Standing, decision: Decision, at: datetime, swept: bool
) -> access.Verdict:
    loaded = judgement.loaded
    due_now = not swept and steps.is_anything_due(standing, at)
    row = AccessRow(
        access=decision.access.value,
        status=decision.status.value,
        why=decision.why.value,
        until=decision.until,
        access_then=decision.access_then.value,
        next_look_at=at if due_now else steps.next_look(standing, at),
        decided_with=calendars.decided_with(loaded.policy_version, standing.calendars),
        changed_at=at,
    )
    return access.Verdict(loaded.contract_id, loaded.access, row, loaded.policy_version, judgement.cause)
