"""Where a contract stands at an instant, read from its facts alone.

`Standing` is computed once per set of facts; `situation(at)` answers for any instant at which those facts are still
all the facts. Rules are asked in order, and the first that applies is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from religa.domain import dunning
from religa.domain.calendar import Calendars
from religa.domain.dunning import Claim, Ripe
from religa.domain.episode import Episode
from religa.domain.facts import Access, Facts, PayWindow, Status, TrustUnlock, active
from religa.domain.lazy import lazy
from religa.domain.policy import Policy
from religa.domain.reasons import Why

FEED_STALE, INCIDENT = "feed_stale", "incident"  # reasons of the guard that pass by themselves


@dataclass(frozen=True, slots=True)
class Situation:
    status: Status
    access: Access
    why: Why


_CURRENT = Situation(Status.CURRENT, Access.FULL, Why.NOTHING_LATE)
_DISPUTED = Situation(Status.DISPUTED, Access.FULL, Why.DISPUTED)
_TRUSTED = Situation(Status.TRUSTED, Access.FULL, Why.TRUST)


class Standing:
    """One contract's facts, seen through a policy and calendars."""

    def __init__(self, facts: Facts, policy: Policy, calendars: Calendars) -> None:
        self.facts, self.policy, self.calendars = facts, policy, calendars
        self.messages: tuple[datetime, list[Any]] | None = None  # kept by messages.planned
        self.next_changes: dict[datetime, datetime | None] = {}  # kept by steps.next_change

    def after(self, facts: Facts) -> Standing:
        """The same contract with later facts; its claims are kept where nothing they are made of has changed."""
        later, now = Standing(facts, self.policy, self.calendars), self.facts
        if (
            facts.invoices is now.invoices
            and facts.notices is now.notices
            and facts.suspensions is now.suspensions
        ):
            later.claims = self.claims
        return later

    def with_keys(self, facts: Facts) -> Standing:
        """The same facts, now that records keep them: keys decide nothing, so all that was worked out stays."""
        kept = Standing(facts, self.policy, self.calendars)
        kept.__dict__ = {**self.__dict__, "facts": facts}
        return kept

    @lazy
    def claims(self) -> tuple[Claim, ...]:
        return dunning.claims(self.facts, self.policy, self.calendars)

    @lazy
    def episode(self) -> Episode | None:
        """The open suspension, whether or not it is about to be closed."""
        suspension = self.facts.open_suspension
        if suspension is None:
            return None
        return Episode(self.facts, self.policy, self.calendars, self.claims, suspension)

    @lazy
    def ripe(self) -> Ripe | None:
        return dunning.block_ripe(self.facts, self.policy, self.calendars, self.claims)

    @lazy
    def reduce_ripe(self) -> Ripe | None:
        return dunning.reduce_ripe(self.facts, self.policy, self.calendars, self.claims)

    @lazy
    def first_slot(self) -> datetime | None:
        """The day and hour at which the debt that is known would block, or would have blocked."""
        ripe = self.ripe
        return None if ripe is None else dunning.opens_at(self.policy, self.calendars, ripe, ripe.since)

    def standing_episode(self, at: datetime) -> Episode | None:
        """The open suspension, unless its debt or its evidence is gone (then it only waits to be closed)."""
        episode = self.episode
        return None if episode is None or episode.closing(at) is not None else episode

    def open_unlock(self, at: datetime) -> TrustUnlock | None:
        return next((u for u in self.facts.unlocks if u.granted_at <= at < u.until), None)

    def open_pay_window(self, at: datetime) -> PayWindow | None:
        return next((w for w in self.facts.pay_windows if w.granted_at <= at < w.until), None)

    def late(self, at: datetime) -> list[Claim]:
        return [c for c in self.claims if c.late_from <= at]

    def late_suspendable(self, at: datetime) -> list[Claim]:
        return [c for c in self.claims if c.late_from <= at and c.principal.suspendable > 0]

    def situation(self, at: datetime) -> Situation:
        facts = self.facts
        if facts.terminated_at is not None and facts.terminated_at <= at:
            return Situation(Status.TERMINATED, Access.CLOSED, Why.TERMINATED)
        if facts.pauses and active(facts.pauses, at):
            return Situation(Status.PAUSED, Access.CLOSED, Why.PAUSED_BY_SUBSCRIBER)
        episode = self.standing_episode(at) if self.episode is not None else None
        if facts.operator_blocks and active(facts.operator_blocks, at):
            locked = episode is not None and episode.lock(at) is not None
            return Situation(Status.LOCKED if locked else Status.BLOCKED, Access.WALLED, Why.OPERATOR_BLOCK)
        return self._suspended(episode, at) if episode is not None else self._online(at)

    def _suspended(self, episode: Episode, at: datetime) -> Situation:
        if self._only_disputed(episode, at):
            return _DISPUTED
        kept = self.kept_online(at)
        if kept is not None:
            return Situation(Status.HELD, Access.FULL, kept)
        if self.open_unlock(at) is not None:
            return _TRUSTED
        resumes = episode.resumes_at(at)
        if resumes is None or at < resumes:
            return Situation(Status.LATE, Access.FULL, Why.WAITS_FOR_SLOT)
        access = Access.FULL if self.open_pay_window(at) is not None else Access.WALLED
        lock = episode.lock(at)
        return Situation(Status.BLOCKED if lock is None else Status.LOCKED, access, lock or Why.DEBT)

    def _only_disputed(self, episode: Episode, at: datetime) -> bool:
        """Whether the open suspension stands on disputed debt alone."""
        disputed = any(c.principal.disputed > 0 for c in self.claims)
        return disputed and episode.closing(at, disputed_too=False) is not None

    def _online(self, at: datetime) -> Situation:
        late = self.late(at)
        if not late:
            return _CURRENT
        if all(c.principal.undisputed == 0 for c in late):
            return _DISPUTED
        kept = self.kept_online(at)
        held = self.held_by_guard or kept
        if held is not None and self.would_be_blocked(at):
            return Situation(Status.HELD, Access.FULL, held)
        if self.open_unlock(at) is not None and self.late_suspendable(at):
            return _TRUSTED
        if self.facts.reduced_since is not None and kept is None and self.reduced_justified(at):
            return Situation(Status.LATE, Access.REDUCED, Why.REDUCED_FOR_DEBT)
        return Situation(Status.LATE, Access.FULL, Why.LATE_DEBT)

    def kept_online(self, at: datetime) -> Why | None:
        """The enforcement switch or a hold, as a reason; what has no end of its own is said first, so that the reason
        does not vary with time alone."""
        if active(self.facts.enforcement_off, at):
            return Why.ENFORCEMENT_OFF
        return Why.HOLD if active(self.facts.holds, at) else None

    @property
    def guard_holds(self) -> bool:
        """Whether the guard holds a block back now: approved ones and those whose cause has passed it does not."""
        hold = self.facts.guard_hold
        if hold is None or hold.approved_at is not None:
            return False
        if hold.reason == INCIDENT:
            return self.facts.incident
        return hold.reason != FEED_STALE or self.facts.feed_stale

    @property
    def held_by_guard(self) -> Why | None:
        """What the guard says while it holds a block back."""
        if not self.guard_holds:
            return None
        hold = self.facts.guard_hold
        return Why.INCIDENT if hold is not None and hold.reason == INCIDENT else Why.GUARD

    @property
    def incident_holds(self) -> bool:
        """Whether a fault of ours keeps a first block from opening. A person may release it knowing of the fault; what
        was approved for another reason was approved without knowing."""
        hold = self.facts.guard_hold
        released = hold is not None and hold.reason == INCIDENT and hold.approved_at is not None
        return self.facts.incident and not released

    def would_be_blocked(self, at: datetime) -> bool:
        """Whether the day and hour at which the debt would have blocked have come."""
        return self.first_slot is not None and self.first_slot <= at

    def reduced_justified(self, at: datetime) -> bool:
        return self.reduce_ripe is not None and self.reduce_ripe.since <= at
