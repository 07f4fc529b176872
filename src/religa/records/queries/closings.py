"""The days of an account: what was booked, what was counted and shut, and which day is open.

A book is one account and, at the desk, one cashier. Its entries are payments and, negative, what was taken back; each
counts in the day it was booked on (`booked_on`), whenever it was paid or credited. A closing takes in every entry since
the one before, so that none falls between two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from religa.records import raw
from religa.records.queries.payments import NAME_OF_CASHIER

CASH = "cash"


@dataclass(frozen=True, slots=True)
class Period:
    """Of one book the entries booked after one day (None: from its beginning) and until another, that one included."""

    provider: int
    account: int
    cashier: str
    after: date | None
    until: date


@dataclass(frozen=True, slots=True)
class Total:
    """One method in one book: how many came, how many were taken back, and centavos of all together."""

    method: str
    count: int
    reversed: int
    gross: int
    fee: int

    @property
    def net(self) -> int:
        return self.gross - self.fee


@dataclass(frozen=True, slots=True)
class Sums:
    """Several totals added up. `cash` is what lies in the drawer of these entries."""

    count: int
    gross: int
    fee: int
    net: int
    cash: int


def add_up(totals: Iterable[Total]) -> Sums:
    every = tuple(totals)
    gross, fee = sum(t.gross for t in every), sum(t.fee for t in every)
    cash = sum(t.net for t in every if t.method == CASH)
    return Sums(sum(t.count for t in every), gross, fee, gross - fee, cash)


def expected(totals: Iterable[Total], *, kind: str) -> int:
    """What must be there: at the desk the cash, elsewhere what the bank keeps for us."""
    sums = add_up(totals)
    return sums.cash if kind == "desk" else sums.net


@dataclass(frozen=True, slots=True)
class Account:
    account_id: int
    name: str
    kind: str

    @property
    def is_desk(self) -> bool:
        return self.kind == "desk"


def account(provider_id: int, account_id: int) -> Account | None:
    query = "SELECT id, name, kind FROM payment_account WHERE provider_id = %s AND id = %s"
    return next((Account(*row) for row in raw.rows(query, [provider_id, account_id])), None)


@dataclass(frozen=True, slots=True)
class Book:
    """One account and cashier with what is open until a day. `first`: the earliest day with an open entry;
    `closed_until`: the last day that is shut; `later`: centavos that are booked for days to come."""

    account: Account
    cashier: str
    cashier_name: str
    closed_until: date | None
    first: date | None
    totals: tuple[Total, ...]
    later: int

    @property
    def sums(self) -> Sums:
        return add_up(self.totals)

    @property
    def expected(self) -> int:
        return expected(self.totals, kind=self.account.kind)


def open_day(account_id: int, cashier: str, at: datetime) -> date:
    """The first day, today or later, that takes entries: today in the provider's zone, or the day after the last
    closing."""
    [(day,)] = raw.rows(_OPEN_DAY, [at, cashier, account_id])
    return day  # type: ignore[no-any-return]


_OPEN_DAY = """
    SELECT greatest((%s::timestamptz AT TIME ZONE p.zone)::date, max(c.day) + 1)
      FROM payment_account a JOIN provider p ON p.id = a.provider_id
      LEFT JOIN closing c ON c.payment_account_id = a.id AND c.cashier = %s
     WHERE a.id = %s GROUP BY p.zone
"""


def closed_until(account_id: int, cashier: str) -> date | None:
    query = "SELECT max(day) FROM closing WHERE payment_account_id = %s AND cashier = %s"
    return raw.rows(query, [account_id, cashier])[0][0]  # type: ignore[no-any-return]


_BOOK = """
    SELECT p.payment_account_id AS account_id, p.cashier, p.booked_on AS day, 1 AS sign, p.method, p.amount, p.fee,
           p.paid_at, p.credited_on, p.known_at AS at, p.id AS payment_id, p.external_id, p.receipt_number,
           p.contract_id
      FROM payment p JOIN payment_account a ON a.id = p.payment_account_id
     WHERE a.provider_id = %(provider)s AND p.booked_on IS NOT NULL
    UNION ALL
    SELECT p.payment_account_id, p.cashier, r.booked_on, -1, p.method, p.amount, p.fee, p.paid_at, p.credited_on,
           r.reversed_at, p.id, p.external_id, p.receipt_number, p.contract_id
      FROM payment_reversal r JOIN payment p ON p.id = r.payment_id
      JOIN payment_account a ON a.id = p.payment_account_id
     WHERE a.provider_id = %(provider)s AND r.booked_on IS NOT NULL
