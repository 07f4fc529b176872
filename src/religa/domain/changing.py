"""A changed copy of a frozen value, at a third of the price of `dataclasses.replace`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
_new = object.__new__


def replace(value: T, /, **changes: Any) -> T:
    """`value` with other fields. Raises `TypeError` for a field that it does not have.

    For dataclasses with slots and without a `__post_init__`, as facts are: their slots are copied one by one, and no
    `__init__` runs. A batch of money makes fourteen such copies for each payment.
    """
    kind: Any = type(value)
    copy: T = _new(kind)
    for name, read, write in _slots(kind):
        write(copy, changes.pop(name) if name in changes else read(value))
    if changes:
        raise TypeError(f"{type(value).__name__} has no {', '.join(changes)}")
    return copy


@cache
def _slots(kind: type) -> tuple[tuple[str, Callable[[Any], Any], Callable[[Any, Any], None]], ...]:
    if hasattr(kind, "__post_init__") or "__slots__" not in vars(kind):
        raise TypeError(f"{kind.__name__} is more than its slots: use dataclasses.replace")
    slots = ((f.name, getattr(kind, f.name)) for f in fields(kind))
    return tuple((name, slot.__get__, slot.__set__) for name, slot in slots)
