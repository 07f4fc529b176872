"""What a billing run would make, without making it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from religa.actions.billing.months import Work, work_of
from religa.actions.evaluate_access import IMPROVING
from religa.domain import billing
from religa.domain.billing import Bill, Nothing
from religa.records import billing as rows


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of one month of one contract (`bill.amount` 0: nothing, and `bill.why`).

    `gives_back`: instead, centavos taken off the last invoices of a contract that has ended.
    """

    contract_id: int
    external_id: str
    name: str
    bill: Bill
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
    yield from (Planned(*who, made) for made in work.bills)
    if work.waits:
        yield Planned(*who, Bill(billing.next_month(work.after), work.after, why=Nothing.PAUSED))
    if work.gives_back and work.after.billed_through is not None:
        month = work.after.billed_through.replace(day=1)
        yield Planned(*who, Bill(month, work.after), work.gives_back)
