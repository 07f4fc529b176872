"""What happened before Religa: agreements, notices given, days of trust, holds. Written once, never edited."""

from __future__ import annotations

from religa.actions.importing import staging
from religa.actions.importing.staging import Run
from religa.actions.importing.upsert import Counted
from religa.records import raw


def look(run: Run) -> None:
    """What of it is not here yet. Reads only."""
    for name, query in (
        ("x_new_notice", _NEW_NOTICE),
        ("x_new_evidence", _NEW_EVIDENCE),
        ("x_new_trust", _NEW_TRUST),
        ("x_new_hold", _NEW_HOLD),
        ("x_changed_hold", _CHANGED_HOLD),
    ):
        staging.derive(name, query, run.parameters)


# The same notice sent by two channels is one notice with two proofs. Of proofs of the same instant the best is written
# last, because the domain lets the last word count; a failure that came later on one channel outweighs the other.
_SAME_NOTICE = """
    n.contract_id = x.contract_id AND n.kind = x.known_kind AND n.sent_at = x.sent_at AND x.invoice_ids = ARRAY (
        SELECT i.invoice_id FROM notice_invoice i WHERE i.notice_id = n.id ORDER BY i.invoice_id)
"""
_NEW_NOTICE = f"""
    SELECT nextval('notice_id_seq') AS id, x.* FROM (
        SELECT contract_id, known_kind, sent_at, invoice_ids, max(opens_at) AS opens_at, min(line) AS line
          FROM x_notice x WHERE NOT EXISTS (SELECT FROM notice n WHERE {_SAME_NOTICE})
         GROUP BY contract_id, known_kind, sent_at, invoice_ids ORDER BY min(line)) AS x
"""
_NEW_EVIDENCE = f"""
    SELECT DISTINCT e.* FROM (
        SELECT coalesce(new.id, (SELECT min(n.id) FROM notice n WHERE {_SAME_NOTICE})) AS notice_id,
               x.contract_id, coalesce(x.evidence_at, x.sent_at) AS at, x.evidence,
               concat_ws(': ', nullif(x.channel, ''), nullif(x.detail, '')) AS detail
          FROM x_notice x
          LEFT JOIN x_new_notice new ON (new.contract_id, new.known_kind, new.sent_at, new.invoice_ids)
                                        = (x.contract_id, x.known_kind, x.sent_at, x.invoice_ids)) AS e
     WHERE NOT EXISTS (SELECT FROM delivery_event d WHERE d.notice_id = e.notice_id AND d.at = e.at
                          AND d.evidence = e.evidence AND d.detail = e.detail)
"""
_NEW_TRUST = """
    SELECT nextval('trust_unlock_id_seq') AS id, x.* FROM x_trust x
     WHERE NOT EXISTS (SELECT FROM trust_unlock u
                        WHERE u.contract_id = x.contract_id AND u.granted_at = x.granted_at)
"""
_NEW_HOLD = """
    SELECT x.* FROM x_hold x
     WHERE (x.since IS NOT NULL OR x.until > %(at)s)
       AND NOT EXISTS (SELECT FROM hold h WHERE h.contract_id = x.contract_id
                          AND (h.since = x.since OR (x.since IS NULL AND h.until = x.until)))
"""
_CHANGED_HOLD = """
    SELECT h.id, x.contract_id, x.until FROM x_hold x
      JOIN hold h ON h.contract_id = x.contract_id AND h.since = x.since WHERE h.until IS DISTINCT FROM x.until
"""


def count_agreements(run: Run) -> Counted:
    """They are written with what they do to the invoices (`deeds_of_old`)."""
    return Counted(new=raw.rows("SELECT count(*) FROM x_agreement WHERE old_id IS NULL")[0][0])


