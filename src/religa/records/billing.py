"""What recurring billing reads and writes, in bulk: whose invoice is due to be made, how far each contract is billed.

The caller holds the lock of each contract for everything but `due` (docs/decisions/0002).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.domain.billing import Answer, Billing, Rule
from religa.domain.facts import Access
from religa.records import raw

STEP = "billing"  # in `sweep_failure`


@dataclass(frozen=True, slots=True)
class Due:
    """Contracts with something to bill, in order of their keys. `failed`: those that were set aside last time."""

    sound: list[int]
    failed: list[int]

    @property
    def every(self) -> list[int]:
        return sorted(self.sound + self.failed)


def due(*, at: datetime, ahead_to: date | None = None, provider_id: int | None = None) -> Due:
    """Whose next invoice is to be made by the civil day of `at` (or `ahead_to`), and whose last one is to be closed.

    One pass over `contract_billing`: 0.1 s for 100,000 contracts (docs/operators/billing.md). An alarm column would go
    stale whenever a due day, the rule or an end changes.
    """
    wanted = {"at": at, "ahead": ahead_to, "provider": provider_id, "step": STEP}
    found = Due([], [])
    for contract, failed in raw.rows(_DUE, wanted):
        (found.failed if failed else found.sound).append(contract)
    return found


# How far a contract is billed, and what comes next. `first`: the first day not yet charged.
STATE = """
    FROM contract_billing b JOIN contract c ON c.id = b.contract_id JOIN provider p ON p.id = c.provider_id
    JOIN billing_rule r ON r.provider_id = c.provider_id LEFT JOIN plan l ON l.id = c.plan_id
    CROSS JOIN LATERAL (
        SELECT greatest(b.since, b.billed_through + 1) AS first,
               least(b.until, (c.terminated_at AT TIME ZONE p.zone)::date - 1) AS ends_on,
               (%(at)s::timestamptz AT TIME ZONE p.zone)::date AS today) n
"""
MAKE_ON = "date_trunc('month', n.first)::date + least(c.due_day, 28) - 1 - r.lead_days"
BILLABLE = "c.segment <> 'courtesy' AND c.due_day IS NOT NULL AND coalesce(b.price, l.price, 0) > 0"
GOES_ON = "(n.ends_on IS NULL OR n.ends_on >= n.first)"
_DUE = f"""
    SELECT c.id, EXISTS (SELECT FROM sweep_failure f
                          WHERE f.contract_id = c.id AND f.resolved_at IS NULL AND f.step = %(step)s)
      {STATE}
     WHERE {BILLABLE} AND (%(provider)s::bigint IS NULL OR c.provider_id = %(provider)s)
       AND ({GOES_ON} AND {MAKE_ON} <= greatest(n.today, %(ahead)s::date)
            OR n.ends_on < least(n.today, n.first) AND b.billed_through > coalesce(b.credited_through, b.since - 1))
     ORDER BY c.id
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Where new charges of a provider are made."""

    key: int
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One contract as billing knows it."""

    contract_id: int
    external_id: str
    name: str
    billing: Billing
    rule: Rule
    account: Account | None


def read(contract_ids: Sequence[int], *, at: datetime) -> dict[int, Row]:
    """Those of the contracts that are billed here and can be."""
    found = raw.rows(_READ, {"ids": raw.ids(contract_ids), "at": at})
    return {row[0]: _row(row) for row in found}


_READ = f"""
    SELECT c.id, c.external_id, s.name, c.due_day, coalesce(b.price, l.price), b.since, n.ends_on, b.discount,
           b.discount_until, b.billed_through, b.credited_through, b.carried, r.lead_days, r.fine_pct,
           r.interest_pct_month, r.punctuality_discount, r.credits_blocked_days, r.make_charges, a.id, a.kind
      {STATE} JOIN subscriber s ON s.id = c.subscriber_id
      LEFT JOIN payment_account a ON a.provider_id = c.provider_id AND a.collects AND a.closed_at IS NULL
     WHERE {BILLABLE} AND c.id = ANY (%(ids)s::bigint[]) ORDER BY c.id
"""


def _row(row: raw.Row) -> Row:
    contract, external_id, name = row[:3]
    account = None if row[18] is None else Account(row[18], row[19])
    return Row(contract, external_id, name, Billing(*row[3:12]), Rule(*row[12:18]), account)


