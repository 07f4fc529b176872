"""Do not block until: with owner, reason and end; and its release."""

from __future__ import annotations

from datetime import datetime

from religa.actions import switches
from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused


def hold(*, contract_id: int, until: datetime, reason: str, at: datetime, author: str = "") -> Done | Refused:
    """Keeps a contract online until an instant, whatever falls due before."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="hold" + (f": {reason}" if reason else ""),
        deed=lambda standing: deeds.hold(standing.facts, until, reason, at),
        author=author,
    )


def release(*, contract_id: int, at: datetime, author: str = "") -> Done | Refused:
    """Ends every hold of the contract now."""
    return switches.turn_off(contract_id=contract_id, switch="hold", at=at, author=author)
