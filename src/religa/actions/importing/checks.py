"""Looks at all files together: names given twice, names of nothing, rows that contradict each other or Religa.

Every check is one query over the staged rows that answers (line, value, more). A row that was refused for another
reason is not called missing by those who name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa.actions.importing import staging
from religa.actions.importing.columns import COLUMNS, Kind
from religa.actions.importing.problems import Problem, What
from religa.actions.importing.rows import shown
from religa.actions.importing.staging import Run
from religa.records import raw


def of_each_file(run: Run) -> None:
    """Names given twice. The later row is left out at once: joining on a name must never multiply rows."""
    for kind, key in _KEYS.items():
        names = {"table": staging.table(kind), "key": key, "shown": _KEY_COLUMNS[kind]}
        if not raw.rows(_ANY_TWICE.format(**names)):
            continue
        for line, value, first in raw.rows(_TWICE.format(**names)):
            _tell(run, kind, What.DUPLICATE, _KEY_COLUMNS[kind], line, value, str(first))
        raw.run(_LEAVE_OUT.format(**names))


_KEYS = {
    Kind.PLANS: "external_id",
    Kind.SUBSCRIBERS: "external_id",
    Kind.CONTRACTS: "external_id",
    Kind.LOGINS: "username",
    Kind.INVOICES: "external_id, coalesce(item, 1)",
    Kind.PAYMENTS: "external_id",
    Kind.AGREEMENTS: "external_id",
    Kind.TRUST: "contract, granted_at",
    Kind.SUSPENSIONS: "contract",
    Kind.HOLDS: "contract, until",
}
_KEY_COLUMNS = {
    kind: key.split(",")[0] for kind, key in _KEYS.items()
}  # what a message shows of a name made of two
_ANY_TWICE = "SELECT FROM {table} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
_TWICE = """
    SELECT line, name, first FROM (
        SELECT line, {shown} AS name, min(line) OVER (PARTITION BY {key}) AS first FROM {table}) AS t
     WHERE line > first ORDER BY line
"""
_LEAVE_OUT = """
    DELETE FROM {table} WHERE line IN (
        SELECT line FROM (SELECT line, min(line) OVER (PARTITION BY {key}) AS first FROM {table}) AS t
         WHERE line > first)
