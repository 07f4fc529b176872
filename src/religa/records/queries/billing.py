"""Recurring billing as pages show it: the rule, who is billed, what comes, what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.domain.billing import Rule
from religa.records import raw
from religa.records.billing import BILLABLE, GOES_ON, MAKE_ON, STATE
from religa.records.models import BillingRule


def rule_of(provider_id: int) -> Rule | None:
    found = BillingRule.objects.filter(provider_id=provider_id).first()
    return None if found is None else Rule(
        found.lead_days, found.fine_pct, found.interest_pct_month, found.punctuality_discount,
        found.credits_blocked_days, found.make_charges,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Living contracts: billed here, and all of them."""

    billed: int
    living: int


def counts(provider_id: int, *, at: datetime) -> Counts:
    return Counts(*raw.rows(_COUNTS, {"provider": provider_id, "at": at})[0])


_COUNTS = """
    SELECT count(*) FILTER (WHERE b.since IS NOT NULL
                              AND coalesce(b.until >= (%(at)s::timestamptz AT TIME ZONE p.zone)::date, true)),
           count(c.id)
      FROM provider p LEFT JOIN contract c ON c.provider_id = p.id AND c.terminated_at IS NULL
      LEFT JOIN contract_billing b ON b.contract_id = c.id
     WHERE p.id = %(provider)s
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """What is to be made on one day: how many invoices, and about how much (before credits) in centavos."""

    day: date
    invoices: int
    amount: int


def coming(provider_id: int, *, at: datetime, days: int = 7) -> list[Coming]:
    """The next invoice of each contract that is made today or within some days; what is overdue counts for today."""
    return [Coming(*row) for row in raw.rows(_COMING, {"provider": provider_id, "at": at, "days": days})]


_COMING = f"""
    SELECT greatest({MAKE_ON}, n.today) AS day, count(*),
           sum(greatest(0, coalesce(b.price, l.price)
                           - CASE WHEN coalesce(b.discount_until >= date_trunc('month', n.first)::date, true)
                                  THEN b.discount ELSE 0 END))::bigint
      {STATE}
     WHERE {BILLABLE} AND {GOES_ON} AND c.provider_id = %(provider)s AND {MAKE_ON} <= n.today + %(days)s::int
     GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Hindered:
    """A contract that is to be billed and cannot be: no due day, or no price."""

    contract_id: int
    external_id: str
    name: str
    no_due_day: bool


def hindered(provider_id: int, *, at: datetime, limit: int = 50) -> list[Hindered]:
    return [
        Hindered(*row) for row in raw.rows(_HINDERED, {"provider": provider_id, "at": at, "limit": limit})
    ]


_HINDERED = f"""
    SELECT c.id, c.external_id, s.name, c.due_day IS NULL
      {STATE} JOIN subscriber s ON s.id = c.subscriber_id
     WHERE c.provider_id = %(provider)s AND c.segment <> 'courtesy' AND {GOES_ON} AND c.terminated_at IS NULL
       AND (c.due_day IS NULL OR coalesce(b.price, l.price, 0) <= 0)
     ORDER BY s.name, c.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a contract is billed, for its page. `price` is the contract's own; None: the plan's, `plan_price`.

    `since` None: it is not billed here.
    """

    due_day: int | None
    plan_price: int | None
    since: date | None
    until: date | None
    price: int | None
    discount: int | None
    discount_until: date | None
    billed_through: date | None

    @property
    def monthly(self) -> int:
        return (self.plan_price or 0) if self.price is None else self.price


def terms_of(contract_id: int) -> Terms:
    [row] = raw.rows(_TERMS, [contract_id])
    return Terms(*row)


_TERMS = """
    SELECT c.due_day, l.price, b.since, b.until, b.price, b.discount, b.discount_until, b.billed_through
      FROM contract c LEFT JOIN plan l ON l.id = c.plan_id LEFT JOIN contract_billing b ON b.contract_id = c.id
     WHERE c.id = %s
"""


def carnes_of(contract_id: int, at: datetime) -> list[tuple[str, int]]:
    """Booklets of a contract, and how many open invoices of each are still to fall due."""
    found = raw.rows(_CARNES, [at, contract_id])
    return [(name, count) for name, count in found]


_CARNES = """
    SELECT h.carne, count(DISTINCT i.id)
      FROM charge h JOIN invoice i ON i.id = h.invoice_id JOIN provider p ON p.id = i.provider_id
     WHERE h.carne <> '' AND i.closed IS NULL AND i.due_date > (%s AT TIME ZONE p.zone)::date AND i.contract_id = %s
     GROUP BY h.carne ORDER BY h.carne
"""


def fiscal_documents(invoices: Sequence[int]) -> dict[int, str]:
    """The fiscal documents that are known of invoices, by key."""
    query = "SELECT id, fiscal_document FROM invoice WHERE id = ANY (%s::bigint[]) AND fiscal_document <> ''"
    return dict(raw.rows(query, [raw.ids(invoices)]))
