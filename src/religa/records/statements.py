"""The SQL of the loader: one statement per table, for a whole batch."""

import re
from functools import cache

_KEYS = re.compile(r"ANY \((%\S*s::bigint\[\])\)")


@cache
def of_few(statement: str) -> str:
    """The same, planned once and not each time.

    PostgreSQL expects ten keys in an array that it does not know yet. Where it sees one or two, planning anew looks
    cheaper to it each time, and planning is most of the work: so it does not get to see them.
    """
    return _KEYS.sub(r"ANY ((SELECT \1)::bigint[])", statement)


# Whether there is anything in a family at all, for a few contracts `c`: asked for all of them in one statement.
_THERE = {
    "unlocks": ("trust_unlock",),
    "suspensions": ("suspension",),
    "agreements": ("agreement",),
    "periods": ("hold", "enforcement_off", "operator_block", "pause", "bar", "pay_window"),
    "shared": ("invoice_line",),
    "lots": ("credit_entry",),
}
_ONLY = {"shared": " AND shared"}
FAMILIES = tuple(_THERE)
THERE_IS = ",\n           ".join(
    " OR ".join(f"EXISTS (SELECT FROM {t} WHERE contract_id = c.id{_ONLY.get(family, '')})" for t in tables)
    for family, tables in _THERE.items()
)

UNLOCKS = """
    SELECT u.id, u.contract_id, u.kind, u.channel, u.granted_at, u.until, u.receipt, u.promise_date, u.outcome,
           u.judged_at, u.warned_hours, c.names, c.amounts, c.invoices
      FROM trust_unlock u
      LEFT JOIN LATERAL (SELECT array_agg(i.external_id ORDER BY t.position) AS names,
                                array_agg(t.amount ORDER BY t.position) AS amounts,
                                array_agg(i.id ORDER BY t.position) AS invoices
                           FROM trust_unlock_invoice t JOIN invoice i ON i.id = t.invoice_id
                          WHERE t.trust_unlock_id = u.id) c ON true
     WHERE u.contract_id = ANY (%s::bigint[]) ORDER BY u.granted_at, u.id
"""

SUSPENSIONS = """
    SELECT s.id, s.contract_id, s.opened_at, s.late_at_opening, s.closed_at, s.why_closed, s.imported,
           c.names, c.invoices
      FROM suspension s
      LEFT JOIN LATERAL (SELECT array_agg(i.external_id ORDER BY t.position) AS names,
                                array_agg(i.id ORDER BY t.position) AS invoices
                           FROM suspension_invoice t JOIN invoice i ON i.id = t.invoice_id
                          WHERE t.suspension_id = s.id) c ON true
     WHERE s.contract_id = ANY (%(contracts)s::bigint[])
       AND (s.closed_at IS NULL OR s.closed_at > (SELECT %(since)s))
     ORDER BY s.opened_at, s.id
"""

AGREEMENTS = """
    SELECT a.id, a.contract_id, a.external_id, a.made_at, f.external_id, f.id, c.names, c.invoices
      FROM agreement a JOIN invoice f ON f.id = a.first_instalment_id
      LEFT JOIN LATERAL (SELECT array_agg(i.external_id ORDER BY t.position) AS names,
                                array_agg(i.id ORDER BY t.position) AS invoices
                           FROM agreement_invoice t JOIN invoice i ON i.id = t.invoice_id
                          WHERE t.agreement_id = a.id) c ON true
     WHERE a.contract_id = ANY (%s::bigint[]) ORDER BY a.made_at, a.id
"""

_PERIODS = {
    "holds": "hold",
    "enforcement_off": "enforcement_off",
    "operator_blocks": "operator_block",
    "pauses": "pause",
    "bars": "bar",
}
PERIODS = (
    " UNION ALL ".join(
        f"SELECT '{family}' AS family, contract_id, id, since, until, reason FROM {table}"
        f" WHERE contract_id = ANY (%(contracts)s::bigint[])"
        for family, table in _PERIODS.items()
    )
    + """
    UNION ALL SELECT 'pay_windows', contract_id, id, granted_at, until, ''
      FROM pay_window WHERE contract_id = ANY (%(contracts)s::bigint[])
    ORDER BY family, id
"""
)

RECEIPTS = """
    SELECT DISTINCT receipt FROM receipt_used
     WHERE receipt = ANY (%s) AND provider_id IN (SELECT provider_id FROM contract WHERE id = ANY (%s::bigint[]))
"""

_INVOICE = """
    SELECT i.id, i.contract_id, i.external_id, i.issued_at, i.due_date, i.reference, i.fine_pct, i.interest_pct_month,
           i.discount_amount, i.discount_until, i.closed, i.closed_at, i.reopened_at, i.spared, a.external_id,
           i.waived, i.waived_fine
      FROM invoice i LEFT JOIN agreement a ON a.id = i.agreement_id
"""

# Live ones of the contract, by a partial index. The others are looked up by key: one statement for both would be
# planned as a walk through all invoices.
LIVE_INVOICES = f"{_INVOICE} WHERE i.contract_id = ANY (%s::bigint[]) AND NOT i.at_rest ORDER BY 1"
SHARED_INVOICES = (
    "SELECT DISTINCT invoice_id FROM invoice_line WHERE contract_id = ANY (%s::bigint[]) AND shared"
)
INVOICES_BY_KEY = f"""
    {_INVOICE} WHERE i.id = ANY (%s::bigint[]) AND (NOT i.at_rest OR i.id = ANY (%s::bigint[])) ORDER BY 1
"""

