"""Which message is due, and when: reminders, the debt notice, the warning before a block, the termination notice.

Contact hours bind all of them. Only the two notices have legal effect; a warning or reminder that comes too late to
help is not sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from religa.domain import dunning
from religa.domain.calendar import (
    Calendars,
    last_contact,
    next_contact,
    next_slot,
    plus_bank_days,
)
from religa.domain.dunning import Claim, Ripe
from religa.domain.evidence import NO_EVIDENCE
from religa.domain.facts import Invoice, NoticeKind, Period, Status, TrustUnlock
from religa.domain.policy import Policy
from religa.domain.standing import Standing

_DAY = timedelta(days=1)
WARNED_HOURS = (24, 2)  # before the end of a trust unlock
_DAYTIME = (7 * 60, 22 * 60)  # minutes after midnight


@dataclass(frozen=True, slots=True)
class SendReminder:
    """A courtesy before the due date, `offset` days from it (negative)."""

    kind: ClassVar[NoticeKind] = NoticeKind.REMINDER
    invoice: str
    offset: int


@dataclass(frozen=True, slots=True)
class SendDebtNotice:
    """The notice of RGC art. 71; `opens_at` is the block date it must announce."""

    kind: ClassVar[NoticeKind] = NoticeKind.DEBT
    invoices: tuple[str, ...]
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class SendWarning:
    """The block comes at `opens_at`."""

    kind: ClassVar[NoticeKind] = NoticeKind.WARNING
    invoices: tuple[str, ...]
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class SendTerminationNotice:
    """The specific notice of RGC art. 73, without which nobody may end the contract."""

    kind: ClassVar[NoticeKind] = NoticeKind.TERMINATION
    invoices: tuple[str, ...]


Message = SendReminder | SendDebtNotice | SendWarning | SendTerminationNotice
_Dated = tuple[datetime, Message]


def due_messages(standing: Standing, at: datetime) -> list[Message]:
    """Messages due at `at`, which is then a contact time."""
    return [message for when, message in planned(standing, at) if when <= at]


def message_instants(standing: Standing, at: datetime) -> list[datetime]:
    """Later instants at which a message falls due."""
    return [when for when, _ in planned(standing, at) if when > at]


def planned(standing: Standing, at: datetime) -> list[_Dated]:
    """The messages that what is known now asks for, with their instants; worked out once per standing and instant.

    Those that can only follow another change (a debt that is not late yet, a reminder after the next one) are left for
    the look at that change.
    """
    kept = standing.messages
    if kept is None or kept[0] != at:
        kept = standing.messages = (at, list(_planned(standing, at)))
    return kept[1]


def _planned(standing: Standing, at: datetime) -> Iterator[_Dated]:
    if standing.facts.terminated_at is not None or not standing.claims:
        return
    if any(claim.late_from <= at for claim in standing.claims):
        yield from _notice(standing, at)
    yield from _reminders(standing, at)
    if standing.episode is None:
        yield from _warning(standing, at)
    else:
        yield from _termination_notice(standing, at)


def _notice(standing: Standing, at: datetime) -> Iterator[_Dated]:
    due = dunning.next_debt_notice(standing.facts, standing.policy, standing.calendars, standing.claims, at)
    if due is not None:
        yield due.at, SendDebtNotice(due.invoices, announced(standing, due.invoices, due.at))


def announced(standing: Standing, invoices: tuple[str, ...], sent_at: datetime) -> datetime | None:
    """The block date a notice sent now must name: its days counted from now, at the next slot."""
    policy, calendars = standing.policy, standing.calendars
    if not policy.notice_required_for_block:
        return None
    covered = [c for c in standing.claims if c.invoice.id in invoices]
    days = policy.block_after_notice_days
    opens = max((dunning.clock(calendars, c.invoice, sent_at, days) for c in covered), default=sent_at)
    if policy.block_after_due_days is not None and covered:
        earliest = min(c.due for c in covered) + policy.block_after_due_days * _DAY
        opens = max(opens, calendars.midnight(earliest))
    return next_slot(calendars, policy, opens)


def _reminders(standing: Standing, at: datetime) -> Iterator[_Dated]:
    for claim in standing.claims:
        if claim.late_from > at and claim.principal.undisputed > 0 and claim.invoice.billed_here:
            yield from _reminders_of(standing, claim, at)


def _reminders_of(standing: Standing, claim: Claim, at: datetime) -> Iterator[_Dated]:
    """Those that are due, and the next one: an overtaken one is not made up for."""
    invoice, calendars, offsets = claim.invoice, standing.calendars, standing.policy.reminders
    issued, today = calendars.day(invoice.issued_at), calendars.day(at)
    for n, offset in enumerate(offsets):
        day = invoice.due_date + timedelta(days=offset)
        overtaken = n + 1 < len(offsets) and invoice.due_date + timedelta(days=offsets[n + 1]) <= today
        if day < issued or overtaken or _is_reminded(standing, invoice, offset):
            continue
        when = next_contact(calendars, standing.policy, max(at, calendars.midnight(day)))
        if when is not None and when < claim.late_from:
            yield when, SendReminder(invoice.id, offset)
        if day > today:
            return


def _is_reminded(standing: Standing, invoice: Invoice, offset: int) -> bool:
    return any(
        n.kind is NoticeKind.REMINDER and n.offset == offset and invoice.id in n.invoices
        for n in standing.facts.notices
    )


def _warning(standing: Standing, at: datetime) -> Iterator[_Dated]:
    policy, calendars, ripe = standing.policy, standing.calendars, standing.ripe
    if ripe is None or not policy.pre_block_warning_days or _warned(standing, ripe.invoices):
        return
    opens = _opens(standing, ripe, at)
    if opens is None or opens <= at:
        return
    wished = _before(policy, calendars, opens)
    last = last_contact(calendars, policy, wished)
    when = next_contact(calendars, policy, max(at, last or at))
    if when is not None and when < opens:
        yield when, SendWarning(ripe.invoices, opens)


def _before(policy: Policy, calendars: Calendars, opens: datetime) -> datetime:
    """The same wall time, so many bank days earlier."""
    day = calendars.day(opens)
    if policy.no_business_calendar:
        return opens - policy.pre_block_warning_days * _DAY
    earlier: date = plus_bank_days(calendars, day, -policy.pre_block_warning_days)
    return opens - (day - earlier)


def _warned(standing: Standing, invoices: tuple[str, ...]) -> bool:
    """Whether this block was warned of: one that has come, or whose debt was settled, needs another warning."""
    facts = standing.facts
    past = [s.opened_at for s in facts.suspensions]
    past += [i.reopened_at for i in facts.invoices if i.id in invoices and i.reopened_at is not None]
    since = max(past, default=None)
    return any(
        n.kind is NoticeKind.WARNING
        and set(n.invoices) & set(invoices)
        and (since is None or since < n.sent_at)
        for n in facts.notices
    )


def _opens(standing: Standing, ripe: Ripe, at: datetime) -> datetime | None:
    """When the block comes by itself: the first slot in which nothing keeps it off; None: only after somebody's act."""
    facts, policy, calendars = standing.facts, standing.policy, standing.calendars
    trusts = (Period(u.granted_at, u.until) for u in facts.unlocks)
    off = (*facts.holds, *facts.enforcement_off, *facts.pauses, *facts.operator_blocks, *trusts)
    opens = None if standing.guard_holds else dunning.opens_at(policy, calendars, ripe, at)
    while opens is not None and (ends := [p.until for p in off if p.covers(opens)]):
        known = [end for end in ends if end is not None]
        opens = next_slot(calendars, policy, max(known)) if len(known) == len(ends) else None
    return opens


