"""What became of one contract, as the writer takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from religa.domain import balance
from religa.domain.calendar import Calendars
from religa.domain.facts import Facts, Invoice
from religa.domain.policy import Policy
from religa.records.loaded import Loaded


@dataclass(frozen=True, slots=True)
class PaymentDetails:
    """What is kept of a payment besides what decides; keys of the rows that it names, days, centavos.

    `split`: how the bank says the amount is made up. `booked_on`: in which day of its account's closing it counts.
    """

    charge: int | None = None
    account: int | None = None
    fee: int = 0
    credited_on: date | None = None
    split: Mapping[str, int] | None = None
    booked_on: date | None = None
    cashier: str = ""
    receipt_number: str | None = None
    moved_from: int | None = None


NO_DETAILS = PaymentDetails()


@dataclass(frozen=True, slots=True)
class ReversalDetails:
    """Why a payment is taken back, and in which day of its account's closing that counts."""

    reason: str = ""
    booked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What no decision needs and the writer keeps. `owners`: for new invoices with lines of other contracts, each
    line's contract. `payments`, `reversals`: by the payment's id."""

    owners: Mapping[str, Sequence[int]] = field(default_factory=dict)
    payments: Mapping[str, PaymentDetails] = field(default_factory=dict)
    reversals: Mapping[str, ReversalDetails] = field(default_factory=dict)


NOTHING_BESIDE = Beside()
_NO_REASON = ReversalDetails()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one contract, and what is kept beside it."""

    loaded: Loaded
    after: Facts
    calendars: Calendars
    beside: Beside = NOTHING_BESIDE

    def details(self, payment: str) -> PaymentDetails:
        return self.beside.payments.get(payment, NO_DETAILS)

    def reversal(self, payment: str) -> ReversalDetails:
        return self.beside.reversals.get(payment, _NO_REASON)

    def rests(self, invoice: Invoice) -> bool:
        return at_rest(self.loaded.policy, self.calendars, invoice)


def at_rest(policy: Policy, calendars: Calendars, invoice: Invoice) -> bool:
    """Whether nothing of the invoice can be owed again, on any day, unless a new fact reopens it."""
    if balance.open_dispute(invoice) is not None:
        return False  # it must be answered, and its end may give money back
    if invoice.closed is not None:
        return True
    if balance.open_principal(invoice) > 0:
        return False
    last = max((s.paid_on for s in invoice.settlements), default=invoice.due_date)
    return balance.owed(calendars, policy, invoice, on=last).total <= 0
