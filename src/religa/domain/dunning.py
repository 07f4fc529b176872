"""Which debt may block, and when: claims, notices, and the clocks that evidence starts.

A claim is one invoice seen as a reason: what of it is late, whether it was notified with evidence, and from which
instant it may support a block. The days of a notice are full civil days; days of a dispute do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from religa.domain.balance import Principal, principal
from religa.domain.calendar import (
    Calendars,
    effective_due,
    next_contact,
    next_slot,
    plus_bank_days,
)
from religa.domain.evidence import NO_EVIDENCE
from religa.domain.facts import Dispute, Evidence, Facts, Invoice, Notice, NoticeKind, Segment
from religa.domain.policy import ClockStart, Policy

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """An open invoice as a reason. Instants are None where nothing that is known will bring them.

    `contested`: suspendable centavos that were contested in part and rejected; they have days of their own.
    """

    invoice: Invoice
    principal: Principal
    due: date
    late_from: datetime
    notified: bool
    block_from: datetime | None
    reduce_from: datetime | None
    contested: int = 0
    contested_block_from: datetime | None = None

    def is_late(self, at: datetime) -> bool:
        return self.late_from <= at


def evidence_start(policy: Policy, notice: Notice, *, opened_at: datetime | None = None) -> datetime | None:
    """The instant the evidence of a notice dates from; None where there is none (MO 1.1.1: ours to prove).

    Once a block has opened (`opened_at`) on the evidence of sending, a delivery that becomes known later moves
    nothing, and a policy that from now on counts deliveries only takes nothing back. What reached somebody else proves
    nothing, delivered or not.
    """
    states = sorted(notice.evidence, key=lambda s: s[0])
    found: tuple[datetime, Evidence] | None = None
    for state in states:
        if found is None or found[1] is not Evidence.DELIVERED or state[1] is Evidence.WITHDRAWN:
            found = state
    if found is None or found[1] in NO_EVIDENCE:
        return None
    sent = [
        at for at, state in states if state is Evidence.SENT and opened_at is not None and at <= opened_at
    ]
    if sent:
        return min(found[0], sent[-1])
    if found[1] is Evidence.SENT and policy.notice_clock_start is ClockStart.DELIVERED:
        return None
    return found[0]


def late_from(calendars: Calendars, policy: Policy, invoice: Invoice) -> datetime:
    """The instant from which an unpaid invoice is late."""
    return calendars.midnight(effective_due(calendars, policy, invoice.due_date) + _DAY)


def debt_notices(facts: Facts, invoice: Invoice, late: datetime) -> list[Notice]:
    """Debt notices that speak of the invoice in its present life (a reopened one needs a new notice).

    `late`: when the invoice became late; what was sent before is no notice of a debt (RGC art. 70).
    """
    since = late if invoice.reopened_at is None else max(late, invoice.reopened_at)
    return [
        n
        for n in facts.notices
        if n.kind is NoticeKind.DEBT and invoice.id in n.invoices and n.sent_at >= since
    ]


def has_effect(facts: Facts, policy: Policy, calendars: Calendars, notice: Notice) -> bool:
    """Whether a message was a debt notice with legal effect: with evidence, and of a debt that was late then."""
    if notice.kind is not NoticeKind.DEBT or evidence_start(policy, notice) is None:
        return False
    spoken_of = (i for i in facts.invoices if i.id in notice.invoices)
    return any(notice.sent_at >= late_from(calendars, policy, i) for i in spoken_of)


def clock(
    calendars: Calendars, invoice: Invoice, start: datetime, days: int, *, contested: bool = False
) -> datetime:
    """Midnight after so many full, undisputed civil days since the day the evidence dates from (RGC art. 70).

    Days on which the whole invoice was disputed do not count; for a `contested` part, nor do those of that part.
    """
    day = calendars.day(start)
    disputes = [d for d in invoice.disputes if d.amount is None or contested]
    if not disputes:
        return calendars.midnight(day + (days + 1) * _DAY)
    left = days
    while left > 0:
        day += _DAY
        left -= 0 if any(_is_disputed_on(calendars, d, day) for d in disputes) else 1
        if any(d.answered_at is None and calendars.day(d.filed_at) <= day for d in disputes):
            break  # frozen until an answer comes
    return calendars.midnight(day + _DAY)


def _is_disputed_on(calendars: Calendars, dispute: Dispute, day: date) -> bool:
    answered = dispute.answered_at
    return calendars.day(dispute.filed_at) <= day and (answered is None or day < calendars.day(answered))


def claims(facts: Facts, policy: Policy, calendars: Calendars) -> tuple[Claim, ...]:
    """Every invoice with open principal, oldest due date first."""
    found = []
    for invoice in facts.invoices:
        if invoice.closed is None:
            left = principal(invoice)
            if left.undisputed > 0 or left.disputed > 0:
                found.append(_claim(facts, policy, calendars, invoice, left))
    return tuple(sorted(found, key=lambda c: (c.due, c.invoice.issued_at, c.invoice.id)))


def _claim(facts: Facts, policy: Policy, calendars: Calendars, invoice: Invoice, left: Principal) -> Claim:
    due = effective_due(calendars, policy, invoice.due_date)
    late = calendars.midnight(due + _DAY)
    opened = _opened_over(facts, invoice)
    notices = debt_notices(facts, invoice, late) if facts.notices else []
    dated = [(evidence_start(policy, n, opened_at=opened), n.opens_at) for n in notices]
    starts = [(start, announced) for start, announced in dated if start is not None]

    def ripe(days: int | None, *, announced: bool, part: bool = False) -> datetime | None:
        if days is None:
            return None
        told = [o for _, o in starts if o is not None] if announced else []
        if not policy.notice_required_for_block:
            return max(late, min(told)) if told else late
        ends = [(clock(calendars, invoice, s, days, contested=part), o) for s, o in starts]
        clocks = [_later(end, o if announced else None) for end, o in ends]
        return max(late, min(clocks)) if clocks else None

    contested = _rejected_part(invoice, left) if invoice.disputes else 0
    own_days = ripe(policy.block_after_notice_days, announced=True, part=True) if contested else None
    return Claim(
        invoice=invoice,
        principal=left,
        due=due,
        late_from=late,
        notified=bool(starts),
        block_from=ripe(policy.block_after_notice_days, announced=True),
        reduce_from=ripe(policy.reduced_after_notice_days, announced=False),
        contested=contested,
        contested_block_from=own_days,
    )


def _rejected_part(invoice: Invoice, left: Principal) -> int:
    """Suspendable principal still open that was contested in part and rejected; what is paid counts for the rest."""
    amounts = (d.amount for d in invoice.disputes if d.amount is not None and d.upheld is False)
    return min(left.suspendable, sum(amounts))


def _opened_over(facts: Facts, invoice: Invoice) -> datetime | None:
    """When the suspension opened that stands on the invoice."""
    suspension = facts.open_suspension
    return suspension.opened_at if suspension is not None and invoice.id in suspension.invoices else None


def _later(clock_end: datetime, announced: datetime | None) -> datetime:
    """A block date already notified may move later, never earlier."""
    return clock_end if announced is None else max(clock_end, announced)


@dataclass(frozen=True, slots=True)
class Ripe:
    """The instant from which debt justifies a measure, and the invoices that justify it."""

    since: datetime
    invoices: tuple[str, ...]


def block_ripe(
    facts: Facts, policy: Policy, calendars: Calendars, known: Iterable[Claim], *, disputed_too: bool = False
) -> Ripe | None:
    """From when a block is justified by what is known, slots aside; None: never without a new fact."""
    parts: list[_Part] = []
    for c in known:
        disputed = c.principal.disputed_suspendable if disputed_too else 0
        parts.append((c, c.block_from, c.principal.suspendable - c.contested + disputed))
        parts.append((c, c.contested_block_from, c.contested))
    return _ripe(facts, policy, calendars, parts)


def reduce_ripe(facts: Facts, policy: Policy, calendars: Calendars, known: Iterable[Claim]) -> Ripe | None:
    """The same for the optional reduced stage."""
    parts = [(c, c.reduce_from, c.principal.suspendable) for c in known]
    return _ripe(facts, policy, calendars, parts)


_Part = tuple[Claim, datetime | None, int]  # so many suspendable centavos of a claim count from then on


def _ripe(facts: Facts, policy: Policy, calendars: Calendars, parts: list[_Part]) -> Ripe | None:
    if facts.segment is Segment.COURTESY:
        return None
    dated = [(s, c, amount) for c, s, amount in parts if s is not None and amount and not c.invoice.spared]
    weights: dict[str, int] = {}
    supports: dict[str, Claim] = {}
    for since, claim, amount in sorted(dated, key=lambda part: part[0]):
        name = claim.invoice.id
        weights[name] = weights.get(name, 0) + amount
        if weights[name] <= policy.restore_tolerance:
            continue
        supports[name] = claim
        enough = sum(weights[n] for n in supports) >= policy.min_debt_to_block
        if enough and len(supports) >= policy.min_unpaid_invoices_to_block:
            since = _not_before_due_days(policy, calendars, list(supports.values()), since)
            return Ripe(since, tuple(supports))
    return None


def _not_before_due_days(
    policy: Policy, calendars: Calendars, supports: list[Claim], since: datetime
) -> datetime:
    if policy.block_after_due_days is None:
        return since
    earliest = min(c.due for c in supports)
    return max(since, calendars.midnight(earliest + policy.block_after_due_days * _DAY))


def opens_at(policy: Policy, calendars: Calendars, ripe: Ripe | None, at: datetime) -> datetime | None:
    """The first slot at or after both `at` and the ripe instant."""
    return None if ripe is None else next_slot(calendars, policy, max(at, ripe.since))


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A debt notice that falls due at `at`, for the invoices it covers."""

    at: datetime
    invoices: tuple[str, ...]


