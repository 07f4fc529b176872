"""What is owed, what late payment costs, and where a payment goes.

Late charges follow Banco Central's Manual de Padrões, Annex III: days are counted from the effective due date, the
rate is a six-decimal factor, every amount is truncated to the centavo (RGC art. 49). A part payment leaves interest
running on what is left. Days of a dispute cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.domain import rates
from religa.domain.calendar import Calendars, bank_day_from, charge_day, effective_due
from religa.domain.changing import replace
from religa.domain.facts import Dispute, Facts, Invoice, Lot, Method, Settlement
from religa.domain.policy import Policy

_MONTH = 30  # days in which the invoice's rate of interest is earned (modalidade 3 of a cobv)


@dataclass(frozen=True, slots=True)
class Principal:
    """Open principal of one invoice in centavos. `suspendable` counts only this contract's own connection lines."""

    suspendable: int
    other: int
    disputed_suspendable: int = 0
    disputed_other: int = 0

    @property
    def undisputed(self) -> int:
        return self.suspendable + self.other

    @property
    def disputed(self) -> int:
        return self.disputed_suspendable + self.disputed_other


@dataclass(frozen=True, slots=True)
class Owed:
    """What settles one invoice on a given day by a given method, in centavos."""

    principal: int
    discount: int
    fine: int
    interest: int
    charges_paid: int
    waived: int = 0
    waived_fine: int = 0

    @property
    def charges(self) -> int:
        return max(0, self.fine + self.interest - self.charges_paid - self.waived)

    @property
    def fine_left(self) -> int:
        """Of the charges still owed: what was paid of them is taken for interest as far as it goes."""
        return min(self.charges, max(0, self.fine - self.waived_fine))

    @property
    def interest_left(self) -> int:
        return self.charges - self.fine_left

    @property
    def total(self) -> int:
        return self.principal - self.discount + self.charges


NOTHING = Principal(0, 0)


def open_lines(invoice: Invoice) -> list[int]:
    """Principal still open on each line; zero where the invoice is closed."""
    if invoice.closed is not None:
        return [0] * len(invoice.lines)
    left = [line.amount for line in invoice.lines]
    for settlement in invoice.settlements:
        for n, amount in enumerate(settlement.lines):
            left[n] -= amount
    return left


def open_principal(invoice: Invoice) -> int:
    return sum(open_lines(invoice))


def open_dispute(invoice: Invoice) -> Dispute | None:
    return next((d for d in invoice.disputes if d.answered_at is None), None)


def principal(invoice: Invoice) -> Principal:
    """Open principal, split into what may block, what may not, and what is disputed (suspendable lines first)."""
    if invoice.closed is not None:
        return NOTHING
    suspendable = other = 0
    for line, left in zip(invoice.lines, open_lines(invoice), strict=True):
        if line.suspendable and line.own:
            suspendable += left
        else:
            other += left
    contested = open_dispute(invoice) if invoice.disputes else None
    if contested is None:
        return Principal(suspendable, other)
    amount = suspendable + other if contested.amount is None else contested.amount
    first = min(amount, suspendable)
    second = min(amount - first, other)
    return Principal(suspendable - first, other - second, first, second)


def charged_days(calendars: Calendars, invoice: Invoice, start: date, end: date) -> int:
    """Civil days after `start`, up to and including `end`, that were not disputed."""
    days = max(0, (end - start).days)
    for dispute in invoice.disputes:
        first = calendars.day(dispute.filed_at)
        after = calendars.day(dispute.answered_at) if dispute.answered_at else None
        low = max(first.toordinal(), start.toordinal() + 1)
        high = end.toordinal() + 1 if after is None else min(after.toordinal(), end.toordinal() + 1)
        days -= max(0, high - low)
    return max(0, days)


def late_charges(calendars: Calendars, invoice: Invoice, due: date, on: date) -> tuple[int, int]:
    """Fine and interest earned up to a civil day, in centavos; `due` is the effective due date."""
    if on <= due or invoice.closed is not None or not charged_days(calendars, invoice, due, on):
        return 0, 0
    paid = sorted((s.paid_on, s.principal) for s in invoice.settlements if s.paid_on <= on)
    base = invoice.total - sum(amount for day, amount in paid if day <= due)
    fine = rates.share(max(0, base), invoice.fine_pct)
    interest, since = 0, due
    for day, amount in [*((d, a) for d, a in paid if d > due), (on, 0)]:
        days = charged_days(calendars, invoice, since, day)
        interest += max(0, base) * rates.factor(invoice.interest_pct_month, days=days, basis=_MONTH)
        base, since = base - amount, day
    return fine, interest // rates.MILLION


