"""Issues an invoice; lines may belong to other contracts of the same subscriber."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import invoicing
from religa.domain.facts import Facts, Invoice
from religa.domain.invoicing import Refused
from religa.domain.standing import Standing
from religa.records.changes import NOTHING_BESIDE, Beside
from religa.records.loaded import Ask


def issue(
    *,
    contract_id: int,
    invoice: Invoice,
    at: datetime,
    line_contracts: Sequence[int] = (),
    printed: bool = False,
    author: str = "",
) -> Done | Refused:
    """`line_contracts`: the contract of each line, where not all are the invoice's own. `printed`: the due date is on
    paper already and stays."""

    def deed(standing: Standing) -> Facts | Refused:
        return invoicing.issue(standing.facts, standing.policy, standing.calendars, invoice, printed=printed)

    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"invoice {invoice.id}",
        deed=deed,
        author=author,
        ask=Ask(invoices=(invoice.id,)),
        beside=Beside(owners={invoice.id: list(line_contracts)}) if line_contracts else NOTHING_BESIDE,
    )
