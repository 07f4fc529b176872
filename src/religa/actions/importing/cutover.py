"""Who is off there and would be on here, and the other way round: what the cut-over changes, contract by contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from religa.actions.importing.deeds_of_old import Judged
from religa.domain.facts import Access
from religa.records import raw


@dataclass(frozen=True, slots=True)
class Outlook:
    """One contract that is blocked there or is about to be here. `why` says why it opens, stays or waits."""

    contract: str
    was_blocked: bool
    access: Access
    status: StrEnum
    why: StrEnum
    until: datetime | None
    block_due: bool


@dataclass(frozen=True, slots=True)
class CutOver:
    """`opens`: blocked there, on here. `stays`: blocked in both. `block_due`: on in both, and the debt would block."""

    opens: tuple[Outlook, ...] = ()
    stays: tuple[Outlook, ...] = ()
    block_due: tuple[Outlook, ...] = ()
    decided: int = 0
    by_status: tuple[tuple[StrEnum, int], ...] = ()

    def everyone(self) -> Iterator[Outlook]:
        yield from (*self.opens, *self.stays, *self.block_due)


def of(judged: Sequence[Judged]) -> CutOver:
    wanted = [j for j in judged if j.was_blocked or j.block_due or j.decision.access is Access.WALLED]
    names: dict[int, str] = dict(
        raw.rows(
            "SELECT id, external_id FROM contract WHERE id = ANY (%s)", [[j.contract_id for j in wanted]]
        )
    )
    outlooks = sorted((_outlook(names[j.contract_id], j) for j in wanted), key=lambda o: o.contract)
    return CutOver(
        opens=tuple(o for o in outlooks if o.was_blocked and not _off(o)),
        stays=tuple(o for o in outlooks if _off(o)),
        block_due=tuple(o for o in outlooks if o.block_due and not o.was_blocked and not _off(o)),
        decided=len(judged),
        by_status=tuple(sorted(Counter(j.decision.status for j in judged).items())),
    )


def _off(outlook: Outlook) -> bool:
    return outlook.access in (Access.WALLED, Access.CLOSED)


def _outlook(name: str, judged: Judged) -> Outlook:
    decision = judged.decision
    on = decision.access in (Access.FULL, Access.REDUCED)
    why = judged.opens_because if on and judged.opens_because is not None else decision.why
    return Outlook(
        name, judged.was_blocked, decision.access, decision.status, why, decision.until, judged.block_due
    )
