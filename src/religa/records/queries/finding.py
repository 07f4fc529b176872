"""Finds contracts by what people say on the phone: name, document, number, log-in, address, contract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from religa.records import raw

_MOST_WORDS = 8
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
    exact = text.strip()
    if not exact:
        return []
    words = exact.split()[:_MOST_WORDS]
    statement = _search(len(words)) if len(exact) >= 3 else _BY_NUMBER
    parameters = {"providers": list(provider_ids), "limit": limit, "most": _MOST_MATCHES}
    parameters |= {f"word_{n}": f"%{_literally(word)}%" for n, word in enumerate(words)}
    return [_found(row) for row in raw.rows(statement, parameters | _search_terms(exact))]


def _search_terms(exact: str) -> dict[str, object]:
    compact = re.sub(r"[\s./()+-]", "", exact).upper()
    digits = compact if compact.isdigit() and len(compact) >= 4 else None
    return {
        "exact": exact,
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


@cache
def _search(words: int) -> str:
    """The search for so many words. Each is a condition of its own: `LIKE ALL (...)` reads whole tables."""
    name, address = (
        " AND ".join(f"plain({column}) LIKE plain(%(word_{n})s)" for n in range(words))
        for column in ("name", "address")
    )
    return f"""
        WITH who AS (
            (SELECT id, 1 AS rank FROM subscriber WHERE document = %(document)s)
            UNION ALL (SELECT id, 2 FROM subscriber WHERE lower(email) = lower(%(exact)s) LIMIT %(most)s)
            UNION ALL (SELECT subscriber_id, 2 FROM subscriber_phone WHERE number LIKE %(phone)s LIMIT %(most)s)
            UNION ALL (SELECT id, 3 FROM subscriber WHERE {name} LIMIT %(most)s)
        ), hit AS (
            SELECT c.id, who.rank FROM who JOIN contract c ON c.subscriber_id = who.id
            UNION ALL SELECT id, 0 FROM contract
                       WHERE external_id = %(exact)s AND provider_id = ANY (%(providers)s)
            UNION ALL (SELECT contract_id, 1 FROM access_record WHERE lower(username) LIKE %(login)s LIMIT %(most)s)
            UNION ALL (SELECT id, 4 FROM contract WHERE {address} LIMIT %(most)s)
        ) {_SHOWN}
    """


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


def contract_named(provider_id: int, external_id: str) -> int | None:
    """The contract of a provider that has this number."""
    query = "SELECT id FROM contract WHERE provider_id = %s AND external_id = %s"
    return next((contract for (contract,) in raw.rows(query, [provider_id, external_id])), None)


def payment_contract(*, provider_id: int, external_id: str) -> int | None:
    """The contract on which a payment was booked; None if it was never seen."""
    query = "SELECT contract_id FROM payment WHERE provider_id = %s AND external_id = %s"
    return next((contract for (contract,) in raw.rows(query, [provider_id, external_id])), None)
