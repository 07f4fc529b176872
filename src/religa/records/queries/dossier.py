"""Everything that is kept about one contract and its present holder, part by part, as plain JSON values.

Amounts are integer centavos, instants ISO 8601 in UTC, days ISO 8601. What belongs to an earlier holder stays out: of
the changes of access before him only digest and place in the chain are told, so that the chain can still be checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from religa.records.queries import ways

Entry = dict[str, Any]
_JSONB = 3802  # its type in PostgreSQL; Django hands its text out


def head(contract_id: int) -> dict[str, Entry]:
    """Provider, contract and holder. `contract.key` is the number that the chain of access changes is bound to."""
    [row] = entries(_HEAD, {"contract": contract_id})
    found: dict[str, Entry] = {"provider": {}, "contract": {}, "holder": {}}
    for name, value in row.items():
        family, _, field = name.partition("_")
        found[family][field] = value
    return found


_HEAD = """
    SELECT v.name AS provider_name, v.trade_name AS provider_trade_name, v.cnpj AS provider_cnpj,
           v.address AS provider_address, v.email AS provider_email, v.phones AS provider_phones,
           v.zone AS provider_zone,
           c.id AS contract_key, c.external_id AS contract_number, c.since AS contract_since,
           c.segment AS contract_segment, c.holder_since AS contract_holder_since,
           c.address AS contract_address, c.city AS contract_city,
           c.uf AS contract_uf, c.terminated_at AS contract_terminated_at, c.terminated_by AS contract_terminated_by,
           p.name AS contract_plan,
           s.name AS holder_name, s.kind AS holder_kind, s.document AS holder_document, s.email AS holder_email,
           ARRAY (SELECT number FROM subscriber_phone f WHERE f.subscriber_id = s.id ORDER BY position, f.id)
               AS holder_phones
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id JOIN provider v ON v.id = c.provider_id
      LEFT JOIN plan p ON p.id = c.plan_id
     WHERE c.id = %(contract)s
"""


def parts(contract_id: int) -> dict[str, list[Entry]]:
    """Every part by its name, in the order in which a reader wants them."""
    found = {name: entries(query, {"contract": contract_id}) for name, query in _PARTS.items()}
    found["messages"] = messages(contract_id)
    return {name: found[name] for name in ORDER}


def messages(contract_id: int) -> list[Entry]:
    """What was written to the holder, each with what became of it (`events`)."""
    written = entries(_MESSAGES, {"contract": contract_id})
    events = ways.message_events(one["message"] for one in written)
    return [{**one, "events": [_plain_event(e) for e in events.get(one["message"], [])]} for one in written]


def _plain_event(event: ways.Event) -> Entry:
    return {"at": _plain(event.at), "state": event.state, "detail": event.detail}


def entries(query: str, parameters: Mapping[str, Any]) -> list[Entry]:
    """Rows by the names of their columns, as JSON values."""
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT + query, parameters)
        columns = [(column.name, column.type_code == _JSONB) for column in cursor.description]
        return [
            {name: json.loads(v) if is_json and v is not None else _plain(v)
             for (name, is_json), v in zip(columns, row, strict=True)}
            for row in cursor.fetchall()
        ]  # fmt: skip


def _plain(value: Any) -> Any:
    for kind, say in _SAY.items():
        if isinstance(value, kind):
            return say(value)
    return value


_SAY: dict[type, Callable[[Any], Any]] = {
    datetime: lambda v: v.astimezone(UTC).isoformat(),
    date: lambda v: v.isoformat(),
    memoryview: lambda v: bytes(v).hex(),
    bytes: lambda v: v.hex(),
}

# `me`: the contract, its holder, and since when he has it.
_PRESENT = """
    WITH me AS (SELECT id, provider_id, subscriber_id, coalesce(holder_since, '-infinity') AS since
                  FROM contract WHERE id = %(contract)s)
