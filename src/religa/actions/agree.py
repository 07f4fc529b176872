"""Replaces open invoices by instalments (acordo)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused
from religa.records.loaded import Ask


def agree(
    *,
    contract_id: int,
    agreement_id: str,
    invoices: Sequence[str],
    instalments: Sequence[tuple[date, int]],
    at: datetime,
    author: str = "",
) -> Done | Refused:
    """`instalments`: (due date, centavos). Access comes back when the first one is paid."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"agreement {agreement_id}",
        deed=lambda standing: deeds.agree(standing, agreement_id, invoices, instalments, at),
        author=author,
        ask=Ask(invoices=tuple(invoices)),
    )
