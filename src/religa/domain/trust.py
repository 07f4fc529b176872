"""Trust unlocks: who may have one, until when, and whether the word was kept.

The rules are deterministic and said in full: a refusal names every reason, the instant at which it will be possible
(if time alone brings it) and the least Pix that opens access now. Manual Operacional do RGC 5.1.4 lets the provider
do this; the numbers are the provider's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from religa.domain import balance
from religa.domain.calendar import Calendars, next_slot, plus_bank_days, plus_days
from religa.domain.facts import (
    Channel,
    Closed,
    Facts,
    Invoice,
    Lot,
    Outcome,
    Status,
    TrustUnlock,
    UnlockKind,
    active,
)
from religa.domain.policy import Policy, TrustWhen
from religa.domain.reasons import TrustRefusal
from religa.domain.standing import Standing

_DAY = timedelta(days=1)
_SHUT = (Status.BLOCKED, Status.LOCKED)


@dataclass(frozen=True, slots=True)
class Request:
    """What the subscriber asks for. `receipt` is the id of a payment slip, used once."""

    kind: UnlockKind
    channel: Channel = Channel.PORTAL
    promise_date: date | None = None
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """Access until an exact instant; `covers` is the suspendable principal the word is given for."""

    until: datetime
    covers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TrustRefused:
    """Every reason; when it becomes possible (None: not by time alone); the least Pix that opens access now."""

    whys: tuple[TrustRefusal, ...]
    eligible_at: datetime | None
    pay_now: int


_Failing = tuple[TrustRefusal, datetime | None]


def may_unlock(
    facts: Facts, policy: Policy, calendars: Calendars, at: datetime, request: Request
) -> Granted | TrustRefused:
    """Whether a trust unlock is granted now, and until when."""
    standing = Standing(facts, policy, calendars)
    alone = _answers_alone(standing, at, request)
    failing = (
        [(alone, _opens_with_time(standing, alone, at))] if alone else list(_failing(standing, at, request))
    )
    if failing:
        return _refused(standing, at, failing)
    covers = tuple((c.invoice.id, c.principal.suspendable) for c in standing.late_suspendable(at))
    return Granted(_end(standing, at, request), covers)


def _refused(standing: Standing, at: datetime, failing: list[_Failing]) -> TrustRefused:
    dates = [passes for _, passes in failing]
    known = [passes for passes in dates if passes is not None]
    eligible = max(known) if len(known) == len(dates) else None
    return TrustRefused(tuple(why for why, _ in failing), eligible, least_payment(standing, at))


def _answers_alone(standing: Standing, at: datetime, request: Request) -> TrustRefusal | None:
    facts, policy = standing.facts, standing.policy
    situation = standing.situation(at)
    unlock = standing.open_unlock(at)
    replaces = (
        unlock is not None and unlock.kind is UnlockKind.PROMISE and request.kind is UnlockKind.PAID_ALREADY
    )
    if facts.terminated_at is not None:
        return TrustRefusal.TERMINATED
    if active(facts.pauses, at):
        return TrustRefusal.PAUSED
    if policy.trust_when is TrustWhen.OFF or request.kind not in policy.trust_kinds:
        return TrustRefusal.POLICY_OFF
    if not standing.late_suspendable(at):
        return TrustRefusal.NOTHING_TO_UNLOCK
    if unlock is not None and not replaces:
        return TrustRefusal.PROMISE_OPEN
    allowed = {Status.BLOCKED, Status.LOCKED}
    if policy.trust_when is TrustWhen.LATE_OR_BLOCKED:
        allowed.add(Status.LATE)
    if situation.status not in allowed and unlock is None:
        return TrustRefusal.NOT_BLOCKED
    return None


def _opens_with_time(standing: Standing, why: TrustRefusal, at: datetime) -> datetime | None:
    unlock = standing.open_unlock(at)
    return unlock.until if why is TrustRefusal.PROMISE_OPEN and unlock is not None else None


def _failing(standing: Standing, at: datetime, request: Request) -> Iterator[_Failing]:
    """Every rule that says no, with the instant at which time alone turns it."""
    yield from _quotas(standing, at, request)
    yield from _memory(standing, at)
    yield from _debt(standing, at)
    yield from _person(standing, at, request)


def _quotas(standing: Standing, at: datetime, request: Request) -> Iterator[_Failing]:
    policy = standing.policy
    kind = [u for u in standing.facts.unlocks if u.kind is request.kind]
    episode = standing.episode
    limit = policy.trust_max_per_episode
    if limit is not None and episode is not None:
        mine = [u for u in episode.unlocks() if u.kind is request.kind]
        if len(mine) >= limit:
            yield TrustRefusal.QUOTA_EPISODE, None
    limit = policy.trust_max_per_window
    if limit is not None:
        frees = sorted(plus_days(standing.calendars, u.granted_at, policy.trust_window_days) for u in kind)
        pending = [free for free in frees if free > at]
        if len(pending) >= limit:
            yield TrustRefusal.QUOTA_WINDOW, pending[len(pending) - limit] if limit else None


def _memory(standing: Standing, at: datetime) -> Iterator[_Failing]:
    policy, calendars = standing.policy, standing.calendars
    cooldown = {
        Outcome.BROKEN: policy.trust_cooldown_after_broken_days,
        Outcome.LATE: policy.trust_cooldown_after_late_days,
    }
    ends = [
        plus_days(calendars, u.until, cooldown[u.outcome])
        for u in standing.facts.unlocks
        if u.outcome in cooldown
    ]
    over = max(ends, default=at)
    if over > at:
        yield TrustRefusal.BROKEN_PROMISE_COOLDOWN, over
    last = standing.facts.unlocks[-1] if standing.facts.unlocks else None
    if (
        policy.trust_requires_previous_paid
        and last is not None
        and standing.open_unlock(at) is None
        and not _is_covered(standing.facts, policy, last, None)
    ):
        yield TrustRefusal.PREVIOUS_PROMISE_UNPAID, None


def _debt(standing: Standing, at: datetime) -> Iterator[_Failing]:
    policy, late = standing.policy, standing.late(at)
    ceiling = policy.trust_debt_ceiling
    if ceiling is not None and sum(c.principal.undisputed for c in late) > ceiling:
        yield TrustRefusal.DEBT_ABOVE_CEILING, None
    most = policy.trust_max_late_invoices
    if most is not None and len(standing.late_suspendable(at)) > most:
        yield TrustRefusal.TOO_MANY_LATE_INVOICES, None


def _person(standing: Standing, at: datetime, request: Request) -> Iterator[_Failing]:
    facts, policy, calendars = standing.facts, standing.policy, standing.calendars
    old_enough = calendars.midnight(facts.since + policy.trust_min_contract_days * _DAY)
    if at < old_enough:
        yield TrustRefusal.CONTRACT_TOO_YOUNG, old_enough
    if request.channel not in policy.trust_channels:
        yield TrustRefusal.CHANNEL_NOT_ALLOWED, None
    if request.promise_date is not None and request.kind is UnlockKind.PROMISE:
        today = calendars.day(at)
        if not today <= request.promise_date <= today + policy.trust_max_promise_days * _DAY:
            yield TrustRefusal.PROMISE_DATE_OUT_OF_RANGE, None
    if request.receipt is not None and request.receipt in facts.receipts_used:
        yield TrustRefusal.RECEIPT_ALREADY_USED, None
    if active(facts.operator_blocks, at):
        yield TrustRefusal.OPERATOR_BLOCK, None
    episode = standing.standing_episode(at)
    if episode is not None and episode.lock(at) is not None:
        yield TrustRefusal.LOCKED, None
    if active(facts.bars, at):
        yield TrustRefusal.BARRED_BY_OPERATOR, None


def _end(standing: Standing, at: datetime, request: Request) -> datetime:
    """The exact end, slid into a block slot so that nobody loses access on a Friday night."""
    policy, calendars = standing.policy, standing.calendars
    today = calendars.day(at)
    if request.kind is UnlockKind.PAID_ALREADY:
        raw = calendars.midnight(_clearing_day(standing, today) + _DAY)
    elif request.promise_date is not None:
        raw = calendars.midnight(request.promise_date + _DAY)
    else:
        raw = plus_days(calendars, at, policy.trust_unlock_days)
    end = slide(policy, calendars, raw)
    unlock = standing.open_unlock(at)
    return end if unlock is None else max(end, unlock.until)


def _clearing_day(standing: Standing, today: date) -> date:
    days = standing.policy.trust_paid_already_bank_days
    if standing.policy.no_business_calendar:
        return today + days * _DAY
    return plus_bank_days(standing.calendars, today, days)


def slide(policy: Policy, calendars: Calendars, raw: datetime) -> datetime:
    """The start of the next block slot if `raw` is in none, but at most `trust_max_slide_days` later."""
    latest = plus_days(calendars, raw, policy.trust_max_slide_days)
    slot = next_slot(calendars, policy, raw)
    return latest if slot is None else min(slot, latest)


def outcome(facts: Facts, policy: Policy, calendars: Calendars, unlock: TrustUnlock) -> Outcome | None:
    """How an ended unlock turned out, by the day the money was paid; None where its invoices are not known here."""
    invoices = [facts.invoice(invoice_id) for invoice_id, _ in unlock.covers]
    if any(i is None for i in invoices):
        return None
    grace = plus_days(calendars, unlock.until, policy.trust_late_grace_days)
    for end, result in ((unlock.until, Outcome.KEPT), (grace, Outcome.LATE)):
        if _is_covered(facts, policy, unlock, end):
            return result
    return Outcome.BROKEN


_RANK = {None: 0, Outcome.BROKEN: 1, Outcome.LATE: 2, Outcome.KEPT: 3}


def is_better(new: Outcome, old: Outcome | None) -> bool:
    """An outcome is judged again only for the better."""
    return _RANK.get(new, 0) > _RANK.get(old, 9)


def _is_covered(facts: Facts, policy: Policy, unlock: TrustUnlock, by: datetime | None) -> bool:
    """Whether the principal that an unlock covers was paid by an instant (None: whenever)."""
    return all(
        _is_settled(facts, policy, invoice_id, by)
        or amount - _paid_since(facts, unlock, invoice_id, by) <= policy.restore_tolerance
        for invoice_id, amount in unlock.covers
    )


def _paid_since(facts: Facts, unlock: TrustUnlock, invoice_id: str, by: datetime | None) -> int:
    """Suspendable principal paid on an invoice that was not yet known when the unlock was granted."""
    invoice = facts.invoice(invoice_id)
    if invoice is None:
        return 0
    lines = [n for n, line in enumerate(invoice.lines) if line.suspendable and line.own]
    heard = (s for s in invoice.settlements if s.known_at > unlock.granted_at)
    return sum(s.lines[n] for s in heard if by is None or s.paid_at <= by for n in lines)


def _is_settled(facts: Facts, policy: Policy, invoice_id: str, by: datetime | None) -> bool:
    """Whether an invoice's suspendable principal was paid by an instant (None: whenever)."""
    invoice = facts.invoice(invoice_id)
    if invoice is None or invoice.closed in (Closed.CANCELLED, Closed.WRITTEN_OFF):
        return True
    if invoice.closed is Closed.AGREED:
        made = next((a for a in facts.agreements if a.id == invoice.agreement), None)
        return made is None or _is_settled(facts, policy, made.first_instalment, by)
    return _suspendable_left(invoice, by) <= policy.restore_tolerance


