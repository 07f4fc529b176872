"""Asks a bank two harmless questions and says, part by part, what of an account works and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    Collector,
    NoAnswer,
    Received,
    Webhook,
)

_LOOK_BACK = timedelta(minutes=10)


class Part(StrEnum):
    """What is looked at, in the order in which one needs the other."""

    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TOKEN = "token"
    LIST = "list"
    KEY = "key"


class Verdict(StrEnum):
    WORKS = "works"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said`: the bank's own words, or the error's; in the language that it has."""

    part: Part
    verdict: Verdict
    said: str = ""


def check(collector: Collector, *, has_certificate: bool, at: datetime) -> tuple[Finding, ...]:
    """Reads the list of the last ten minutes, and what is registered for our key. Nothing is booked or changed."""
    listed = collector.received(since=at - _LOOK_BACK, until=at)
    found = _of_the_list(listed, has_certificate)
    gets_in = any(f.part is Part.TOKEN and f.verdict is Verdict.WORKS for f in found)
    asks = gets_in and Capability.WEBHOOK in collector.capabilities
    return (*found, _of_the_key(collector)) if asks else tuple(found)


def _of_the_list(answer: Received | NoAnswer, has_certificate: bool) -> list[Finding]:
    if isinstance(answer, BankUnreachable):
        return _silent(answer.error)
    certificate = [Finding(Part.CERTIFICATE, Verdict.WORKS)] if has_certificate else []
    reached = [Finding(Part.CONNECTION, Verdict.WORKS)]
    if isinstance(answer, Received):
        works = [Finding(part, Verdict.WORKS) for part in (Part.TOKEN, Part.LIST)]
        return [*reached, *certificate, *works]
    if _is_of_the_token(answer):
        return [*reached, Finding(Part.TOKEN, Verdict.FAILS, _words(answer))]
    return [
        *reached, *certificate, Finding(Part.TOKEN, Verdict.WORKS), Finding(Part.LIST, Verdict.FAILS, _words(answer)),
    ]  # fmt: skip


def _silent(error: str) -> list[Finding]:
    """TLS says in its error whose certificate was not taken: ours, by an alert of the bank; or the bank's, by us."""
    alert = "alert" in error.lower() and ("certificate" in error.lower() or "ssl" in error.lower())
    if alert or "no required ssl certificate" in error.lower():
        return [
            Finding(Part.CONNECTION, Verdict.WORKS),
            Finding(Part.CERTIFICATE, Verdict.FAILS, error),
        ]
    return [Finding(Part.CONNECTION, Verdict.FAILS, error)]


def _is_of_the_token(answer: BankRefused) -> bool:
    return answer.said.startswith("no access token") or answer.code == 401


def _of_the_key(collector: Collector) -> Finding:
    """A bank that says what is registered for a key knows the key as ours. One that has nothing says so by a 404, like
    for a key of somebody else: that proves nothing."""
    answer = collector.webhook()  # type: ignore[attr-defined]  # its capabilities say that it is there
    if isinstance(answer, Webhook):
        return Finding(Part.KEY, Verdict.WORKS if answer.url else Verdict.UNKNOWN)
    said = _words(answer) if isinstance(answer, BankRefused) else answer.error
    return Finding(Part.KEY, Verdict.FAILS, said)


def _words(answer: BankRefused) -> str:
    return "; ".join(filter(None, (f"{answer.code} {answer.said}".strip(), *answer.violations)))


def works(findings: Sequence[Finding]) -> bool:
    """Whether nothing of it fails."""
    return all(f.verdict is not Verdict.FAILS for f in findings)
