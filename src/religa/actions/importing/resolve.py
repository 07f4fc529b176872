"""Finds what the staged rows mean here: the key of each row (its own, or a new one) and of everything it names.

`x_<table>` hold the outcome, in the order of the file, so that new keys follow it. `old_id` is null for what Religa
does not know yet. Nothing is written to real tables.
"""

from __future__ import annotations

from collections.abc import Collection

from religa.actions.importing import staging
from religa.actions.importing.columns import COLUMNS, Kind
from religa.actions.importing.staging import Run


def resolve(run: Run) -> None:
    """Makes every `x_` table, in the order in which one needs another."""
    query_of_charges = _named_charges(run.present(Kind.PAYMENTS))
    for name, query in _QUERIES.items():
        query = query.replace("{charges}", query_of_charges)
        for place, words in (_ITEMS if "item" in run.present(Kind.INVOICES) else _ROWS).items():
            query = query.replace(place, words)
        staging.derive(name, f"{query} ORDER BY i.line{_FIRST_OF.get(name, '')}", run.parameters)


# By which a payment may name a charge, the surest first; the last ones by what this import brings itself.
_NAMES = (("txid", True), ("nosso_numero", False), ("linha_digitavel", False))
_FIRST_OF = {"x_named_charge": ", i.is_named DESC, i.rank, i.is_gone, i.charge_id"}
_HERE = """
    SELECT p.line, h.id AS charge_id, h.invoice_id, h.payment_account_id AS account_id, v.external_id AS invoice,
           {by_txid} AS by_txid, {rank} AS rank, h.status <> 'active' AS is_gone,
           v.external_id IS NOT DISTINCT FROM p.invoice AS is_named
      FROM in_payments p JOIN charge h ON h.provider_id = %(provider)s AND h.{name} = p.{name}
      JOIN invoice v ON v.id = h.invoice_id
"""
_BROUGHT = """
    SELECT p.line, NULL::bigint, x.id, NULL::bigint, x.external_id, {by_txid}, {rank} + 10, false,
           x.external_id IS NOT DISTINCT FROM p.invoice
      FROM in_payments p JOIN x_invoice x ON x.{name} = p.{name}
"""
_NO_CHARGE = """
    SELECT NULL::integer AS line, NULL::bigint AS charge_id, NULL::bigint AS invoice_id, NULL::bigint AS account_id,
           NULL::text AS invoice, false AS by_txid, 0 AS rank, false AS is_gone, false AS is_named WHERE false
"""


def _named_charges(present: Collection[str]) -> str:
    """Only for the columns that the file has: whole tables are joined."""
    parts = [
        part.format(name=name, by_txid=by_txid, rank=rank)
        for rank, (name, by_txid) in enumerate(_NAMES)
        for part in (_HERE, _BROUGHT)
        if name in present
    ]
    return " UNION ALL ".join(parts) or _NO_CHARGE


def _own(kind: str, table: str) -> str:
    return f"""
        SELECT i.*, t.id AS old_id, coalesce(t.id, nextval('{table}_id_seq')) AS id
          FROM in_{kind} i
          LEFT JOIN {table} t ON t.provider_id = %(provider)s AND t.external_id = i.external_id
    """


def _named(alias: str, table: str, name: str) -> str:
    """Joins what a row names: something of this import, or something that is here already."""
    return f"""
          LEFT JOIN x_{table} {alias} ON {alias}.external_id = {name}
          LEFT JOIN {table} {alias}_here ON {alias}_here.provider_id = %(provider)s
                                        AND {alias}_here.external_id = {name}
    """


