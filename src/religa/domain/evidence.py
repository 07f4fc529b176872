"""What is proven of a notice by all that became of the messages that carried it.

One notice may go out by several channels, one after the other. Each message has its own fate, and the notice stands
while one of them does: its clock counts from the first that was sent and still stands. What failed on one channel takes
nothing away from another.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime

from religa.domain.facts import Evidence

State = tuple[datetime, Evidence]
NO_EVIDENCE = (Evidence.FAILED, Evidence.NONE, Evidence.WITHDRAWN)
BY_HAND = None  # the message of what a person entered
# What is known of one message holds by its weight, in whatever order it came.
_WEIGHT = (Evidence.WITHDRAWN, Evidence.DELIVERED, Evidence.FAILED, Evidence.SENT, Evidence.NONE)


def of_notice(known: Iterable[tuple[Hashable, datetime, Evidence]]) -> tuple[State, ...]:
    """The evidence of one notice, by time, from (message, instant, what became known).

    What a person enters (`BY_HAND`) is said of the whole notice, as of its instant.
    """
    by_message: dict[Hashable, list[State]] = {}
    for message, at, evidence in known:
        by_message.setdefault(message, []).append((at, evidence))
    by_hand = by_message.pop(BY_HAND, [])
    fates = [_fate(states) for states in by_message.values()]
    standing = [fate for fate in fates if fate[-1][1] not in NO_EVIDENCE]
    found = _together(standing) if standing else [state for fate in fates for state in fate]
    return tuple(sorted([*found, *by_hand], key=lambda state: state[0])) if fates else tuple(by_hand)


def _fate(states: list[State]) -> list[State]:
    """One message: when it was sent, and last what weighs most."""
    first = {e: min(at for at, found in states if found is e) for _, e in states}
    most = next(e for e in _WEIGHT if e in first)
    sent, end = first.get(Evidence.SENT), first[most]
    if sent is None or most is Evidence.SENT:
        return [(end, most)]
    if most is Evidence.DELIVERED:  # its own clock may say so before ours has kept that it was sent
        return [(min(sent, end), Evidence.SENT), (end, most)]
    return [(sent, Evidence.SENT), (max(sent, end), most)]


def _together(fates: list[list[State]]) -> list[State]:
    """Of several that stand, the first sending counts, and every delivery."""
    states = [state for fate in fates for state in fate]
    sendings = [state for state in states if state[1] is Evidence.SENT]
    others = [state for state in states if state[1] is not Evidence.SENT]
    return [*([min(sendings)] if sendings else []), *others]
