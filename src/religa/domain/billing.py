"""What a contract costs in a month: which days are charged, what is given back, when it falls due.

A contract's invoice of a month charges the civil month of its due date. It is made `lead_days` before, so the month is
not over and often not begun: it charges every day to come, and leaves out the days already past on which the subscriber
had no access from midnight to midnight (blocked or paused). Days that were charged and turned out so are given back on
the next invoice: since Acórdão Anatel 389/2024 no article says what a blocked day may cost, and the Manual Operacional
of the RGC (5.1.3) allows charging only for what was used. `credited_through` is the last day looked at for that.

A day costs the month's price less its discount, divided by the days of that month: exact fractions, cut to a whole
centavo once, at the very end and always to the subscriber's side. RGC art. 49 has the fraction of a charge dropped; the
same reason makes what is owed back round up where it stands alone. Cutting each day instead would give away up to 30
centavos and no month would add up. Money is integer centavos.
"""

from __future__ import annotations

import math
from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from religa.domain.calendar import Calendars
from religa.domain.facts import Access, Discount, Invoice, Line, Period, active
from religa.domain.money import truncate

LAST_DUE_DAY = 28  # every month has it; a contract due on the 29th to 31st is due on the 28th
LEAST_LEAD = timedelta(days=5)  # between issue and due date (RGC art. 54)
CHARGED_WITHIN = timedelta(days=90)  # of the service (RGC art. 57)
_DAY = timedelta(days=1)
_SHUT = (Access.WALLED, Access.CLOSED)

Span = tuple[datetime, datetime]  # half-open


@dataclass(frozen=True, slots=True)
class Rule:
    """How a provider bills. Percentages in hundredths of a percent, `punctuality_discount` in centavos."""

    lead_days: int = 10
    fine_pct: int = 200
    interest_pct_month: int = 100
    punctuality_discount: int = 0
    credits_blocked_days: bool = True
    make_charges: bool = True


@dataclass(frozen=True, slots=True)
class Billing:
    """How one contract is billed, and how far that has come. Days are inclusive.

    `ends_on`: the last day charged. `discount`: centavos off each month that begins by `discount_until` (None: no
    end). `carried`: centavos owed back for which no invoice had room yet.
    """

    due_day: int
    price: int
    since: date
    ends_on: date | None = None
    discount: int = 0
    discount_until: date | None = None
    billed_through: date | None = None
    credited_through: date | None = None
    carried: int = 0

    @property
    def looks_from(self) -> date:
        """The first day not yet looked at for giving it back."""
        seen = self.credited_through
        return self.since if seen is None else max(self.since, seen + _DAY)


class Nothing(StrEnum):
    """Why no invoice is made of a month."""

    PAUSED = "paused"
    UNUSED = "unused"
    COVERED = "covered"
    BILLED_ELSEWHERE = "billed_elsewhere"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Bill:
    """What became of one month: `amount` to be charged, or why not. `after`: the billing from then on.

    `charged_days` of the month; `credited_days`: days of earlier months that are given back.
    """

    month: date
    after: Billing
    amount: int = 0
    due_date: date | None = None
    charged_days: int = 0
    credited_days: int = 0
    why: Nothing | None = None


def reference(month: date) -> str:
    return f"{month:%Y-%m}"


def invoice_id(contract_id: int, month: date) -> str:
    """The same for every run, so that the database refuses a second invoice of a month."""
    return f"R{contract_id}-{month:%Y-%m}"


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def due_date(month: date, due_day: int) -> date:
    return month.replace(day=min(due_day, LAST_DUE_DAY))


def next_month(billing: Billing) -> date:
    """The first day of the month to bill next."""
    return _first_uncharged(billing).replace(day=1)


def _first_uncharged(billing: Billing) -> date:
    through = billing.billed_through
    return billing.since if through is None else max(billing.since, through + _DAY)


def make_on(billing: Billing, rule: Rule) -> date | None:
    """The day on which the next invoice is made; None if the billing has ended."""
    if billing.ends_on is not None and billing.ends_on < _first_uncharged(billing):
        return None
    return due_date(next_month(billing), billing.due_day) - timedelta(days=rule.lead_days)


def waits(billing: Billing, pauses: tuple[Period, ...], calendars: Calendars, at: datetime) -> bool:
    """Whether the next month has to wait for the end of a pause, or of the month: only then its days are known."""
    first, last = _charged_between(billing, next_month(billing))
    if last < calendars.day(at):
        return False
    known = [p for p in pauses if p.until is None or p.until > at]
    ahead = ((p.since, p.until or calendars.midnight(last + _DAY)) for p in known)
    return active(pauses, at) or len(whole_days(ahead, first, last, calendars)) == (last - first).days + 1


