"""Everything that is kept of one person at one provider, for himself (LGPD art. 18 II and V).

Whoever has the same document at the same provider is the same person. Of a contract that he took over from somebody,
only what came since; never who of the staff did something, never a secret, and no reason that was written for others
(a court's, a colleague's). Connection records are none of this: their reading is a matter of its own (read_sessions).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from religa.records import raw
from religa.records.models import Subscriber


@dataclass(frozen=True, slots=True)
class Section:
    """One table. Columns that end in `_at` hold instants, in `_on` and `_date` days, those of AMOUNTS centavos."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[raw.Row]


AMOUNTS = frozenset({"amount", "total", "price", "late_at_opening"})


def of(subscriber: Subscriber) -> list[Section]:
    """In the order of SECTIONS; all of one instant if the caller has a snapshot."""
    asked = {"provider": subscriber.provider_id, "document": subscriber.document}
    return [
        Section(name, _columns(query), raw.rows(f"{_WHO} SELECT {_selected(query)} {query[1]}", asked))
        for name, query in SECTIONS.items()
    ]


_Query = tuple[dict[str, str], str]


def _columns(query: _Query) -> tuple[str, ...]:
    return tuple(query[0])


def _selected(query: _Query) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in query[0].items())


_WHO = """
    WITH me AS (SELECT * FROM subscriber WHERE provider_id = %(provider)s AND document = %(document)s),
         mine AS (SELECT c.*, coalesce(c.holder_since, '-infinity') AS from_at FROM contract c
                   WHERE c.subscriber_id IN (SELECT id FROM me)),
         owed AS (SELECT i.*, c.external_id AS contract FROM invoice i JOIN contract c ON c.id = i.contract_id
                   WHERE i.subscriber_id IN (SELECT id FROM me))
"""


def _of_contract(table: str, at: str, columns: str, *, and_: str = "") -> _Query:
    """A table of contracts: what came since the person has the contract, oldest first."""
    chosen = {"contract": "m.external_id", **{name: f"t.{name}" for name in columns.split()}}
    where = f"FROM {table} t JOIN mine m ON m.id = t.contract_id WHERE t.{at} >= m.from_at {and_}"
    return chosen, f"{where} ORDER BY t.{at}, t.id"


def _named(columns: str, alias: str) -> dict[str, str]:
    return {name: f"{alias}.{name}" for name in columns.split()}


