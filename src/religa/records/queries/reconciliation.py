"""A day of an account as a balance: what came in on the one side, where it is now on the other, to the cent.

The day is the one on which money was booked (`payment.booked_on`), of money of nobody the one on which it was known.
What was taken off a contract in part goes on as a payment of its own without a day (`moved_from`), and counts with the
first one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Balance:
    """One day of one account; centavos. `count`, `fee`: of what was booked.

    Came in: `booked`, `moved_in` (taken off another contract), `nobodys` (money without a charge).
    Is now: `principal` + `charges` - `discount` on invoices, `credit` that none has taken, `unidentified` still,
    `refunded`, `returning` (on its way back), `not_returned` (the bank did not give it back, a person decides),
    `moved_out` to another contract, `undone` by contra-entry, `not_ours`.
    """

    account_id: int
    account: str
    day: date
    count: int = 0
    fee: int = 0
    booked: int = 0
    moved_in: int = 0
    nobodys: int = 0
    principal: int = 0
    charges: int = 0
    discount: int = 0
    credit: int = 0
    unidentified: int = 0
    refunded: int = 0
    returning: int = 0
    not_returned: int = 0
    moved_out: int = 0
    undone: int = 0
    not_ours: int = 0

    @property
    def came_in(self) -> int:
        return self.booked + self.moved_in + self.nobodys

    @property
    def on_invoices(self) -> int:
        """The money that invoices have taken."""
        return self.principal + self.charges - self.discount

    @property
    def accounted_for(self) -> int:
        waiting = self.credit + self.unidentified + self.not_returned
        gone = self.refunded + self.returning + self.moved_out + self.undone + self.not_ours
        return self.on_invoices + waiting + gone

    @property
    def difference(self) -> int:
        """Must be 0: else something was written past the rules."""
        return self.came_in - self.accounted_for


def balances(provider_id: int, *, first: date, last: date, account_id: int | None = None) -> list[Balance]:
    """Every day with entries of a period, both ends included, newest first; of one account or of all."""
    asked = {"provider": provider_id, "first": first, "last": last, "account": account_id}
    found: dict[tuple[date, int, str], dict[str, int]] = defaultdict(dict)
    for account, name, day, what, amount in raw.rows(_BALANCES, asked):
        found[day, account, name][what] = amount
    newest_first = sorted(found.items(), key=lambda one: (-one[0][0].toordinal(), one[0][2], one[0][1]))
    return [_balance(account, name, day, sums) for (day, account, name), sums in newest_first]


def _balance(account: int, name: str, day: date, sums: Mapping[str, int]) -> Balance:
    return Balance(account, name, day, **sums)


_BALANCES = """
    WITH RECURSIVE account AS (
        SELECT a.id, a.name, p.zone FROM payment_account a JOIN provider p ON p.id = a.provider_id
         WHERE a.provider_id = %(provider)s AND (%(account)s::bigint IS NULL OR a.id = %(account)s)
    ), line AS (
        SELECT p.id, p.payment_account_id AS account, p.booked_on AS day, p.amount, p.fee, p.moved_from_id AS before,
               true AS first
          FROM account a JOIN payment p ON p.payment_account_id = a.id
           AND p.booked_on BETWEEN %(first)s AND %(last)s
        UNION ALL
        SELECT n.id, l.account, l.day, n.amount, 0, l.id, false
          FROM line l JOIN payment n ON n.moved_from_id = l.id AND n.booked_on IS NULL
    ), gone AS (
        SELECT l.*, EXISTS (SELECT FROM payment n WHERE n.moved_from_id = l.id) AS goes_on
          FROM line l JOIN payment_reversal r ON r.payment_id = l.id
    ), back AS (
        SELECT r.id, r.payment_id, r.unidentified_payment_id, r.amount,
               CASE WHEN r.status = 'returned' THEN 'refunded' WHEN r.status IN ('new', 'processing') THEN 'returning'
                    WHEN EXISTS (SELECT FROM money_case m
                                  WHERE m.provider_id = r.provider_id AND m.kind = 'refund_failed'
                                    AND m.subject = r.external_id || ' ' || r.refund_id AND m.closed_at IS NULL)
                    THEN 'not_returned' END AS what
          FROM refund r WHERE r.provider_id = %(provider)s
    ), strange AS (
        SELECT a.id AS account, (u.known_at AT TIME ZONE a.zone)::date AS day, u.id, u.amount, u.resolution
          FROM unidentified_payment u JOIN account a ON a.id = u.payment_account_id
         WHERE u.provider_id = %(provider)s AND u.resolution <> 'credited'
           AND u.known_at >= %(first)s::date::timestamp AT TIME ZONE a.zone
           AND u.known_at < (%(last)s::date + 1)::timestamp AT TIME ZONE a.zone
    ), entry AS (
        SELECT account, day, 'booked' AS what, amount FROM line WHERE first AND before IS NULL
        UNION ALL SELECT account, day, 'moved_in', amount FROM line WHERE first AND before IS NOT NULL
        UNION ALL SELECT account, day, 'count', 1 FROM line WHERE first
        UNION ALL SELECT account, day, 'fee', fee FROM line WHERE first
        UNION ALL SELECT l.account, l.day, a.part, a.amount FROM line l JOIN allocation a ON a.payment_id = l.id
        UNION ALL SELECT l.account, l.day, 'credit', c.amount FROM line l JOIN credit_entry c ON c.payment_id = l.id
        UNION ALL SELECT g.account, g.day, 'moved_out', n.amount
                    FROM gone g JOIN payment n ON n.moved_from_id = g.id AND n.booked_on IS NOT NULL
        UNION ALL SELECT g.account, g.day, b.what, b.amount
                    FROM gone g JOIN back b ON b.payment_id = g.id WHERE b.what IS NOT NULL
        UNION ALL SELECT g.account, g.day, 'undone', g.amount FROM gone g
                   WHERE NOT g.goes_on AND NOT EXISTS (SELECT FROM back b WHERE b.payment_id = g.id)
        UNION ALL SELECT account, day, 'nobodys', amount FROM strange
        UNION ALL SELECT s.account, s.day, CASE s.resolution WHEN '' THEN 'unidentified' WHEN 'refunded' THEN coalesce(
                         (SELECT b.what FROM back b WHERE b.unidentified_payment_id = s.id ORDER BY b.id DESC LIMIT 1),
                         'refunded') ELSE 'not_ours' END, s.amount FROM strange s
    )
    SELECT e.account, a.name, e.day, e.what, sum(e.amount)::bigint
      FROM entry e JOIN account a ON a.id = e.account GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class PaidOn:
    """What of a day's book was paid on which civil day; centavos."""

    day: date
    count: int
    amount: int


def paid_days(provider_id: int, *, account_id: int, day: date) -> list[PaidOn]:
    """Of what was booked on one day: when it was paid, by the provider's civil days."""
    query = """
        SELECT (p.paid_at AT TIME ZONE v.zone)::date, count(*), sum(p.amount)::bigint
          FROM payment p JOIN provider v ON v.id = p.provider_id
         WHERE p.payment_account_id = %s AND p.booked_on = %s AND p.provider_id = %s GROUP BY 1 ORDER BY 1
    """
    return [PaidOn(*row) for row in raw.rows(query, [account_id, day, provider_id])]
