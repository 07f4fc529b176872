"""Ends a contract: at the subscriber's wish, or by a person after the days and the notice of RGC art. 73.

Its charges are asked for at the bank before (`money.before_termination`); whoever has paid is not ended by others.
"""

from __future__ import annotations

from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.actions.money import before_termination
from religa.actions.money.before_termination import BankSilent, MoneyCame
from religa.actions.money.charging import CollectorFor
from religa.domain import deeds
from religa.domain.invoicing import Refused


def terminate(*, contract_id: int, by: str, at: datetime, author: str = "") -> Done | Refused:
    """`by`: "subscriber", or the person who decides. Asks no bank: for what has been asked already."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"terminated by {by}",
        deed=lambda standing: deeds.terminate(standing, by, at),
        author=author or by,
    )


def terminate_unless_paid(
    *,
    contract_id: int,
    by: str,
    collector_for: CollectorFor,
    at: datetime,
    author: str = "",
    though_silent: bool = False,
) -> Done | Refused | MoneyCame | BankSilent:
    """Asks the bank, then ends the contract. Money that came is booked and ends nothing: the person looks again.

    `though_silent`: somebody answers for it that the bank could not be asked. Not to be called inside a transaction.
    """
    asked = before_termination.ask(contract_id, collector_for=collector_for, at=at)
    if isinstance(asked, MoneyCame) or (isinstance(asked, BankSilent) and not though_silent):
        return asked
    return terminate(contract_id=contract_id, by=by, at=at, author=author)
