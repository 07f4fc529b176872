"""Ends a contract: at the subscriber's wish, or by a person after the days and the notice of RGC art. 73."""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused


def terminate(*, contract_id: int, by: str, at: datetime, author: str = "") -> Done | Refused:
    """`by`: "subscriber", or the person who decides."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"terminated by {by}",
        deed=lambda standing: deeds.terminate(standing, by, at),
        author=author or by,
    )