def owed(
    calendars: Calendars, policy: Policy, invoice: Invoice, *, on: date, method: Method = Method.PIX
) -> Owed:
    """What settles the invoice if it is paid on that civil day by that method."""
    if invoice.closed is not None:
        return Owed(0, 0, 0, 0, 0)
    day = charge_day(calendars, policy, on, by_boleto=method is Method.BOLETO)
    left = open_principal(invoice)
    due = effective_due(calendars, policy, invoice.due_date)
    fine, interest = late_charges(calendars, invoice, due, day)
    return Owed(
        principal=left,
        discount=min(left, _discount(calendars, policy, invoice, on)) if left else 0,
        fine=fine,
        interest=interest,
        charges_paid=sum(s.charges for s in invoice.settlements),
        waived=invoice.waived,
        waived_fine=invoice.waived_fine,
    )


def payable(calendars: Calendars, policy: Policy, invoice: Invoice, *, on: date) -> int:
    """What settles an invoice by Pix on a civil day without what is contested; nothing where all of it is."""
    contested = principal(invoice).disputed
    today = owed(calendars, policy, invoice, on=on)
    return 0 if contested >= today.principal > 0 else today.total - contested


def _discount(calendars: Calendars, policy: Policy, invoice: Invoice, on: date) -> int:
    """The punctuality discount; its last day moves to a bank day like a due date (Manual, Annex III)."""
    offer = invoice.discount
    if offer is None or any(s.discount for s in invoice.settlements):
        return 0
    last = offer.until if policy.no_business_calendar else bank_day_from(calendars, offer.until)
    return offer.amount if on <= last else 0


def total_owed(
    calendars: Calendars, policy: Policy, facts: Facts, *, on: date, method: Method = Method.PIX
) -> int:
    """Everything that is owed on a civil day by a method: principal of every open invoice, fine and interest."""
    return sum(owed(calendars, policy, i, on=on, method=method).total for i in facts.invoices)


def total_open(facts: Facts) -> int:
    """Principal of every issued open invoice, due or not."""
    return sum(open_principal(i) for i in facts.invoices)


def oldest_first(invoices: Iterable[Invoice]) -> list[Invoice]:
    return sorted(invoices, key=lambda i: (i.due_date, i.issued_at, i.id))


class _Taking:
    """How much of one amount of money each invoice takes, while it is being spread."""

    def __init__(
        self, calendars: Calendars, policy: Policy, money: Lot, on: date, known_at: datetime
    ) -> None:
        self.calendars, self.policy, self.on = calendars, policy, on
        self.money, self.known_at, self.left = money, known_at, money.amount
        self.taken: dict[str, Settlement] = {}

    def principal(self, invoice: Invoice, *, suspendable: bool, disputed_too: bool) -> None:
        """The suspendable lines or the others; all of them at once if the rest is forgiven by the discount."""
        if not (self.left or invoice.discount):
            return
        wanted = self._wanted(invoice, disputed_too=disputed_too)
        forgiven = min(_discount(self.calendars, self.policy, invoice, self.on), sum(wanted))
        if forgiven and sum(wanted) == open_principal(self._settled(invoice)) <= self.left + forgiven:
            self._add(invoice, tuple(wanted), 0, forgiven)
            return
        kind = [
            w if line.suspendable is suspendable else 0 for w, line in zip(wanted, invoice.lines, strict=True)
        ]
        amount = min(self.left, sum(kind))
        if amount:
            self._add(invoice, _split(invoice, kind, amount), 0, 0)

    def charges(self, invoice: Invoice) -> None:
        if not self.left:
            return
        settled = self._settled(invoice)
        due = effective_due(self.calendars, self.policy, invoice.due_date)
        earned = sum(late_charges(self.calendars, settled, due, self.on))
        paid = sum(s.charges for s in settled.settlements) + settled.waived
        amount = min(self.left, max(0, earned - paid))
        if amount:
            self._add(invoice, (0,) * len(invoice.lines), amount, 0)

    def _wanted(self, invoice: Invoice, *, disputed_too: bool) -> list[int]:
        left = open_lines(self._settled(invoice))
        contested = open_dispute(invoice)
        if contested is None or disputed_too:
            return left
        aside = sum(left) if contested.amount is None else contested.amount
        for n in _suspendable_first(invoice):
            kept = min(aside, left[n])
            left[n] -= kept
            aside -= kept
        return left

    def _settled(self, invoice: Invoice) -> Invoice:
        mine = self.taken.get(invoice.id)
        return replace(invoice, settlements=(*invoice.settlements, mine)) if mine else invoice

    def _add(self, invoice: Invoice, lines: tuple[int, ...], charges: int, discount: int) -> None:
        old = self.taken.get(invoice.id) or self._empty(invoice)
        self.taken[invoice.id] = replace(
            old,
            lines=tuple(a + b for a, b in zip(old.lines, lines, strict=True)),
            charges=old.charges + charges,
            discount=old.discount + discount,
        )
        self.left -= sum(lines) + charges - discount

    def _empty(self, invoice: Invoice) -> Settlement:
        money = self.money
        return Settlement(money.source, self.known_at, money.paid_at, self.on, (0,) * len(invoice.lines))


