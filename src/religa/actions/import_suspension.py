"""Takes over a block that already stands elsewhere, with the notice that authorises it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused
from religa.records.loaded import Ask


def take_over(
    *,
    contract_id: int,
    invoices: Sequence[str],
    since: datetime,
    notice_on: date | None,
    at: datetime,
    author: str = "",
) -> Done | Refused:
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="suspension taken over",
        deed=lambda standing: deeds.import_suspension(standing, invoices, since, notice_on, at),
        author=author,
        ask=Ask(invoices=tuple(invoices)),
    )
