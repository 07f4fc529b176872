"""Invoices, their lines and their printed boletos. The due date is the printed one and stays.

What an amount becomes is not written here: `x_resize` lists lines whose amount is to change and `x_cancel` invoices to
end; the domain does both (`deeds_of_old`), because money may already lie on them.
"""

from __future__ import annotations

from religa.actions.importing import staging
from religa.actions.importing.columns import Kind
from religa.actions.importing.staging import Run
from religa.actions.importing.upsert import Counted, Field, differs, field, insert, update
from religa.records import raw

_HAS_DISCOUNT = "coalesce(x.discount_amount, 0) > 0"
_ISSUED = "coalesce(x.issued_at, least(%(at)s, (x.due_date - 10)::timestamp AT TIME ZONE %(zone)s))"

INVOICE = (
    field("due_date"),
    field("reference", "''"),
    Field("issued_at", _ISSUED, "issued_at"),
    field("fine_pct", "%(fine)s"),
    field("interest_pct_month", "%(interest)s"),
    Field("discount_amount", f"CASE WHEN {_HAS_DISCOUNT} THEN x.discount_amount END", "discount_amount"),
    Field(
        "discount_until",
        f"CASE WHEN {_HAS_DISCOUNT} THEN coalesce(x.discount_until, x.due_date) END",
        "discount_amount",
    ),
    field("fiscal_document", "''"),
)
_LINE = (
    Field("suspendable", "x.suspendable", "suspendable"),
    Field("contract_id", "x.contract_id", "line_contract"),
)
_CANCELLED = "x.state IS NOT DISTINCT FROM 'cancelled'"
_LIVE = f"x.old_id IS NOT NULL AND x.old_closed IS NULL AND NOT ({_CANCELLED})"


def look(run: Run) -> None:
    """What changes of invoices that are here already. Reads only."""
    present = run.present(Kind.INVOICES)
    for name, query in (
        ("x_changed_head", _CHANGED_HEAD.format(differs=differs(INVOICE, present))),
        ("x_changed_line", _CHANGED_LINE.format(differs=differs(_LINE, present))),
        ("x_resize", _RESIZE),
        ("x_cancel", _CANCEL),
    ):
        staging.derive(name, query, run.parameters)


_CHANGED_HEAD = f"""
    SELECT x.id, x.contract_id FROM x_invoice x JOIN invoice t ON t.id = x.old_id WHERE {_LIVE} AND {{differs}}
"""
_CHANGED_LINE = f"""
    SELECT l.old_id AS id, x.id AS invoice_id, x.contract_id AS billed_id, l.contract_id
      FROM (SELECT * FROM x_invoice_line x WHERE x.old_id IS NOT NULL) l
      JOIN x_invoice x ON x.id = l.invoice_id
     WHERE {_LIVE} AND EXISTS (
        SELECT FROM invoice_line t, (SELECT l.suspendable, l.contract_id) AS x WHERE t.id = l.old_id AND {{differs}})
"""
# An amount that Religa changed by itself since (a dispute upheld, a clerk) is not changed back by an old file: the file
# is compared with what it is now and with what it would be without these corrections.
_RESIZE = f"""
    SELECT x.id AS invoice_id, x.external_id, x.contract_id, t.position, coalesce(l.amount, 0) AS amount
      FROM x_invoice x JOIN invoice_line t ON t.invoice_id = x.old_id
      LEFT JOIN x_invoice_line l ON l.old_id = t.id
     WHERE {_LIVE} AND coalesce(l.amount, 0) <> t.amount
       AND coalesce(l.amount, 0) <> t.amount - coalesce(
           (SELECT sum(a.amount) FROM adjustment a WHERE a.line_id = t.id AND a.author NOT LIKE 'import %%'), 0)
    UNION ALL
    SELECT x.id, x.external_id, x.contract_id, l.position, l.amount
      FROM x_invoice x JOIN x_invoice_line l ON l.invoice_id = x.id
     WHERE {_LIVE} AND l.old_id IS NULL AND l.amount > 0
"""
# A complete file ends what it no longer has: open invoices, but not the instalments of agreements that were made here.
_CANCEL = f"""
    SELECT x.id, x.external_id, x.contract_id FROM x_invoice x
     WHERE x.old_id IS NOT NULL AND x.old_closed IS NULL AND {_CANCELLED}
    UNION ALL
    SELECT i.id, i.external_id, i.contract_id FROM invoice i
     WHERE %(complete)s AND i.provider_id = %(provider)s AND i.closed IS NULL AND NOT i.at_rest
       AND NOT EXISTS (SELECT FROM agreement a WHERE a.id = i.agreement_id AND a.author NOT LIKE 'import %%')
       AND NOT EXISTS (SELECT FROM x_invoice x WHERE x.old_id = i.id)
       AND (SELECT sum(amount) FROM invoice_line WHERE invoice_id = i.id)
           > coalesce((SELECT sum(amount) FROM allocation WHERE invoice_id = i.id AND part = 'principal'), 0)
"""


