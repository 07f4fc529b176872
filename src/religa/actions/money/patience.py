"""Which noes of a bank are worth asking again for."""

from __future__ import annotations

from typing import TypeVar

from religa.ports.money import BankRefused, BankUnreachable

T = TypeVar("T")
_NOT_YET = frozenset(
    {401, 403, 408, 425, 429}
)  # of our own credentials or hurry, or of a bank that is not ready


def patient(answer: T) -> T | BankUnreachable:
    """A refusal that says nothing of what was asked counts as no answer: it is asked again later."""
    if isinstance(answer, BankRefused) and (answer.code in _NOT_YET or answer.code >= 500):
        return BankUnreachable(f"{answer.code} {answer.said}")
    return answer
