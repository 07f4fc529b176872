"""What a billing run would make, without making it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from religa.actions.billing.months import Work, work_of
from religa.actions.evaluate_access import IMPROVING
from religa.domain import billing
from religa.domain.billing import Nothing
from religa.records import billing as rows


@dataclass(frozen=True, slots=True)
class Planned:
    """One month of one contract: `amount` centavos due on `due_date`, or `why` no invoice is made.

    `gives_back`: instead, what is taken off the last invoices of a contract that has ended.
    """

    contract_id: int
    external_id: str
    name: str
    month: date
    amount: int = 0
    due_date: date | None = None
    charged_days: int = 0
    credited_days: int = 0
    why: Nothing | None = None
    gives_back: int = 0


def preview(
    *, at: datetime, ahead_to: date | None = None, provider_id: int | None = None
) -> Iterator[Planned]:
    """In the order of contracts; waiting credit is not looked at, and nothing is locked."""
    every = rows.due(at=at, ahead_to=ahead_to, provider_id=provider_id).every
    for start in range(0, len(every), IMPROVING):
        for work in work_of(every[start : start + IMPROVING], at=at, ahead_to=ahead_to):
            yield from _planned(work)


def _planned(work: Work) -> Iterator[Planned]:
    who = (work.row.contract_id, work.row.external_id, work.row.name)
    for b in work.bills:
        yield Planned(*who, b.month, b.amount, b.due_date, b.charged_days, b.credited_days, b.why)
    if work.waits:
        yield Planned(*who, billing.next_month(work.after), why=Nothing.PAUSED)
    if work.gives_back and work.after.billed_through is not None:
        yield Planned(*who, work.after.billed_through.replace(day=1), gives_back=work.gives_back)