def _suspendable_left(invoice: Invoice, by: datetime | None) -> int:
    left = 0
    for n, line in enumerate(invoice.lines):
        if line.suspendable and line.own:
            paid = (s.lines[n] for s in invoice.settlements if by is None or s.paid_at <= by)
            left += line.amount - sum(paid)
    return left


def least_payment(standing: Standing, at: datetime) -> int:
    """The least Pix, in centavos, that opens access now; 0 where it is open, or where money cannot open it.

    Paid for the oldest debt first, or for the invoices that keep the wall up, or for the first instalment of an
    agreement: whichever is least.
    """
    return least_payment_for(standing, at)[0]


def least_payment_for(standing: Standing, at: datetime) -> tuple[int, tuple[str, ...]]:
    """The same, and the invoices it must be put on before others (none: the oldest first)."""
    if not _is_walled_for_debt(standing, at):
        return 0, ()
    found = [(_least(standing, at, first), first) for first in _ways(standing, at)]
    return min((f for f in found if f[0]), default=(0, ()))


def opens_access(standing: Standing, at: datetime, amount: int, first: tuple[str, ...]) -> bool:
    """Whether a Pix of so many centavos, put on these invoices first, opens access that is shut for debt."""
    return _is_walled_for_debt(standing, at) and _opens(standing, at, amount, first)