def bill(billing: Billing, month: date, free: Collection[date], today: date) -> Bill:
    """The invoice of a month, made today. `free`: days before today without any access, from `looks_from` and from the
    month's first day on."""
    if today - last_day(month) > CHARGED_WITHIN:
        seen = max(last_day(month), billing.credited_through or month)
        return Bill(month, replace(_through(billing, month), credited_through=seen), why=Nothing.TOO_OLD)
    first, last = _charged_between(billing, month)
    charged = (last - first).days + 1 - sum(first <= d <= last for d in free)
    back = [d for d in free if billing.looks_from <= d < month]
    net = _rate(billing, month) * charged - _worth(billing, back) - billing.carried
    made = Bill(
        month,
        _after(billing, month, today, net),
        amount=max(0, truncate(net)),
        due_date=max(due_date(month, billing.due_day), today + LEAST_LEAD),
        charged_days=charged,
        credited_days=len(back),
    )
    return made if made.amount else replace(made, why=Nothing.COVERED if charged else Nothing.UNUSED)


def billed_elsewhere(billing: Billing, month: date) -> Bill:
    """A month for which somebody else has sent an invoice. Its blocked days are still given back on ours: the other
    system sends no next one."""
    return Bill(month, _through(billing, month), why=Nothing.BILLED_ELSEWHERE)


def _through(billing: Billing, month: date) -> Billing:
    return replace(billing, billed_through=_charged_between(billing, month)[1])


def closing(billing: Billing, free: Collection[date]) -> int:
    """Centavos to give back once the last day is over: what was charged after it, and blocked days before it."""
    through = billing.billed_through
    if billing.ends_on is None or through is None:
        return 0
    open_days = (billing.looks_from + n * _DAY for n in range((through - billing.looks_from).days + 1))
    back = [d for d in open_days if d > billing.ends_on or d in free]
    return math.ceil(_worth(billing, back)) + billing.carried


def _charged_between(billing: Billing, month: date) -> tuple[date, date]:
    last = last_day(month)
    return max(month, billing.since), last if billing.ends_on is None else min(last, billing.ends_on)


def _after(billing: Billing, month: date, today: date, net: Fraction) -> Billing:
    yesterday = today - _DAY
    return replace(
        _through(billing, month),
        credited_through=max(yesterday, billing.credited_through or yesterday),
        carried=math.ceil(max(Fraction(0), -net)),
    )


def monthly(billing: Billing, month: date) -> int:
    """Centavos of a whole month: the price less the discount while it lasts."""
    until = billing.discount_until
    discount = billing.discount if until is None or month <= until else 0
    return max(0, billing.price - discount)


def _rate(billing: Billing, day: date) -> Fraction:
    month = day.replace(day=1)
    return Fraction(monthly(billing, month), last_day(month).day)


def _worth(billing: Billing, days: Iterable[date]) -> Fraction:
    return sum((_rate(billing, d) for d in days), Fraction(0))


def invoice(made: Bill, billing: Billing, rule: Rule, contract_id: int, at: datetime) -> Invoice:
    """The invoice of a bill with an amount. A punctuality discount shrinks with it and never takes all of it."""
    assert made.due_date is not None
    off = min(
        rule.punctuality_discount,
        rule.punctuality_discount * made.amount // max(1, monthly(billing, made.month)),
        made.amount - 1,
    )
    return Invoice(
        id=invoice_id(contract_id, made.month),
        issued_at=at,
        due_date=made.due_date,
        lines=(Line(made.amount),),
        reference=reference(made.month),
        fine_pct=rule.fine_pct,
        interest_pct_month=rule.interest_pct_month,
        discount=Discount(off, made.due_date) if off > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the network answered from an instant on: `access`, and from `until` on `access_then`."""

    at: datetime
    access: Access
    until: datetime | None
    access_then: Access


def shut_spans(answers: Sequence[Answer], end: datetime) -> list[Span]:
    """When nothing but the wall was to be seen, up to `end`; answers in the order in which they were given.

    Before the first one there was access; a trust unlock and a pay window are answers with access.
    """
    found = []
    for answer, following in zip(answers, [*(a.at for a in answers[1:]), end], strict=True):
        turn = following if answer.until is None else min(max(answer.until, answer.at), following)
        found += [(answer.at, turn)] if answer.access in _SHUT else []
        found += [(turn, following)] if answer.access_then in _SHUT else []
    return found


def pause_spans(pauses: Iterable[Period], end: datetime) -> list[Span]:
    return [(p.since, end if p.until is None else min(p.until, end)) for p in pauses]


def whole_days(spans: Iterable[Span], first: date, last: date, calendars: Calendars) -> frozenset[date]:
    """The civil days from first to last that the spans together cover from midnight to midnight."""
    found: set[date] = set()
    for start, end in _merged(spans):
        day = max(first, calendars.day(start))
        if calendars.midnight(day) < start:
            day += _DAY
        while day <= last and calendars.midnight(day + _DAY) <= end:
            found.add(day)
            day += _DAY
    return frozenset(found)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class Problem(StrEnum):
    """Why a contract cannot be billed as asked."""

    NO_RULE = "no_rule"
    NO_DUE_DAY = "no_due_day"
    NO_PRICE = "no_price"
    COURTESY = "courtesy"
    TERMINATED = "terminated"
    TOO_EARLY = "too_early"
    DISCOUNT_TOO_LARGE = "discount_too_large"
    NOT_BILLED = "not_billed"
    BEFORE_START = "before_start"


@dataclass(frozen=True, slots=True)
class Impossible:
    """A no, with everything that is wrong; nothing was changed."""

    problems: tuple[Problem, ...]
