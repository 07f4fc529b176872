"""What is to be done at an instant, and when to look again.

Steps are proposals in value form. Silent ones (`apply`) change facts and nothing else; messages go out through a
channel first and come back as facts (`deeds.record_message`). The scenario runner folds them over a virtual clock,
actions persist them: there is one list of what Religa does by itself, and it is this.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from religa.domain import balance, invoicing, trust
from religa.domain.calendar import Calendars, next_slot, plus_days
from religa.domain.facts import (
    Dispute,
    Facts,
    GuardHold,
    Outcome,
    Suspension,
    TrustUnlock,
    active,
)
from religa.domain.messages import (
    SendDebtNotice,
    SendReminder,
    SendTerminationNotice,
    SendWarning,
    TrustWord,
    due_messages,
    due_trust_words,
    message_instants,
    trust_word_instants,
)
from religa.domain.policy import Policy
from religa.domain.reasons import ClosedBecause
from religa.domain.standing import FEED_STALE, INCIDENT, Standing

_EXTEND_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class ProposeBlock:
    """The debt justifies a block now. The guard opens it, or holds it back with a reason.

    `invoices` justify it; `late` is all that is late, in suspendable centavos.
    """

    invoices: tuple[str, ...]
    late: int


@dataclass(frozen=True, slots=True)
class DropGuardHold:
    """The debt behind a held block is gone."""


@dataclass(frozen=True, slots=True)
class CloseSuspension:
    because: ClosedBecause


@dataclass(frozen=True, slots=True)
class StartReduction:
    pass


@dataclass(frozen=True, slots=True)
class EndReduction:
    pass


@dataclass(frozen=True, slots=True)
class JudgeUnlock:
    """`granted_at` names the unlock; a later payment may judge it again, only for the better."""

    granted_at: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ExtendUnlock:
    """The payment feed is silent: nobody loses access because our books are behind."""

    granted_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CancelDispute:
    """Not answered in time: the charge is cancelled (RGC art. 61)."""

    invoice: str


Silent = (
    ProposeBlock
    | DropGuardHold
    | CloseSuspension
    | StartReduction
    | EndReduction
    | JudgeUnlock
    | ExtendUnlock
    | CancelDispute
    | TrustWord
)
Message = SendReminder | SendDebtNotice | SendWarning | SendTerminationNotice
Step = Silent | Message


def next_steps(
    facts: Facts, policy: Policy, calendars: Calendars, at: datetime
) -> tuple[tuple[Step, ...], datetime | None]:
    """The steps due at `at`, improving ones first, and the next instant at which anything may be due or change.

    Ask again after applying them: one step may make another due at the same instant.
    """
    standing = Standing(facts, policy, calendars)
    return due_steps(standing, at), next_look(standing, at)


def due_steps(standing: Standing, at: datetime) -> tuple[Step, ...]:
    """The steps due at `at` alone, for facts already looked at."""
    return (*silent_steps(standing, at), *due_messages(standing, at))


def next_look(standing: Standing, at: datetime) -> datetime | None:
    change = next_change(standing, at)
    return min(
        message_instants(standing, at) if change is None else (change, *message_instants(standing, at)),
        default=None,
    )


def is_anything_due(standing: Standing, at: datetime) -> bool:
    """Whether a step, silent or not, is due at `at`."""
    return next(silent_steps(standing, at), None) is not None or bool(due_messages(standing, at))


def silent_steps(standing: Standing, at: datetime) -> Iterator[Silent]:
    """Steps that need nobody outside, due at `at`."""
    facts = standing.facts
    if facts.terminated_at is not None:
        return
    yield from _dispute_steps(standing, at)
    yield from _closing_steps(standing, at)
    if facts.unlocks:
        yield from _unlock_steps(standing, at)
        yield from due_trust_words(standing, at)
    if facts.reduced_since is not None and not standing.reduced_justified(at):
        yield EndReduction()
    if standing.ripe is not None or standing.reduce_ripe is not None or facts.guard_hold is not None:
        yield from _opening_steps(standing, at)


def closing_step(standing: Standing, at: datetime) -> CloseSuspension | None:
    """The one step that never waits: whatever restores access is done with the fact that causes it."""
    return next(_closing_steps(standing, at), None)


def _closing_steps(standing: Standing, at: datetime) -> Iterator[CloseSuspension]:
    because = standing.episode.closing(at) if standing.episode is not None else None
    if because is not None:
        yield CloseSuspension(because)


def _dispute_steps(standing: Standing, at: datetime) -> Iterator[CancelDispute]:
    for invoice in standing.facts.invoices:
        contested = balance.open_dispute(invoice) if invoice.disputes else None
        if contested is not None and dispute_ends_at(standing, contested) <= at:
            yield CancelDispute(invoice.id)


def dispute_ends_at(standing: Standing, dispute: Dispute) -> datetime:
    """Civil days from filing, 00:00 (RGC art. 61)."""
    filed = standing.calendars.day(dispute.filed_at)
    return standing.calendars.midnight(filed + timedelta(days=standing.policy.dispute_answer_days))


def _unlock_steps(standing: Standing, at: datetime) -> Iterator[Silent]:
    for unlock in standing.facts.unlocks:
        if unlock.counts and unlock.until <= at:
            outcome = trust.outcome(standing.facts, standing.policy, standing.calendars, unlock)
            if outcome is not None and trust.is_better(outcome, unlock.outcome):
                yield JudgeUnlock(unlock.granted_at, outcome)
    extended = _extension(standing, at)
    if extended is not None:
        yield extended


def _extension(standing: Standing, at: datetime) -> ExtendUnlock | None:
    unlock = standing.open_unlock(at)
    if unlock is None or not standing.facts.feed_stale or not standing.late_suspendable(at):
        return None
    if at < unlock.until - _EXTEND_AHEAD:
        return None
    later = plus_days(standing.calendars, unlock.until, 1)
    return ExtendUnlock(unlock.granted_at, trust.slide(standing.policy, standing.calendars, later))


def _opening_steps(standing: Standing, at: datetime) -> Iterator[Silent]:
    facts, ripe = standing.facts, standing.ripe
    if facts.guard_hold is not None and (ripe is None or ripe.since > at):
        yield DropGuardHold()
    if facts.open_suspension is not None or not _may_open(standing, at):
        return
    if ripe is not None and ripe.since <= at:
        if not standing.guard_holds:
            late = sum(c.principal.suspendable for c in standing.late(at) if not c.invoice.spared)
            yield ProposeBlock(ripe.invoices, late)
    elif facts.reduced_since is None and standing.reduced_justified(at) and not _something_is_ours(facts):
        yield StartReduction()


def _something_is_ours(facts: Facts) -> bool:
    """Our books are behind, or our network is at fault: no time to make access worse."""
    return facts.feed_stale or facts.incident


def _may_open(standing: Standing, at: datetime) -> bool:
    """In a slot, and nothing keeps the contract online."""
    facts = standing.facts
    return (
        not active(facts.pauses, at)
        and not active(facts.operator_blocks, at)
        and standing.kept_online(at) is None
        and standing.open_unlock(at) is None
        and next_slot(standing.calendars, standing.policy, at) == at
    )


def next_change(standing: Standing, at: datetime) -> datetime | None:
    """The next instant at which status, access or a silent step may change if no new fact comes; worked out once."""
    kept = standing.next_changes
    if at not in kept:
        kept[at] = min((i for i in _change_instants(standing, at) if i is not None and i > at), default=None)
    return kept[at]


def _change_instants(standing: Standing, at: datetime) -> list[datetime | None]:
    facts = standing.facts
    found: list[datetime | None] = [c.late_from for c in standing.claims]
    if facts.open_suspension is None:
        for ripe in (standing.ripe, standing.reduce_ripe):
            if ripe is not None:
                found += ripe.since, next_slot(standing.calendars, standing.policy, max(at, ripe.since))
    else:
        found += _episode_instants(standing, at)
    if facts.holds or facts.enforcement_off:
        found.append(standing.first_slot)
    for unlock in facts.unlocks:  # a little before, too: the feed may have gone silent by then
        found += unlock.until, unlock.until - _EXTEND_AHEAD
    if facts.unlocks:
        found += trust_word_instants(standing, at)
    for periods in (
        facts.pay_windows,
        facts.holds,
        facts.enforcement_off,
        facts.pauses,
        facts.operator_blocks,
    ):
        found += [p.until for p in periods]
    for invoice in facts.invoices:
        found += [dispute_ends_at(standing, d) for d in invoice.disputes if d.is_open]
    return found


def _episode_instants(standing: Standing, at: datetime) -> list[datetime | None]:
    episode = standing.episode
    if episode is None:
        return []
    found = [episode.resumes_at(at), episode.lock_by_due_at]
    days = standing.policy.lock_after_blocked_days
    if days is not None:
        found.append(episode.reaches(timedelta(days=days), at))
    return found


def apply(standing: Standing, step: Silent, at: datetime) -> Facts:
    """Facts after a silent step. `ProposeBlock` is decided as the guard would for this contract alone."""
    facts = standing.facts
    match step:
        case ProposeBlock():
            return _proposed(standing, step, at)
        case DropGuardHold():
            return replace(facts, guard_hold=None)
        case CloseSuspension():
            return _spared(standing, close(facts, step.because, at))
        case StartReduction():
            return replace(facts, reduced_since=at)
        case EndReduction():
            return replace(facts, reduced_since=None)
        case JudgeUnlock():
            return _with_unlock(facts, step.granted_at, outcome=step.outcome, judged_at=at)
        case ExtendUnlock():
            return _with_unlock(facts, step.granted_at, until=step.until, warned_hours=None)
        case CancelDispute():
            return invoicing.deny_charge(standing, step.invoice, at)
        case TrustWord():
            return _with_unlock(facts, step.granted_at, warned_hours=step.hours)


def _proposed(standing: Standing, step: ProposeBlock, at: datetime) -> Facts:
    facts = standing.facts
    if standing.incident_holds:
        return hold_for_incident(facts, at)
    approved = facts.guard_hold is not None and facts.guard_hold.approved_at is not None
    if facts.feed_stale and not approved:
        return replace(facts, guard_hold=GuardHold(at, FEED_STALE))
    return open_suspension(facts, step.invoices, step.late, at)


def hold_for_incident(facts: Facts, at: datetime) -> Facts:
    """The block waits until the fault is over; then it is proposed again without anybody."""
    return replace(facts, guard_hold=GuardHold(at, INCIDENT))


def open_suspension(facts: Facts, invoices: tuple[str, ...], late: int, at: datetime) -> Facts:
    """The act that walls a contract."""
    opened = Suspension(opened_at=at, invoices=invoices, late_at_opening=late)
    return replace(facts, suspensions=(*facts.suspensions, opened), guard_hold=None, reduced_since=None)


def close(facts: Facts, because: ClosedBecause, at: datetime) -> Facts:
    """Ends the open suspension."""
    closed = replace(facts.suspensions[-1], closed_at=at, why_closed=because.value)
    return replace(facts, suspensions=(*facts.suspensions[:-1], closed))


def _spared(standing: Standing, facts: Facts) -> Facts:
    """Where the share that was asked for has been paid, the rest of what was late then does not block again."""
    if standing.episode is None or facts.suspensions[-1].why_closed != ClosedBecause.PERCENT_PAID.value:
        return facts
    counted = {c.invoice.id for c in standing.episode.late_at_opening()}
    spared = (replace(i, spared=True) if i.id in counted else i for i in facts.invoices)
    return replace(facts, invoices=tuple(spared))


def _with_unlock(facts: Facts, granted_at: datetime, **changes: object) -> Facts:
    def changed(unlock: TrustUnlock) -> TrustUnlock:
        # One that was superseded in the instant of its grant has the same name.
        mine = unlock.granted_at == granted_at and unlock.counts
        return replace(unlock, **changes) if mine else unlock  # type: ignore[arg-type]

    return replace(facts, unlocks=tuple(changed(u) for u in facts.unlocks))
