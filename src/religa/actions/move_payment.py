"""Moves a payment to the contract it was meant for: taken back on the one, booked on the other, in one transaction.

It keeps the instant at which it was paid, so that late charges and promises of the right contract follow that. The
wrong one is not blocked by itself: what is open again needs a new notice (`deeds.reverse`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import record_payment, reverse_payment
from religa.actions.carry_out import Done
from religa.domain.facts import Method
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records import locks, raw
from religa.records.changes import PaymentDetails
from religa.records.queries.payments import PaymentRow, payment_named

_MOVED = re.compile(r"(.*)~(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of both contracts. `payment_id`: under which it is booked now."""

    payment_id: str
    taken_from: Done
    given_to: Done


class _No(Exception):
    def __init__(self, answer: Refused) -> None:
        self.answer = answer


def move(
    *,
    contract_id: int,
    payment_id: str,
    to_contract_id: int,
    reason: str,
    at: datetime,
    author: str,
    invoice: str | None = None,
) -> Moved | Refused:
    """`invoice`: of the right contract, paid first."""
    whys = _refusals(contract_id, to_contract_id, reason)
    if whys:
        return Refused(whys)
    try:
        with transaction.atomic():
            locks.lock(locks.sharing_invoices([contract_id, to_contract_id]))
            return _move(contract_id, payment_id, to_contract_id, reason.strip(), at, author, invoice)
    except _No as no:
        return no.answer


def _refusals(contract_id: int, to_contract_id: int, reason: str) -> tuple[Refusal, ...]:
    checks = [
        (not reason.strip(), Refusal.NO_REASON),
        (contract_id == to_contract_id, Refusal.SAME_CONTRACT),
        (not _of_one_provider(contract_id, to_contract_id), Refusal.UNKNOWN_CONTRACT),
    ]
    return tuple(why for applies, why in checks if applies)


def _of_one_provider(*contracts: int) -> bool:
    query = "SELECT provider_id, count(*) FROM contract WHERE id = ANY (%s) GROUP BY 1"
    return [count for _, count in raw.rows(query, [list(contracts)])] == [len(set(contracts))]


def _move(
    wrong: int, payment_id: str, right: int, reason: str, at: datetime, author: str, invoice: str | None
) -> Moved:
    row = payment_named(wrong, payment_id)
    if row is None or row.method == Method.CREDIT:
        raise _No(refused(Refusal.UNKNOWN_PAYMENT))
    taken = _sure(
        reverse_payment.reverse(contract_id=wrong, payment_id=payment_id, at=at, author=author, reason=reason)
    )
    given = _sure(
        record_payment.record(
            contract_id=right, payment_id=next_id(payment_id), amount=row.amount, method=Method(row.method),
            paid_at=row.paid_at, at=at, invoice=invoice, author=author, details=_details(row),
        )
    )  # fmt: skip
    return Moved(next_id(payment_id), taken, given)


def _sure(answer: Done | Refused) -> Done:
    if isinstance(answer, Refused):
        raise _No(answer)
    return answer


def _details(row: PaymentRow) -> PaymentDetails:
    """Of the money, not of the wrong contract's charge and receipt; booked where the first one was, if at all."""
    return PaymentDetails(
        account=row.account_id if row.booked_on else None,
        fee=row.fee,
        credited_on=row.credited_on,
        cashier=row.cashier if row.booked_on else "",
        moved_from=row.key,
    )


def next_id(payment_id: str) -> str:
    """The external id of a payment moved once more: `E1`, `E1~2`, `E1~3`."""
    moved = _MOVED.fullmatch(payment_id)
    return f"{moved[1]}~{int(moved[2]) + 1}" if moved else f"{payment_id}~2"
