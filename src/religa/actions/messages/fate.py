"""Whether a message that has been taken in hand still is to go: what waited in the queue may have become untrue, or too
late, or a matter for another hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from religa.actions.messages import schedule
from religa.domain.calendar import Calendars, next_contact
from religa.domain.facts import Status
from religa.domain.policy import Policy
from religa.domain.words import WordKind
from religa.records import calendars, facts, outbox
from religa.records.outbox import Claimed

_OFF = frozenset({Status.BLOCKED, Status.LOCKED})
_TRUE_WHILE = {
    WordKind.BLOCKED: _OFF,
    WordKind.TRUST_EXPIRED: _OFF,
    WordKind.LOCKED: frozenset({Status.LOCKED}),
    WordKind.TRUST_ENDING: frozenset({Status.TRUSTED}),
    WordKind.RESTORED: frozenset(Status) - _OFF,
}


def sort_out(claimed: Sequence[Claimed], *, at: datetime) -> list[Claimed]:
    """Those that go now. The others are withdrawn, or put back for their hour."""
    untrue = [(m.id, why) for m in claimed if (why := _untrue(m, at))]
    outbox.withdraw(untrue)
    gone = {key for key, _ in untrue}
    left = [m for m in claimed if m.id not in gone]
    early = _put_back([m for m in left if _is_collection(m) and not _may_go_now(m, at)], at)
    return [m for m in left if m.id not in early]


def _untrue(message: Claimed, at: datetime) -> str:
    if message.send_before is not None and message.send_before <= at:
        return "too late to be of use"
    if message.is_notice and message.owed is False:
        return "nothing of it is owed any more"
    held = _TRUE_WHILE.get(message.kind)  # type: ignore[call-overload]
    if held is not None and message.status is not None and message.status not in held:
        return "not so any more"
    return ""


def _is_collection(message: Claimed) -> bool:
    return message.kind in schedule.COLLECTION and message.place is not None


def _may_go_now(message: Claimed, at: datetime) -> bool:
    """In contact hours, and on its own day; a message on its second way goes with the day of the first."""
    rules = _Rules.of(message, at)
    is_its_day = message.contact_day is None or rules.calendars.day(at) == message.contact_day
    return is_its_day and next_contact(rules.calendars, rules.policy, at) == at


def _put_back(messages: Sequence[Claimed], at: datetime) -> set[int]:
    if not messages:
        return set()
    wishes = [_Rules.of(m, at).wish(m) for m in messages]
    turns = schedule.give_days(wishes, at=at)
    late = [
        (m.id, "too late to be of use") for m, turn in zip(messages, turns, strict=True) if turn.at is None
    ]
    outbox.withdraw(late)
    outbox.put_back([(m.id, t.at, t.day) for m, t in zip(messages, turns, strict=True) if t.at is not None])
    return {m.id for m in messages}


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the hours of a message are counted by."""

    calendars: Calendars
    policy: Policy

    @classmethod
    def of(cls, message: Claimed, at: datetime) -> _Rules:
        assert message.place is not None
        return cls(calendars.of(message.place, at), _policy(message.provider_id, at))

    def wish(self, message: Claimed) -> schedule.Wish:
        subscriber = message.subscriber_id or 0
        return schedule.Wish(subscriber, message.kind, self.calendars, self.policy, message.send_before)


@lru_cache(maxsize=64)
def _policy(provider_id: int, at: datetime) -> Policy:
    """Once for each batch: an instant is asked for a whole batch."""
    return facts.policy_at(provider_id, at)
