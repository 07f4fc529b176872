"""What a subscriber is told without anybody asking, beside notices: his access has changed, or is about to.

These words have no legal effect and start no clock. They follow what was decided, so they are derived from the decision
before and the decision after, and from what was done between them: an answer that somebody has asked for (a payment, a
trust unlock) is given by whoever answers, and not said twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from religa.domain.facts import Access, Facts, Status
from religa.domain.reasons import Why


class WordKind(StrEnum):
    """Words that go out by themselves. None is a notice."""

    BLOCKED = "blocked"
    TRUST_ENDING = "trust_ending"
    TRUST_EXPIRED = "trust_expired"
    LOCKED = "locked"
    AGREEMENT = "agreement"
    TERMINATION_RECEIPT = "termination_receipt"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision as far as a subscriber hears of it, and the facts it was made from."""

    status: Status
    access: Access
    why: Why
    facts: Facts


_OFF = (Status.BLOCKED, Status.LOCKED)
_ON_AGAIN = (Status.CURRENT, Status.LATE, Status.HELD, Status.DISPUTED)


def word_on_change(before: Answer, after: Answer) -> WordKind | None:
    """What is to be said of one change, if anything: what was done comes before what follows from it."""
    done = _on_deed(before.facts, after.facts)
    if done is not None or _is_answered(before.facts, after.facts):
        return done
    if after.status in _OFF and after.why is not Why.OPERATOR_BLOCK:
        return _on_wall(before.status, after.status)
    restored = before.status in _OFF and after.status in _ON_AGAIN and after.access is Access.FULL
    return WordKind.RESTORED if restored else None


def _on_deed(before: Facts, after: Facts) -> WordKind | None:
    if after.terminated_at is not None:
        return WordKind.TERMINATION_RECEIPT if before.terminated_at is None else None
    return WordKind.AGREEMENT if len(after.agreements) > len(before.agreements) else None


def _is_answered(before: Facts, after: Facts) -> bool:
    """Whether somebody else says it: money is thanked for, a trust unlock is confirmed, what was blocked under another
    system was told there, and a new holder has nothing to do with the debt."""
    suspension = after.open_suspension
    return (
        len(after.payments) > len(before.payments)
        or {u.granted_at for u in after.unlocks} > {u.granted_at for u in before.unlocks}
        or (suspension is not None and suspension.imported and before.open_suspension is None)
        or after.holder_since != before.holder_since
    )


def _on_wall(before: Status, after: Status) -> WordKind | None:
    if after is Status.LOCKED and before is not Status.LOCKED:
        return WordKind.LOCKED
    if before is Status.TRUSTED:
        return WordKind.TRUST_EXPIRED
    return WordKind.BLOCKED if before not in _OFF else None
