"""Taking `contract_access` rows, and asking the database for the time (docs/decisions/0002 and 0004)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.records import raw

NOW = "clock_timestamp()"  # for statements that ask for the time along with something else


def database_now() -> datetime:
    """The instant of asking, by the database's clock; also inside a long transaction."""
    return raw.rows(f"SELECT {NOW}")[0][0]  # type: ignore[no-any-return]


def lock(contract_ids: Sequence[int]) -> list[int]:
    """Waits for and takes the rows of all contracts an action will write to, in order; returns those that exist."""
    query = """
        SELECT contract_id FROM contract_access WHERE contract_id = ANY (%s::bigint[]) ORDER BY 1 FOR NO KEY UPDATE
    """
    return [contract for (contract,) in raw.rows(query, [raw.ids(contract_ids)])]


def sharing_invoices(contract_ids: Sequence[int]) -> list[int]:
    """The contracts and all that share a live invoice with them."""
    query = """
        WITH mine AS (
            SELECT id FROM invoice WHERE contract_id = ANY (%(c)s::bigint[]) AND NOT at_rest
            UNION SELECT invoice_id FROM invoice_line WHERE contract_id = ANY (%(c)s::bigint[]) AND shared)
        SELECT contract_id FROM invoice_line WHERE shared AND invoice_id IN (SELECT id FROM mine)
        UNION SELECT i.contract_id FROM invoice i JOIN mine USING (id)
        UNION SELECT unnest(%(c)s::bigint[])
    """
    return [contract for (contract,) in raw.rows(query, {"c": raw.ids(contract_ids)})]


def claim(contract_ids: Sequence[int]) -> list[int]:
    """The same without waiting: rows that another session holds are left out."""
    query = (
        "SELECT contract_id FROM contract_access WHERE contract_id = ANY (%s)"
        " ORDER BY 1 FOR NO KEY UPDATE SKIP LOCKED"
    )
    return [contract for (contract,) in raw.rows(query, [list(contract_ids)])]


def claim_due(at: datetime, limit: int) -> list[int]:
    """Takes up to `limit` contracts whose alarm has rung, longest due first, leaving out what others hold."""
    query = (
        "SELECT contract_id FROM contract_access WHERE next_look_at <= %s"
        " ORDER BY next_look_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"
    )
    return [contract for (contract,) in raw.rows(query, [at, limit])]


def with_siblings(contract_ids: Sequence[int], at: datetime) -> list[int]:
    """The claimed contracts and what else is due of the same subscribers, so that one message can speak of all."""
    query = """
        SELECT a.contract_id FROM contract_access a JOIN contract c ON c.id = a.contract_id
         WHERE a.next_look_at <= %(at)s AND c.subscriber_id IN (
               SELECT subscriber_id FROM contract WHERE id = ANY (%(mine)s::bigint[]))
           AND a.contract_id <> ALL (%(mine)s::bigint[])
         ORDER BY 1 FOR NO KEY UPDATE OF a SKIP LOCKED
    """
    more = raw.rows(query, {"at": at, "mine": raw.ids(contract_ids)})
    return [*contract_ids, *(contract for (contract,) in more)]


def claim_due_improving(at: datetime, limit: int) -> list[int]:
    """The same, without the rows whose access gets worse by itself: those come in smaller batches."""
    query = (
        "SELECT contract_id FROM contract_access WHERE next_look_at <= %s"
        " AND NOT (access_then IN ('walled', 'closed') AND access IN ('full', 'reduced') AND until <= %s)"
        " ORDER BY next_look_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED"
    )
    return [contract for (contract,) in raw.rows(query, [at, at, limit])]


def due(at: datetime, limit: int) -> list[int]:
    """Contracts whose alarm has rung, without taking them."""
    query = "SELECT contract_id FROM contract_access WHERE next_look_at <= %s ORDER BY next_look_at LIMIT %s"
    return [contract for (contract,) in raw.rows(query, [at, limit])]


def claim_stale(*, provider_id: int, uf: str, ibge_code: str, decided_with: str, limit: int) -> list[int]:
    """Contracts of one municipality (as stored on the contract) whose answer was decided with something else."""
    query = (
        "SELECT a.contract_id FROM contract_access a JOIN contract c ON c.id = a.contract_id"
        " WHERE c.provider_id = %s AND c.uf = %s AND c.ibge_code = %s AND a.decided_with <> %s"
        " AND c.terminated_at IS NULL ORDER BY 1 LIMIT %s FOR NO KEY UPDATE OF a SKIP LOCKED"
    )
    return [contract for (contract,) in raw.rows(query, [provider_id, uf, ibge_code, decided_with, limit])]