# Also those that somebody asks for, by name or by a payment that settled them.
INVOICES = f"""
    {_INVOICE} WHERE i.id IN (
        SELECT unnest(%(named)s::bigint[])
        UNION SELECT id FROM invoice
               WHERE contract_id = ANY (%(contracts)s::bigint[])
                 AND (NOT at_rest OR %(all)s OR external_id = ANY (%(asked)s))
        UNION SELECT l.invoice_id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
               WHERE l.contract_id = ANY (%(contracts)s::bigint[]) AND l.shared
                 AND (NOT i.at_rest OR %(all)s OR i.external_id = ANY (%(asked)s))
        UNION SELECT s.invoice_id FROM allocation s JOIN payment p ON p.id = s.payment_id
               WHERE p.external_id = ANY (%(paid_by)s) AND p.contract_id = ANY (%(contracts)s::bigint[]))
    ORDER BY 1
"""


def with_lines(statement: str) -> str:
    """Invoices of a few contracts, each once for each of its lines: with the line, and with whether there is anything
    to ask the next two tables for. A statement less than asking for the lines by themselves."""
    return f"""
    SELECT i.*, l.id, l.contract_id, l.amount, l.suspendable,
           EXISTS (SELECT FROM allocation a WHERE a.invoice_id = i.id),
           EXISTS (SELECT FROM dispute d WHERE d.invoice_id = i.id)
      FROM ({statement}) i LEFT JOIN invoice_line l ON l.invoice_id = i.id ORDER BY i.id, l.position
"""


INVOICE_LINES = """
    SELECT id, invoice_id, contract_id, amount, suspendable FROM invoice_line
     WHERE invoice_id = ANY (%s::bigint[]) ORDER BY invoice_id, position
"""

# A settlement stands while its rows do not add up to nothing.
SETTLEMENTS = """
    SELECT a.invoice_id, a.settlement, a.payment_id, p.external_id, a.known_at, a.paid_at, a.paid_on, a.part, a.line_id,
           sum(a.amount)::bigint
      FROM allocation a JOIN payment p ON p.id = a.payment_id
     WHERE a.invoice_id = ANY (%s::bigint[])
     GROUP BY a.invoice_id, a.settlement, a.payment_id, p.external_id, a.known_at, a.paid_at, a.paid_on, a.part,
              a.line_id
    HAVING sum(a.amount) <> 0
     ORDER BY a.settlement
"""

DISPUTES = """
    SELECT id, invoice_id, filed_at, amount, answered_at, upheld FROM dispute
     WHERE invoice_id = ANY (%s::bigint[]) ORDER BY filed_at, id
"""

_NOTICES = """
    SELECT n.id, n.contract_id, n.kind, n.sent_at, n.opens_at, n.offset_days, n.automatic, n.invoice_count,
           t.invoice_id{more}
      FROM notice_invoice t JOIN notice n ON n.id = t.notice_id {joined}
     WHERE t.invoice_id = ANY (%s::bigint[]) ORDER BY n.sent_at, n.id, t.position{order}
"""

# One row per invoice that a notice names and that is loaded; the names of others are looked up where some are missing.
NOTICES = _NOTICES.format(more="", joined="", order="")

# The same once for each thing that is known of the notice's messages.
NOTICES_OF_FEW = _NOTICES.format(
    more=", d.message_id, d.at, d.evidence, d.id",
    joined="LEFT JOIN delivery_event d ON d.notice_id = n.id",
    order=", d.id",
)

NOTICE_NAMES = """
    SELECT t.notice_id, i.external_id FROM notice_invoice t JOIN invoice i ON i.id = t.invoice_id
     WHERE t.notice_id = ANY (%s::bigint[]) ORDER BY t.notice_id, t.position
"""

DELIVERIES = (
    "SELECT notice_id, message_id, at, evidence FROM delivery_event"
    " WHERE notice_id = ANY (%s::bigint[]) ORDER BY id"
)

LOTS = """
    SELECT c.contract_id, c.payment_id, p.external_id, c.paid_at, sum(c.amount)::bigint
      FROM credit_entry c JOIN payment p ON p.id = c.payment_id
     WHERE c.contract_id = ANY (%s::bigint[])
     GROUP BY c.contract_id, c.payment_id, p.external_id, c.paid_at HAVING sum(c.amount) > 0
     ORDER BY c.paid_at, c.payment_id
"""

# No OR around a subquery: each row of the table would be asked.
PAYMENTS = """
    SELECT p.id, p.contract_id, p.external_id, p.known_at, p.paid_at, p.amount, p.method, r.reversed_at
      FROM payment p LEFT JOIN payment_reversal r ON r.payment_id = p.id
     WHERE p.id IN (SELECT unnest(%(named)s::bigint[])
                    UNION SELECT id FROM payment WHERE contract_id = ANY (%(contracts)s::bigint[])
                                                   AND (%(all)s OR external_id = ANY (%(asked)s)))
     ORDER BY p.id
"""