def next_debt_notice(
    facts: Facts, policy: Policy, calendars: Calendars, known: Iterable[Claim], at: datetime
) -> DueNotice | None:
    """The next debt notice at or after `at` that today's facts ask for; one message covers all that are due.

    It falls due on its day at the first contact time, and covers late invoices without evidence; below
    `notice_min_debt` of all that is late nothing is sent.
    """
    waiting = [(w, c) for c in known if (w := _notice_time(facts, policy, calendars, c, at)) is not None]
    for when in sorted({w for w, _ in waiting}):
        late = sum(c.principal.undisputed for c in known if c.is_late(when))
        if late >= policy.notice_min_debt:
            return DueNotice(when, tuple(c.invoice.id for w, c in waiting if w <= when))
    return _when_enough_is_late(policy, calendars, known, waiting)


def _when_enough_is_late(
    policy: Policy, calendars: Calendars, known: Iterable[Claim], waiting: list[tuple[datetime, Claim]]
) -> DueNotice | None:
    """A debt below the least one is told once another invoice, not yet late, brings the sum there."""
    if not waiting:
        return None
    for later in sorted({c.late_from for c in known}):
        late = sum(c.principal.undisputed for c in known if c.is_late(later))
        when = next_contact(calendars, policy, max(later, min(w for w, _ in waiting)))
        if late >= policy.notice_min_debt and when is not None:
            return DueNotice(when, tuple(c.invoice.id for w, c in waiting if w <= when))
    return None


