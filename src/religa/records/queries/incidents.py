"""Faults of ours as pages show them. Which contracts are there is said in `records/incidents.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import raw
from religa.records.incidents import AT_OPEN, IS_AT, at_open

__all__ = [
    "Fault",
    "IncidentRow",
    "at_open",
    "faults_at",
    "incidents_of",
    "late_at",
    "municipalities_of",
    "routers_of",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that is open at a contract. `nas`: the router's name, empty where a municipality is meant."""

    incident_id: int
    since: datetime
    reason: str
    nas: str
    ibge_code: str


def faults_at(contract_id: int, at: datetime) -> list[Fault]:
    """The faults that are open at one contract, the longest first."""
    query = f"""
        SELECT i.id, i.since, i.reason, coalesce((SELECT name FROM nas WHERE id = i.nas_id), ''), i.ibge_code
        {AT_OPEN} ORDER BY i.since, i.id
    """
    return [Fault(*row) for row in raw.rows(query, {"contracts": [contract_id], "at": at})]


def late_at(incident_id: int, at: datetime) -> list[int]:
    """The contracts at an incident, open or not, that are late and online: those for which its end may matter."""
    query = f"""
        SELECT c.id FROM incident i JOIN provider p ON p.id = i.provider_id
          JOIN contract_access a ON a.status = 'late'
          JOIN contract c ON c.id = a.contract_id AND c.provider_id = p.id
         WHERE i.id = %(incident)s AND {IS_AT} ORDER BY 1
    """
    return [contract for (contract,) in raw.rows(query, {"incident": incident_id, "at": at})]


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident as its page shows it. `contracts` and `held` are counted while it is open: who is there, and whose
    block waits for its end."""

    incident_id: int
    since: datetime
    until: datetime | None
    reason: str
    author: str
    ended_by: str
    nas: str
    ibge_code: str
    city: str
    contracts: int
    held: int

    @property
    def is_open(self) -> bool:
        return self.until is None


def incidents_of(
    provider_id: int, *, at: datetime, incident_id: int | None = None, limit: int = 100
) -> list[IncidentRow]:
    """Open ones first, then the latest."""
    wanted = {"provider": provider_id, "at": at, "incident": incident_id, "limit": limit}
    return [IncidentRow(*row) for row in raw.rows(_INCIDENTS, wanted)]


_INCIDENTS = f"""
    SELECT i.id, i.since, i.until, i.reason, i.author, i.ended_by, coalesce(n.name, ''), i.ibge_code,
           coalesce((SELECT c.city FROM contract c WHERE i.ibge_code <> '' AND c.ibge_code = i.ibge_code
                        AND c.provider_id = i.provider_id AND c.city <> '' LIMIT 1), ''),
           there.contracts, there.held
      FROM (SELECT * FROM incident i
             WHERE i.provider_id = %(provider)s AND (%(incident)s::bigint IS NULL OR i.id = %(incident)s)
             ORDER BY i.until IS NULL DESC, i.since DESC, i.id DESC LIMIT %(limit)s) i
      LEFT JOIN nas n ON n.id = i.nas_id
     CROSS JOIN LATERAL (
           SELECT count(*) AS contracts,
                  count(*) FILTER (WHERE EXISTS (
                      SELECT FROM block_candidate b
                       WHERE b.contract_id = c.id AND b.state = 'held' AND b.held_reason = 'incident')) AS held
             FROM contract c JOIN provider p ON p.id = c.provider_id
            WHERE i.until IS NULL AND c.provider_id = i.provider_id AND c.terminated_at IS NULL AND {IS_AT}) there
     ORDER BY i.until IS NULL DESC, i.since DESC, i.id DESC
"""


def routers_of(provider_id: int) -> list[tuple[int, str]]:
    """The routers a provider may name: its own and those that belong to no provider alone."""
    query = "SELECT id, name FROM nas WHERE provider_id = %s OR provider_id IS NULL ORDER BY name, id"
    return [(key, name) for key, name in raw.rows(query, [provider_id])]


def municipalities_of(provider_id: int) -> list[tuple[str, str]]:
    """The municipalities in which a provider has contracts: IBGE code and name, where a contract says it."""
    query = """
        SELECT coalesce(nullif(c.ibge_code, ''), p.ibge_code) AS code, max(c.city) FILTER (WHERE c.ibge_code <> '')
          FROM contract c JOIN provider p ON p.id = c.provider_id
         WHERE p.id = %s AND c.terminated_at IS NULL GROUP BY 1 ORDER BY 2, 1
    """
    return [(code, city or "") for code, city in raw.rows(query, [provider_id]) if code]