"""
_TOTALS = (
    "count(*) FILTER (WHERE b.sign > 0), count(*) FILTER (WHERE b.sign < 0), sum(b.sign * b.amount)::bigint"
)


def totals(period: Period) -> list[Total]:
    """What was booked, by method."""
    asked = asdict(period)
    return [Total(*row) for row in raw.rows(_METHODS, asked)]


_IN_PERIOD = """
    b.account_id = %(account)s AND b.cashier = %(cashier)s AND b.day <= %(until)s
       AND (%(after)s::date IS NULL OR b.day > %(after)s)
"""
_METHODS = f"""
    SELECT b.method, {_TOTALS}, sum(b.sign * b.fee)::bigint FROM ({_BOOK}) b WHERE {_IN_PERIOD} GROUP BY 1 ORDER BY 1
"""


def open_books(provider_id: int, today: date, *, cashier: str | None = None) -> list[Book]:
    """Every book with open entries, desks first; only one cashier's where one is named."""
    found: dict[tuple[int, str], list[Any]] = {}
    for row in raw.rows(_OPEN, {"provider": provider_id, "today": today, "cashier": cashier}):
        found.setdefault((row[0], row[3]), []).append(row)
    return [_book(rows) for rows in found.values()]


def _book(rows: list[Any]) -> Book:
    account_id, name, kind, cashier, cashier_name, shut = rows[0][:6]
    days = [row[6] for row in rows if row[6] is not None]
    counted = tuple(Total(*row[7:12]) for row in rows if row[8] or row[9])
    later = sum(row[12] for row in rows)
    return Book(
        Account(account_id, name, kind), cashier, cashier_name, shut, min(days, default=None), counted, later
    )


_DUE = "b.day <= %(today)s"
_OPEN = f"""
    SELECT a.id, a.name, a.kind, b.cashier, max({NAME_OF_CASHIER.format(cashier="b.cashier")}), max(l.day),
           min(b.day) FILTER (WHERE {_DUE}), b.method,
           count(*) FILTER (WHERE {_DUE} AND b.sign > 0), count(*) FILTER (WHERE {_DUE} AND b.sign < 0),
           coalesce(sum(b.sign * b.amount) FILTER (WHERE {_DUE}), 0)::bigint,
           coalesce(sum(b.sign * b.fee) FILTER (WHERE {_DUE}), 0)::bigint,
           coalesce(sum(b.sign * b.amount) FILTER (WHERE NOT {_DUE}), 0)::bigint
      FROM ({_BOOK}) b JOIN payment_account a ON a.id = b.account_id
      LEFT JOIN auth_user u ON u.username = b.cashier AND b.cashier <> ''
      LEFT JOIN (SELECT payment_account_id, cashier, max(day) AS day FROM closing GROUP BY 1, 2) l
             ON l.payment_account_id = b.account_id AND l.cashier = b.cashier
     WHERE (l.day IS NULL OR b.day > l.day) AND (%(cashier)s::text IS NULL OR b.cashier = %(cashier)s)
     GROUP BY a.id, a.name, a.kind, b.cashier, b.method
     ORDER BY a.kind <> 'desk', a.name, b.cashier, b.method
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a book; negative where it was taken back. `contract`: its external id."""

    at: datetime
    day: date
    method: str
    amount: int
    fee: int
    payment_key: int
    payment_id: str
    receipt_number: str | None
    contract_id: int
    contract: str
    subscriber: str


