"""Thanks for money, to whoever was late; who pays in time hears it from his bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.actions.messages import outbox
from religa.domain.access import Decision
from religa.domain.facts import Access, Status
from religa.domain.templates import Values
from religa.records.loaded import AccessRow
from religa.wording import Moments, payment_receipt


@dataclass(frozen=True, slots=True)
class Paid:
    """What a payment did to one contract: the narrow row until then, the decision since; `amount` in centavos."""

    contract_id: int
    was: AccessRow
    decision: Decision
    amount: int

    def opened(self, at: datetime) -> bool:
        """Whether it brought access back."""
        return self.was.read(at) != Access.FULL and self.decision.access is Access.FULL


def thank(paid: Sequence[Paid], *, at: datetime) -> None:
    """One message for each contract that was late."""
    outbox.tell_all([_word(p, p.opened(at)) for p in paid if p.was.status != Status.CURRENT], at=at)


def _word(paid: Paid, opened: bool) -> outbox.Word:
    def say(moments: Moments) -> Values:
        return payment_receipt(paid.decision, amount=paid.amount, opened=opened, moments=moments)

    return outbox.Word(paid.contract_id, "restored" if opened else "receipt", say)
