"""What is owed today, invoice by invoice, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from religa import wording
from religa.domain import balance
from religa.domain.balance import Owed
from religa.domain.calendar import effective_due
from religa.domain.facts import Invoice, Method
from religa.domain.standing import Standing
from religa.entrypoints.common import i18n
from religa.wording import Words


@dataclass(frozen=True, slots=True)
class Bill:
    """One open invoice on one day, by one method. Amounts in centavos; `due` is the effective due date."""

    invoice: Invoice
    name: str
    due: date
    is_late: bool
    disputed: int
    owed: Owed

    @property
    def payable(self) -> int:
        """What settles it today, without what is contested; nothing where all of it is."""
        return 0 if self.disputed >= self.owed.principal > 0 else self.owed.total - self.disputed

    @property
    def paid(self) -> int:
        """Principal that earlier payments have taken."""
        return self.invoice.total - self.owed.principal


@dataclass(frozen=True, slots=True)
class Sum:
    """Several bills added up."""

    principal: int
    discount: int
    fine: int
    interest: int
    charges_paid: int
    waived: int
    disputed: int
    total: int


def open_bills(standing: Standing, *, at: datetime, method: Method = Method.PIX) -> list[Bill]:
    """Every invoice on which something is open today, oldest first."""
    policy, calendars = standing.policy, standing.calendars
    today = calendars.day(at)
    bills = []
    for invoice in balance.oldest_first(standing.facts.invoices):
        owed = balance.owed(calendars, policy, invoice, on=today, method=method)
        if owed.total > 0:
            due = effective_due(calendars, policy, invoice.due_date)
            disputed = balance.principal(invoice).disputed
            bills.append(Bill(invoice, name_of(invoice, today), due, due < today, disputed, owed))
    return bills


def name_of(invoice: Invoice, today: date) -> str:
    """`Conta de novembro`, `Parcela 2 do acordo`; in the page's language."""
    if invoice.agreement and invoice.closed is None:
        return _INSTALMENT.in_(i18n.active()).format(invoice.id.rpartition("/")[2])
    return bill_name(invoice.reference, invoice.due_date, today)


def bill_name(reference: str, due: date, today: date) -> str:
    language = i18n.active()
    if not reference:
        return _DUE_ON.in_(language).format(due)
    return _OF_MONTH.in_(language).format(wording.month(reference, language=language, now=today))


_INSTALMENT = Words("Parcela {} do acordo", "Instalment {} of the agreement", "Cuota {} del acuerdo")
_DUE_ON = Words(
    "Conta com vencimento em {:%d/%m/%Y}", "Bill due on {:%d %b %Y}", "Cuenta que vence el {:%d/%m/%Y}"
)
_OF_MONTH = Words("Conta de {}", "Bill for {}", "Cuenta de {}")


def late(bills: list[Bill]) -> list[Bill]:
    """Those past their due date on which something is not contested."""
    return [b for b in bills if b.is_late and b.payable > 0]


def add_up(bills: list[Bill]) -> Sum:
    return Sum(
        principal=sum(b.owed.principal for b in bills),
        discount=sum(b.owed.discount for b in bills),
        fine=sum(b.owed.fine for b in bills),
        interest=sum(b.owed.interest for b in bills),
        charges_paid=sum(min(b.owed.charges_paid, b.owed.fine + b.owed.interest) for b in bills),
        waived=sum(
            min(b.owed.waived, max(0, b.owed.fine + b.owed.interest - b.owed.charges_paid)) for b in bills
        ),
        disputed=sum(min(b.disputed, b.owed.total) for b in bills),
        total=sum(b.payable for b in bills),
    )
