"""A debt notice given outside our channels (letter, signature, call), and what becomes known of one later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.actions.carry_out import Done, carry_out
from religa.domain import deeds
from religa.domain.facts import Evidence
from religa.domain.invoicing import Refused
from religa.records.loaded import Ask


def give(
    *, contract_id: int, invoices: Sequence[str], evidence: Evidence, at: datetime, author: str = ""
) -> Done | Refused:
    """Keeps a notice that somebody gave, with what is proven of it."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause="notice by hand",
        deed=lambda standing: deeds.notify(standing, invoices, evidence, at),
        author=author,
        ask=Ask(invoices=tuple(invoices)),
    )


def learn(
    *, contract_id: int, invoice: str, evidence: Evidence, at: datetime, author: str = ""
) -> Done | Refused:
    """A receipt that comes later, for the last debt notice of an invoice."""
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"notice {evidence.value}",
        deed=lambda standing: deeds.learn_of_notice(standing.facts, invoice, evidence, at),
        author=author,
        ask=Ask(invoices=(invoice,)),
    )