"""
_MINE = "i.contract_id = me.id AND i.subscriber_id = me.subscriber_id"
_NAMES = """ARRAY (SELECT i.external_id FROM {table} x JOIN invoice i ON i.id = x.invoice_id
                    WHERE x.{owner}_id = t.id ORDER BY x.position)"""
# Instants inside jsonb are written as all others: in UTC, with their microseconds.
_AT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""


def _list(source: str, order: str, **columns: str) -> str:
    """An array of objects from the rows of `source`."""
    made = ", ".join(f"'{name}', {value}" for name, value in columns.items())
    return f"coalesce((SELECT jsonb_agg(jsonb_build_object({made}) ORDER BY {order}) FROM {source}), '[]'::jsonb)"


def _of_contract(columns: str, table: str, at: str, more: str = "true") -> str:
    return (
        f"SELECT {columns} FROM {table} t, me WHERE t.contract_id = me.id AND t.{at} >= me.since AND {more}"
        f" ORDER BY t.{at}, t.id"
    )


_LINES = _list(
    "invoice_line l WHERE l.invoice_id = i.id", "l.position",
    position="l.position", amount="l.amount", description="l.description", suspendable="l.suspendable",
)  # fmt: skip
_ADJUSTED = _list(
    "adjustment a JOIN invoice_line l ON l.id = a.line_id WHERE l.invoice_id = i.id", "a.at, a.id",
    line="l.position", amount="a.amount", at=_AT.format("a.at"), author="a.author",
)  # fmt: skip
_WAIVED = _list(
    "waiver w WHERE w.invoice_id = i.id", "w.at, w.id",
    kind="w.kind", amount="w.amount", at=_AT.format("w.at"), reason="w.reason", author="w.author",
)  # fmt: skip
_INVOICES = f"""
    SELECT i.external_id AS invoice, i.reference, i.issued_at, i.due_date,
           (SELECT coalesce(sum(amount), 0)::bigint FROM invoice_line l WHERE l.invoice_id = i.id) AS total,
           (SELECT coalesce(sum(amount), 0)::bigint FROM allocation a
             WHERE a.invoice_id = i.id AND a.part = 'principal') AS paid_principal,
           (SELECT coalesce(sum(amount), 0)::bigint FROM allocation a
             WHERE a.invoice_id = i.id AND a.part = 'charges') AS paid_charges,
           i.fine_pct AS fine_hundredths_of_percent, i.interest_pct_month AS interest_hundredths_of_percent_a_month,
           i.discount_amount, i.discount_until, i.closed, i.closed_at, i.reopened_at, i.fiscal_document,
           {_LINES} AS lines, {_ADJUSTED} AS adjustments, {_WAIVED} AS waivers
      FROM invoice i, me
     WHERE i.subscriber_id = me.subscriber_id
       AND (i.contract_id = me.id OR EXISTS (SELECT FROM invoice_line l WHERE l.invoice_id = i.id
                                                AND l.contract_id = me.id AND l.shared))
     ORDER BY i.due_date, i.id
"""
_EVIDENCE = _list(
    "delivery_event e WHERE e.notice_id = t.id", "e.id",
    at=_AT.format("e.at"), evidence="e.evidence", detail="e.detail", message="e.message_id",
)  # fmt: skip
_PROOF = f"""(SELECT jsonb_build_object('kind', p.kind, 'given_at', {_AT.format("p.given_at")},
                  'entered_at', {_AT.format("p.entered_at")}, 'received_by', p.received_by,
                  'tracking_code', p.tracking_code, 'protocol', p.protocol, 'recording', p.recording,
                  'reference', p.reference, 'scan_sha256', p.scan_sha256, 'statement', p.statement, 'author', p.author)
                FROM notice_proof p WHERE p.notice_id = t.id)"""
_MESSAGES = """
    SELECT m.id AS message, m.notice_id AS notice, m.kind, m.channel, m.address, m.subject, m.text, m.template,
           m.template_version, m.language, m.created_at AS queued_at, m.state, m.sent_at, m.provider_message_id,
           m.attempts, m.error
      FROM message m, me
     WHERE m.contract_id = me.id AND m.subscriber_id = me.subscriber_id AND m.kind <> 'code'
     ORDER BY m.created_at, m.id
"""
_ALLOCATED = _list(
    "allocation a JOIN invoice i ON i.id = a.invoice_id WHERE a.payment_id = t.id", "a.id",
    invoice="i.external_id", part="a.part", amount="a.amount", paid_on="a.paid_on",
    booked_at=_AT.format("a.booked_at"),
)  # fmt: skip
_PAYMENTS = f"""
    SELECT t.external_id AS payment, t.method, t.amount, t.paid_at, t.known_at, t.credited_on, t.receipt_number,
           t.author, r.reversed_at, r.reason AS reversal_reason, r.author AS reversed_by, {_ALLOCATED} AS allocations
      FROM me JOIN payment t ON t.contract_id = me.id AND t.known_at >= me.since
      LEFT JOIN payment_reversal r ON r.payment_id = t.id
     ORDER BY t.known_at, t.id
