"""What became of one contract, as the writer takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from religa.domain import balance
from religa.domain.calendar import Calendars
from religa.domain.facts import Facts, Invoice
from religa.domain.policy import Policy
from religa.records.loaded import Loaded


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one contract. `owners`: for new invoices with lines of other contracts, each line's contract."""

    loaded: Loaded
    after: Facts
    calendars: Calendars
    owners: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def rests(self, invoice: Invoice) -> bool:
        return at_rest(self.loaded.policy, self.calendars, invoice)


def at_rest(policy: Policy, calendars: Calendars, invoice: Invoice) -> bool:
    """Whether nothing of the invoice can be owed again, on any day, unless a new fact reopens it."""
    if balance.open_dispute(invoice) is not None:
        return False  # it must be answered, and its end may give money back
    if invoice.closed is not None:
        return True
    if balance.open_principal(invoice) > 0:
        return False
    last = max((s.paid_on for s in invoice.settlements), default=invoice.due_date)
    return balance.owed(calendars, policy, invoice, on=last).total <= 0