SECTIONS: dict[str, _Query] = {
    "person": (_named("external_id kind document name email language", "t"), "FROM me t ORDER BY t.id"),
    "phones": (
        _named("number whatsapp verified_at", "t"),
        "FROM subscriber_phone t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.subscriber_id, t.position",
    ),
    "pay_day": (
        _named("kind number set_at", "t"),
        "FROM subscriber_pay_day t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.id",
    ),
    "contracts": (
        {
            "contract": "t.external_id", "plan": "p.name", "price": "p.price", "since_date": "t.since",
            **_named("segment holder_since address city uf due_day bound_until terminated_at", "t"),
            "status": "a.status", "access": "a.access", "why": "a.why", "until_at": "a.until",
        },
        "FROM mine t LEFT JOIN plan p ON p.id = t.plan_id LEFT JOIN contract_access a ON a.contract_id = t.id"
        " ORDER BY t.id",
    ),
    "logins": (
        {"contract": "m.external_id", **_named("username mac", "t"), "ipv4": "host(t.ipv4)"},
        "FROM access_record t JOIN mine m ON m.id = t.contract_id ORDER BY t.id",
    ),
    "invoices": (
        {
            "contract": "t.contract", "invoice": "t.external_id",
            **_named("reference issued_at due_date fine_pct interest_pct_month closed closed_at fiscal_document", "t"),
            "total": "(SELECT coalesce(sum(amount), 0)::bigint FROM invoice_line l WHERE l.invoice_id = t.id)",
        },
        "FROM owed t ORDER BY t.due_date, t.id",
    ),
    "invoice_lines": (
        {"invoice": "i.external_id", **_named("description amount suspendable", "t")},
        "FROM invoice_line t JOIN owed i ON i.id = t.invoice_id ORDER BY i.due_date, i.id, t.position",
    ),
    "charges": (
        {
            "invoice": "i.external_id",
            **_named("kind status amount due_date created_at txid nosso_numero linha_digitavel copy_paste", "t"),
        },
        "FROM charge t JOIN owed i ON i.id = t.invoice_id ORDER BY t.id",
    ),
    "payments": (
        {
            "contract": "m.external_id", "payment": "t.external_id",
            **_named("method amount paid_at known_at receipt_number", "t"), "reversed_at": "r.reversed_at",
        },
        "FROM payment t JOIN mine m ON m.id = t.contract_id LEFT JOIN payment_reversal r ON r.payment_id = t.id"
        " WHERE t.known_at >= m.from_at ORDER BY t.known_at, t.id",
    ),
    "payment_parts": (
        {"payment": "p.external_id", "invoice": "i.external_id", **_named("part amount paid_at", "t")},
        "FROM allocation t JOIN owed i ON i.id = t.invoice_id JOIN payment p ON p.id = t.payment_id ORDER BY t.id",
    ),
    "credits": _of_contract("credit_entry", "booked_at", "amount booked_at"),
    "notices": _of_contract("notice", "sent_at", "kind sent_at opens_at"),
    "deliveries": (
        {"contract": "m.external_id", "kind": "n.kind", **_named("at evidence", "t")},
        "FROM delivery_event t JOIN notice n ON n.id = t.notice_id JOIN mine m ON m.id = n.contract_id"
        " WHERE n.sent_at >= m.from_at ORDER BY t.at, t.id",
    ),
    "messages": (
        {
            "contract": "c.external_id", **_named("kind channel address subject", "t"),
            "text": "CASE WHEN t.kind = 'code' THEN '' ELSE t.text END", **_named("created_at sent_at state", "t"),
        },
        "FROM message t LEFT JOIN contract c ON c.id = t.contract_id WHERE t.subscriber_id IN (SELECT id FROM me)"
        " ORDER BY t.id",
    ),
    "blocks": _of_contract("suspension", "opened_at", "opened_at closed_at why_closed late_at_opening"),
    "unlocks": _of_contract(
        "trust_unlock",
        "granted_at",
        "kind channel granted_at granted_until until promise_date receipt outcome judged_at",
    ),
    "pay_windows": _of_contract("pay_window", "granted_at", "granted_at until"),
    "disputes": (
        {"invoice": "i.external_id", **_named("filed_at amount reason answered_at upheld answer", "t")},
        "FROM dispute t JOIN owed i ON i.id = t.invoice_id ORDER BY t.filed_at, t.id",
    ),
    "agreements": _of_contract("agreement", "made_at", "external_id made_at"),
    "holds": _of_contract("hold", "since", "since until"),
    "pauses": _of_contract("pause", "since", "since until"),
    "contacts": _of_contract("protocol_number", "at", "number subject at"),
    "access_changes": _of_contract("access_change", "at", "at access status why until"),
    "connection_records_read": _of_contract("session_read", "at", "at"),
    "log_in_codes": (
        _named("created_at used_at address", "t"),
        "FROM login_code t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.id",
    ),
    "devices": (
        _named("device proof since seen_at ends_at revoked_at", "t"),
        "FROM portal_session t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.id",
    ),
    "notices_on_devices": (
        _named("device created_at ended_at", "t"),
        "FROM push_subscription t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.id",
    ),
    "exports": (
        _named("at format protocol", "t"),
        "FROM data_export t WHERE t.subscriber_id IN (SELECT id FROM me) ORDER BY t.id",
    ),
}  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in UTC with their zone, days as ISO 8601, numbers and texts as they are."""
    return value.isoformat() if hasattr(value, "isoformat") else value
