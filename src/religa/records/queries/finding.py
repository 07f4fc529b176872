"""Finds contracts by what people say on the phone: name, document, number, log-in, address, contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from religa.records import raw

_MOST_MATCHES = 500  # of one table, before joining: a name like "maria" must not read the whole base


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a result list."""

    contract_id: int
    external_id: str
    name: str
    document: str
    address: str
    logins: tuple[str, ...]
    status: str
    access: str


def search(text: str, *, provider_ids: Sequence[int], limit: int = 50) -> list[Found]:
    """Contracts that match, best known ids first. Every word of a name or address must occur; accents do not matter.

    Texts of fewer than three characters only match a whole contract number.
    """
    wanted = _search_terms(text)
    if not wanted["exact"]:
        return []
    statement = _SEARCH if len(text.strip()) >= 3 else _BY_NUMBER
    parameters = {**wanted, "providers": list(provider_ids), "limit": limit, "most": _MOST_MATCHES}
    return [_found(row) for row in raw.rows(statement, parameters)]


def _search_terms(text: str) -> dict[str, object]:
    exact = text.strip()
    compact = re.sub(r"[\s./()+-]", "", exact).upper()
    digits = compact if compact.isdigit() and len(compact) >= 4 else None
    return {
        "exact": exact,
        "words": [f"%{_literally(word)}%" for word in exact.split()],
        "document": compact if len(compact) in (11, 14) else None,
        "phone": f"%{digits}%" if digits else None,
        "login": f"%{_literally(exact.lower())}%",
    }


def _literally(text: str) -> str:
    """Text whose wildcards are letters."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _found(row: raw.Row) -> Found:
    contract, external_id, name, document, address, logins, status, access = row
    return Found(contract, external_id, name, document, address, tuple(logins or ()), status, access)


_SHOWN = """
    SELECT c.id, c.external_id, s.name, s.document, c.address,
           ARRAY (SELECT username FROM access_record r WHERE r.contract_id = c.id ORDER BY r.id), a.status, a.access
      FROM hit JOIN contract c ON c.id = hit.id JOIN subscriber s ON s.id = c.subscriber_id
      JOIN contract_access a ON a.contract_id = c.id
     WHERE c.provider_id = ANY (%(providers)s)
     GROUP BY c.id, s.id, a.contract_id
     ORDER BY min(hit.rank), s.name, c.id LIMIT %(limit)s
"""

_BY_NUMBER = (
    """
    WITH hit AS (SELECT id, 0 AS rank FROM contract
                  WHERE external_id = %(exact)s AND provider_id = ANY (%(providers)s))
"""
    + _SHOWN
)

_SEARCH = (
    """
    WITH who AS (
        (SELECT id, 1 AS rank FROM subscriber WHERE document = %(document)s)
        UNION ALL (SELECT id, 2 FROM subscriber WHERE lower(email) = lower(%(exact)s) LIMIT %(most)s)
        UNION ALL (SELECT subscriber_id, 2 FROM subscriber_phone WHERE number LIKE %(phone)s LIMIT %(most)s)
        UNION ALL (SELECT id, 3 FROM subscriber
                    WHERE plain(name) LIKE ALL (SELECT plain(w) FROM unnest(%(words)s::text[]) w) LIMIT %(most)s)
    ), hit AS (
        SELECT c.id, who.rank FROM who JOIN contract c ON c.subscriber_id = who.id
        UNION ALL SELECT id, 0 FROM contract WHERE external_id = %(exact)s AND provider_id = ANY (%(providers)s)
        UNION ALL (SELECT contract_id, 1 FROM access_record WHERE lower(username) LIKE %(login)s LIMIT %(most)s)
        UNION ALL (SELECT id, 4 FROM contract
                    WHERE plain(address) LIKE ALL (SELECT plain(w) FROM unnest(%(words)s::text[]) w) LIMIT %(most)s)
    )
"""
    + _SHOWN
)


def contracts_of_document(document: str, *, provider_ids: Sequence[int]) -> list[Found]:
    """Every contract of a CPF or CNPJ (without mask), open ones first."""
    rows = raw.rows(_OF_DOCUMENT, {"document": document, "providers": list(provider_ids), "limit": 1000})
    return [_found(row) for row in rows]


_OF_DOCUMENT = (
    """
    WITH hit AS (SELECT c.id, CASE WHEN c.terminated_at IS NULL THEN 0 ELSE 1 END AS rank
                   FROM subscriber s JOIN contract c ON c.subscriber_id = s.id WHERE s.document = %(document)s)
"""
    + _SHOWN
)


def payment_contract(*, provider_id: int, external_id: str) -> int | None:
    """The contract on which a payment was booked; None if it was never seen."""
    query = "SELECT contract_id FROM payment WHERE provider_id = %s AND external_id = %s"
    return next((contract for (contract,) in raw.rows(query, [provider_id, external_id])), None)
