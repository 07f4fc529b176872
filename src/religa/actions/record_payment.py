"""Books money seen, once, and opens the door in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from religa.actions.booking import on_open_day
from religa.actions.carry_out import Done, carry_out
from religa.actions.messages.thanks import Paid, thank
from religa.domain import deeds
from religa.domain.facts import Method, Payment
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records import raw
from religa.records.changes import NO_DETAILS, Beside, PaymentDetails
from religa.records.loaded import Ask


def record(
    *,
    contract_id: int,
    payment_id: str,
    amount: int,
    method: Method,
    paid_at: datetime,
    at: datetime,
    invoice: str | None = None,
    author: str = "",
    details: PaymentDetails = NO_DETAILS,
) -> Done | Refused:
    """`payment_id` is the endToEndId or whatever makes it unique at the provider; seen again it has no effect.

    Access follows what is known at `at`; charges and promises follow `paid_at`. With `invoice` that one is paid first.
    Where `details` name an account and no day of it, the payment counts in the first open one.
    """
    payment = Payment(payment_id, at, paid_at, amount, method)
    first = (invoice,) if invoice else ()
    if details.account is None or details.booked_on is not None:
        return _record(contract_id, payment, first, author, details)
    return on_open_day(
        account=details.account,
        cashier=details.cashier,
        at=at,
        book=lambda day: _record(contract_id, payment, first, author, replace(details, booked_on=day)),
    )


def _record(
    contract_id: int, payment: Payment, first: Sequence[str], author: str, details: PaymentDetails
) -> Done | Refused:
    payment_id, at = payment.id, payment.known_at
    with transaction.atomic():
        raw.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [payment_id])
        if _seen(contract_id, payment_id):
            return refused(Refusal.PAYMENT_SEEN_BEFORE)
        done = carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"payment {payment_id}",
            deed=lambda standing: deeds.pay(standing, payment, first=first),
            author=author,
            ask=Ask(invoices=first),
            beside=Beside(payments={payment_id: details}),
        )
        if isinstance(done, Done) and payment.method is not Method.CREDIT:
            thank([Paid(done.contract_id, done.was, done.decision, payment.amount)], at=at)
    return done


def _seen(contract_id: int, payment_id: str) -> bool:
    query = """
        SELECT FROM payment p JOIN contract c ON c.provider_id = p.provider_id
         WHERE c.id = %s AND p.external_id = %s
    """
    return bool(raw.rows(query, [contract_id, payment_id]))


def grant_credit(
    *, contract_id: int, credit_id: str, amount: int, at: datetime, author: str = ""
) -> Done | Refused:
    """Gives credit; it pays open invoices, oldest first, and waits for the next ones."""
    return record(
        contract_id=contract_id,
        payment_id=credit_id,
        amount=amount,
        method=Method.CREDIT,
        paid_at=at,
        at=at,
        author=author,
    )
