"""Payments one by one: who took them, in which account, what they paid, whether they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from religa.records import raw


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as it was booked; centavos. `moved_to`: the external id of its contract, where it was moved to one."""

    key: int
    provider_id: int
    contract_id: int
    payment_id: str
    method: str
    amount: int
    fee: int
    known_at: datetime
    paid_at: datetime
    credited_on: date | None
    account_id: int | None
    account: str | None
    booked_on: date | None
    cashier: str
    cashier_name: str
    receipt_number: str | None
    author: str
    came_from: str | None
    moved_to: str | None
    reversed_at: datetime | None
    reversal_reason: str | None
    reversed_by: str | None

    @property
    def stands(self) -> bool:
        return self.reversed_at is None


def payment(key: int) -> PaymentRow | None:
    return next(_rows("p.id = %s", [key]), None)


def payment_named(contract_id: int, payment_id: str) -> PaymentRow | None:
    """The payment of a contract that has this external id."""
    return next(_rows("p.contract_id = %s AND p.external_id = %s", [contract_id, payment_id]), None)


def payments_of(contract_id: int, *, limit: int = 12) -> list[PaymentRow]:
    """The contract's money, latest known first; credits that were granted are no payments."""
    order = "p.contract_id = %s AND p.method <> 'credit' ORDER BY p.known_at DESC, p.id DESC LIMIT %s"
    return list(_rows(order, [contract_id, limit]))


def _rows(where: str, values: list[object]) -> Iterator[PaymentRow]:
    return (PaymentRow(*row) for row in raw.rows(_PAYMENTS + " WHERE " + where, values))


NAME_OF_CASHIER = "coalesce(nullif(trim(concat_ws(' ', u.first_name, u.last_name)), ''), {cashier})"
_PAYMENTS = f"""
    SELECT p.id, p.provider_id, p.contract_id, p.external_id, p.method, p.amount, p.fee, p.known_at, p.paid_at,
           p.credited_on, p.payment_account_id, a.name, p.booked_on, p.cashier,
           {NAME_OF_CASHIER.format(cashier="p.cashier")}, p.receipt_number, p.author, cf.external_id, ct.external_id,
           r.reversed_at, r.reason, r.author
      FROM payment p
      LEFT JOIN payment_account a ON a.id = p.payment_account_id
      LEFT JOIN auth_user u ON u.username = p.cashier AND p.cashier <> ''
      LEFT JOIN payment_reversal r ON r.payment_id = p.id
      LEFT JOIN payment pf ON pf.id = p.moved_from_id LEFT JOIN contract cf ON cf.id = pf.contract_id
      LEFT JOIN LATERAL (SELECT c.external_id FROM payment m JOIN contract c ON c.id = m.contract_id
                          WHERE m.provider_id = p.provider_id AND m.moved_from_id = p.id) ct
             ON r.id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What of one invoice a payment settled; centavos. `discount` was forgiven of the principal for punctuality."""

    invoice: str
    reference: str
    due_date: date
    principal: int
    charges: int
    discount: int

    @property
    def money(self) -> int:
        return self.principal + self.charges - self.discount


def parts_of(key: int) -> list[PaidPart]:
    """What a payment paid when it was booked, whatever became of it since."""
    return [PaidPart(*row) for row in raw.rows(_PARTS, [key])]


_PARTS = """
    SELECT i.external_id, i.reference, i.due_date,
           coalesce(sum(a.amount) FILTER (WHERE a.part = 'principal'), 0)::bigint,
           coalesce(sum(a.amount) FILTER (WHERE a.part = 'charges'), 0)::bigint,
           coalesce(sum(a.amount) FILTER (WHERE a.part = 'discount'), 0)::bigint
      FROM payment p JOIN allocation a ON a.payment_id = p.id AND a.booked_at = p.known_at AND a.amount > 0
      JOIN invoice i ON i.id = a.invoice_id
     WHERE p.id = %s GROUP BY i.id ORDER BY i.due_date, i.id
"""
