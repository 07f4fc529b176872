"""How a debt is cut into instalments: a down payment if there is one, then equal parts month by month, no interest."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

__all__ = ["MOST", "cut"]

MOST = 24  # instalments of one agreement
Part = tuple[date, int]


def cut(total: int, *, count: int, first_due: date, down: int = 0) -> tuple[Part, ...]:
    """(due date, centavos) of each part. With a down payment that one is due on `first_due`, the others from a month
    later on. What cannot be divided goes to the first parts. Raises `ValueError` where a part would be nothing."""
    if not 1 <= count <= MOST or not 0 <= down < total or total - down < count:
        raise ValueError(f"{total} cannot be cut into {count} parts after {down}")
    each, more = divmod(total - down, count)
    before = 1 if down else 0
    parts = ((_months_later(first_due, n + before), each + (n < more)) for n in range(count))
    return ((first_due, down), *parts) if down else tuple(parts)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
