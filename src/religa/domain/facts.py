"""The frozen values every decision takes: what is known about one contract, and nothing else.

Conventions: instants are aware and end in `_at`; civil days are `date`; periods are half-open; money is integer
centavos; percentages are integer hundredths of a percent (200 = 2.00 %). `key` is where a record keeps the fact
(None while it has not been kept). Facts speak only of the past and of ends already fixed: what has not happened is
not a fact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from religa.domain.changing import replace


class Access(StrEnum):
    """What the network lets through."""

    FULL = "full"
    REDUCED = "reduced"
    WALLED = "walled"
    CLOSED = "closed"


class Status(StrEnum):
    """Where a contract stands, in the order in which the first that applies is said."""

    TERMINATED = "terminated"
    PAUSED = "paused"
    DISPUTED = "disputed"
    HELD = "held"
    TRUSTED = "trusted"
    LOCKED = "locked"
    BLOCKED = "blocked"
    LATE = "late"
    CURRENT = "current"


class Segment(StrEnum):
    HOME = "home"
    COMPANY = "company"
    PUBLIC = "public"
    COURTESY = "courtesy"


class Method(StrEnum):
    """How money came. Only `boleto` moves to the next bank day (payments.md §6)."""

    PIX = "pix"
    BOLETO = "boleto"
    CARD = "card"
    TRANSFER = "transfer"
    CASH = "cash"
    EXTERNAL = "external"
    CREDIT = "credit"


class Evidence(StrEnum):
    """What is proven of a message. `WITHDRAWN`: it reached somebody else, so that nothing is proven any more."""

    DELIVERED = "delivered"
    SENT = "sent"
    FAILED = "failed"
    NONE = "none"
    WITHDRAWN = "withdrawn"


class NoticeKind(StrEnum):
    """Messages to the subscriber; only the two notices have legal effect."""

    DEBT = "debt_notice"
    TERMINATION = "termination_notice"
    REMINDER = "reminder"
    WARNING = "block_warning"


class UnlockKind(StrEnum):
    PROMISE = "promise"
    PAID_ALREADY = "paid_already"


class Channel(StrEnum):
    PORTAL = "portal"
    BLOCK_PAGE = "block_page"
    WHATSAPP = "whatsapp"
    URA = "ura"
    API = "api"
    AGENT = "agent"


class Outcome(StrEnum):
    """How a trust unlock ended. `superseded` and `revoked` say nothing of the subscriber."""

    KEPT = "kept"
    LATE = "late"
    BROKEN = "broken"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


class Closed(StrEnum):
    """Why nothing more is owed on an invoice although it was not paid."""

    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"
    AGREED = "agreed"


class WaiverKind(StrEnum):
    """What a person forgives: late charges, or principal so that the rest gets paid (`settlement`)."""

    FINE = "fine"
    INTEREST = "interest"
    SETTLEMENT = "settlement"


class Role(StrEnum):
    """Who forgives, since a policy lets each go so far."""

    AGENT = "agent"
    FINANCE = "finance"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an invoice. `own` is false for a line that belongs to another contract on the same invoice."""

    amount: int
    suspendable: bool = True
    own: bool = True


@dataclass(frozen=True, slots=True)
class Discount:
    amount: int
    until: date


@dataclass(frozen=True, slots=True)
class Settlement:
    """Money (or credit) put on an invoice. `lines` is the principal taken from each line, in line order.

    `discount` is the part of that principal forgiven for punctuality: money used = sum(lines) + charges - discount.
    `paid_on` is the civil day that counts for late charges; `known_at` is when Religa learnt of it.
    """

    source: str
    known_at: datetime
    paid_at: datetime
    paid_on: date
    lines: tuple[int, ...]
    charges: int = 0
    discount: int = 0
    key: int | None = None

    @property
    def principal(self) -> int:
        return sum(self.lines)

    @property
    def money(self) -> int:
        return sum(self.lines) + self.charges - self.discount