# What stands for a whole invoice: its row, or with items the first of them in the file. What became of it is said by
# the first that says it; an empty cell says nothing.
_ROWS = {
    "{whole}": "SELECT *, amount AS total, false AS several FROM in_invoices",
    "{same}": "x.line = i.line",
}
_INVOICE_HEAD = ", ".join(f"i.{c.key}" for c in COLUMNS[Kind.INVOICES] if c.key != "state")
_ITEMS = {
    "{whole}": f"""
        WITH whole AS (SELECT external_id, min(line) AS line, sum(amount)::bigint AS total, count(*) > 1 AS several,
                              min(line) FILTER (WHERE state IS NOT NULL) AS said
                         FROM in_invoices GROUP BY external_id)
        SELECT i.line, {_INVOICE_HEAD}, s.state, w.total, w.several
          FROM whole w JOIN in_invoices i ON i.line = w.line LEFT JOIN in_invoices s ON s.line = w.said
    """,
    "{same}": "x.external_id = i.external_id",
}
# The invoice of the charge that a payment names counts where it names neither invoice nor contract.
_OF_CHARGE = "CASE WHEN i.invoice IS NULL AND i.contract IS NULL THEN h.invoice ELSE i.invoice END"
_QUERIES = {
    "x_plan": _own("plans", "plan"),
    "x_subscriber": _own("subscribers", "subscriber"),
    "x_contract": f"""
        SELECT i.*, t.id AS old_id, coalesce(t.id, nextval('contract_id_seq')) AS id,
               coalesce(s.id, s_here.id) AS subscriber_id, coalesce(p.id, p_here.id) AS plan_id,
               t.subscriber_id AS old_subscriber_id, t.terminated_at AS old_terminated_at,
               CASE length(coalesce(s.document, s_here.document)) WHEN 14 THEN 'company' ELSE 'home' END
                   AS usual_segment
          FROM in_contracts i
          LEFT JOIN contract t ON t.provider_id = %(provider)s AND t.external_id = i.external_id
          {_named("s", "subscriber", "i.subscriber")}
          {_named("p", "plan", "i.plan")}
    """,
    "x_login": f"""
        SELECT i.*, t.id AS old_id, coalesce(t.id, nextval('access_record_id_seq')) AS id,
               coalesce(c.id, c_here.id) AS contract_id, o.provider_id AS old_provider_id
          FROM in_credentials i
          LEFT JOIN access_record t ON t.username = i.username
          LEFT JOIN contract o ON o.id = t.contract_id
          {_named("c", "contract", "i.contract")}
    """,
    "x_invoice": f"""
        SELECT i.*, t.id AS old_id, coalesce(t.id, nextval('invoice_id_seq')) AS id, a.id AS agreement_id,
               coalesce(c.id, c_here.id) AS contract_id,
               coalesce(c.subscriber_id, c_here.subscriber_id) AS subscriber_id,
               t.contract_id AS old_contract_id, t.closed AS old_closed, t.closed_at AS old_closed_at
          FROM ({{whole}}) i
          LEFT JOIN invoice t ON t.provider_id = %(provider)s AND t.external_id = i.external_id
          LEFT JOIN agreement a ON a.provider_id = %(provider)s AND a.external_id = i.agreement
          {_named("c", "contract", "i.contract")}
    """,
    "x_invoice_line": f"""
        SELECT i.line, coalesce(t.id, nextval('invoice_line_id_seq')) AS id, x.id AS invoice_id, x.external_id,
               (coalesce(i.item, 1) - 1)::smallint AS position, i.amount,
               coalesce(i.suspendable, true) AS suspendable, coalesce(i.description, '') AS description,
               CASE WHEN i.line_contract IS NULL THEN x.contract_id ELSE coalesce(c.id, c_here.id) END AS contract_id,
               x.contract_id AS billed_id, x.old_id IS NULL AS is_new, t.id AS old_id, t.amount AS old_amount
          FROM in_invoices i JOIN x_invoice x ON {{same}}
          LEFT JOIN invoice_line t ON t.invoice_id = x.old_id AND t.position = coalesce(i.item, 1) - 1
          {_named("c", "contract", "i.line_contract")}
    """,
    "x_named_charge": """
        SELECT DISTINCT ON (i.line) i.line, i.charge_id, i.invoice_id, i.account_id, i.invoice, i.by_txid
          FROM (SELECT i.*, min(i.invoice_id) OVER w = max(i.invoice_id) OVER w AS is_sure FROM ({charges}) i
                WINDOW w AS (PARTITION BY i.line, i.rank)) i
         WHERE i.is_sure OR i.is_named
    """,
    "x_payment": f"""
        SELECT i.*, coalesce(t.id, o.id) AS old_id, coalesce(t.id, o.id, nextval('payment_id_seq')) AS id,
               coalesce(t.amount, o.amount) AS old_amount, coalesce(t.contract_id, o.contract_id) AS old_contract_id,
               coalesce(t.author, o.author) NOT LIKE 'import %%'
                   AND coalesce(t.payment_account_id, o.payment_account_id) IS NOT NULL AS old_by_bank,
               coalesce(t.payment_account_id, o.payment_account_id, h.account_id, a.id) AS account_id,
               coalesce(i.pix_id, i.external_id) AS booked_id, h.charge_id, coalesce(h.by_txid, false) AS by_txid,
               NULL::date AS booked_on,
               CASE WHEN i.invoice IS NULL AND i.contract IS NULL THEN h.invoice ELSE i.invoice END AS invoice_name,
               coalesce(v.id, v_here.id) AS invoice_id, v.state AS invoice_state,
               coalesce(v.contract_id, v_here.contract_id) AS invoice_contract_id,
               coalesce(c.id, c_here.id, v.contract_id, v_here.contract_id) AS contract_id
          FROM in_payments i
          LEFT JOIN x_named_charge h ON h.line = i.line
          LEFT JOIN payment t ON t.provider_id = %(provider)s AND t.external_id = i.pix_id
          LEFT JOIN payment o ON o.provider_id = %(provider)s AND o.external_id = i.external_id AND t.id IS NULL
          LEFT JOIN payment_account a ON a.provider_id = %(provider)s AND lower(a.name) = lower(i.account)
                                     AND a.closed_at IS NULL
          {_named("v", "invoice", _OF_CHARGE)}
          {_named("c", "contract", "i.contract")}
    """,
    **{
        f"x_named_{kind}": f"""
        SELECT i.line, n.name, n.place, coalesce(v.id, v_here.id) AS invoice_id,
               coalesce(v.contract_id, v_here.contract_id) AS contract_id
          FROM in_{kind} i CROSS JOIN unnest(i.invoices) WITH ORDINALITY AS n(name, place)
          {_named("v", "invoice", "n.name")}
        """
        for kind in ("agreements", "notices", "trust", "suspensions")
    },
    "x_instalment": """
        SELECT i.line, i.external_id, i.contract, i.contract_id, i.due_date, i.agreement, i.agreement_id
          FROM x_invoice i WHERE i.agreement IS NOT NULL
    """,
    "x_agreement": f"""
        WITH named AS (SELECT line, min(contract_id) AS of_invoice FROM x_named_agreements GROUP BY line)
        SELECT i.*, t.id AS old_id, coalesce(c.id, c_here.id, n.of_invoice) AS contract_id
          FROM in_agreements i JOIN named n USING (line)
          LEFT JOIN agreement t ON t.provider_id = %(provider)s AND t.external_id = i.external_id
          {_named("c", "contract", "i.contract")}
    """,
    "x_notice": f"""
        WITH named AS (SELECT line, array_agg(DISTINCT invoice_id ORDER BY invoice_id) AS invoice_ids,
                              min(contract_id) AS of_invoice FROM x_named_notices GROUP BY line)
        SELECT i.*, coalesce(i.kind, 'debt_notice') AS known_kind, n.invoice_ids,
               coalesce(c.id, c_here.id, n.of_invoice) AS contract_id
          FROM in_notices i JOIN named n USING (line)
          {_named("c", "contract", "i.contract")}
    """,
    **{
        f"x_{table}": f"""
        SELECT i.*, coalesce(c.id, c_here.id) AS contract_id FROM in_{kind} i
          {_named("c", "contract", "i.contract")}
        """
        for table, kind in (("trust", "trust"), ("suspension", "suspensions"), ("hold", "holds"))
    },
}
