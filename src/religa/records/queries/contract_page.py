"""One contract as an agent sees it: who, what is owed, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from religa.records import raw
from religa.records.chain import Broken, Intact, Link, Sealed, verify


@dataclass(frozen=True, slots=True)
class Head:
    """Who has the contract, and what the narrow row says (pages decide live; this is what the network answers)."""

    contract_id: int
    provider_id: int
    external_id: str
    subscriber_id: int
    name: str
    document: str
    kind: str
    phones: tuple[str, ...]
    email: str
    plan: str | None
    address: str
    since: date
    segment: str
    logins: tuple[str, ...]
    status: str
    access: str
    why: str
    until: datetime | None
    changed_at: datetime


def head(contract_id: int) -> Head | None:
    for row in raw.rows(_HEAD, [contract_id]):
        values: list[Any] = [tuple(v) if isinstance(v, list) else v for v in row]
        return Head(*values)
    return None


_HEAD = """
    SELECT c.id, c.provider_id, c.external_id, s.id, s.name, s.document, s.kind,
           ARRAY (SELECT number FROM subscriber_phone f WHERE f.subscriber_id = s.id ORDER BY position, f.id), s.email,
           p.name, c.address, c.since, c.segment,
           ARRAY (SELECT username FROM access_record r WHERE r.contract_id = c.id ORDER BY r.id),
           a.status, a.access, a.why, a.until, a.changed_at
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id JOIN contract_access a ON a.contract_id = c.id
      LEFT JOIN plan p ON p.id = c.plan_id
     WHERE c.id = %s
"""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice with its principal in centavos, and how to pay it."""

    invoice_id: int
    external_id: str
    reference: str
    due_date: date
    total: int
    paid: int
    closed: str | None
    linha_digitavel: str | None
    copy_paste: str | None
    fiscal_document: str


def invoices_of(contract_id: int, *, limit: int = 36) -> list[InvoiceRow]:
    """The contract's invoices, latest due date first, also those on which it only has a line."""
    return [InvoiceRow(*row) for row in raw.rows(_INVOICES, {"contract": contract_id, "limit": limit})]


_INVOICES = """
    SELECT i.id, i.external_id, i.reference, i.due_date,
           (SELECT coalesce(sum(amount), 0)::bigint FROM invoice_line l WHERE l.invoice_id = i.id),
           (SELECT coalesce(sum(amount), 0)::bigint FROM allocation a
             WHERE a.invoice_id = i.id AND a.part = 'principal'),
           i.closed, ch.linha_digitavel, nullif(ch.copy_paste, ''), i.fiscal_document
      FROM invoice i
      LEFT JOIN LATERAL (SELECT linha_digitavel, copy_paste FROM charge
                          WHERE invoice_id = i.id AND status = 'active' ORDER BY id DESC LIMIT 1) ch ON true
     WHERE i.id IN (SELECT id FROM invoice WHERE contract_id = %(contract)s
                    UNION SELECT invoice_id FROM invoice_line WHERE contract_id = %(contract)s AND shared)
     ORDER BY i.due_date DESC, i.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history: `what` is a code, `detail` its ids and numbers, `by` who did it (may be empty)."""

    at: datetime
    what: str
    detail: dict[str, object]
    by: str


def history(contract_id: int, *, limit: int = 200) -> list[Happening]:
    """What happened to a contract, latest first: access, money, messages, blocks, trust, periods set by people."""
    return [Happening(*row) for row in raw.rows(_HISTORY, {"contract": contract_id, "limit": limit})]


def _event(
    at: str, what: str, detail: str, by: str, source: str, where: str = "t.contract_id = %(contract)s"
) -> str:
    """The part of the history that one table (`t` in `source`) tells."""
    columns = f"{at} AS at, '{what}' AS what, jsonb_build_object({detail}) AS detail, {by} AS by"
    return f"SELECT {columns} FROM {source} WHERE {where}"


_OF_INVOICE = "i.contract_id = %(contract)s"
_PERIODS = ("hold", "enforcement_off", "operator_block", "pause", "bar")
_BY_HAND = """(SELECT jsonb_build_object('kind', p.kind, 'received_by', p.received_by, 'code', p.tracking_code,
    'protocol', p.protocol, 'recording', p.recording, 'reference', p.reference)
   FROM notice_proof p WHERE p.notice_id = t.id)"""