def _ways(standing: Standing, at: datetime) -> set[tuple[str, ...]]:
    """The invoices that money may be put on before others, so that it opens access soonest."""
    if len(_open_debts(standing, at)) < 2:
        return {()}  # with one debt the order makes no difference
    notified = tuple(c.invoice.id for c in standing.claims if c.notified)
    return {(), notified, tuple(a.first_instalment for a in standing.facts.agreements)}


def _open_debts(standing: Standing, at: datetime) -> list[Invoice]:
    calendars, policy, day = standing.calendars, standing.policy, standing.calendars.day(at)
    invoices = standing.facts.invoices
    return [i for i in invoices if balance.owed(calendars, policy, i, on=day).total > 0]


@dataclass(frozen=True, slots=True)
class StatedPayment:
    """Whether an amount opens access that is shut for debt, and the invoices it is put on before others for that."""

    opens: bool
    first: tuple[str, ...]


def stated_payment(standing: Standing, at: datetime, amount: int) -> StatedPayment:
    """What a Pix of so many centavos would do now."""
    ways = (first for first in sorted(_ways(standing, at)) if opens_access(standing, at, amount, first))
    found = next(ways, None)
    return StatedPayment(found is not None, found or ())


def _least(standing: Standing, at: datetime, first: tuple[str, ...]) -> int:
    most = _most(standing, at)
    if not _opens(standing, at, most, first):
        return 0
    low, high = 0, most
    principal = balance.total_open(standing.facts) - standing.policy.restore_tolerance
    for guess in (principal, principal - 1):  # mostly it is just this: two looks and not a search
        if low < guess < high:
            low, high = (low, guess) if _opens(standing, at, guess, first) else (guess, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _opens(standing, at, middle, first) else (middle, high)
    return high


def _is_walled_for_debt(standing: Standing, at: datetime) -> bool:
    situation = standing.situation(at)
    return situation.status in _SHUT and not active(standing.facts.operator_blocks, at)


def _most(standing: Standing, at: datetime) -> int:
    day = standing.calendars.day(at)
    return balance.total_owed(standing.calendars, standing.policy, standing.facts, on=day)


def _opens(standing: Standing, at: datetime, amount: int, first: tuple[str, ...]) -> bool:
    calendars, policy = standing.calendars, standing.policy
    money, day = Lot("?", at, amount), calendars.day(at)
    facts = balance.put(calendars, policy, standing.facts, money, on=day, known_at=at, first=first)
    judged = tuple(_judged(facts, policy, calendars, u, at) for u in facts.unlocks)
    facts = replace(facts, unlocks=judged)
    return Standing(facts, policy, calendars).situation(at).status not in _SHUT


def _judged(
    facts: Facts, policy: Policy, calendars: Calendars, unlock: TrustUnlock, at: datetime
) -> TrustUnlock:
    """The unlock as it would be judged once a payment is known."""
    if not unlock.counts or unlock.until > at:
        return unlock
    found = outcome(facts, policy, calendars, unlock)
    return (
        replace(unlock, outcome=found) if found is not None and is_better(found, unlock.outcome) else unlock
    )
