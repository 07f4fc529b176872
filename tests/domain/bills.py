"""One invoice of R$ 99.90, due on Thursday 10 December 2026, and how tests change it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from religa.adapters.holidays import bank_holidays
from religa.domain.calendar import Calendars
from religa.domain.facts import Facts, Invoice, Line, Settlement
from religa.domain.policy import Policy

ZONE = ZoneInfo("America/Sao_Paulo")
CALENDARS = Calendars(ZONE, frozenset(bank_holidays(range(2025, 2028))))
POLICY = Policy()
DUE = date(2026, 12, 10)  # a Thursday


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).astimezone(UTC)


def invoice(amount: int = 99_90, **changes: object) -> Invoice:
    plain = Invoice(id="I1", issued_at=noon(date(2026, 11, 20)), due_date=DUE, lines=(Line(amount),))
    return replace(plain, **changes)  # type: ignore[arg-type]


def paid(amount: int, on: date, source: str = "P1", charges: int = 0) -> Settlement:
    return Settlement(source, noon(on), noon(on), on, (amount,), charges)


def facts(*invoices: Invoice) -> Facts:
    return Facts(since=date(2024, 1, 10), invoices=invoices)