def billed(contract_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Contract and month (`2026-12`) of every invoice that names one and was not cancelled, also those on which the
    contract has only a line; and of every invoice of ours, cancelled or not."""
    return set(raw.rows(_BILLED, {"ids": raw.ids(contract_ids)}))


_BILLED = """
    SELECT i.contract_id, i.reference FROM invoice i
     WHERE i.contract_id = ANY (%(ids)s::bigint[]) AND i.reference <> ''
       AND (i.closed IS DISTINCT FROM 'cancelled' OR i.external_id = 'R' || i.contract_id || '-' || i.reference)
    UNION SELECT l.contract_id, i.reference FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
           WHERE l.contract_id = ANY (%(ids)s::bigint[]) AND l.shared AND i.reference <> ''
             AND i.closed IS DISTINCT FROM 'cancelled'
"""


def answers(since: Mapping[int, datetime]) -> dict[int, list[Answer]]:
    """What the network answered about contracts, each from an instant on, oldest first: the last answer before it and
    all after. Contracts that were never shut since then are left out."""
    found: dict[int, list[Answer]] = defaultdict(list)
    for contract, at, access, until, then in raw.rows(_ANSWERS, [list(since), list(since.values())]):
        found[contract].append(Answer(at, Access(access), until, Access(then)))
    return found


_ANSWERS = """
    WITH told AS (
        SELECT w.id, t.* FROM unnest(%s::bigint[], %s::timestamptz[]) AS w(id, since) CROSS JOIN LATERAL (
            (SELECT seq, at, access, until, access_then FROM access_change
              WHERE contract_id = w.id AND at < w.since ORDER BY seq DESC LIMIT 1)
            UNION ALL SELECT seq, at, access, until, access_then FROM access_change
                       WHERE contract_id = w.id AND at >= w.since) t)
    SELECT id, at, access, until, access_then FROM told
     WHERE id IN (SELECT id FROM told WHERE access IN ('walled', 'closed') OR access_then IN ('walled', 'closed'))
     ORDER BY id, seq
"""


def save(changed: Mapping[int, Billing]) -> None:
    """How far contracts are billed now, and that what had failed has not."""
    columns = {"billed_through": "date", "credited_through": "date", "carried": "bigint"}
    rows = [(c, b.billed_through, b.credited_through, b.carried) for c, b in changed.items()]
    raw.update("contract_billing", columns, rows, key="contract_id")


def resolve(contract_ids: Sequence[int], *, at: datetime) -> None:
    raw.run(
        "UPDATE sweep_failure SET resolved_at = %s, resolved_by = %s"
        " WHERE contract_id = ANY (%s::bigint[]) AND step = %s AND resolved_at IS NULL",
        [at, STEP, raw.ids(contract_ids), STEP],
    )


def set_aside(contract_id: int, error: str, *, at: datetime) -> None:
    """Shows a contract that could not be billed. It is tried again by itself; it keeps its first error."""
    raw.run(
        "INSERT INTO sweep_failure (contract_id, at, step, error, resolved_by) VALUES (%s, %s, %s, %s, '')"
        " ON CONFLICT DO NOTHING",
        [contract_id, at, STEP, error[:2000]],
    )


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge on its way to the bank: of which invoice (its key), how much, until when."""

    provider_id: int
    invoice: int
    account: Account
    amount: int
    due_date: date


_KINDS = {
    "efi_cobrancas": "boleto_pix",
    "api_pix": "pix_cobv",
}  # other accounts cannot make charges by themselves


def make_charges(wanted: Sequence[NewCharge], *, at: datetime) -> int:
    """Rows for the charging worker, who gives them their txid and takes them to the bank (`try_at`); says how many."""
    columns = ("provider_id", "invoice_id", "kind", "status", "account", "payment_account_id", "copy_paste", "amount",
               "due_date", "revision", "created_at", "try_at", "payload")  # fmt: skip
    new = [
        (c.provider_id, c.invoice, _KINDS[c.account.kind], "new", "", c.account.key, "", c.amount, c.due_date, 0, at,
         at, "{}")
        for c in wanted
        if c.account.kind in _KINDS
    ]  # fmt: skip
    raw.insert("charge", columns, new)
    return len(new)


def look_at_charges(invoices: Sequence[int], *, at: datetime) -> None:
    """Has the charging worker look at the unpaid charges of invoices (by key) that were changed or have ended."""
    raw.run(
        "UPDATE charge SET try_at = %s WHERE invoice_id = ANY (%s::bigint[]) AND status IN ('new', 'active')",
        [at, raw.ids(invoices)],
    )
