"""Scenario words to domain values, for every stage alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from religa.domain import balance
from religa.domain.access import Decision
from religa.domain.facts import Access, Channel, Discount, Invoice, Line, Method, Payment
from religa.domain.own_agreement import Wish
from religa.domain.standing import Standing
from religa.domain.trust import Request
from religa.entrypoints.commands.scenario.files import Event

WALL_TIMEOUT = 1800  # seconds, network.md §1


def invoice_of(event: Event, standing: Standing) -> Invoice:
    f = event.fields
    lines = tuple(Line(part["amount"], part.get("suspendable", True)) for part in f.get("lines", ()))
    discount = f.get("discount")
    return Invoice(
        id=f["id"],
        issued_at=event.at,
        due_date=f["due"],
        lines=lines or (Line(f["amount"]),),
        reference=f.get("reference", ""),
        fine_pct=f.get("fine_pct", standing.policy.fine_pct),
        interest_pct_month=f.get("interest_pct_month", standing.policy.interest_pct_month),
        discount=Discount(discount["amount"], discount["until"]) if discount else None,
    )


def request_of(event: Event) -> Request:
    f = event.fields
    return Request(f["kind"], f.get("channel", Channel.PORTAL), f.get("promise_date"), f.get("receipt"))


def wish_of(event: Event) -> Wish:
    return Wish(event.fields["count"], event.fields["first_due"])


def target_of(event: Event) -> str | None:
    """The invoice or instalment that a payment names."""
    return event.fields.get("instalment") or event.fields.get("invoice")


def payment_of(event: Event, standing: Standing, known_at: datetime) -> Payment:
    """`all` is what is owed on the day it was paid, by that method."""
    f = event.fields
    paid_at, method = f.get("paid_at", event.at), f.get("method", Method.PIX)
    amount = f["amount"]
    if amount is None:
        amount = _all(standing, target_of(event), paid_at, method)
    return Payment(f.get("id", f"@{event.line}"), known_at, paid_at, amount, method)


def _all(standing: Standing, target: str | None, paid_at: datetime, method: Method) -> int:
    day = standing.calendars.day(paid_at)
    invoices = [i for i in standing.facts.invoices if target is None or i.id == target]
    return sum(
        balance.owed(standing.calendars, standing.policy, i, on=day, method=method).total for i in invoices
    )


def radius(decision: Decision, at: datetime) -> dict[str, Any]:
    """What RADIUS answers by the same row (architecture.md, "RADIUS")."""
    if decision.access is Access.CLOSED:
        return {"radius": "reject", "session_timeout": None}
    if decision.access is Access.WALLED:
        return {"radius": "accept_walled", "session_timeout": WALL_TIMEOUT}
    ends = decision.access_then in (Access.WALLED, Access.CLOSED)
    left = int((decision.until - at).total_seconds()) if ends and decision.until else None
    return {"radius": "accept", "session_timeout": left}