"""


@dataclass(frozen=True, slots=True)
class Check:
    kind: Kind
    what: What
    column: str
    query: str


def of_all(run: Run) -> None:
    """What can only be seen once every name is resolved."""
    for check in _CHECKS:
        if check.kind in run.files:
            for line, value, more in raw.rows(check.query, run.parameters):
                _tell(run, check.kind, check.what, check.column, line, value, more)


def _tell(
    run: Run, kind: Kind, what: What, column: str, line: int, value: str | None, more: str | None
) -> None:
    found = next(c for c in COLUMNS[kind] if c.key == column)
    run.problems.add(Problem(what, run.name(kind), line, found.title, shown(found, value or ""), more or ""))


def _unknown(kind: Kind, table: str, column: str, key: str, named: Kind, alias: str = "x") -> Check:
    """A row that names something that is neither in the files nor in Religa."""
    query = f"""
        SELECT {alias}.line, {alias}.{column}, '{named.value}' FROM {table} {alias}
         WHERE {alias}.{column} IS NOT NULL AND {alias}.{key} IS NULL
           AND NOT EXISTS (SELECT FROM in_spoilt s WHERE s.kind = '{named.value}' AND s.external_id = {alias}.{column})
         ORDER BY 1
    """
    return Check(kind, What.UNKNOWN_REFERENCE, column, query)


def _unknown_invoice(kind: Kind) -> Check:
    query = f"""
        SELECT x.line, x.name, 'invoices' FROM x_named_{kind.value} x
         WHERE x.invoice_id IS NULL
           AND NOT EXISTS (SELECT FROM in_spoilt s WHERE s.kind = 'invoices' AND s.external_id = x.name)
         ORDER BY 1
    """
    return Check(kind, What.UNKNOWN_REFERENCE, "invoices", query)


def _disagrees(column: str) -> Check:
    """Items that say otherwise than their invoice; an empty cell says nothing."""
    query = f"""
        SELECT i.line, i.{column}::text, x.line::text FROM in_invoices i JOIN x_invoice x USING (external_id)
         WHERE x.several AND i.{column} <> x.{column} ORDER BY 1
    """
    return Check(Kind.INVOICES, What.INVOICE_DISAGREES, column, query)


def _ends_early(kind: Kind, start: str) -> Check:
    query = f"SELECT line, until::text, NULL FROM in_{kind.value} WHERE until <= {start} ORDER BY 1"
    return Check(kind, What.END_BEFORE_START, "until", query)


def _taken(column: str, account: str) -> Check:
    """A number of a boleto or Pix that another invoice carries already, in Religa or in the file."""
    query = f"""
        SELECT x.line, x.{column}, o.external_id FROM x_invoice x
          JOIN charge h ON h.provider_id = %(provider)s AND h.{column} = x.{column} AND h.invoice_id <> x.id
                       AND {account.format("h")} = {account.format("x")}
          JOIN invoice o ON o.id = h.invoice_id
        UNION ALL
        SELECT n.line, n.{column}, f.external_id
          FROM (SELECT {column} AS taken, {account.format("x")} AS account, min(line) AS first
                  FROM x_invoice x WHERE {column} IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) d
          JOIN x_invoice n ON n.{column} = d.taken AND {account.format("n")} = d.account AND n.line > d.first
          JOIN x_invoice f ON f.line = d.first
        ORDER BY 1
    """
    return Check(Kind.INVOICES, What.CHARGE_TAKEN, column, query)


_CHECKS: Sequence[Check] = (
    _unknown(Kind.CONTRACTS, "x_contract", "subscriber", "subscriber_id", Kind.SUBSCRIBERS),
    _unknown(Kind.CONTRACTS, "x_contract", "plan", "plan_id", Kind.PLANS),
    Check(
        Kind.CONTRACTS,
        What.HOLDER_CHANGED,
        "subscriber",
        "SELECT line, subscriber, NULL FROM x_contract WHERE old_subscriber_id <> subscriber_id ORDER BY 1",
    ),
    _unknown(Kind.LOGINS, "x_login", "contract", "contract_id", Kind.CONTRACTS),
    Check(
        Kind.LOGINS,
        What.OF_ANOTHER_PROVIDER,
        "username",
        "SELECT line, username, NULL FROM x_login WHERE old_provider_id <> %(provider)s ORDER BY 1",
    ),
    _unknown(Kind.INVOICES, "x_invoice", "contract", "contract_id", Kind.CONTRACTS),
    _unknown(
        Kind.INVOICES,
        "(SELECT i.*, l.contract_id AS line_contract_id FROM in_invoices i JOIN x_invoice_line l USING (line))",
        "line_contract",
        "line_contract_id",
        Kind.CONTRACTS,
    ),
    *(_disagrees(column) for column in ("contract", "due_date", "state")),
    Check(
        Kind.INVOICES,
        What.ZERO,
        "amount",
        """SELECT line, total::text, NULL FROM x_invoice WHERE total = 0 AND state IS DISTINCT FROM 'cancelled'
            ORDER BY 1""",
    ),
    Check(
        Kind.INVOICES,
        What.OF_ANOTHER_CONTRACT,
        "contract",
        """SELECT x.line, x.contract, c.external_id FROM x_invoice x JOIN contract c ON c.id = x.old_contract_id
            WHERE x.contract_id <> x.old_contract_id ORDER BY 1""",
    ),
    Check(
        Kind.INVOICES,
        What.PAID_WITHOUT_PAYMENT,
        "state",
        """SELECT line, external_id, NULL FROM x_invoice x WHERE state = 'paid' AND old_id IS NULL
              AND NOT EXISTS (SELECT FROM in_payments p WHERE p.invoice = x.external_id)
              AND NOT EXISTS (SELECT FROM in_spoilt WHERE kind = 'payments') ORDER BY 1""",
    ),
    Check(
        Kind.INVOICES,
        What.PAID_THERE_ONLY,
        "state",
        """SELECT x.line, x.external_id, NULL FROM x_invoice x JOIN invoice i ON i.id = x.old_id
            WHERE x.state = 'paid' AND i.closed IS NULL AND NOT i.at_rest
              AND NOT EXISTS (SELECT FROM in_payments p WHERE p.invoice = x.external_id)
              AND (SELECT sum(amount) FROM invoice_line WHERE invoice_id = i.id)
                  > coalesce((SELECT sum(amount) FROM allocation WHERE invoice_id = i.id AND part = 'principal'), 0)
            ORDER BY 1""",
    ),
    Check(
        Kind.INVOICES,
        What.CLOSED_HERE,
        "external_id",
        """SELECT line, external_id, old_closed FROM x_invoice
            WHERE old_closed IS NOT NULL AND state IS DISTINCT FROM 'cancelled'
              AND id NOT IN (SELECT invoice_id FROM x_named_agreements WHERE invoice_id IS NOT NULL) ORDER BY 1""",
    ),
    _taken("txid", "true"),
    _taken("nosso_numero", "coalesce({0}.account, '')"),
    _unknown(Kind.PAYMENTS, "x_payment", "invoice", "invoice_id", Kind.INVOICES),
    _unknown(
        Kind.PAYMENTS,
        "(SELECT *, CASE WHEN contract IS NOT NULL THEN contract_id END AS named_id FROM x_payment)",
        "contract",
        "named_id",
        Kind.CONTRACTS,
    ),
    Check(
        Kind.PAYMENTS,
        What.NEITHER,
        "invoice",
        """SELECT line, NULL, NULL FROM x_payment WHERE invoice_name IS NULL AND contract IS NULL AND old_id IS NULL
            ORDER BY 1""",
    ),
    Check(
        Kind.PAYMENTS,
        What.OF_ANOTHER_CONTRACT,
        "contract",
        """SELECT line, contract, NULL FROM x_payment WHERE contract IS NOT NULL AND contract_id IS NOT NULL
              AND invoice_contract_id <> contract_id ORDER BY 1""",
    ),
    Check(
        Kind.PAYMENTS,
        What.PAYMENT_DIFFERS,
        "amount",
        """SELECT line, (amount / 100.0)::numeric(14, 2)::text, (old_amount / 100.0)::numeric(14, 2)::text
             FROM x_payment WHERE old_amount <> amount AND old_by_bank IS NOT TRUE
           UNION ALL SELECT line, external_id, NULL FROM x_payment
            WHERE old_amount = amount AND old_contract_id <> contract_id AND old_by_bank IS NOT TRUE ORDER BY 1""",
    ),
    Check(
        Kind.INVOICES,
        What.UNKNOWN_REFERENCE,
        "agreement",
        """SELECT line, agreement, 'agreements' FROM x_instalment x WHERE agreement_id IS NULL
              AND NOT EXISTS (SELECT FROM in_agreements a WHERE a.external_id = x.agreement)
              AND NOT EXISTS (SELECT FROM in_spoilt s WHERE s.kind = 'agreements' AND s.external_id = x.agreement)
            ORDER BY 1""",
    ),
    Check(
        Kind.AGREEMENTS,
        What.NO_INSTALMENTS,
        "external_id",
        """SELECT line, external_id, NULL FROM x_agreement a WHERE old_id IS NULL
              AND NOT EXISTS (SELECT FROM x_instalment x WHERE x.agreement = a.external_id)
              AND NOT EXISTS (SELECT FROM in_spoilt WHERE kind = 'invoices') ORDER BY 1""",
    ),
    Check(
        Kind.AGREEMENTS,
        What.OF_ANOTHER_CONTRACT,
        "invoices",
        """SELECT a.line, n.name, NULL FROM x_agreement a JOIN x_named_agreements n USING (line)
            WHERE n.contract_id <> a.contract_id
           UNION ALL
           SELECT a.line, x.external_id, x.contract FROM x_agreement a JOIN x_instalment x
               ON x.agreement = a.external_id WHERE x.contract_id <> a.contract_id ORDER BY 1""",
    ),
    _unknown(Kind.AGREEMENTS, "x_agreement", "contract", "contract_id", Kind.CONTRACTS),
    _unknown(Kind.NOTICES, "x_notice", "contract", "contract_id", Kind.CONTRACTS),
    *(_unknown_invoice(kind) for kind in (Kind.AGREEMENTS, Kind.NOTICES, Kind.TRUST, Kind.SUSPENSIONS)),
    _unknown(Kind.TRUST, "x_trust", "contract", "contract_id", Kind.CONTRACTS),
    _ends_early(Kind.TRUST, "granted_at"),
    Check(
        Kind.TRUST,
        What.TRUST_OVERLAPS,
        "granted_at",
        """SELECT a.line, a.contract, b.line::text FROM x_trust a JOIN x_trust b ON a.contract_id = b.contract_id
            WHERE b.line < a.line AND a.granted_at < b.until AND b.granted_at < a.until
           UNION ALL
           SELECT a.line, a.contract, NULL FROM x_trust a JOIN trust_unlock u ON u.contract_id = a.contract_id
            WHERE u.granted_at <> a.granted_at AND a.granted_at < u.until AND u.granted_at < a.until ORDER BY 1""",
    ),
    _unknown(Kind.SUSPENSIONS, "x_suspension", "contract", "contract_id", Kind.CONTRACTS),
    _unknown(Kind.HOLDS, "x_hold", "contract", "contract_id", Kind.CONTRACTS),
    _ends_early(Kind.HOLDS, "since"),
    Check(
        Kind.HOLDS,
        What.HOLD_OVER,
        "until",
        "SELECT line, contract, NULL FROM in_holds WHERE since IS NULL AND until <= %(at)s ORDER BY 1",
    ),
)
