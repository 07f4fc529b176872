"""What a code has to ask for: which sum today, over which invoices, and where its money goes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.domain import balance, trust
from religa.domain.calendar import effective_due
from religa.domain.facts import Facts, Invoice
from religa.domain.standing import Standing

EVERYTHING, LATE, LEAST, STATED, INVOICE = "everything", "late", "least", "stated", "invoice"


@dataclass(frozen=True, slots=True)
class Need:
    """What a charge has to be: dated where its bank is to work out lateness, else over today's sum.

    `first`: the invoices that its money is put on before others; empty, the oldest debt first; None, `invoice`.
    """

    invoice: Invoice
    amount: int
    scope: str
    dated: bool = False
    first: tuple[str, ...] | None = None

    @property
    def untouched(self) -> bool:
        """Whether the dated charge of the one invoice that is meant still asks for all of it."""
        alone = len(self.first or ()) <= 1 and self.scope not in (LEAST, STATED)
        return alone and not self.invoice.settlements and not self.invoice.disputes


def need_of(
    standing: Standing, scope: str, at: datetime, *, invoice: str | None = None, amount: int | None = None
) -> Need | None:
    """None where nothing is owed in that sense, or where the stated `amount` (centavos) is none that may be stated."""
    if scope == STATED:
        return _stated(standing, amount or 0, at)
    if scope == LATE:
        return _late(standing, at)
    owing = [i for i in _open(standing.facts) if invoice is None or i.id == invoice]
    if not owing:
        return None
    if scope == LEAST:
        return _least(standing, owing[0], at)
    return _dated(standing, owing, at) or _all(standing, owing, scope, at)


def _open(facts: Facts) -> list[Invoice]:
    return [
        i for i in balance.oldest_first(facts.invoices) if balance.open_principal(i) > 0 and i.billed_here
    ]


def _dated(standing: Standing, owing: Sequence[Invoice], at: datetime) -> Need | None:
    """One invoice that is not late and that nobody has touched: its bank works out what lateness will cost."""
    if len(owing) != 1 or balance.open_dispute(owing[0]) is not None:
        return None
    only = owing[0]
    late = effective_due(standing.calendars, standing.policy, only.due_date) < standing.calendars.day(at)
    return None if late or only.settlements else Need(only, only.total, INVOICE, dated=True)


def _all(standing: Standing, owing: Sequence[Invoice], scope: str, at: datetime) -> Need | None:
    day = standing.calendars.day(at)
    owed = sum(balance.owed(standing.calendars, standing.policy, i, on=day).total for i in owing)
    return Need(owing[0], owed, scope, first=tuple(i.id for i in owing)) if owed > 0 else None


def _least(standing: Standing, oldest: Invoice, at: datetime) -> Need | None:
    amount, first = trust.least_payment_for(standing, at)
    return Need(oldest, amount, LEAST, first=first) if amount > 0 else None


def _stated(standing: Standing, amount: int, at: datetime) -> Need | None:
    least, late = standing.policy.part_payment_min, _late(standing, at)
    if least is None or late is None or not least <= amount < late.amount:
        return None
    return Need(late.invoice, amount, STATED, first=trust.stated_payment(standing, at, amount).first)


def _late(standing: Standing, at: datetime) -> Need | None:
    """What is late and not contested, also where only late charges are left; if nothing is, the next invoice."""
    day = standing.calendars.day(at)
    mine = [i for i in balance.oldest_first(standing.facts.invoices) if i.billed_here]
    payable = {i.id: balance.payable(standing.calendars, standing.policy, i, on=day) for i in mine}
    owing = [i for i in mine if payable[i.id] > 0]
    late = [i for i in owing if effective_due(standing.calendars, standing.policy, i.due_date) < day]
    chosen = late or owing[:1]
    if not chosen:
        return None
    # A named invoice gives its money to what is contested, too: one that is contested in part is not named.
    first = tuple(i.id for i in chosen if balance.open_dispute(i) is None)
    total = sum(payable[i.id] for i in chosen)
    return _dated(standing, chosen, at) or Need(chosen[0], total, LATE, first=first)
