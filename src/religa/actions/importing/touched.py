"""Which contracts an import touches: these are locked first, decided afterwards, and counted for the guard."""

from __future__ import annotations

from collections.abc import Sequence

from religa.actions.importing import staging
from religa.actions.importing.people import CONTRACT, contract_columns
from religa.actions.importing.staging import Run
from religa.actions.importing.upsert import differs
from religa.records import locks, raw


def look(run: Run) -> None:
    """`x_touched`: contract, whether it was here before, what of it changes, and whether that may lead to a block.

    Contracts that are blocked there are listed, too: whether their block stands here is known only once they are
    judged (`took_over`), and every report speaks of them.

    An invoice that is still to fall due, a payment, a hold or past trust cannot bring a first block by themselves; a
    late invoice, a changed one, a notice and a block can.
    """
    changed = differs(CONTRACT, contract_columns(run))
    staging.derive("x_first_touched", _FIRST.format(changed=changed), run.parameters)
    staging.derive("x_touched", _WITH_NEIGHBOURS, run.parameters)


_FIRST = """
    SELECT contract_id, bool_or(risky) AS risky, true AS changes FROM (
        SELECT id AS contract_id, false AS risky FROM x_contract WHERE old_id IS NULL
        UNION ALL SELECT x.id, true FROM x_contract x JOIN contract t ON t.id = x.old_id WHERE {changed}
        UNION ALL SELECT id, false FROM x_contract
                   WHERE old_id IS NOT NULL AND old_terminated_at IS NULL AND terminated_at IS NOT NULL
        UNION ALL SELECT l.contract_id, x.due_date < (%(at)s AT TIME ZONE %(zone)s)::date
                         AND x.state IS DISTINCT FROM 'paid' AND x.state IS DISTINCT FROM 'cancelled'
                    FROM x_invoice x JOIN x_invoice_line l ON l.invoice_id = x.id WHERE x.old_id IS NULL
        UNION ALL SELECT contract_id, x.due_date < (%(at)s AT TIME ZONE %(zone)s)::date
                         AND x.state IS DISTINCT FROM 'paid' AND x.state IS DISTINCT FROM 'cancelled'
                    FROM x_invoice x WHERE x.old_id IS NULL
        UNION ALL SELECT contract_id, true FROM x_changed_head
        UNION ALL SELECT contract_id, true FROM x_changed_line
        UNION ALL SELECT billed_id, true FROM x_changed_line
        UNION ALL SELECT contract_id, true FROM x_resize
        UNION ALL SELECT contract_id, false FROM x_cancel
        UNION ALL SELECT contract_id, false FROM x_payment WHERE old_id IS NULL
        UNION ALL SELECT contract_id, false FROM x_agreement WHERE old_id IS NULL
        UNION ALL SELECT contract_id, true FROM x_new_evidence
        UNION ALL SELECT contract_id, false FROM x_new_trust
        UNION ALL SELECT contract_id, false FROM x_new_hold
        UNION ALL SELECT contract_id, false FROM x_changed_hold) AS t
     GROUP BY contract_id
"""
_WITH_NEIGHBOURS = """
    WITH shared AS (
        SELECT i.contract_id AS a, l.contract_id AS b FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
         WHERE l.shared AND NOT i.at_rest AND i.provider_id = %(provider)s),
    beside AS (
        SELECT s.b AS contract_id, t.risky, true AS changes FROM shared s JOIN x_first_touched t ON t.contract_id = s.a
        UNION ALL SELECT s.a, t.risky, true FROM shared s JOIN x_first_touched t ON t.contract_id = s.b)
    SELECT contract_id, bool_or(risky) AS risky, bool_or(changes) AS changes,
           EXISTS (SELECT FROM contract c WHERE c.id = contract_id) AS was_here
      FROM (SELECT contract_id, risky, changes FROM x_first_touched UNION ALL SELECT * FROM beside
            UNION ALL SELECT contract_id, false, false FROM x_suspension) AS t
     GROUP BY contract_id
"""


def lock() -> None:
    """Takes the contracts that were here before, in order (docs/decisions/0002). New ones nobody else can see."""
    here = [
        contract for (contract,) in raw.rows("SELECT contract_id FROM x_touched WHERE was_here ORDER BY 1")
    ]
    locks.lock(here)


def took_over(contracts: Sequence[int]) -> None:
    """A block was taken over: that is a change, and one that blocks."""
    raw.run(
        "UPDATE x_touched SET changes = true, risky = true FROM unnest(%s::bigint[]) AS t(id) WHERE contract_id = t.id",
        [raw.ids(contracts)],
    )


def contracts() -> list[int]:
    return [contract for (contract,) in raw.rows("SELECT contract_id FROM x_touched ORDER BY 1")]


def share(run: Run) -> tuple[int, int, int]:
    """Contracts that change, those that may be led to a block, and all of the provider; asked after writing."""
    query = """
        SELECT (SELECT count(*) FROM x_touched WHERE changes), (SELECT count(*) FROM x_touched WHERE risky),
               (SELECT count(*) FROM contract WHERE provider_id = %(provider)s AND terminated_at IS NULL)
    """
    changed, risky, all_of_them = raw.rows(query, run.parameters)[0]
    return changed, risky, all_of_them


def mark(run: Run) -> None:
    """Says on each contract which import touched it last. One that waits in a held import stays with that one: a
    later, smaller import must not carry it past the guard."""
    raw.run(
        """
        UPDATE contract c SET import_batch_id = %(batch)s FROM x_touched t
         WHERE c.id = t.contract_id AND t.changes AND c.import_batch_id IS DISTINCT FROM %(batch)s
           AND NOT EXISTS (SELECT FROM import_batch b
                            WHERE b.id = c.import_batch_id AND b.held AND b.released_at IS NULL)
        """,
        run.parameters,
    )