def _notice_time(
    facts: Facts, policy: Policy, calendars: Calendars, claim: Claim, at: datetime
) -> datetime | None:
    if claim.principal.undisputed == 0 or not claim.invoice.billed_here:
        return None
    notices = debt_notices(facts, claim.invoice, claim.late_from)
    if any(_pending_or_proven(policy, n) for n in notices):
        return None
    earliest = max(claim.late_from, calendars.midnight(_notice_day(policy, calendars, claim.due)))
    tried = [calendars.day(n.sent_at) for n in notices if n.automatic]
    if tried:  # an attempt that failed is repeated on another day
        earliest = max(earliest, calendars.midnight(max(tried) + _DAY))
    return next_contact(calendars, policy, max(at, earliest))


def _pending_or_proven(policy: Policy, notice: Notice) -> bool:
    """A notice that is proven, or may still be (queued, or sent where only delivery starts the clock)."""
    if not notice.evidence:
        return True
    last = max(notice.evidence, key=lambda s: s[0])[1]
    return evidence_start(policy, notice) is not None or last is Evidence.SENT


def _notice_day(policy: Policy, calendars: Calendars, due: date) -> date:
    if policy.no_business_calendar:
        return due + policy.notice_after_due_days * _DAY
    return plus_bank_days(calendars, due, policy.notice_after_due_days)
