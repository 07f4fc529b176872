"""Takes money at the provider's own counter, gives a numbered receipt for it, and takes a wrong one back.

A receipt number is the civil day and a running count of the provider's day, as `2026112800007`: short enough to be read
out, and without gaps, because it is taken in the transaction that books the payment, under a lock of the provider's
receipts. A missing number is a missing receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions import record_payment, reverse_payment
from religa.actions.carry_out import Done, UnknownContract
from religa.actions.once import once
from religa.domain.facts import Method
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records import raw
from religa.records.changes import PaymentDetails
from religa.records.queries import closings
from religa.records.queries.payments import PaymentRow, payment_named

METHODS = (Method.CASH, Method.CARD, Method.TRANSFER, Method.EXTERNAL)


@dataclass(frozen=True, slots=True)
class Taken:
    """Money that was taken. `payment_id`: its external id; `key`: of its row, by which the receipt is found."""

    payment_id: str
    key: int
    receipt_number: str


class _No(Exception):
    def __init__(self, answer: Refused) -> None:
        self.answer = answer


def payment_id_of(key: str) -> str:
    """The external id of what a form with this token books."""
    return f"caixa-{key}"


def take(
    *,
    contract_id: int,
    amount: int,
    method: Method,
    cashier: str,
    key: str,
    at: datetime,
    author: str,
    invoice: str | None = None,
) -> Taken | Refused:
    """`cashier`: the log-in of whoever takes it; `key`: the form's token, with which it is booked once.

    Raises `KeyUsedForSomethingElse` where the token came with another amount, method or contract before.
    """
    if method not in METHODS:
        raise ValueError(f"{method} is not taken at the desk")
    provider, zone = _provider_of(contract_id)
    asked = {"contract": contract_id, "amount": amount, "method": method.value, "invoice": invoice}

    def give() -> dict[str, object]:
        number = _next_number(provider, f"{at.astimezone(ZoneInfo(zone)):%Y%m%d}")
        details = PaymentDetails(account=_desk(provider, at), cashier=cashier, receipt_number=number)
        done = record_payment.record(
            contract_id=contract_id, payment_id=payment_id_of(key), amount=amount, method=method, paid_at=at, at=at,
            invoice=invoice, author=author, details=details,
        )  # fmt: skip
        if isinstance(done, Refused):
            raise _No(done)
        return {"receipt_number": number}

    try:
        kept = once(scope=f"take_payment:{provider}", key=key, asked=asked, at=at, give=give)
    except _No as no:
        return no.answer
    row = payment_named(contract_id, payment_id_of(key))
    assert row is not None
    return Taken(row.payment_id, row.key, str(kept["receipt_number"]))


def _provider_of(contract_id: int) -> tuple[int, str]:
    query = "SELECT p.id, p.zone FROM contract c JOIN provider p ON p.id = c.provider_id WHERE c.id = %s"
    for provider, zone in raw.rows(query, [contract_id]):
        return provider, zone
    raise UnknownContract(contract_id)


def _next_number(provider: int, day: str) -> str:
    """Taken before any contract's lock, and held to the end of the transaction: two desks wait for each other."""
    raw.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"receipt:{provider}"])
    [(last,)] = raw.rows(_LAST_NUMBER, [provider, f"{day}00000", f"{day}99999"])
    return str(int(last or f"{day}00000") + 1)


_LAST_NUMBER = (
    "SELECT max(receipt_number) FROM payment WHERE provider_id = %s AND receipt_number BETWEEN %s AND %s"
)
_NAMES = ("Caixa", "Caixa do balcão")


def _desk(provider: int, at: datetime) -> int:
    """The account of the provider's counter, made when it is first used (under the lock of the receipts)."""
    find = "SELECT id FROM payment_account WHERE provider_id = %s AND kind = 'desk' AND closed_at IS NULL ORDER BY id"
    for (found,) in raw.rows(find, [provider]):
        return int(found)
    for name in _NAMES:
        for (made,) in raw.rows(_NEW_DESK, [provider, name, at]):
            return int(made)
    raise LookupError(f"provider {provider}: the names {_NAMES} are taken by accounts that are no desk")


_NEW_DESK = """
    INSERT INTO payment_account (provider_id, name, kind, since, profile, pix_key, client_id, agency, number, covenant,
                                 settings, reported_by, collects, hook_check, hook_addresses, hook_relay_url,
                                 certificate_subject, author)
    VALUES (%s, %s, 'desk', %s, '', '', '', '', '', '', '{}', 'religa', false, 'secret', '[]', '', '', '')
    ON CONFLICT DO NOTHING RETURNING id
"""


def undo(
    *, contract_id: int, payment_id: str, cashier: str, may_all: bool, reason: str, at: datetime, author: str
) -> Done | Refused:
    """Takes back what was taken at the desk: its cashier while the day is open, `may_all` (finance) at any time.

    The receipt stays, marked; the money leaves the book of whoever took it, on its first open day.
    """
    if not reason.strip():
        return refused(Refusal.NO_REASON)
    row = payment_named(contract_id, payment_id)
    if row is None or row.receipt_number is None or row.account_id is None:
        return refused(Refusal.UNKNOWN_PAYMENT)
    with transaction.atomic():
        raw.rows("SELECT FROM payment_account WHERE id = %s FOR KEY SHARE", [row.account_id])
        why = None if may_all else _not_his(row, row.account_id, cashier, at)
        if why is not None:
            return refused(why)
        return reverse_payment.reverse(
            contract_id=contract_id, payment_id=payment_id, at=at, author=author, reason=reason.strip()
        )


def _not_his(row: PaymentRow, account: int, cashier: str, at: datetime) -> Refusal | None:
    if row.cashier != cashier:
        return Refusal.OTHER_CASHIER
    return None if row.booked_on == closings.open_day(account, cashier, at) else Refusal.DAY_CLOSED
