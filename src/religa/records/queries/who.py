"""Whose session has a source address: an identifier for pages that say next to nothing, never a log-in.

Neighbours share a Wi-Fi, a lost Stop leaves an address with its last owner, and then somebody else gets it. So only
sessions heard of lately count, and of those the newest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address

from religa.domain.facts import Access, Status
from religa.domain.reasons import Why
from religa.records import raw

# Two interim updates (every 300 s, radius.answer) and some delay: a session that was silent for longer may be over.
HEARD_WITHIN = timedelta(seconds=2 * 300 + 60)


@dataclass(frozen=True, slots=True)
class Found:
    """The contract behind an address, and what its row says at the instant of asking.

    `access` holds now; `until` is given while a change is still to come, to `access_then`. `applied`: what the router
    is known to enforce (None: not known). `shared`: another contract's session was heard of with the same address after
    this one had begun, so that both live, and the address says nothing of who is asking.
    """

    session_id: int
    contract_id: int
    provider_id: int
    access: Access
    status: Status
    why: Why
    until: datetime | None
    access_then: Access
    applied: Access | None
    shared: bool = False


def who_has(address: IPv4Address | IPv6Address, *, at: datetime) -> Found | None:
    """The newest living session with this address, and its contract; None if there is none, or it has no contract."""
    statement = _WHO.format(sessions=_BY_IPV4 if address.version == 4 else _BY_IPV6)
    rows = raw.rows(statement, {"address": str(address), "since": at - HEARD_WITHIN, "at": at})
    if not rows or rows[0][1] is None:
        return None
    session, contract, provider, access, status, why, until, then, applied, shared = rows[0]
    return Found(session, contract, provider, Access(access), Status(status), Why(why), until, Access(then),
                 Access(applied) if applied else None, shared)  # fmt: skip


_BY_IPV4 = "SELECT * FROM session_live WHERE framed_ipv4 = %(address)s::inet AND updated_at >= %(since)s"

# Two questions, each of an index of its own; a router may have given the address from either prefix.
_BY_IPV6 = """
    SELECT * FROM session_live WHERE framed_ipv6_prefix >>= %(address)s::inet AND updated_at >= %(since)s
    UNION ALL
    SELECT * FROM session_live WHERE delegated_ipv6_prefix >>= %(address)s::inet AND updated_at >= %(since)s
"""

# The newest first, and only then whether it has a contract: an address that a stranger has now is nobody else's.
_WHO = """
    WITH every AS ({sessions})
    SELECT s.id, a.contract_id, c.provider_id, CASE WHEN a.until <= %(at)s THEN a.access_then ELSE a.access END,
           a.status, a.why, CASE WHEN a.until > %(at)s THEN a.until END, a.access_then, s.applied_state,
           EXISTS (SELECT FROM every e
                    WHERE e.contract_id IS DISTINCT FROM s.contract_id AND e.updated_at > s.started_at)
      FROM (SELECT * FROM every ORDER BY started_at DESC, id DESC LIMIT 1) s
      LEFT JOIN contract_access a USING (contract_id)
      LEFT JOIN contract c ON c.id = a.contract_id
"""
