"""Looks at one contract without touching it: pages decide live, from facts."""

from __future__ import annotations

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
    loaded = facts.load([contract_id], at, ask=ask).get(contract_id)
    if loaded is None:
        raise UnknownContract(contract_id)
    standing = evaluate_access.standing_of(loaded, at)
    return View(loaded, standing, access.decide(standing, at))
