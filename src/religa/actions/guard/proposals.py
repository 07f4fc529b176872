"""Candidates: contracts whose debt justifies a block now. Who proposed twice is still one candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.domain.steps import ProposeBlock
from religa.records import raw
from religa.records.loaded import Loaded


@dataclass(frozen=True, slots=True)
class Proposal:
    loaded: Loaded
    block: ProposeBlock


def propose(proposals: Sequence[Proposal], *, at: datetime) -> None:
    """Makes candidates of contracts that have none that is alive."""
    if not proposals:
        return
    raw.run(
        "INSERT INTO block_candidate (contract_id, state, proposed_at, held_reason, approved_by, dropped_why)"
        " SELECT id, 'proposed', %s, '', '', '' FROM unnest(%s::bigint[]) AS p(id) ORDER BY id"
        " ON CONFLICT (contract_id) WHERE state IN ('proposed', 'checked', 'admitted', 'held') DO NOTHING",
        [at, [p.loaded.contract_id for p in proposals]],
    )