def write_notices(run: Run) -> Counted:
    new = raw.run(
        """
        INSERT INTO notice (id, contract_id, kind, sent_at, opens_at, automatic, invoice_count, author)
        SELECT id, contract_id, known_kind, sent_at, opens_at, false, cardinality(invoice_ids), %(author)s
          FROM x_new_notice
        """,
        run.parameters,
    )
    raw.run("""
        INSERT INTO notice_invoice (notice_id, invoice_id, position)
        SELECT n.id, i.invoice_id, i.place - 1
          FROM x_new_notice n CROSS JOIN unnest(n.invoice_ids) WITH ORDINALITY AS i(invoice_id, place)
    """)
    raw.run("""
        INSERT INTO delivery_event (notice_id, at, evidence, detail)
        SELECT notice_id, at, evidence, detail FROM x_new_evidence
         ORDER BY notice_id, at, array_position(ARRAY['none', 'failed', 'sent', 'delivered'], evidence)
    """)
    changed = raw.rows(
        "SELECT count(DISTINCT notice_id) FROM x_new_evidence WHERE notice_id NOT IN (SELECT id FROM x_new_notice)"
    )[0][0]
    total = raw.rows(
        "SELECT count(*) FROM (SELECT DISTINCT contract_id, known_kind, sent_at, invoice_ids FROM x_notice) AS n"
    )[0][0]
    return Counted(rows=total, new=new, changed=changed)


def write_trust(run: Run) -> Counted:
    new = raw.run(
        """
        INSERT INTO trust_unlock (id, contract_id, kind, channel, granted_at, granted_until, until, receipt,
                                  promise_date, declaration, outcome, judged_at, author)
        SELECT id, contract_id, coalesce(kind, 'promise'), coalesce(channel, 'agent'), granted_at, until, until,
               receipt, promise_date, '', outcome,
               CASE WHEN outcome IS NOT NULL THEN least(until, %(at)s) END, %(author)s
          FROM x_new_trust
        """,
        run.parameters,
    )
    raw.run(_COVERS, run.parameters)
    raw.run(
        """
        INSERT INTO receipt_used (provider_id, contract_id, receipt, at)
        SELECT %(provider)s, contract_id, receipt, granted_at FROM x_new_trust WHERE receipt IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        run.parameters,
    )
    return Counted(new=new)


# What was late and unpaid when the word was given; the invoices that are named, or all of the contract.
_COVERS = """
    WITH candidate AS (
        SELECT u.id AS unlock, u.granted_at, n.place, i.id AS invoice_id, i.due_date
          FROM x_new_trust u JOIN invoice i ON i.contract_id = u.contract_id
          LEFT JOIN x_named_trust n ON n.line = u.line AND n.invoice_id = i.id
         WHERE CASE WHEN coalesce(u.invoices, '{}') = '{}'
                    THEN i.due_date < (u.granted_at AT TIME ZONE %(zone)s)::date AND i.closed IS NULL
                    ELSE n.line IS NOT NULL END),
    owed AS (
        SELECT c.unlock, c.invoice_id, l.id AS line_id, l.amount
          FROM candidate c JOIN x_new_trust u ON u.id = c.unlock
          JOIN invoice_line l ON l.invoice_id = c.invoice_id AND l.contract_id = u.contract_id AND l.suspendable),
    paid AS (
        SELECT o.unlock, a.line_id, sum(a.amount) AS amount
          FROM owed o JOIN candidate c USING (unlock, invoice_id)
          JOIN allocation a ON a.line_id = o.line_id AND a.paid_at <= c.granted_at
         GROUP BY o.unlock, a.line_id),
    late AS (
        SELECT c.unlock, c.invoice_id, c.place, c.due_date, sum(o.amount - coalesce(p.amount, 0))::bigint AS amount
          FROM candidate c JOIN owed o USING (unlock, invoice_id) LEFT JOIN paid p USING (unlock, line_id)
         GROUP BY c.unlock, c.invoice_id, c.place, c.due_date)
    INSERT INTO trust_unlock_invoice (trust_unlock_id, invoice_id, position, amount)
    SELECT unlock, invoice_id, row_number() OVER (PARTITION BY unlock ORDER BY place, due_date, invoice_id) - 1,
           greatest(amount, 0)
      FROM late WHERE amount > 0 OR place IS NOT NULL
"""


def write_holds(run: Run) -> Counted:
    new = raw.run(
        """
        INSERT INTO hold (contract_id, since, until, reason, author, ended_by)
        SELECT contract_id, coalesce(since, %(at)s), until, reason, coalesce(author, %(author)s), '' FROM x_new_hold
        """,
        run.parameters,
    )
    changed = raw.run("UPDATE hold h SET until = c.until FROM x_changed_hold c WHERE c.id = h.id")
    return Counted(new=new, changed=changed)
