"""Faults of ours as pages show them. Which contracts are there is said in `records/incidents.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import raw
from religa.records.incidents import AT_OPEN, IS_AT, IS_OPEN


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
    """One incident: of a router by name, or of a municipality (`city` where a contract there says it)."""

    incident_id: int
    since: datetime
    until: datetime | None
    reason: str
    author: str
    ended_by: str
    nas: str
    ibge_code: str
    city: str

    @property
    def place(self) -> str:
        """As people say it."""
        return self.nas or self.city or f"município {self.ibge_code}"


def open_incidents(provider_id: int, *, at: datetime) -> list[IncidentRow]:
    """The longest first."""
    query = f"{_ROWS} WHERE i.provider_id = %(provider)s AND {IS_OPEN} ORDER BY i.since, i.id"
    return [IncidentRow(*row) for row in raw.rows(query, {"provider": provider_id, "at": at})]


def past_incidents(provider_id: int, *, limit: int = 100) -> list[IncidentRow]:
    """The latest first."""
    query = (
        f"{_ROWS} WHERE i.provider_id = %s AND i.until IS NOT NULL ORDER BY i.since DESC, i.id DESC LIMIT %s"
    )
    return [IncidentRow(*row) for row in raw.rows(query, [provider_id, limit])]


_ROWS = """
    SELECT i.id, i.since, i.until, i.reason, i.author, i.ended_by, coalesce(n.name, ''), i.ibge_code,
           coalesce((SELECT c.city FROM contract c WHERE i.ibge_code <> '' AND c.ibge_code = i.ibge_code
                        AND c.provider_id = i.provider_id AND c.city <> '' LIMIT 1), '')
      FROM incident i LEFT JOIN nas n ON n.id = i.nas_id
"""


def people_at(provider_id: int, *, at: datetime) -> dict[int, tuple[int, int]]:
    """For each open incident how many living contracts are there, and how many of their blocks wait for its end."""
    query = f"""
        SELECT i.id, count(*), count(b.id)
          FROM incident i JOIN provider p ON p.id = i.provider_id
          JOIN contract c ON c.provider_id = p.id AND c.terminated_at IS NULL
          LEFT JOIN block_candidate b ON b.contract_id = c.id AND b.state = 'held' AND b.held_reason = 'incident'
         WHERE i.provider_id = %(provider)s AND {IS_OPEN} AND {IS_AT} GROUP BY i.id
    """
    found = raw.rows(query, {"provider": provider_id, "at": at})
    return {incident: (contracts, held) for incident, contracts, held in found}


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
