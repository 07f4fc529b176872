"""Takes a payment back by contra-entry (devolução, MED, a wrong entry). It never blocks by itself."""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused
from religa.records.loaded import Ask


def reverse(
    *, contract_id: int, payment_id: str, at: datetime, author: str = "", reason: str = ""
) -> Done | Refused:
    """Invoices that the payment had settled are open again and need a new notice before they may block."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"reversal {payment_id}" + (f": {reason}" if reason else ""),
        deed=lambda standing: deeds.reverse(standing, payment_id, at),
        author=author,
        ask=Ask(payments=(payment_id,)),
    )
