"""Takes a payment back by contra-entry (devolução, MED, a wrong entry). It never blocks by itself."""

from __future__ import annotations

from datetime import date, datetime

from religa.actions.booking import on_open_day
from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused
from religa.records import raw
from religa.records.changes import Beside, ReversalDetails
from religa.records.loaded import Ask


def reverse(
    *, contract_id: int, payment_id: str, at: datetime, author: str = "", reason: str = ""
) -> Done | Refused:
    """Invoices that the payment had settled are open again and need a new notice before they may block.

    What counted in a day of an account is taken back in its first open day, as a negative entry.
    """

    def book(day: date | None) -> Done | Refused:
        return carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"reversal {payment_id}" + (f": {reason}" if reason else ""),
            deed=lambda standing: deeds.reverse(standing, payment_id, at),
            author=author,
            ask=Ask(payments=(payment_id,)),
            beside=Beside(reversals={payment_id: ReversalDetails(reason, day)}),
        )

    for account, cashier in raw.rows(_BOOKED_IN, [contract_id, payment_id]):
        return on_open_day(account=account, cashier=cashier, at=at, book=book)
    return book(None)


_BOOKED_IN = """
    SELECT payment_account_id, cashier FROM payment
     WHERE contract_id = %s AND external_id = %s AND payment_account_id IS NOT NULL AND booked_on IS NOT NULL
"""
