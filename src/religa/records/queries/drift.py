"""Which live sessions are not in the state that their contract's row asks for."""

from __future__ import annotations

from dataclasses import dataclass

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Drift:
    """A live session and what it should be in. `applied` is what its NAS is known to enforce (None: not known)."""

    session: int
    contract_id: int
    username: str
    applied: str | None
    wanted: str


_DRIFT = """
    SELECT s.id, s.contract_id, s.username, s.applied_state, a.wanted
      FROM session_live s
      JOIN LATERAL (SELECT CASE WHEN until IS NULL OR now() < until THEN access ELSE access_then END AS decided
                      FROM contract_access WHERE contract_id = s.contract_id) d ON true
      JOIN LATERAL (SELECT CASE WHEN d.decided <> 'closed' AND (SELECT NOT enforce FROM network_switch) THEN 'full'
                                ELSE d.decided END AS wanted) a ON true
     WHERE s.applied_state IS DISTINCT FROM a.wanted
     ORDER BY s.id LIMIT %s
"""


def drifting(*, limit: int = 1000) -> list[Drift]:
    """Sessions that disagree with their row, oldest first."""
    return [Drift(*row) for row in raw.rows(_DRIFT, [limit])]
