"""How often something may be tried in a stretch of time, counted in the database for all processes together.

Who tries is kept as a digest only. An unknown document is counted like a known one: a limit must not tell them apart.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from religa.records import raw

_LONGEST = timedelta(days=1)  # no limit may look back farther


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries within `within`, counted from the first of them."""

    scope: str
    most: int
    within: timedelta


def try_once(limit: Limit, who: str, *, at: datetime) -> bool:
    """Counts one more try and says whether it is still within the limit. Concurrent tries are all counted."""
    oldest = at - limit.within
    [(_, tries)] = raw.rows(_COUNT.format(values=_VALUES), [*_row(limit, who, at), oldest, oldest])
    return bool(tries <= limit.most)


def try_both(first: tuple[Limit, str], second: tuple[Limit, str], *, at: datetime) -> bool:
    """The same for two limits of one length at once; both are counted, whichever says no."""
    assert first[0].within == second[0].within
    both = sorted(
        [first, second], key=lambda each: each[0].scope
    )  # two that wait for each other wait for ever
    oldest = at - first[0].within
    values = [part for limit, who in both for part in _row(limit, who, at)]
    counted: dict[str, int] = dict(
        raw.rows(_COUNT.format(values=f"{_VALUES}, {_VALUES}"), [*values, oldest, oldest])
    )
    return all(counted[limit.scope] <= limit.most for limit, _ in both)


def _row(limit: Limit, who: str, at: datetime) -> tuple[str, bytes, datetime]:
    return limit.scope, _digest(who), at


_VALUES = "(%s, %s, %s, 1)"
_COUNT = """
    INSERT INTO throttle AS t (scope, who, since, tries) VALUES {values}
    ON CONFLICT (scope, who) DO UPDATE
       SET since = CASE WHEN t.since <= %s THEN excluded.since ELSE t.since END,
           tries = CASE WHEN t.since <= %s THEN 1 ELSE t.tries + 1 END
    RETURNING scope, tries
"""


def give_back(limit: Limit, who: str) -> None:
    """Takes one counted try back: it was a right one, and only wrong ones are to count."""
    query = "UPDATE throttle SET tries = greatest(tries - 1, 0) WHERE scope = %s AND who = %s"
    raw.run(query, [limit.scope, _digest(who)])


def forget_old(*, at: datetime) -> int:
    """Lets go of everything that no limit looks at any more."""
    return raw.run("DELETE FROM throttle WHERE since < %s", [at - _LONGEST])


def forget(limit: Limit, who: str) -> None:
    """Starts counting anew: the right one has come."""
    raw.run("DELETE FROM throttle WHERE scope = %s AND who = %s", [limit.scope, _digest(who)])


def _digest(who: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), who.encode(), hashlib.sha256)
