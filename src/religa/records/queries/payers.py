"""Contracts that money of nobody may be meant for, by each thing that is known of it. No table is read as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from religa.records import raw

MOST = 50  # contracts by one sign: what more of them have in common says nothing


@dataclass(frozen=True, slots=True)
class Sign:
    """That one thing speaks for a contract. `what`: document, number, name or amount; `alike`: how much the name of its
    holder is like the payer's, in percent."""

    what: str
    contract_id: int
    invoice: str | None
    alike: int


def signs(
    provider_id: int,
    *,
    document: str,
    numbers: Sequence[str],
    words: Sequence[str],
    name: str,
    amounts: Sequence[tuple[date, int, int]],
) -> list[Sign]:
    """`numbers`: how the nosso número may be written here. `words`: those of the payer's `name` that must occur.
    `amounts`: due dates, each with the least and the most (centavos) that a charge of that day may have been."""
    asked = {
        "provider": provider_id,
        "document": document,
        "numbers": list(numbers),
        "name": name,
        "most": MOST,
    }
    asked |= {f"word_{n}": f"%{word}%" for n, word in enumerate(words)}
    asked |= {
        key: raw.array(values)
        for key, values in zip(("days", "least", "highest"), zip(*amounts, strict=True), strict=True)
    }
    return [Sign(*row) for row in raw.rows(_SIGNS.format(found=_FOUND + _by_name(len(words))), asked)]


_SIGNS = """
    SELECT f.what, f.id, f.invoice, (100 * similarity(plain(s.name), plain(%(name)s)))::int
      FROM ({found}) f JOIN contract c ON c.id = f.id JOIN subscriber s ON s.id = c.subscriber_id
"""
_FOUND = """
    (SELECT 'document' AS what, c.id, NULL::text AS invoice
       FROM subscriber s JOIN contract c ON c.subscriber_id = s.id
      WHERE %(document)s <> '' AND s.document = %(document)s AND c.provider_id = %(provider)s LIMIT %(most)s)
    UNION ALL
    (SELECT 'number', i.contract_id, i.external_id FROM charge c JOIN invoice i ON i.id = c.invoice_id
      WHERE c.provider_id = %(provider)s AND c.nosso_numero = ANY (%(numbers)s) LIMIT %(most)s)
    UNION ALL
    (SELECT 'amount', i.contract_id, i.external_id
       FROM unnest(%(days)s::date[], %(least)s::bigint[], %(highest)s::bigint[]) AS d (day, least, highest)
      CROSS JOIN LATERAL (
            SELECT c.invoice_id FROM charge c
             WHERE c.provider_id = %(provider)s AND c.status = 'active' AND c.due_date = d.day
               AND c.amount BETWEEN d.least AND d.highest LIMIT %(most)s + 1) c
       JOIN invoice i ON i.id = c.invoice_id AND NOT i.at_rest
      LIMIT %(most)s + 1)
"""


def _by_name(words: int) -> str:
    if words < 2:  # a first name alone is half a town's
        return ""
    every = " AND ".join(f"plain(name) LIKE plain(%(word_{n})s)" for n in range(words))
    return f"""
    UNION ALL
    (SELECT 'name', c.id, NULL
       FROM (SELECT id, similarity(plain(name), plain(%(name)s)) AS alike FROM subscriber
              WHERE {every} AND provider_id = %(provider)s LIMIT 500) s
       JOIN contract c ON c.subscriber_id = s.id
      ORDER BY s.alike DESC, c.id LIMIT %(most)s)
    """
