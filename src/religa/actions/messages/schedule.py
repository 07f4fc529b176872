"""At most one collection message a day for each subscriber, in contact hours, whichever contract it is about.

A message that has a day keeps it (`message.contact_day`, unique for each subscriber), so that two processes cannot both
write to one person. Who comes second waits for the next free day. A warning that would come after what it warns of is
left out: it has no legal effect, and the rule knows no exception.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from religa.domain.calendar import Calendars, next_free_contact
from religa.domain.facts import NoticeKind
from religa.domain.policy import Policy
from religa.records import raw

COLLECTION = frozenset(kind.value for kind in NoticeKind)
# Of several on one day the one that cannot wait goes first: a block is tomorrow, a notice may be given a day later.
_ORDER = (NoticeKind.WARNING, NoticeKind.DEBT, NoticeKind.TERMINATION, NoticeKind.REMINDER)
_RANK = {kind.value: n for n, kind in enumerate(_ORDER)}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """One collection message that wants a day; `before`: from then on it is of no use."""

    subscriber_id: int
    kind: str
    calendars: Calendars
    policy: Policy
    before: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """When it goes out, and which day it has; both None: it comes too late."""

    at: datetime | None
    day: date | None


def give_days(wishes: Sequence[Wish], *, at: datetime) -> list[Turn]:
    """A turn for each wish, in their order. Holds the subscribers' rows until the transaction ends (after
    `contract_access`, docs/decisions/0002)."""
    taken = _taken({w.subscriber_id for w in wishes}, at)
    turns: dict[int, Turn] = {}
    for n in sorted(range(len(wishes)), key=lambda n: (_RANK[wishes[n].kind], n)):
        turns[n] = _turn(wishes[n], taken[wishes[n].subscriber_id], at)
    return [turns[n] for n in range(len(wishes))]


def _turn(wish: Wish, taken: set[date], at: datetime) -> Turn:
    when = next_free_contact(wish.calendars, wish.policy, at, taken)
    if when is None or (wish.before is not None and when >= wish.before):
        return Turn(None, None)
    day = wish.calendars.day(when)
    taken.add(day)
    return Turn(when, day)


def _taken(subscribers: Iterable[int], at: datetime) -> dict[int, set[date]]:
    """The days on which each has, or will have, his message. A day's zone differs by hours, so one more is asked."""
    ids = sorted(subscribers)
    raw.rows("SELECT id FROM subscriber WHERE id = ANY (%s) ORDER BY id FOR NO KEY UPDATE", [ids])
    query = (
        "SELECT subscriber_id, contact_day FROM message WHERE subscriber_id = ANY (%s) AND contact_day >= %s"
    )
    found: dict[int, set[date]] = defaultdict(set)
    for subscriber, day in raw.rows(query, [ids, at.date() - _DAY]):
        found[subscriber].add(day)
    return found
