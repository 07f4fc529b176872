"""Finds a contract by what people call it."""

from __future__ import annotations

from religa.records import raw

_NAMED = """
    SELECT id FROM contract WHERE external_id = %(name)s
    UNION SELECT contract_id FROM access_record WHERE username = %(name)s
    ORDER BY 1 LIMIT 1
"""


def contract_named(name: str) -> int | None:
    """The key of the contract with that number of the provider's, or with that network log-in."""
    found = raw.rows(_NAMED, {"name": name})
    return found[0][0] if found else None
