"""What may be paid at once: all that is late, the least that opens access, one bill, or an amount of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from religa.actions.look import View, look
from religa.actions.money import needs
from religa.domain import trust
from religa.domain.money import format_reais
from religa.entrypoints.common import bills, i18n
from religa.entrypoints.common.bills import Bill
from religa.entrypoints.portal import forms, situation
from religa.entrypoints.portal.situation import Paying
from religa.entrypoints.portal.visitor import Visitor
from religa.records.models import Charge, Contract

ALL, LEAST, STATED, BILL = "tudo", "minimo", "quanto", "conta"


@dataclass(frozen=True, slots=True)
class Limits:
    """A stated amount, in centavos: from `least` to less than what is late."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What is chosen, in centavos. `opens`: paying it brings access back; `left`: what is still late afterwards.

    `error`: why what was written cannot be chosen; then everything is. `limits` None: no amounts of one's own.
    """

    paying: Paying
    bills: list[Bill]
    choice: str
    amount: int
    scope: str
    opens: bool
    left: int
    limits: Limits | None
    bill: Bill | None = None
    written: str = ""
    error: str = ""

    @property
    def invoice(self) -> str | None:
        return self.bill.invoice.id if self.bill else None

    @property
    def stated(self) -> int | None:
        return self.amount if self.choice == STATED else None

    @property
    def asked(self) -> dict[str, str]:
        """The choice as a link and a form say it."""
        more: dict[str, str] = {}
        if self.choice == STATED:
            more["quanto"] = f"{self.amount // 100},{self.amount % 100:02}"
        if self.bill is not None:
            more["conta"] = str(self.bill.invoice.key)
        return {"valor": self.choice, **more}


def offer(own: Contract, visitor: Visitor, asked: Mapping[str, str]) -> Offer | None:
    """None where nothing is to be paid."""
    view = look(contract_id=own.pk, at=visitor.at)
    paying = situation.read(view, at=visitor.at, moments=visitor.moments).paying
    if paying is None:
        return None
    choice = asked.get("valor", ALL)
    limits = _limits(view, paying)
    everything = Offer(paying, paying.bills, ALL, paying.sum.total, needs.LATE, paying.returns, 0, limits)
    if choice == LEAST and paying.least:
        return _part(everything, LEAST, paying.least, needs.LEAST, opens=True)
    if choice == BILL:
        return _of_bill(everything, view, visitor, asked.get("conta", ""))
    if choice == STATED and limits is not None:
        return _stated(everything, limits, view, visitor, asked.get("quanto", "")[:20])
    return everything


def _limits(view: View, paying: Paying) -> Limits | None:
    """Only of what is late, and only where the policy takes parts."""
    least = view.standing.policy.part_payment_min
    if least is None or not all(b.is_late for b in paying.bills) or paying.sum.total <= least:
        return None
    return Limits(least, paying.sum.total - 1)


def _part(of: Offer, choice: str, amount: int, scope: str, *, opens: bool) -> Offer:
    left = of.paying.sum.total - amount
    return Offer(of.paying, of.bills, choice, amount, scope, opens, left, of.limits)


def _of_bill(everything: Offer, view: View, visitor: Visitor, key: str) -> Offer:
    """One bill that is his, open and not contested; any other choice is everything."""
    every = bills.open_bills(view.standing, at=visitor.at)
    found = next((b for b in every if str(b.invoice.key) == key and not b.disputed), None)
    if found is None or not found.invoice.billed_here:
        return everything
    opens = _opens_alone(view, visitor, found)
    left = max(0, sum(b.payable for b in bills.late(every) if b is not found))
    return Offer(
        everything.paying,
        [found],
        BILL,
        found.payable,
        needs.INVOICE,
        opens,
        left,
        everything.limits,
        bill=found,
    )


def _opens_alone(view: View, visitor: Visitor, bill: Bill) -> bool:
    return trust.opens_access(view.standing, visitor.at, bill.payable, (bill.invoice.id,))


def _stated(everything: Offer, limits: Limits, view: View, visitor: Visitor, written: str) -> Offer:
    amount = forms.amount(written)
    if amount is not None and limits.least <= amount <= limits.most:
        opens = trust.stated_payment(view.standing, visitor.at, amount).opens
        return _part(everything, STATED, amount, needs.STATED, opens=opens)
    language = i18n.active()
    error = _("Escreva um valor de %(least)s até %(most)s.") % {
        "least": format_reais(limits.least, language),
        "most": format_reais(limits.most, language),
    }
    paying = everything.paying
    return Offer(
        paying, everything.bills, ALL, everything.amount, everything.scope, everything.opens, 0, limits,
        written=written, error=error,
    )  # fmt: skip


def link_to(charge: Charge) -> str:
    """The choice whose code a charge is."""
    return urlencode(dict(_chosen(charge)))


def _chosen(charge: Charge) -> Iterator[tuple[str, str]]:
    if charge.scope == needs.INVOICE:
        yield from (("valor", BILL), ("conta", str(charge.invoice_id)))
    elif charge.scope == needs.STATED:
        yield from (("valor", STATED), ("quanto", f"{charge.amount // 100},{charge.amount % 100:02}"))
    else:
        yield "valor", LEAST if charge.scope == needs.LEAST else ALL