_EVENTS = [
    _event("t.at", "access",
           "'access', access, 'status', status, 'why', why, 'until', until, 'cause', cause, 'seq', seq",
           "''", "access_change t"),
    _event("t.issued_at", "invoice", "'invoice', external_id, 'due', due_date", "''", "invoice t"),
    _event("t.known_at", "payment", "'payment', external_id, 'amount', amount, 'method', method", "author",
           "payment t"),
    _event("t.reversed_at", "payment_reversed", "'payment', p.external_id, 'reason', reason", "t.author",
           "payment p JOIN payment_reversal t ON t.payment_id = p.id", "p.contract_id = %(contract)s"),
    _event("t.at", "adjustment", "'invoice', i.external_id, 'amount', t.amount", "t.author",
           "invoice i JOIN invoice_line l ON l.invoice_id = i.id JOIN adjustment t ON t.line_id = l.id", _OF_INVOICE),
    _event("t.at", "waiver", "'invoice', i.external_id, 'kind', t.kind, 'amount', t.amount, 'reason', t.reason",
           "t.author", "invoice i JOIN waiver t ON t.invoice_id = i.id", _OF_INVOICE),
    _event("t.filed_at", "dispute", "'invoice', i.external_id, 'amount', t.amount", "t.author",
           "invoice i JOIN dispute t ON t.invoice_id = i.id", _OF_INVOICE),
    _event("t.answered_at", "dispute_answered", "'invoice', i.external_id, 'upheld', t.upheld", "''",
           "invoice i JOIN dispute t ON t.invoice_id = i.id", _OF_INVOICE + " AND t.answered_at IS NOT NULL"),
    _event("t.sent_at", "notice", f"'kind', kind, 'opens_at', opens_at, 'notice', t.id, 'by_hand', {_BY_HAND}",
           "author", "notice t"),
    _event("t.opened_at", "suspension", "'late', late_at_opening, 'imported', imported", "author", "suspension t"),
    _event("t.closed_at", "suspension_closed", "'why', why_closed", "''", "suspension t",
           "t.contract_id = %(contract)s AND closed_at IS NOT NULL"),
    _event("t.granted_at", "trust_unlock", "'kind', kind, 'channel', channel, 'until', granted_until", "author",
           "trust_unlock t"),
    _event("t.judged_at", "trust_judged", "'outcome', outcome", "''", "trust_unlock t",
           "t.contract_id = %(contract)s AND judged_at IS NOT NULL"),
    _event("t.granted_at", "pay_window", "'until', until", "author", "pay_window t"),
    _event("t.made_at", "agreement", "'agreement', external_id", "author", "agreement t"),
    _event("t.at", "protocol", "'number', number, 'subject', subject", "author", "protocol_number t",
           "t.contract_id = %(contract)s AND NOT EXISTS (SELECT FROM contact c WHERE c.contract_id = t.contract_id"
           " AND c.protocol = t.number)"),
    _event("t.registered_at", "contact",
           "'protocol', protocol, 'about', about, 'caller', caller, 'name', caller_name, 'notes', notes,"
           " 'day', promised_on, 'amount', promised_amount, 'corrects', corrects_id", "author", "contact t"),
    _event("t.at", "address_change", "'kind', kind, 'old', old, 'new', new", "author", "address_change t"),
    _event("t.at", "dossier", "'reason', reason", "who", "dossier t"),
    *(_event("t.since", table, "'until', until, 'reason', reason", "author", f"{table} t") for table in _PERIODS),
    *(_event("t.until", table + "_ended", "'reason', reason", "ended_by", f"{table} t",
             "t.contract_id = %(contract)s AND until IS NOT NULL") for table in _PERIODS),
]  # fmt: skip
_HISTORY = " UNION ALL ".join(_EVENTS) + " ORDER BY at DESC, what LIMIT %(limit)s"


def chain_of(contract_id: int) -> Intact | Broken:
    """Whether the kept changes of access are all there and as they were written."""
    return verify(_sealed(row) for row in raw.rows(_CHAIN, [contract_id]))


_CHAIN = """
    SELECT contract_id, seq, at, old_access, old_status, access, status, why, until, access_then, decided_with, cause,
           salt, digest, chain
      FROM access_change WHERE contract_id = %s ORDER BY seq
"""


def _sealed(row: raw.Row) -> Sealed:
    contract, seq, at, *words, salt, digest, chain = row
    old_access, old_status, access, status, why, until, then, decided_with, cause = words
    link = None
    if cause is not None:
        link = Link(
            contract,
            seq,
            at,
            (old_access, old_status),
            (access, status, why),
            until,
            then,
            decided_with,
            cause,
        )
    return link, seq, bytes(salt) if salt is not None else None, bytes(digest), bytes(chain)
