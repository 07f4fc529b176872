"""Connection records: who was online, where, and with which address (Marco Civil art. 13).

Read them through `actions/read_sessions.py`, which writes down who looked; only `online_since` names no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network

from religa.records import raw

PAGE = 50
# As radius.fresh_for(): three interim intervals. A session of which nothing was heard for longer may be over.
_FRESH = "interval '15 minutes'"


@dataclass(frozen=True, slots=True)
class Online:
    """A live session, without addresses. `fresh`: heard of lately. `state` None: not known."""

    username: str
    router: str
    started_at: datetime
    updated_at: datetime
    fresh: bool
    state: str | None
    state_until: datetime | None
    applied_at: datetime | None
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """One connection; `stopped_at` None: it lives. `contract_id` None: no log-in of ours had that name."""

    contract_id: int | None
    external_id: str | None
    name: str | None
    username: str
    router: str
    port: str
    station: str
    ipv4: str | None
    ipv6: str | None
    ipv6_delegated: str | None
    started_at: datetime
    updated_at: datetime
    stopped_at: datetime | None
    cause: str
    octets_in: int
    octets_out: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of the staff who looked at connection records."""

    at: datetime
    who: str
    contract_id: int | None
    external_id: str | None
    name: str | None
    asked: str
    reason: str


def online(contract_id: int) -> list[Online]:
    """Live sessions of a contract, the newest first."""
    return [Online(*row) for row in raw.rows(_ONLINE, [contract_id])]


_ONLINE = f"""
    SELECT s.username, coalesce(n.name, host(s.nas_address), ''), s.started_at, s.updated_at,
           s.updated_at > now() - {_FRESH}, s.applied_state, s.applied_until, s.applied_at, s.verified_at
      FROM session_live s LEFT JOIN nas n ON n.id = s.nas_id
     WHERE s.contract_id = %s ORDER BY s.started_at DESC
"""
_COLUMNS = (
    "s.contract_id, s.username, s.nas_id, s.nas_address, s.nas_port, s.calling_station, s.framed_ipv4,"
    " s.framed_ipv6_prefix, s.delegated_ipv6_prefix, s.started_at, s.updated_at, s.octets_in, s.octets_out"
)
_LIVE = f"SELECT {_COLUMNS}, NULL::timestamptz AS stopped_at, '' AS cause FROM session_live s"
_LOG = f"SELECT {_COLUMNS}, s.stopped_at, s.terminate_cause AS cause FROM session_log s"
_SHOWN = """
    SELECT s.contract_id, c.external_id, p.name, s.username, coalesce(n.name, host(s.nas_address), ''), s.nas_port,
           s.calling_station, host(s.framed_ipv4), s.framed_ipv6_prefix::text, s.delegated_ipv6_prefix::text,
           s.started_at, s.updated_at, s.stopped_at, s.cause, s.octets_in, s.octets_out
      FROM ({found}) s LEFT JOIN nas n ON n.id = s.nas_id
      LEFT JOIN contract c ON c.id = s.contract_id LEFT JOIN subscriber p ON p.id = c.subscriber_id
"""


def live_records(contract_id: int) -> list[Record]:
    query = _SHOWN.format(found=f"{_LIVE} WHERE s.contract_id = %s") + " ORDER BY s.started_at DESC"
    return [Record(*row) for row in raw.rows(query, [contract_id])]


def ended_records(contract_id: int, *, since: datetime, until: datetime, page: int) -> list[Record]:
    """Sessions that ended in `[since, until)`, the latest first; one more than a page tells that there are others."""
    found = (
        f"{_LOG} WHERE s.contract_id = %s AND s.stopped_at >= %s AND s.stopped_at < %s"
        " ORDER BY s.stopped_at DESC LIMIT %s OFFSET %s"
    )
    values = [contract_id, since, until, PAGE + 1, PAGE * (page - 1)]
    return [
        Record(*row) for row in raw.rows(_SHOWN.format(found=found) + " ORDER BY s.stopped_at DESC", values)
    ]


def who_had(address: IPv4Network | IPv6Network, *, when: datetime, provider_id: int) -> list[Record]:
    """Sessions that had this address, or a part of this prefix, at that instant."""
    has = "s.framed_ipv4 = %(address)s::inet" if address.version == 4 else _HAS_PREFIX
    found = (
        f"{_LIVE} WHERE {has} AND s.started_at <= %(when)s"
        f" UNION ALL {_LOG} WHERE {has} AND s.started_at <= %(when)s AND s.stopped_at >= %(when)s"
    )
    text = str(address.network_address) if address.version == 4 else str(address)
    values = {"address": text, "when": when, "provider": provider_id}
    return [Record(*row) for row in raw.rows(_SHOWN.format(found=found) + _OF_PROVIDER, values)]


_HAS_PREFIX = "(s.framed_ipv6_prefix && %(address)s::inet OR s.delegated_ipv6_prefix && %(address)s::inet)"
# A session without a contract is its router's provider's; of a router without one, only where there is no other.
_OF_PROVIDER = """
     WHERE coalesce(c.provider_id, n.provider_id) = %(provider)s
        OR (c.id IS NULL AND n.provider_id IS NULL AND NOT EXISTS (SELECT FROM provider WHERE id <> %(provider)s))
     ORDER BY s.started_at DESC LIMIT 200
"""


def readers(provider_id: int, *, limit: int = 200) -> list[Reader]:
    """Who looked, the latest first."""
    return [Reader(*row) for row in raw.rows(_READERS, [provider_id, limit])]


_READERS = """
    SELECT r.at, r.who, r.contract_id, c.external_id, s.name, r.asked, r.reason
      FROM (SELECT * FROM session_read WHERE provider_id = %s ORDER BY at DESC LIMIT %s) r
      LEFT JOIN contract c ON c.id = r.contract_id LEFT JOIN subscriber s ON s.id = c.subscriber_id
     ORDER BY r.at DESC
"""
