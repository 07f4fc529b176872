"""Files and answers a dispute: "não concordo com esta cobrança" (RGC arts. 60 to 62)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import protocol
from religa.actions.carry_out import Done, carry_out
from religa.domain import invoicing
from religa.domain.invoicing import Refused
from religa.records.loaded import Ask


@dataclass(frozen=True, slots=True)
class Filed:
    """Taken; clocks and charges of what is contested stand still."""

    done: Done
    protocol: str


def file(
    *,
    contract_id: int,
    invoice: str,
    at: datetime,
    amount: int | None = None,
    reason: str = "",
    author: str = "",
) -> Filed | Refused:
    """`amount` in centavos; None contests the whole invoice."""
    with transaction.atomic():
        done = carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"dispute {invoice}",
            deed=lambda standing: invoicing.contest(standing, invoice, at, amount),
            author=author,
            ask=Ask(invoices=(invoice,)),
        )
        if isinstance(done, Refused):
            return done
        told = protocol.of_contract(
            contract_id=contract_id, subject="dispute", at=at, author=author, text=reason
        )
    return Filed(done, told)


def answer(*, contract_id: int, invoice: str, upheld: bool, at: datetime, author: str = "") -> Done | Refused:
    """Upheld cancels what was contested; rejected lets the clocks go on."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"dispute {'upheld' if upheld else 'rejected'} {invoice}",
        deed=lambda standing: invoicing.answer(standing, invoice, at, upheld=upheld),
        author=author,
        ask=Ask(invoices=(invoice,)),
    )
