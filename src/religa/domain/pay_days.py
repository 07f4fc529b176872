"""The day on which somebody is paid, every month: a civil day, or a bank day counted from either end of the month.

Wages are due by the fifth bank day (CLT art. 459 § 1). Benefits of the INSS fall, by the last digit of their number, on
one of the first five bank days of a month or of the last five: so the day is kept, and never the number.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from religa.domain.calendar import Calendars

__all__ = ["FIFTH_BANK_DAY", "MOST", "PayDay", "PayDayKind", "next_pay_day", "of_benefit"]


class PayDayKind(StrEnum):
    MONTH_DAY = "month_day"
    BANK_DAY = "bank_day"
    BANK_DAY_FROM_END = "bank_day_from_end"


MOST = {PayDayKind.MONTH_DAY: 31, PayDayKind.BANK_DAY: 10, PayDayKind.BANK_DAY_FROM_END: 5}


@dataclass(frozen=True, slots=True)
class PayDay:
    """`number` counts from 1. A day that a month does not have is its last one. Raises `ValueError` for another."""

    kind: PayDayKind
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MOST[self.kind]:
            raise ValueError(f"{self.kind} goes from 1 to {MOST[self.kind]}, not to {self.number}")


FIFTH_BANK_DAY = PayDay(PayDayKind.BANK_DAY, 5)


def next_pay_day(calendars: Calendars, pay_day: PayDay, today: date) -> date:
    """The first one that is today or later."""
    return next(day for day in _pay_days(calendars, pay_day, today) if day >= today)


def _pay_days(calendars: Calendars, pay_day: PayDay, since: date) -> Iterator[date]:
    for months in range(3):
        year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
        yield _in_month(calendars, pay_day, year, month + 1)


def _in_month(calendars: Calendars, pay_day: PayDay, year: int, month: int) -> date:
    days = [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
    if pay_day.kind is PayDayKind.MONTH_DAY:
        return days[min(pay_day.number, len(days)) - 1]
    bank_days = [day for day in days if calendars.is_bank_day(day)]
    return bank_days[
        pay_day.number - 1 if pay_day.kind is PayDayKind.BANK_DAY else len(bank_days) - pay_day.number
    ]


def of_benefit(last_digit: int, *, above_least: bool) -> PayDay:
    """The day of an INSS benefit by the last digit of its number, without the check digit.

    The INSS calendar: up to one minimum wage, 1 to 5 are paid on the last five bank days of the month, 6 to 0 on
    the first five of the next; `above_least`: two digits (1 and 6, 2 and 7, ...) share each of the first five.
    """
    if not 0 <= last_digit <= 9:
        raise ValueError(f"{last_digit} is no digit")
    place = (last_digit - 1) % 10  # 1 comes first and 0 last
    if not above_least and place < 5:
        return PayDay(PayDayKind.BANK_DAY_FROM_END, 5 - place)
    return PayDay(PayDayKind.BANK_DAY, place % 5 + 1)