def entries(period: Period, *, limit: int = 2000) -> list[Entry]:
    """The lines behind `totals`, in the order in which they were made."""
    asked = {**asdict(period), "limit": limit}
    return [Entry(*row) for row in raw.rows(_ENTRIES, asked)]


_ENTRIES = f"""
    SELECT b.at, b.day, b.method, b.sign * b.amount, b.sign * b.fee, b.payment_id, b.external_id, b.receipt_number,
           b.contract_id, c.external_id, s.name
      FROM ({_BOOK}) b JOIN contract c ON c.id = b.contract_id JOIN subscriber s ON s.id = c.subscriber_id
     WHERE {_IN_PERIOD} ORDER BY b.at, b.payment_id, b.sign DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Entries paid on one day and credited on another (None: the bank has not said when)."""

    paid_on: date
    credited_on: date | None
    count: int
    gross: int
    net: int


def crossings(period: Period) -> list[Crossing]:
    """Paid days by credited days of what was booked; the days of payment are the provider's civil days."""
    asked = asdict(period)
    return [Crossing(*row) for row in raw.rows(_CROSSINGS, asked)]


_CROSSINGS = f"""
    SELECT (b.paid_at AT TIME ZONE p.zone)::date, b.credited_on, count(*), sum(b.sign * b.amount)::bigint,
           sum(b.sign * (b.amount - b.fee))::bigint
      FROM ({_BOOK}) b JOIN provider p ON p.id = %(provider)s WHERE {_IN_PERIOD}
     GROUP BY 1, 2 ORDER BY 1, 2 NULLS LAST
"""


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """One closing. `after`: the last day of the one before (None: it was the first); `counted` None: no cash."""

    closing_id: int
    account: Account
    cashier: str
    cashier_name: str
    after: date | None
    day: date
    closed_at: datetime
    totals: tuple[Total, ...]
    expected: int
    counted: int | None
    note: str
    author: str

    @property
    def sums(self) -> Sums:
        return add_up(self.totals)

    @property
    def difference(self) -> int | None:
        return None if self.counted is None else self.counted - self.expected


def closings(provider_id: int, *, cashier: str | None = None, limit: int = 60) -> list[ClosingRow]:
    """The latest closings of a provider, or of one cashier."""
    where = "a.provider_id = %(provider)s AND (%(cashier)s::text IS NULL OR c.cashier = %(cashier)s)"
    asked = {"provider": provider_id, "cashier": cashier, "limit": limit}
    query = f"{_CLOSINGS} WHERE {where} ORDER BY c.day DESC, c.id DESC LIMIT %(limit)s"
    return [_closing(row) for row in raw.rows(query, asked)]


def closing(provider_id: int, closing_id: int) -> ClosingRow | None:
    query = f"{_CLOSINGS} WHERE a.provider_id = %s AND c.id = %s"
    return next((_closing(row) for row in raw.rows(query, [provider_id, closing_id])), None)


def _closing(row: raw.Row) -> ClosingRow:
    (
        key,
        account_id,
        name,
        kind,
        cashier,
        cashier_name,
        after,
        day,
        closed_at,
        kept,
        due,
        counted,
        note,
        author,
    ) = row
    sums = tuple(
        Total(method, t["count"], t["reversed"], t["gross"], t["fee"]) for method, t in sorted(kept.items())
    )
    account = Account(account_id, name, kind)
    return ClosingRow(
        key, account, cashier, cashier_name, after, day, closed_at, sums, due, counted, note, author
    )


_CLOSINGS = f"""
    SELECT c.id, a.id, a.name, a.kind, c.cashier, {NAME_OF_CASHIER.format(cashier="c.cashier")},
           (SELECT max(e.day) FROM closing e
             WHERE e.payment_account_id = c.payment_account_id AND e.cashier = c.cashier AND e.day < c.day),
           c.day, c.closed_at, c.totals, c.expected, c.counted, c.note, c.author
      FROM closing c JOIN payment_account a ON a.id = c.payment_account_id
      LEFT JOIN auth_user u ON u.username = c.cashier AND c.cashier <> ''
"""
