"""The one decision: access now, why, and until when.

A first block is an act, never an inference: `walled` is answered only where the facts hold an open suspension that
still stands. `until` is found by folding the engine's own silent steps forward over the same facts, so it counts
planned steps but no notice that has not been sent; `access_then` is what holds from `until` on if nobody acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from religa.domain import steps
from religa.domain.calendar import Calendars
from religa.domain.facts import Access, Facts, Status
from religa.domain.policy import Policy
from religa.domain.reasons import Why
from religa.domain.standing import Situation, Standing

RULES_VERSION = 2  # raise it whenever the same facts may give another answer (docs/decisions/0005)

_FORESIGHT = 200  # more changes ahead than any contract has; a loop here would be a fault of ours
_AT_ONCE = 12  # silent steps that may follow each other at one instant


@dataclass(frozen=True, slots=True)
class Decision:
    """Access and status now, the reason, the first later instant at which either changes (None: never)."""

    access: Access
    status: Status
    why: Why
    until: datetime | None
    access_then: Access


def decide_access(facts: Facts, policy: Policy, calendars: Calendars, at: datetime) -> Decision:
    """The decision at `at`, from facts alone."""
    return decide(Standing(facts, policy, calendars), at)


def decide(standing: Standing, at: datetime) -> Decision:
    """The decision for facts already looked at."""
    closing = steps.closing_step(standing, at)
    if closing is not None:
        standing = _after(standing, closing, at)
    now = standing.situation(at)
    until = _until(standing, now, at)
    then = now.access if until is None else standing.situation(until).access
    return Decision(now.access, now.status, now.why, until, then)


def _after(standing: Standing, step: steps.Silent, at: datetime) -> Standing:
    return standing.after(steps.apply(standing, step, at))


def _until(standing: Standing, now: Situation, at: datetime) -> datetime | None:
    instant = at
    for _ in range(_FORESIGHT):
        following = steps.next_change(standing, instant)
        if following is None:
            return None
        instant = following
        standing = stepped(standing, instant)
        then = standing.situation(instant)
        if (then.status, then.access) != (now.status, now.access):
            return instant
    return instant


def stepped(standing: Standing, at: datetime) -> Standing:
    """Facts after every silent step due at `at`, one after the other."""
    for _ in range(_AT_ONCE):
        step = next(_foreseeable(standing, at), None)
        if step is None:
            break
        standing = _after(standing, step, at)
    return standing


def _foreseeable(standing: Standing, at: datetime) -> Iterator[steps.Silent]:
    """Steps that may be counted on. That the payment feed stays silent is not: trust ends when it says, at the network
    even with nobody left to extend it."""
    return (s for s in steps.silent_steps(standing, at) if not isinstance(s, steps.ExtendUnlock))
