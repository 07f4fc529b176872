"""What money leaves to be done, for the page of finance: how much of what waits, each queue, each item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from religa.records import raw

UNIDENTIFIED = "unidentified"


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of what waits; `kind`: `unidentified` or a kind of case. `amount` in centavos, where it says one."""

    kind: str
    count: int
    oldest_at: datetime
    amount: int | None


def queues(provider_id: int) -> list[Queue]:
    """What waits for a person, the oldest first."""
    return [Queue(*row) for row in raw.rows(_QUEUES, {"provider": provider_id})]


_QUEUES = """
    SELECT 'unidentified' AS kind, count(*), min(known_at) AS oldest, sum(amount)::bigint FROM unidentified_payment
     WHERE provider_id = %(provider)s AND resolved_at IS NULL HAVING count(*) > 0
    UNION ALL
    SELECT kind, count(*), min(opened_at), sum(amount)::bigint FROM money_case
     WHERE provider_id = %(provider)s AND closed_at IS NULL GROUP BY kind
     ORDER BY oldest, kind
"""


@dataclass(frozen=True, slots=True)
class Today:
    """One account's book of a day; centavos. `cash`: what of it lies in the drawer. Taken back counts negative."""

    account_id: int
    name: str
    count: int
    gross: int
    fee: int
    cash: int

    @property
    def net(self) -> int:
        return self.gross - self.fee


def day_of_accounts(provider_id: int, day: date) -> list[Today]:
    """Every open account, and closed ones with entries on that day."""
    return [Today(*row) for row in raw.rows(_TODAY, {"provider": provider_id, "day": day})]


_TODAY = """
    SELECT a.id, a.name, coalesce(sum(b.number), 0)::bigint, coalesce(sum(b.amount), 0)::bigint,
           coalesce(sum(b.fee), 0)::bigint, coalesce(sum(b.amount) FILTER (WHERE b.method = 'cash'), 0)::bigint
      FROM payment_account a LEFT JOIN (
           SELECT p.payment_account_id, 1 AS number, p.amount, p.fee, p.method FROM payment p
            WHERE p.booked_on = %(day)s
              AND p.payment_account_id IN (SELECT id FROM payment_account WHERE provider_id = %(provider)s)
           UNION ALL
           SELECT p.payment_account_id, 0, -p.amount, -p.fee, p.method
             FROM payment_reversal r JOIN payment p ON p.id = r.payment_id WHERE r.booked_on = %(day)s
      ) b ON b.payment_account_id = a.id
     WHERE a.provider_id = %(provider)s
     GROUP BY a.id HAVING a.closed_at IS NULL OR count(b.amount) > 0 ORDER BY a.name
"""


@dataclass(frozen=True, slots=True)
class Unidentified:
    """Money of nobody. Of the payer what the bank said; "" once it is resolved. `account_kind` None: it is closed."""

    key: int
    why: str
    method: str
    amount: int
    known_at: datetime
    paid_at: datetime
    account: str
    account_kind: str | None
    external_id: str
    txid: str
    nosso_numero: str
    payer_document: str
    payer_name: str
    info: str
    resolved_at: datetime | None
    resolution: str
    reason: str
    author: str
    contract_id: int | None


_UNIDENTIFIED = """
    SELECT u.id, u.why, u.method, u.amount, u.known_at, u.paid_at, coalesce(a.name, ''),
           CASE WHEN a.closed_at IS NULL THEN a.kind END, u.external_id, u.txid, u.nosso_numero, u.payer_document,
           u.payer_name, u.info, u.resolved_at, u.resolution, u.reason, u.author, p.contract_id
      FROM unidentified_payment u LEFT JOIN payment_account a ON a.id = u.payment_account_id
      LEFT JOIN payment p ON p.id = u.payment_id
     WHERE u.provider_id = %s
"""


def unidentified(provider_id: int, *, limit: int = 200) -> list[Unidentified]:
    """What is open, the oldest first."""
    query = f"{_UNIDENTIFIED} AND u.resolved_at IS NULL ORDER BY u.known_at, u.id LIMIT %s"
    return [Unidentified(*row) for row in raw.rows(query, [provider_id, limit])]


def resolved(provider_id: int, *, limit: int = 50) -> list[Unidentified]:
    """What somebody has decided about, the newest first."""
    query = f"{_UNIDENTIFIED} AND u.resolved_at IS NOT NULL ORDER BY u.id DESC LIMIT %s"
    return [Unidentified(*row) for row in raw.rows(query, [provider_id, limit])]


def one_unidentified(provider_id: int, key: int) -> Unidentified | None:
    found = raw.rows(f"{_UNIDENTIFIED} AND u.id = %s", [provider_id, key])
    return Unidentified(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it is listed. `payment`: the bank's id; `is_nobodys`: it is about money of nobody; `has_event`: it has
    one to take again. Of a case that was tried again in vain, `author` and `reason` are of who tried."""

    key: int
    kind: str
    opened_at: datetime
    amount: int | None
    detail: str
    contract_id: int | None
    contract: str | None
    name: str | None
    payment: str | None
    account: str | None
    closed_at: datetime | None
    resolution: str
    reason: str
    author: str
    is_nobodys: bool
    has_event: bool


_CASES = """
    SELECT m.id, m.kind, m.opened_at, m.amount, m.detail, c.id, c.external_id, s.name, p.external_id, a.name,
           m.closed_at, m.resolution, m.reason, m.author, m.kind = 'refund_failed' AND p.id IS NULL,
           m.event_id IS NOT NULL
      FROM money_case m
      LEFT JOIN payment p ON p.id = m.payment_id
      LEFT JOIN charge ch ON ch.id = m.charge_id LEFT JOIN invoice i ON i.id = ch.invoice_id
      LEFT JOIN contract c ON c.id = coalesce(m.contract_id, p.contract_id, i.contract_id)
      LEFT JOIN subscriber s ON s.id = c.subscriber_id
      LEFT JOIN payment_account a ON a.id = coalesce(m.payment_account_id, p.payment_account_id)
     WHERE m.provider_id = %s
"""


def cases(provider_id: int, kind: str, *, limit: int = 200) -> list[CaseRow]:
    """Open ones of a kind, the oldest first."""
    query = f"{_CASES} AND m.kind = %s AND m.closed_at IS NULL ORDER BY m.opened_at, m.id LIMIT %s"
    return [CaseRow(*row) for row in raw.rows(query, [provider_id, kind, limit])]


def one_case(provider_id: int, key: int) -> CaseRow | None:
    found = raw.rows(f"{_CASES} AND m.id = %s", [provider_id, key])
    return CaseRow(*found[0]) if found else None


def cases_of(provider_id: int, contract_id: int, *, limit: int = 20) -> list[CaseRow]:
    """Of one contract: open ones first, then the newest."""
    query = f"{_CASES} AND m.contract_id = %s ORDER BY m.closed_at IS NOT NULL, m.opened_at DESC, m.id DESC LIMIT %s"
    return [CaseRow(*row) for row in raw.rows(query, [provider_id, contract_id, limit])]


def contract_numbered(provider_id: int, number: str) -> int | None:
    """The key of a provider's contract by the number that he gave it."""
    found = raw.rows(
        "SELECT id FROM contract WHERE provider_id = %s AND external_id = %s", [provider_id, number]
    )
    return found[0][0] if found else None