"""
_DISPUTES = f"""
    SELECT i.external_id AS invoice, t.filed_at, t.amount, t.reason, t.answered_at, t.upheld, t.answer, t.author
      FROM me, invoice i JOIN dispute t ON t.invoice_id = i.id WHERE {_MINE} ORDER BY t.filed_at, t.id
"""
_COVERED = _list(
    "trust_unlock_invoice x JOIN invoice i ON i.id = x.invoice_id WHERE x.trust_unlock_id = t.id", "x.position",
    invoice="i.external_id", amount="x.amount",
)  # fmt: skip
_PERIODS = " UNION ALL ".join(
    f"""SELECT '{table}' AS kind, t.since, t.until, t.reason, t.author, t.ended_by, t.id AS row
          FROM {table} t, me WHERE t.contract_id = me.id AND t.since >= me.since"""
    for table in ("hold", "enforcement_off", "operator_block", "pause", "bar")
)
_POLICIES = """
    SELECT t.number, t.valid_from, t.preset, t.values, t.author, t.comment
      FROM policy_version t, me, contract c
     WHERE t.provider_id = me.provider_id AND c.id = me.id ORDER BY t.number
"""
_CHANGES = ", ".join(
    f"CASE WHEN t.at >= me.since THEN t.{column} END AS {column}"
    for column in ("at", "old_access", "old_status", "access", "status", "why", "until", "access_then", "decided_with",
                   "cause", "salt")
)  # fmt: skip
_ACCESS = f"""
    SELECT t.seq, {_CHANGES}, t.digest, t.chain, v.number AS policy_version
      FROM me JOIN access_change t ON t.contract_id = me.id
      LEFT JOIN policy_version v ON v.id = t.policy_version_id AND t.at >= me.since
     ORDER BY t.seq
"""
_CONTACTS = """
    t.id AS contact, t.protocol, t.started_at, t.registered_at, t.means, t.caller, t.caller_name, t.about,
    t.promised_on, t.promised_amount, t.recording, t.notes, t.corrects_id AS corrects, t.author
"""
_PARTS = {
    "invoices": _INVOICES,
    "notices": _of_contract(
        "t.id AS notice, t.kind, t.sent_at, t.opens_at, t.offset_days, t.automatic, t.author,"
        f" {_NAMES.format(table='notice_invoice', owner='notice')} AS invoices, {_EVIDENCE} AS evidence,"
        f" {_PROOF} AS proof",
        "notice", "sent_at",
    ),
    "suspensions": _of_contract(
        "t.opened_at, t.late_at_opening, t.imported, t.closed_at, t.why_closed, t.author,"
        f" {_NAMES.format(table='suspension_invoice', owner='suspension')} AS invoices",
        "suspension", "opened_at",
    ),
    "reductions": _of_contract("t.since, t.until, t.author", "reduction", "since"),
    "unlocks": _of_contract(
        "t.kind, t.channel, t.granted_at, t.granted_until, t.until, t.promise_date, t.receipt, t.declaration,"
        f" t.outcome, t.judged_at, t.author, {_COVERED} AS covers",
        "trust_unlock", "granted_at",
    ),
    "pay_windows": _of_contract("t.granted_at, t.until, t.author", "pay_window", "granted_at"),
    "payments": _PAYMENTS,
    "agreements": _of_contract(
        "t.external_id AS agreement, t.made_at, t.author,"
        f" {_NAMES.format(table='agreement_invoice', owner='agreement')} AS invoices",
        "agreement", "made_at",
    ),
    "disputes": _DISPUTES,
    "periods": f"SELECT kind, since, until, reason, author, ended_by FROM ({_PERIODS}) every ORDER BY since, kind, row",
    "protocols": _of_contract("t.number, t.subject, t.at, t.author, t.text", "protocol_number", "at"),
    "contacts": _of_contract(_CONTACTS, "contact", "started_at"),
    "address_changes": _of_contract("t.kind, t.old, t.new, t.at, t.author, t.reason", "address_change", "at"),
    "policies": _POLICIES,
    "access_changes": _ACCESS,
}  # fmt: skip
ORDER = (
    "invoices", "notices", "messages", "suspensions", "reductions", "unlocks", "pay_windows", "payments", "agreements",
    "disputes", "periods", "protocols", "contacts", "address_changes", "policies", "access_changes",
)  # fmt: skip
# What is never changed once it is there: an entry of these that the database does not know is not from it.
FOR_EVER = ("policies", "access_changes", "contacts", "address_changes")
