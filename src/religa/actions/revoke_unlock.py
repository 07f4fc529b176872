"""Ends an open trust unlock at the next block slot, or now."""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused


def revoke(*, contract_id: int, at: datetime, now: bool = False, author: str = "") -> Done | Refused:
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="unlock revoked",
        deed=lambda standing: deeds.revoke_unlock(standing, at, now=now),
        author=author,
    )
