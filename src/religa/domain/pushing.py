"""What becomes of an order to a router (RFC 5176): what it may answer, and what is to be done then.

A negative answer is not "nothing changed": a router was seen to lift its redirect, change its rates, and then refuse.
Silence has many causes that cannot be told apart: dead, another secret, our address not allowed, CoA switched off.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SESSION_CONTEXT_NOT_FOUND = 503
LONGEST_PAUSE = 300.0  # seconds between two tries
AFTER_DISCONNECT = 60.0  # seconds in which the Stop, or the next log-in, tells how it went
_PAUSE_OF_A_REFUSAL = 30.0


class Kind(StrEnum):
    """Change of authorization keeps the session; a disconnect ends it, and the redial gets the right answer."""

    COA = "coa"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    took_ms: float


@dataclass(frozen=True, slots=True)
class Refused:
    """`cause` is the Error-Cause (RFC 5176 section 3.5); None: the router gave none."""

    cause: int | None
    took_ms: float


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing that could be verified came back, however often it was sent."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """It did not leave this machine: no route, or a value that cannot be encoded."""

    error: str


Outcome = Acknowledged | Refused | NoAnswer | NotSent


class Result(StrEnum):
    """What is kept of an order."""

    APPLIED = "applied"
    DISCONNECTED = "disconnected"
    GONE = "gone"
    REFUSED = "refused"
    MISCONFIGURED = "misconfigured"
    BUSY = "busy"
    SILENT = "silent"
    NOT_SENT = "not_sent"


class Then(StrEnum):
    """What follows at once; what is tried again later has a pause instead."""

    NOTHING = "nothing"
    DISCONNECT = "disconnect"


@dataclass(frozen=True, slots=True)
class Consequence:
    """`again`: seconds until the session may be given another order (0: when it disagrees again). `alarm`: a person
    must look, because no repetition mends it."""

    result: Result
    then: Then = Then.NOTHING
    again: float = 0.0
    alarm: bool = False


# The router cannot do it so, with this session or at all: a disconnect does it another way (RFC 5176 section 3.5).
# 401 Unsupported Attribute, 402 Missing Attribute, 404 Invalid Request, 405 Unsupported Service, 406 Unsupported
# Extension, 407 Invalid Attribute Value.
_ANOTHER_WAY = frozenset({401, 402, 404, 405, 406, 407})
_MISCONFIGURED = frozenset({403, 502})  # NAS Identification Mismatch, Request Not Routable
_PROHIBITED = frozenset({501, 504})  # Administratively Prohibited, Session Context Not Removable
_BUSY = frozenset(
    {505, 506, 507, 508}
)  # Other Proxy, Resources Unavailable, Request Initiated, Multiple Sessions


def consequence(outcome: Outcome, kind: Kind, tries: int) -> Consequence:
    """What an outcome means. `tries`: orders to this session that failed before this one."""
    match outcome:
        case Acknowledged():
            if kind is Kind.DISCONNECT:
                return Consequence(Result.DISCONNECTED, again=AFTER_DISCONNECT)
            return Consequence(Result.APPLIED)
        case Refused():
            return _refused(outcome.cause, kind, tries)
        case NoAnswer():
            return Consequence(Result.SILENT, again=pause(tries))
        case NotSent():
            return Consequence(Result.NOT_SENT, again=pause(tries))


def _refused(cause: int | None, kind: Kind, tries: int) -> Consequence:
    if cause == SESSION_CONTEXT_NOT_FOUND:
        return Consequence(Result.GONE)
    if cause in _MISCONFIGURED:
        return Consequence(Result.MISCONFIGURED, again=LONGEST_PAUSE, alarm=True)
    if cause in _PROHIBITED:
        return Consequence(Result.REFUSED, again=LONGEST_PAUSE, alarm=True)
    if cause in _BUSY:
        return Consequence(Result.BUSY, again=pause(tries))
    if kind is Kind.DISCONNECT:
        return Consequence(Result.REFUSED, again=max(pause(tries), _PAUSE_OF_A_REFUSAL), alarm=True)
    # What cannot be done so, and what may be half done (no cause given, or one that we do not know).
    return Consequence(Result.REFUSED, then=Then.DISCONNECT, alarm=cause in _ANOTHER_WAY)


def pause(tries: int) -> float:
    """Seconds until the next try: 1, 2, 4 ... 300. Who sends adds a little chance, so that not all come at once."""
    return min(2.0 ** min(tries, 9), LONGEST_PAUSE)
