"""A property worked out when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Value = TypeVar("_Value")


class lazy(Generic[_Value]):
    """Like `functools.cached_property`, which before Python 3.12 takes a lock at each first reading.

    That lock costs a third of a decision, and nothing here is shared between threads. The owner needs a `__dict__`.
    """

    def __init__(self, work_out: Callable[[Any], _Value]) -> None:
        self.work_out, self.name = work_out, work_out.__name__

    def __get__(self, owner: Any, kind: type) -> _Value:
        value = owner.__dict__[self.name] = self.work_out(owner)
        return value