def _suspendable_first(invoice: Invoice) -> list[int]:
    return sorted(range(len(invoice.lines)), key=lambda n: not invoice.lines[n].suspendable)


def _split(invoice: Invoice, wanted: Sequence[int], amount: int) -> tuple[int, ...]:
    parts = [0] * len(wanted)
    for n in _suspendable_first(invoice):
        parts[n] = min(amount, wanted[n])
        amount -= parts[n]
    return tuple(parts)


def put(
    calendars: Calendars,
    policy: Policy,
    facts: Facts,
    money: Lot,
    *,
    on: date,
    known_at: datetime,
    first: Sequence[str] = (),
    only: bool = False,
) -> Facts:
    """Puts money on invoices and keeps the rest as a lot.

    Suspendable principal comes before other principal, and that before fine and interest; in each, the oldest invoice
    before the next. `first` names invoices that come before all others (`only`: no others). `on` is the day that
    counts for charges.
    Disputed amounts, and the charges of a disputed invoice, take money only where they are named.
    """
    taking = _Taking(calendars, policy, money, on, known_at)
    open_ones = [i for i in oldest_first(facts.invoices) if i.closed is None]
    named = [i for i in open_ones if i.id in first]
    others = [] if only else [i for i in open_ones if i.id not in first]
    for group, disputed_too in ((named, True), (others, False)):
        for suspendable in (True, False):
            for invoice in group:
                taking.principal(invoice, suspendable=suspendable, disputed_too=disputed_too)
        for invoice in group:
            if disputed_too or open_dispute(invoice) is None:
                taking.charges(invoice)
    return _with_money_put(facts, money, taking)


def _with_money_put(facts: Facts, money: Lot, taking: _Taking) -> Facts:
    rest = tuple(lot for lot in facts.lots if lot.source != money.source)
    if taking.left:
        rest = (*rest, replace(money, amount=taking.left))
    if not taking.taken:
        return replace(facts, lots=rest)
    settled = tuple(
        replace(i, settlements=(*i.settlements, taking.taken[i.id])) if i.id in taking.taken else i
        for i in facts.invoices
    )
    return replace(facts, invoices=settled, lots=rest)


def put_lots(
    calendars: Calendars,
    policy: Policy,
    facts: Facts,
    *,
    at: datetime,
    first: Sequence[str] = (),
    only: bool = False,
) -> Facts:
    """Puts credit that no invoice had taken on what is open now, oldest money first."""
    for lot in facts.lots:
        facts = put(calendars, policy, facts, lot, on=calendars.day(at), known_at=at, first=first, only=only)
    return facts


def take_back(facts: Facts, source: str) -> Facts:
    """Facts without any trace of one payment on invoices or in credit (for a reversal)."""
    return replace(
        facts,
        invoices=tuple(_without(i, source) for i in facts.invoices),
        lots=tuple(lot for lot in facts.lots if lot.source != source),
    )


def _without(invoice: Invoice, source: str) -> Invoice:
    if all(s.source != source for s in invoice.settlements):
        return invoice
    return replace(invoice, settlements=tuple(s for s in invoice.settlements if s.source != source))


def freed(facts: Facts, invoice: Invoice) -> Facts:
    """Turns what was put on an invoice back into credit (the invoice is cancelled)."""
    lots = {lot.source: lot for lot in facts.lots}
    for s in invoice.settlements:
        old = lots.get(s.source)
        lots[s.source] = Lot(s.source, s.paid_at, s.money + (old.amount if old else 0))
    return replace(
        facts.with_invoice(replace(invoice, settlements=())),
        lots=tuple(lot for lot in lots.values() if lot.amount),
    )
