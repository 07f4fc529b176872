"""What the subscriber's deeds read: one invoice, his payments, the day on which he is paid, whether he is back online.

As in `portal.py`, everything is found through a contract that is his.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from religa.domain.pay_days import PayDay, PayDayKind
from religa.records import raw
from religa.records.models import Contract, Dispute, Invoice, InvoiceLine, SubscriberPayDay
from religa.records.queries import payments as payment_queries
from religa.records.queries.payments import PaidPart, PaymentRow


def invoice(contract: Contract, key: int) -> Invoice | None:
    """An invoice of the contract that its present holder owes."""
    owed = {"contract": contract, "subscriber_id": contract.subscriber_id}
    return Invoice.objects.filter(pk=key, **owed).first() if key < 2**63 else None


def lines(found: Invoice) -> list[InvoiceLine]:
    return list(InvoiceLine.objects.filter(invoice=found).order_by("position"))


def disputes(found: Invoice) -> list[Dispute]:
    """The latest first."""
    return list(Dispute.objects.filter(invoice=found).order_by("-filed_at", "-id"))


def key_of(contract: Contract, external_id: str) -> int | None:
    """The key of an invoice of the contract by its name."""
    owed = {"contract": contract, "subscriber_id": contract.subscriber_id}
    return Invoice.objects.filter(external_id=external_id, **owed).values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Paid:
    """A part of some payment that settled an invoice; centavos of money."""

    payment: int
    paid_at: datetime
    method: str
    amount: int


def paid_on(found: Invoice) -> list[Paid]:
    """What stands on an invoice, by payment."""
    return [Paid(*row) for row in raw.rows(_PAID_ON, [found.pk])]


_PAID_ON = """
    SELECT p.id, p.paid_at, p.method, sum(CASE WHEN a.part = 'discount' THEN -a.amount ELSE a.amount END)::bigint
      FROM allocation a JOIN payment p ON p.id = a.payment_id
     WHERE a.invoice_id = %s GROUP BY p.id HAVING sum(a.amount) <> 0 ORDER BY p.paid_at, p.id
"""


def payments(contract: Contract, *, limit: int = 60) -> list[PaymentRow]:
    """The present holder's payments, the latest first; credits that were granted are none."""
    found = payment_queries.payments_of(contract.pk, limit=limit)
    since = contract.holder_since
    return [p for p in found if since is None or p.known_at >= since]


def payment(contract: Contract, key: int) -> PaymentRow | None:
    """One of them."""
    found = payment_queries.payment(key) if key < 2**63 else None
    if found is None or found.contract_id != contract.pk:
        return None
    since = contract.holder_since
    return found if since is None or found.known_at >= since else None


def parts(key: int) -> list[PaidPart]:
    return payment_queries.parts_of(key)


def pay_day(subscriber_id: int) -> PayDay | None:
    """The day on which the subscriber said that he is paid."""
    kept = SubscriberPayDay.objects.filter(subscriber_id=subscriber_id).first()
    return None if kept is None else PayDay(PayDayKind(kept.kind), kept.number)


class Line(StrEnum):
    """How far the network is in giving a contract what its row says. `NO_SESSION`: nothing of it is connected."""

    BACK = "back"
    WAITING = "waiting"
    NO_SESSION = "no_session"


def line_of(contract_id: int) -> Line:
    """`BACK` only where a router is known to do what the row says, for every session that was heard of lately."""
    [(live, drifting)] = raw.rows(_LINE, [contract_id])
    if not live:
        return Line.NO_SESSION
    return Line.WAITING if drifting else Line.BACK


_LINE = """
    SELECT count(*), count(*) FILTER (WHERE drifts) FROM radius.live
     WHERE contract_id = %s AND updated_at > now() - radius.fresh_for()
"""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One invoice of an agreement; centavos."""

    key: int
    due: date
    amount: int


def instalments(contract: Contract, agreement: str) -> list[Instalment]:
    """An agreement's, in order."""
    return [Instalment(*row) for row in raw.rows(_INSTALMENTS, [contract.pk, f"{agreement}/"])]


_INSTALMENTS = """
    SELECT i.id, i.due_date, (SELECT sum(amount) FROM invoice_line l WHERE l.invoice_id = i.id)::bigint
      FROM invoice i WHERE i.contract_id = %s AND starts_with(i.external_id, %s) ORDER BY i.due_date, i.id
"""