def termination_noticed_at(standing: Standing) -> datetime | None:
    """When the termination notice of the open episode was proven to be sent."""
    if standing.episode is None:
        return None
    starts = [
        dunning.evidence_start(standing.policy, n)
        for n in standing.facts.notices
        if n.kind is NoticeKind.TERMINATION and n.sent_at >= standing.episode.suspension.opened_at
    ]
    return min((s for s in starts if s is not None), default=None)


def _termination_notice(standing: Standing, at: datetime) -> Iterator[_Dated]:
    policy, calendars, episode = standing.policy, standing.calendars, standing.episode
    if episode is None or termination_noticed_at(standing) is not None or _tried_today(standing, at):
        return
    needed = timedelta(days=policy.termination_after_blocked_days - policy.termination_notice_days)
    reached = episode.reaches(needed, at)
    when = None if reached is None else next_contact(calendars, policy, reached)
    if when is not None and episode.resumes_at(at) is not None:
        yield when, SendTerminationNotice(episode.suspension.invoices)


def _tried_today(standing: Standing, at: datetime) -> bool:
    return any(
        n.kind is NoticeKind.TERMINATION
        and standing.calendars.day(n.sent_at) == standing.calendars.day(at)
        and (not n.evidence or n.evidence[-1][1] in NO_EVIDENCE)
        for n in standing.facts.notices
    )


# -- the end of trust -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrustWord:
    """The word that a trust unlock (`granted_at` names it) ends in so many hours."""

    granted_at: datetime
    hours: int


def due_trust_words(standing: Standing, at: datetime) -> Iterator[TrustWord]:
    """What is to be said at `at` of an unlock that keeps the contract online; one that is overtaken is not made up
    for."""
    unlock = standing.open_unlock(at)
    if unlock is None or not unlock.counts or standing.situation(at).status is not Status.TRUSTED:
        return
    past = [hours for hours, when in _trust_words(standing, unlock) if when <= at]
    if past and (unlock.warned_hours is None or past[-1] < unlock.warned_hours):
        yield TrustWord(unlock.granted_at, past[-1])


def trust_word_instants(standing: Standing, at: datetime) -> list[datetime]:
    """Later instants at which such a word falls due."""
    unlock = standing.open_unlock(at)
    known = [] if unlock is None or not unlock.counts else _trust_words(standing, unlock)
    return [when for _, when in known if when > at]


def _trust_words(standing: Standing, unlock: TrustUnlock) -> list[tuple[int, datetime]]:
    """Hours and instants, in order. The first keeps to contact hours and moves back to them, as a warning does. The
    last belongs to what the subscriber has asked for and does not wait for an office to open, but leaves him asleep.
    A trust that is shorter than that needs none."""
    calendars, policy = standing.calendars, standing.policy
    first, last = (unlock.until - timedelta(hours=hours) for hours in WARNED_HOURS)
    found = zip(
        WARNED_HOURS,
        (last_contact(calendars, policy, first), last if _is_daytime(calendars, last) else None),
        strict=True,
    )
    return [(hours, when) for hours, when in found if when is not None and when > unlock.granted_at]


def _is_daytime(calendars: Calendars, at: datetime) -> bool:
    local = at.astimezone(calendars.zone)
    return _DAYTIME[0] <= local.hour * 60 + local.minute < _DAYTIME[1]