@dataclass(frozen=True, slots=True)
class Dispute:
    """A contested charge (RGC arts. 60 to 62). `amount` None: the whole invoice."""

    filed_at: datetime
    amount: int | None = None
    answered_at: datetime | None = None
    upheld: bool | None = None
    key: int | None = None

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is owed for a month. `due_date` is the printed one; calendars make the effective one of it.

    `reopened_at`: when it last came back to life after being settled or written off; notices before it are spent.
    `spared`: it may not justify another block (the percentage that was asked for has been paid).
    `waived`: centavos of its fine and interest that were forgiven, `waived_fine` those of the fine among them.
    `billed_here`: false where the invoice is another contract's and only some lines are ours; that one sends notices.
    """

    id: str
    issued_at: datetime
    due_date: date
    lines: tuple[Line, ...]
    reference: str = ""
    fine_pct: int = 200
    interest_pct_month: int = 100
    discount: Discount | None = None
    settlements: tuple[Settlement, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    closed: Closed | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None
    spared: bool = False
    agreement: str | None = None
    key: int | None = None
    billed_here: bool = True
    waived: int = 0
    waived_fine: int = 0

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class Lot:
    """Money of one payment or credit that no invoice has taken yet."""

    source: str
    paid_at: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money seen, or a credit granted. Never edited; a reversal is a fact of its own."""

    id: str
    known_at: datetime
    paid_at: datetime
    amount: int
    method: Method
    reversed_at: datetime | None = None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message and what is proven of it. `opens_at` is the block date it announced, if it is a debt notice."""

    kind: NoticeKind
    invoices: tuple[str, ...]
    sent_at: datetime
    evidence: tuple[tuple[datetime, Evidence], ...]
    opens_at: datetime | None = None
    offset: int | None = None
    automatic: bool = True
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A period of blocked access: one episode, from opening to closing."""

    opened_at: datetime
    invoices: tuple[str, ...]
    late_at_opening: int
    closed_at: datetime | None = None
    why_closed: str | None = None
    imported: bool = False
    key: int | None = None


@dataclass(frozen=True, slots=True)
class TrustUnlock:
    """Days of access on the subscriber's word. `covers`: suspendable principal, all late, invoice by invoice.

    `warned_hours`: the last word about its end was the one that is due so many hours before.
    """

    kind: UnlockKind
    channel: Channel
    granted_at: datetime
    until: datetime
    covers: tuple[tuple[str, int], ...]
    receipt: str | None = None
    promise_date: date | None = None
    outcome: Outcome | None = None
    judged_at: datetime | None = None
    key: int | None = None
    warned_hours: int | None = None

    @property
    def counts(self) -> bool:
        """Whether the end is the subscriber's own, to be judged."""
        return self.outcome not in (Outcome.SUPERSEDED, Outcome.REVOKED)


@dataclass(frozen=True, slots=True)
class PayWindow:
    """A few minutes of full access so that the bank's app works."""

    granted_at: datetime
    until: datetime
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Something that holds from `since` to `until` (None: no end yet)."""

    since: datetime
    until: datetime | None = None
    reason: str = ""
    key: int | None = None

    def covers(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class GuardHold:
    """A block that the mass-block guard holds back until a named person approves, or its cause has passed."""

    since: datetime
    reason: str
    approved_at: datetime | None = None
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A payment plan: its instalments are invoices of their own; the originals never reopen."""

    id: str
    made_at: datetime
    invoices: tuple[str, ...]
    first_instalment: str
    key: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about one contract at the moment of asking.

    `feed_stale`: payments have not been heard of for too long. `incident`: a fault of ours is open where the contract
    connects. Both begin and end outside the contract.
    """

    since: date
    segment: Segment = Segment.HOME
    holder_since: datetime | None = None
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    lots: tuple[Lot, ...] = ()
    notices: tuple[Notice, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    unlocks: tuple[TrustUnlock, ...] = ()
    pay_windows: tuple[PayWindow, ...] = ()
    holds: tuple[Period, ...] = ()
    enforcement_off: tuple[Period, ...] = ()
    operator_blocks: tuple[Period, ...] = ()
    pauses: tuple[Period, ...] = ()
    bars: tuple[Period, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    guard_hold: GuardHold | None = None
    reduced_since: datetime | None = None
    terminated_at: datetime | None = None
    feed_stale: bool = False
    incident: bool = False
    receipts_used: frozenset[str] = frozenset()

    @property
    def open_suspension(self) -> Suspension | None:
        last = self.suspensions[-1] if self.suspensions else None
        return last if last is not None and last.closed_at is None else None

    def invoice(self, invoice_id: str) -> Invoice | None:
        return next((i for i in self.invoices if i.id == invoice_id), None)

    def with_invoice(self, changed: Invoice) -> Facts:
        return replace(self, invoices=tuple(changed if i.id == changed.id else i for i in self.invoices))


def active(periods: tuple[Period, ...], at: datetime) -> bool:
    """Whether any of the periods holds at the instant."""
    return any(period.covers(at) for period in periods)