def missing_of_complete(run: Run) -> tuple[int, int]:
    """How many open invoices a complete file would end because it lacks them, and how many are open at all."""
    query = """
        SELECT (SELECT count(*) FROM x_cancel c WHERE NOT EXISTS (SELECT FROM x_invoice x WHERE x.id = c.id)),
               (SELECT count(*) FROM invoice WHERE provider_id = %(provider)s AND closed IS NULL AND NOT at_rest)
    """
    missing, open_ones = raw.rows(query, run.parameters)[0]
    return missing, open_ones


def write(run: Run) -> Counted:
    """Writes everything but amounts of what was here before."""
    found = _counted(run)
    _insert(run)
    update("invoice", "x_invoice", INVOICE, run.present(Kind.INVOICES), run.parameters, also=_LIVE)
    _write_lines(run)
    _write_charges(run)
    return found


def _counted(run: Run) -> Counted:
    query = """
        SELECT (SELECT count(*) FROM x_invoice)
               + (SELECT count(*) FROM x_cancel WHERE id NOT IN (SELECT id FROM x_invoice)),
               (SELECT count(*) FROM x_invoice WHERE old_id IS NULL),
               (SELECT count(*) FROM (SELECT id FROM x_changed_head UNION SELECT invoice_id FROM x_changed_line
                                      UNION SELECT invoice_id FROM x_resize) AS c),
               (SELECT count(*) FROM x_cancel)
    """
    return Counted(*raw.rows(query)[0])


def _insert(run: Run) -> None:
    """New ones. What the other system closed as paid earns nothing more: its rates are spent."""
    settled_there = "x.state IS NOT DISTINCT FROM 'paid'"
    fields = (
        *(Field(f.name, f"CASE WHEN {settled_there} THEN 0 ELSE {f.value} END" if "pct" in f.name else f.value, "")
          for f in INVOICE),
        Field("id", "x.id", ""),
        Field("external_id", "x.external_id", ""),
        Field("provider_id", "%(provider)s", ""),
        Field("contract_id", "x.contract_id", ""),
        Field("subscriber_id", "x.subscriber_id", ""),
        Field("closed", f"CASE WHEN {_CANCELLED} THEN 'cancelled' END", ""),
        Field("closed_at", f"CASE WHEN {_CANCELLED} THEN %(at)s END", ""),
        Field("agreement_id", "x.agreement_id", ""),
        Field("spared", "false", ""),
        Field("at_rest", f"{_CANCELLED} OR EXISTS (SELECT FROM x_settled s WHERE s.invoice_id = x.id)", ""),
    )  # fmt: skip
    insert("invoice", "x_invoice", fields, run.parameters)


