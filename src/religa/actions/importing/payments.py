"""Payments that the old system has seen.

Two plain cases are settled by set: an invoice that the old system closed as paid by exactly one payment (taken over as
it was closed: what was paid beyond the principal counts as late charges, what was missing as discount), and one whose
single payment is its exact amount on or before the due date. Everything else is put where the domain puts it
(`deeds_of_old`), so that a centavo lands the same way as one that comes tomorrow. Tests hold both ways equal.
"""

from __future__ import annotations

from religa.actions.importing import ledgers, staging
from religa.actions.importing.staging import Run
from religa.actions.importing.upsert import Counted
from religa.records import raw


def look(run: Run) -> None:
    """Which of the new payments settle by set. Reads only."""
    staging.derive("x_settled", _SETTLED, run.parameters)


_SETTLED = """
    WITH single AS (SELECT min(line) AS line FROM x_payment WHERE old_id IS NULL AND invoice_id IS NOT NULL
                     GROUP BY invoice_id HAVING count(*) = 1)
    SELECT p.id, p.line, p.invoice_id, v.total, p.amount - v.total AS beyond,
           nextval('settlement_number') AS settlement, coalesce(p.known_at, p.paid_at) AS known_at, p.paid_at,
           (p.paid_at AT TIME ZONE %(zone)s)::date AS paid_on
      FROM x_payment p JOIN single USING (line) JOIN x_invoice v ON v.id = p.invoice_id
     WHERE v.old_id IS NULL
       AND (v.state = 'paid'
            OR (v.state IS DISTINCT FROM 'cancelled' AND p.amount = v.total AND coalesce(v.discount_amount, 0) = 0
                AND (p.paid_at AT TIME ZONE %(zone)s)::date <= v.due_date))
"""


def write(run: Run) -> Counted:
    """Writes what settles by set; `waiting` is the rest."""
    ledgers.write_charges(run)
    raw.run(
        """
        INSERT INTO payment (id, provider_id, contract_id, external_id, method, amount, fee, known_at, paid_at, author,
                             charge_id, payment_account_id, booked_on)
        SELECT p.id, %(provider)s, p.contract_id, p.booked_id, coalesce(p.method, 'external'), p.amount, 0,
               s.known_at, p.paid_at, %(author)s, p.charge_id, p.account_id, p.booked_on
          FROM x_settled s JOIN x_payment p USING (id) ORDER BY p.line
        """,
        run.parameters,
    )
    raw.run(_ALLOCATION, run.parameters)
    return Counted(new=raw.rows("SELECT count(*) FROM x_payment WHERE old_id IS NULL")[0][0])


# From the staged lines: they are at hand, and counted.
_ALLOCATION = """
    INSERT INTO allocation (settlement, payment_id, invoice_id, line_id, part, amount, known_at, paid_at, paid_on,
                            booked_at, author)
    SELECT s.settlement, s.id, s.invoice_id, e.line_id, e.part, e.amount, s.known_at, s.paid_at, s.paid_on, %(at)s,
           %(author)s
      FROM x_settled s JOIN (
        SELECT s.id, l.id AS line_id, 'principal' AS part, l.amount
          FROM x_settled s JOIN x_invoice_line l ON l.invoice_id = s.invoice_id
        UNION ALL SELECT id, NULL, 'charges', beyond FROM x_settled WHERE beyond > 0
        UNION ALL SELECT id, NULL, 'discount', -beyond FROM x_settled WHERE beyond < 0) e ON e.id = s.id
     WHERE e.amount <> 0 ORDER BY s.line
"""


def waiting() -> list[raw.Row]:
    """(contract, id, invoice's external id, amount, method, paid at, known at, charge, account, day of its book)
    of what the domain is to put, oldest first."""
    return raw.rows("""
        SELECT p.contract_id, p.booked_id, p.invoice_name, p.amount, coalesce(p.method, 'external'), p.paid_at,
               coalesce(p.known_at, p.paid_at), p.charge_id, p.account_id, p.booked_on
          FROM x_payment p WHERE p.old_id IS NULL AND NOT EXISTS (SELECT FROM x_settled s WHERE s.id = p.id)
         ORDER BY p.paid_at, p.line
    """)
