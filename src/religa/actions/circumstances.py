"""What is known beside a decision, for whoever says it in words: pages, bots, messages."""

from __future__ import annotations

from datetime import datetime

from religa.actions.look import View
from religa.actions.money import holding
from religa.domain.facts import Access
from religa.domain.standing import Standing
from religa.records.queries import incidents
from religa.wording import Circumstances, Fault


def circumstances(view: View, *, at: datetime) -> Circumstances:
    """Since when the wall stands, the months that are late and not contested, a fault of ours there,
    and whether nothing but a silent bank keeps it from being blocked."""
    standing = view.standing
    months = tuple(
        dict.fromkeys(
            c.invoice.reference
            for c in standing.late(at)
            if c.principal.undisputed > 0 and c.invoice.reference
        )
    )
    walled = view.decision.access is Access.WALLED
    return Circumstances(
        since=_walled_since(standing, at) if walled else None,
        months=months,
        fault=fault_of(view, at=at),
        bank_silent={p.reason for p in standing.facts.holds if p.covers(at)} == {holding.REASON},
    )


def fault_of(view: View, *, at: datetime) -> Fault | None:
    """A fault of ours where the contract connects; asked only where the facts know of one."""
    if not view.standing.facts.incident:
        return None
    found = next(iter(incidents.faults_at(view.loaded.contract_id, at)), None)
    return None if found is None else Fault(found.since, found.nas)


def _walled_since(standing: Standing, at: datetime) -> datetime | None:
    """The last time access ended: the opening of the suspension, or the end of what had lifted it since."""
    blocks = [p.since for p in standing.facts.operator_blocks if p.covers(at)]
    episode = standing.standing_episode(at)
    if episode is None:
        return min(blocks, default=None)
    ends = [u.until for u in standing.facts.unlocks if episode.suspension.opened_at < u.until <= at]
    starts = [episode.suspension.opened_at, episode.resumes_at(at), *ends]
    return max(start for start in starts if start is not None)
