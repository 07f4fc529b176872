"""Whether a router takes orders: one is sent for a session that does not exist, and refusing it is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from religa.domain.pushing import (
    SESSION_CONTEXT_NOT_FOUND,
    Acknowledged,
    NoAnswer,
    NotSent,
    Outcome,
    Refused,
)

NAME = "religa-test"  # of a subscriber and of a session that nobody has


class Found(StrEnum):
    """What a test found."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    SILENT = "silent"
    NOT_SENT = "not_sent"
    NO_ADDRESS = "no_address"


class Verdict(StrEnum):
    """What that says about the router."""

    WORKS = "works"
    SUSPICIOUS = "suspicious"
    ANSWERS = "answers"
    DOES_NOT_WORK = "does_not_work"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is kept of a test."""

    found: Found
    cause: int | None = None
    took_ms: float | None = None

    @property
    def verdict(self) -> Verdict:
        """Only "no such session" proves that the order was verified, read, and looked up."""
        if self.found is Found.ACKNOWLEDGED:
            return Verdict.SUSPICIOUS
        if self.found is not Found.REFUSED:
            return Verdict.DOES_NOT_WORK
        return Verdict.WORKS if self.cause == SESSION_CONTEXT_NOT_FOUND else Verdict.ANSWERS


@dataclass(frozen=True, slots=True)
class CoaTest:
    """A test that somebody asked for; without an answer it waits."""

    id: int
    asked_at: datetime
    asked_by: str
    answered_at: datetime | None = None
    answer: Answer | None = None


def answer_of(outcome: Outcome) -> Answer:
    """An outcome of the wire as the answer to a test."""
    match outcome:
        case Acknowledged():
            return Answer(Found.ACKNOWLEDGED, took_ms=outcome.took_ms)
        case Refused():
            return Answer(Found.REFUSED, outcome.cause, outcome.took_ms)
        case NoAnswer():
            return Answer(Found.SILENT)
        case NotSent():
            return Answer(Found.NOT_SENT)
