"""Opens the internet for some minutes so that the subscriber's bank app works (janela para pagar)."""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused


def open_window(*, contract_id: int, at: datetime, author: str = "") -> Done | Refused:
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="pay window",
        deed=lambda standing: deeds.open_pay_window(standing, at),
        author=author,
    )
