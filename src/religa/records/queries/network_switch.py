"""Whether RADIUS enforces what was decided, and how much hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Switch:
    """Without a change it was always on: `changed_at` is then None."""

    enforce: bool
    changed_at: datetime | None
    changed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Contracts that are less than full, and open sessions that a router is known to hold back."""

    contracts: int
    sessions: int


def switch() -> Switch:
    found = raw.rows("SELECT enforce, changed_at, changed_by, reason FROM network_switch")
    return Switch(*found[0]) if found else Switch(True, None, "", "")


def reach() -> Reach:
    query = """
        SELECT (SELECT count(*) FROM contract_access
                 WHERE CASE WHEN until IS NULL OR now() < until THEN access ELSE access_then END
                       IN ('walled', 'reduced')),
               (SELECT count(*) FROM session_live WHERE applied_state IN ('walled', 'reduced'))
    """
    [counts] = raw.rows(query)
    return Reach(*counts)
