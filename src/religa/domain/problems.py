"""Why a text was not understood: a code for programs and the words for a reader, in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Self

__all__ = ["Invalid", "Problem"]


class Problem(StrEnum):
    """Members are written as code and words; a member is its code, `reason` the words, as a clause."""

    reason: str

    def __new__(cls, code: str, reason: str) -> Self:
        member = str.__new__(cls, code)
        member._value_, member.reason = code, reason
        return member


class Invalid(ValueError):
    """A text that is not what it should be. Its message never holds the text, which may name a person."""

    kind: ClassVar[str]  # what it should be, with its article

    def __init__(self, problem: Problem) -> None:
        self.problem, self.reason = problem, problem.reason
        super().__init__(f"not {self.kind}: {self.reason}")
