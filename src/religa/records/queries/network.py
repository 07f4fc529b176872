"""The network as the desk looks at it: sessions that disagree, orders and what became of them, routers, last blocks.

No addresses here: those are connection records (`queries/sessions.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Drift:
    """A fresh session that is not in the state of its contract's row."""

    contract_id: int
    name: str
    username: str
    router: str
    state: str | None
    state_until: datetime | None
    wanted: str
    wanted_until: datetime | None
    tries: int
    again_at: datetime | None
    outcome: str
    contradicted: int


@dataclass(frozen=True, slots=True)
class Router:
    """A router, its live sessions, how many wait for an order, and what was last heard of it."""

    name: str
    vendor: str
    enabled: bool
    shadow: bool
    live: int
    pending: int
    contradicted: int
    accounted_at: datetime | None
    silent_since: datetime | None
    alarm: str


@dataclass(frozen=True, slots=True)
class Order:
    at: datetime
    contract_id: int
    name: str
    router: str | None
    kind: str
    wanted: str
    outcome: str
    error_cause: int | None
    took_ms: float | None


@dataclass(frozen=True, slots=True)
class Blocked:
    """A contract that went to the wall, and where it stands now."""

    at: datetime
    contract_id: int
    external_id: str
    name: str
    access: str


def drifts(provider_id: int, *, limit: int = 200) -> list[Drift]:
    """Fresh sessions that disagree, those that wait for a restore first."""
    return [Drift(*row) for row in raw.rows(_DRIFTS, {"provider": provider_id, "limit": limit})]


# Driven from the few that can disagree, as radius.drifting() is: contracts in trouble, and sessions not plainly open.
_DRIFTS = """
    WITH few AS MATERIALIZED (
        SELECT s.id FROM contract_access a JOIN session_live s ON s.contract_id = a.contract_id
         WHERE a.status NOT IN ('current', 'terminated') AND (a.access <> 'full' OR a.access_then <> 'full')
        UNION SELECT s.id FROM session_live s
         WHERE s.applied_state IN ('closed', 'reduced', 'walled') OR s.applied_until IS NOT NULL),
    shown AS MATERIALIZED (
        SELECT l.* FROM few, LATERAL (SELECT * FROM radius.live l WHERE l.id = few.id OFFSET 0) l
          JOIN contract c ON c.id = l.contract_id AND c.provider_id = %(provider)s
         WHERE l.drifts AND l.updated_at > now() - radius.fresh_for()
         ORDER BY l.wanted = 'walled', l.push_tries DESC, l.id LIMIT %(limit)s)
    SELECT l.contract_id, p.name, l.username, coalesce(n.name, host(l.nas_address), ''), l.applied_state,
           l.applied_until, l.wanted, l.wanted_until, l.push_tries, l.push_after, l.push_outcome, l.contradicted
      FROM shown l JOIN contract c ON c.id = l.contract_id JOIN subscriber p ON p.id = c.subscriber_id
      LEFT JOIN nas n ON n.id = l.nas_id
     ORDER BY l.wanted = 'walled', l.push_tries DESC, l.id
"""


def pending(provider_id: int, *, limit: int = 200) -> list[Drift]:
    """Sessions to which an order was given that did not go through, the next to be tried first."""
    return [Drift(*row) for row in raw.rows(_PENDING, {"provider": provider_id, "limit": limit})]


_PENDING = """
    SELECT l.contract_id, p.name, l.username, coalesce(n.name, host(l.nas_address), ''), l.applied_state,
           l.applied_until, l.wanted, l.wanted_until, l.push_tries, l.push_after, l.push_outcome, l.contradicted
      FROM radius.live l JOIN contract c ON c.id = l.contract_id JOIN subscriber p ON p.id = c.subscriber_id
      LEFT JOIN nas n ON n.id = l.nas_id
     WHERE l.push_tries > 0 AND c.provider_id = %(provider)s
     ORDER BY l.push_after LIMIT %(limit)s
"""


def routers(provider_id: int) -> list[Router]:
    """Routers of the provider, and those that belong to none, with their sessions: one index scan each."""
    return [Router(*row) for row in raw.rows(_ROUTERS, [provider_id])]


_ROUTERS = """
    SELECT n.name, n.vendor, n.enabled, n.shadow,
           (SELECT count(*) FROM session_live s WHERE s.nas_id = n.id),
           coalesce(w.pending, 0), coalesce(w.contradicted, 0), h.accounted_at, h.silent_since, coalesce(h.alarm, '')
      FROM nas n LEFT JOIN nas_health h ON h.nas_id = n.id
      LEFT JOIN (SELECT nas_id, count(*) AS pending, count(*) FILTER (WHERE contradicted > 0) AS contradicted
                   FROM session_live WHERE push_tries > 0 GROUP BY 1) w ON w.nas_id = n.id
     WHERE n.provider_id = %s OR n.provider_id IS NULL ORDER BY n.name
"""


def orders(provider_id: int, *, limit: int = 100) -> list[Order]:
    """The last orders to routers, the newest first."""
    return [Order(*row) for row in raw.rows(_ORDERS, [provider_id, limit])]


_ORDERS = """
    SELECT o.at, o.contract_id, p.name, n.name, o.kind, o.wanted, o.outcome, o.error_cause, o.took_ms
      FROM coa_log o JOIN contract c ON c.id = o.contract_id JOIN subscriber p ON p.id = c.subscriber_id
      LEFT JOIN nas n ON n.id = o.nas_id
     WHERE c.provider_id = %s ORDER BY o.at DESC, o.id DESC LIMIT %s
"""


def blocked_since(provider_id: int, since: datetime, *, limit: int = 500) -> list[Blocked]:
    """Contracts that went to the wall since then, the newest first."""
    return [Blocked(*row) for row in raw.rows(_BLOCKED, [since, provider_id, limit])]


_BLOCKED = """
    SELECT x.at, c.id, c.external_id, p.name, a.access
      FROM access_change x JOIN contract c ON c.id = x.contract_id JOIN subscriber p ON p.id = c.subscriber_id
      JOIN contract_access a ON a.contract_id = c.id
     WHERE x.at > %s AND x.access = 'walled' AND x.old_access IS DISTINCT FROM 'walled' AND c.provider_id = %s
     ORDER BY x.at DESC, c.id LIMIT %s
"""
