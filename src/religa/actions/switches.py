"""Things that are on from one deed to another: never block, block for another reason, pause, no trust."""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.invoicing import Refused


def turn_on(
    *, contract_id: int, switch: str, at: datetime, reason: str = "", author: str = ""
) -> Done | Refused:
    """`switch`: enforcement_off, operator_block, pause or bar."""
    named = deeds.Switch(switch)
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"{switch} on" + (f": {reason}" if reason else ""),
        deed=lambda standing: deeds.switch_on(standing.facts, named, at, reason),
        author=author,
    )


def turn_off(*, contract_id: int, switch: str, at: datetime, author: str = "") -> Done | Refused:
    """The same names, and hold."""
    named = deeds.Switch(switch)
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"{switch} off",
        deed=lambda standing: deeds.switch_off(standing.facts, named, at),
        author=author,
    )
