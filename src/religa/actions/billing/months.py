"""What is to be billed of a contract now, month by month. Nothing is written: the run does it, the preview shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from religa.domain import billing
from religa.domain.billing import Bill, Billing
from religa.domain.calendar import Calendars
from religa.domain.facts import Facts
from religa.records import billing as rows
from religa.records import calendars, facts
from religa.records.billing import Row
from religa.records.loaded import Ask, Loaded

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Work:
    """One contract: its months in order, and `gives_back` centavos where its last day is over.

    `after`: the billing once all is done. `waits`: its next month waits for the end of a pause.
    """

    row: Row
    loaded: Loaded
    after: Billing
    bills: list[Bill] = field(default_factory=list)
    gives_back: int = 0
    closes: bool = False
    waits: bool = False

    @property
    def changes(self) -> bool:
        return self.after != self.row.billing


def work_of(contract_ids: Sequence[int], *, at: datetime, ahead_to: date | None = None) -> list[Work]:
    """`ahead_to`: makes also what is due to be made by a later day; what is given back still ends yesterday."""
    known = rows.read(contract_ids, at=at)
    loaded = facts.load(list(known), at, ask=_ask(known))
    billed = rows.billed(list(known))
    shut = rows.answers(
        {c: _looks_from(known[c], one, at) for c, one in loaded.items() if known[c].rule.credits_blocked_days}
    )
    return [_Months(known[c], one, shut.get(c, []), billed, at, ahead_to).done() for c, one in loaded.items()]


def _ask(known: dict[int, Row]) -> Ask:
    """Invoices that a closing may have to lower, also settled ones."""
    return Ask(invoices=[name for row in known.values() for name in names_to_lower(row)])


def names_to_lower(row: Row) -> list[str]:
    """Our invoices of the months that are not settled yet, latest first; none where the contract goes on."""
    through = row.billing.billed_through
    if row.billing.ends_on is None or through is None:
        return []
    month, names = through.replace(day=1), []
    while month >= row.billing.looks_from.replace(day=1):
        names.append(billing.invoice_id(row.contract_id, month))
        month = (month - _DAY).replace(day=1)
    return names


def _first_day(row: Row) -> date:
    return min(row.billing.looks_from, max(row.billing.since, billing.next_month(row.billing)))


def _looks_from(row: Row, loaded: Loaded, at: datetime) -> datetime:
    return calendars.of(loaded.place, at).midnight(_first_day(row))


class _Months:
    """One contract's months, in memory."""

    def __init__(
        self,
        row: Row,
        loaded: Loaded,
        shut: list[billing.Answer],
        billed: set[tuple[int, str]],
        at: datetime,
        ahead_to: date | None,
    ) -> None:
        self.row, self.loaded, self.billed, self.at = row, loaded, billed, at
        self.calendars: Calendars = calendars.of(loaded.place, at)
        self.today = self.calendars.day(at)
        self.horizon = max(self.today, ahead_to or self.today)
        self.free = self._free(loaded.facts, shut)
        self.work = Work(row, loaded, row.billing)

    def _free(self, known: Facts, shut: list[billing.Answer]) -> frozenset[date]:
        """Days up to yesterday without any access."""
        if not shut and not known.pauses:
            return frozenset()
        spans = [*billing.shut_spans(shut, self.at), *billing.pause_spans(known.pauses, self.at)]
        return billing.whole_days(spans, _first_day(self.row), self.today - _DAY, self.calendars)

    def done(self) -> Work:
        work = self.work
        while (make_on := billing.make_on(work.after, self.row.rule)) is not None and make_on <= self.horizon:
            if billing.waits(work.after, self.loaded.facts.pauses, self.calendars, self.at):
                work.waits = True
                break
            made = self._bill(billing.next_month(work.after))
            work.bills.append(made)
            work.after = made.after
        self._close()
        return work

    def _bill(self, month: date) -> Bill:
        if (self.row.contract_id, billing.reference(month)) in self.billed:
            return billing.billed_elsewhere(self.work.after, month)
        return billing.bill(self.work.after, month, self.free, self.today)

    def _close(self) -> None:
        """The last day is over and everything up to it is billed: what was charged beyond it goes back."""
        work, ends_on = self.work, self.work.after.ends_on
        if ends_on is None or ends_on >= self.today or billing.make_on(work.after, self.row.rule) is not None:
            return
        work.closes = True
        work.gives_back = billing.closing(work.after, self.free)
