"""Looks at one contract without touching it: pages decide live, from facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.actions import evaluate_access
from religa.actions.carry_out import UnknownContract
from religa.domain import access
from religa.domain.access import Decision
from religa.domain.standing import Standing
from religa.records import facts
from religa.records.loaded import WHAT_MATTERS, Ask, Loaded


@dataclass(frozen=True, slots=True)
class View:
    """A contract as it stands: `decision` is made now, not read from the cache."""

    loaded: Loaded
    standing: Standing
    decision: Decision


def look(*, contract_id: int, at: datetime, ask: Ask = WHAT_MATTERS) -> View:
    """Facts, standing and the decision of one contract. Raises `UnknownContract`."""
    found = look_at_all(contract_ids=[contract_id], at=at, ask=ask)
    if contract_id not in found:
        raise UnknownContract(contract_id)
    return found[contract_id]


def look_at_all(*, contract_ids: Sequence[int], at: datetime, ask: Ask = WHAT_MATTERS) -> dict[int, View]:
    """The same of several at once, in as many statements as of one; those that exist."""
    found = {}
    for key, loaded in facts.load(contract_ids, at, ask=ask).items():
        standing = evaluate_access.standing_of(loaded, at)
        found[key] = View(loaded, standing, access.decide(standing, at))
    return found
