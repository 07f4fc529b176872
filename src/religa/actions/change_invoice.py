"""Adjusts, cancels, writes off and brings back an invoice. Nothing is edited away: each leaves its entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import invoicing
from religa.domain.facts import Facts
from religa.domain.invoicing import Refused
from religa.domain.standing import Standing
from religa.records.loaded import Ask

_Deed = Callable[[Standing, str, datetime], Facts | Refused]


def adjust(*, contract_id: int, invoice: str, total: int, at: datetime, author: str = "") -> Done | Refused:
    """Gives an invoice a new total in centavos."""
    return _on(contract_id, invoice, at, author, "adjust", lambda s, i, t: invoicing.adjust(s, i, total, t))


def cancel(*, contract_id: int, invoice: str, at: datetime, author: str = "") -> Done | Refused:
    """Ends an invoice that should not have been; what was paid on it becomes credit."""
    return _on(contract_id, invoice, at, author, "cancel", invoicing.cancel)


def write_off(*, contract_id: int, invoice: str, at: datetime, author: str = "") -> Done | Refused:
    """Gives a debt up."""
    return _on(contract_id, invoice, at, author, "write_off", invoicing.write_off)


def undo_write_off(*, contract_id: int, invoice: str, at: datetime, author: str = "") -> Done | Refused:
    """Brings a written-off debt back; it needs a new notice before it may block."""
    return _on(contract_id, invoice, at, author, "undo_write_off", invoicing.undo_write_off)


def _on(contract_id: int, invoice: str, at: datetime, author: str, verb: str, deed: _Deed) -> Done | Refused:
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"{verb} {invoice}",
        deed=lambda standing: deed(standing, invoice, at),
        author=author,
        ask=Ask(invoices=(invoice,)),
    )
