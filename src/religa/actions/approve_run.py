"""A named person releases a held run; its blocks open at the next slot, each decided again from facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import evaluate_access
from religa.actions.carry_out import Done, carry_out
from religa.actions.evaluate_access import WORSENING, Judgement
from religa.domain import deeds
from religa.domain.facts import Facts
from religa.domain.invoicing import Refused
from religa.records import facts, locks, raw


@dataclass(frozen=True, slots=True)
class Approved:
    """How many blocks of the run are released."""

    candidates: int


@dataclass(frozen=True, slots=True)
class NotHeld:
    """There is no such run, or it waits for nobody."""


def approve(*, run_id: int, by: str, at: datetime) -> Approved | NotHeld:
    """`by` is the person's name; it stays with the run."""
    held = raw.rows(
        "SELECT contract_id FROM block_candidate WHERE run_id = %s AND state = 'held' ORDER BY 1", [run_id]
    )
    contracts = [contract for (contract,) in held]
    for n in range(0, len(contracts), WORSENING):
        with transaction.atomic():
            _release(contracts[n : n + WORSENING], by, at)
    with transaction.atomic():
        known = raw.run(_APPROVE, {"run": run_id, "by": by, "at": at})
        raw.run(_FIRST_RUN, {"run": run_id, "by": by, "at": at})
        raw.run(_IMPORTS, {"run": run_id, "by": by, "at": at})
    return Approved(len(contracts)) if known else NotHeld()


_APPROVE = """
    UPDATE block_run SET state = 'approved', approved_at = %(at)s, approved_by = %(by)s
     WHERE id = %(run)s AND state = 'held'
"""
_FIRST_RUN = """
    UPDATE provider p SET first_run_approved_at = %(at)s, first_run_approved_by = %(by)s FROM block_run r
     WHERE r.id = %(run)s AND r.provider_id = p.id AND p.first_run_approved_at IS NULL
       AND r.approved_at = %(at)s AND r.reason = 'first_run'
"""
_IMPORTS = """
    UPDATE import_batch i SET released_at = %(at)s, released_by = %(by)s FROM block_run r
     WHERE r.id = %(run)s AND r.reason = 'large_import' AND i.provider_id = r.provider_id AND i.held
       AND i.released_at IS NULL AND r.approved_at = %(at)s
"""


def _release(contract_ids: list[int], by: str, at: datetime) -> None:
    loaded = facts.load(locks.lock(contract_ids), at)
    judgements = []
    for one in loaded.values():
        approved = deeds.approve_block(one.facts, at)
        if isinstance(approved, Facts):
            judgements.append(Judgement(one, approved, f"block approved by {by}"))
    evaluate_access.write(judgements, at=at, author=by)


def release_one(*, contract_id: int, by: str, at: datetime) -> Done | Refused:
    """Releases the held block of one contract alone."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"block approved by {by}",
        deed=lambda standing: deeds.approve_block(standing.facts, at),
        author=by,
    )