def _write_lines(run: Run) -> None:
    """New lines of invoices that were here start at nothing and are adjusted, so that the change is kept."""
    fields = (
        Field("id", "x.id", ""),
        Field("invoice_id", "x.invoice_id", ""),
        Field("contract_id", "x.contract_id", ""),
        Field("position", "x.position", ""),
        Field("amount", "CASE WHEN x.is_new THEN x.amount ELSE 0 END", ""),
        Field("suspendable", "x.suspendable", ""),
        Field("shared", "x.contract_id <> x.billed_id", ""),
        Field("description", "x.description", ""),
    )
    wanted = "x.is_new OR EXISTS (SELECT FROM x_resize r WHERE r.invoice_id = x.invoice_id AND r.position = x.position)"
    insert("invoice_line", "x_invoice_line", fields, where=f"x.old_id IS NULL AND ({wanted})")
    present = run.present(Kind.INVOICES)
    changed = "x.old_id IN (SELECT id FROM x_changed_line)"
    update("invoice_line", "x_invoice_line", _LINE, present, also=changed)
    raw.run("""
        UPDATE invoice_line t SET shared = t.contract_id <> c.billed_id FROM x_changed_line c
         WHERE t.id = c.id AND t.shared <> (t.contract_id <> c.billed_id)
    """)


_SAME_CHARGE = """
    h.invoice_id = x.id AND (h.txid = x.txid
        OR (h.nosso_numero = x.nosso_numero AND h.account = coalesce(x.account, ''))
        OR (x.txid IS NULL AND x.nosso_numero IS NULL
            AND coalesce(h.linha_digitavel, '') = coalesce(x.linha_digitavel, '')))
"""
_PRINTED = "coalesce(x.nosso_numero, x.linha_digitavel, x.txid, x.copy_paste) IS NOT NULL"


def _write_charges(run: Run) -> None:
    """What was printed stays payable: other numbers are another charge beside the first."""
    if not run.present(Kind.INVOICES) & {"nosso_numero", "linha_digitavel", "txid", "copy_paste"}:
        return
    raw.run(
        f"""
        UPDATE charge h SET linha_digitavel = coalesce(x.linha_digitavel, h.linha_digitavel),
               copy_paste = coalesce(x.copy_paste, h.copy_paste), amount = x.total, due_date = x.due_date
          FROM x_invoice x
         WHERE {_LIVE} AND {_SAME_CHARGE} AND x.total > 0
           AND ROW(h.linha_digitavel, h.copy_paste, h.amount, h.due_date) IS DISTINCT FROM
               ROW(coalesce(x.linha_digitavel, h.linha_digitavel), coalesce(x.copy_paste, h.copy_paste), x.total,
                   x.due_date)
        """
    )
    raw.run(
        f"""
        INSERT INTO charge (provider_id, invoice_id, kind, status, account, txid, nosso_numero, linha_digitavel,
                            copy_paste, amount, due_date, revision, created_at, payload)
        SELECT %(provider)s, x.id, {_CHARGE_KIND},
               CASE x.state WHEN 'paid' THEN 'paid' WHEN 'cancelled' THEN 'removed' ELSE 'active' END,
               coalesce(x.account, ''), x.txid, x.nosso_numero, x.linha_digitavel, coalesce(x.copy_paste, ''), x.total,
               x.due_date, 0, {_ISSUED}, '{{}}'::jsonb
          FROM x_invoice x
         WHERE {_PRINTED} AND x.total > 0 AND (x.old_id IS NULL OR (x.old_closed IS NULL AND NOT ({_CANCELLED})))
           AND (x.old_id IS NULL OR NOT EXISTS (SELECT FROM charge h WHERE {_SAME_CHARGE}))
         ORDER BY x.line
        """,
        run.parameters,
    )


_CHARGE_KIND = """
    CASE WHEN x.nosso_numero IS NULL AND x.linha_digitavel IS NULL THEN 'pix_cobv'
         WHEN x.txid IS NULL AND x.copy_paste IS NULL THEN 'boleto' ELSE 'boleto_pix' END
"""
