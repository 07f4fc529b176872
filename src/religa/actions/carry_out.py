"""How every action on a contract runs: lock, load, deed, save, decide; one transaction, no word to anybody outside.

A business no comes back as the deed gave it, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.messages import changes
from religa.domain.access import Decision
from religa.domain.facts import Facts
from religa.domain.standing import Standing
from religa.records import facts, locks
from religa.records.changes import NOTHING_BESIDE, Beside
from religa.records.loaded import WHAT_MATTERS, AccessRow, Ask, Loaded

R = TypeVar("R")
Deed = Callable[[Standing], Facts | R]


@dataclass(frozen=True, slots=True)
class Done:
    """What an action did: facts before and after (with their keys), and the decision that was written.

    `was`: the narrow row until then, which is what the network answered.
    """

    contract_id: int
    was: AccessRow
    before: Facts
    after: Facts
    decision: Decision


class UnknownContract(LookupError):
    """There is no such contract."""


def carry_out(
    *,
    contract_id: int,
    at: datetime,
    cause: str,
    deed: Deed[R],
    author: str = "",
    ask: Ask = WHAT_MATTERS,
    beside: Beside = NOTHING_BESIDE,
) -> Done | R:
    """Runs one deed on one contract. Contracts that share an invoice with it are decided again in the same breath."""
    with transaction.atomic():
        others = {c for line_contracts in beside.owners.values() for c in line_contracts}
        together = locks.lock([*others, *locks.sharing_invoices([contract_id])])
        loaded = facts.load(together, at, ask=ask)
        if contract_id not in loaded:
            raise UnknownContract(contract_id)
        mine = loaded[contract_id]
        answer = deed(evaluate_access.standing_of(mine, at))
        if not isinstance(answer, Facts):
            return answer
        judgement = evaluate_access.Judgement(mine, answer, cause, beside)
        written = evaluate_access.write([judgement], at=at, author=author)[contract_id]
        _decide_again([c for c in together if c != contract_id], at, cause)
        changes.tell([changes.Happening.of(judgement, written)], at=at)
    return Done(contract_id, mine.access, mine.facts, written.facts, written.decision)


def _decide_again(contract_ids: Sequence[int], at: datetime, cause: str) -> None:
    if contract_ids:
        others: dict[int, Loaded] = facts.load(contract_ids, at)
        evaluate_access.write([evaluate_access.Judgement(o, o.facts, cause) for o in others.values()], at=at)
