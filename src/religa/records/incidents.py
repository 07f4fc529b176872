"""Which contracts are at a fault of ours: the one place that says it, for the loader, the guard and the pages.

A contract is at a router through its live sessions; where it has none, through the last one of the past 30 days (a
router that fails loses its sessions). It is in the municipality that it names, or in the provider's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.records import raw

# `c` contract, `p` its provider, `i` incident. CASE, so that sessions are looked up for a router's incident alone.
IS_AT = """(
    (i.ibge_code <> '' AND i.ibge_code = coalesce(nullif(c.ibge_code, ''), p.ibge_code))
    OR CASE
        WHEN i.nas_id IS NULL THEN false
        WHEN EXISTS (SELECT FROM session_live s WHERE s.contract_id = c.id)
        THEN EXISTS (SELECT FROM session_live s WHERE s.contract_id = c.id AND s.nas_id = i.nas_id)
        ELSE i.nas_id = (SELECT l.nas_id FROM session_log l
                          WHERE l.contract_id = c.id AND l.stopped_at > %(at)s::timestamptz - interval '30 days'
                          ORDER BY l.stopped_at DESC LIMIT 1)
    END)"""
IS_OPEN = "i.until IS NULL AND i.since <= %(at)s::timestamptz"
AT_OPEN = f"""
      FROM contract c JOIN provider p ON p.id = c.provider_id
      JOIN incident i ON i.provider_id = c.provider_id AND {IS_OPEN}
     WHERE c.id = ANY (%(contracts)s::bigint[]) AND {IS_AT}
"""


def at_open(contract_ids: Sequence[int], at: datetime) -> set[int]:
    """Those of the contracts at which a fault of ours is open."""
    parameters = {"contracts": raw.ids(contract_ids), "at": at}
    return {contract for (contract,) in raw.rows(f"SELECT DISTINCT c.id {AT_OPEN}", parameters)}


def has_open(provider_id: int, at: datetime) -> bool:
    """Whether a provider has any: mostly it has none, and nothing more is asked."""
    query = f"SELECT FROM incident i WHERE i.provider_id = %(p)s AND {IS_OPEN} LIMIT 1"
    return bool(raw.rows(query, {"p": provider_id, "at": at}))
