"""What was before: all invoices and one of them, payments with their receipts, everything the provider has written
(Manual Operacional 1.1.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.actions.look import View, look
from religa.domain import balance, steps
from religa.domain.facts import Closed, Method, NoticeKind
from religa.entrypoints.common import bills
from religa.entrypoints.common.bills import Bill
from religa.entrypoints.portal import masks
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.loaded import Ask
from religa.records.models import Contract, Invoice
from religa.records.queries import portal as queries
from religa.records.queries import portal_deeds
from religa.records.queries.portal import PastInvoice

_CONTESTABLE = timedelta(days=3 * 365)
LEGAL = {NoticeKind.DEBT.value, NoticeKind.TERMINATION.value}


@for_visitors
@require_safe
def invoices(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    own = visitor.contract(contract_id)
    view = look(contract_id=own.pk, at=visitor.at)
    owing = {b.invoice.id: b for b in bills.open_bills(view.standing, at=visitor.at)}
    today = view.standing.calendars.day(visitor.at)

    def row(past: PastInvoice) -> dict[str, object]:
        return {
            "name": bills.bill_name(past.reference, past.due_date, today),
            "past": past,
            "bill": owing.get(past.external_id),
        }

    rows = [row(past) for past in queries.invoices(own)]
    return render(request, "portal/invoices.html", {"visitor": visitor, "contract": own, "rows": rows})


@for_visitors
@require_safe
def invoice(request: HttpRequest, visitor: Visitor, contract_id: int, invoice_id: int) -> HttpResponse:
    """One bill: what it is made of, what was paid on it, how to pay it, and how to say that it is wrong."""
    own = visitor.contract(contract_id)
    found = invoice_of(own, invoice_id)
    view = look(contract_id=own.pk, at=visitor.at, ask=Ask(invoices=(found.external_id,)))
    bill = bill_of(view, found, visitor)
    context = {
        "visitor": visitor, "contract": own, "invoice": found, "bill": bill,
        "name": name_of(view, found, visitor), "lines": portal_deeds.lines(found),
        "paid": [(one, Method(one.method)) for one in portal_deeds.paid_on(found)],
        "disputes": [(one, dispute_ends(view, found)) for one in portal_deeds.disputes(found)],
        "closed": Closed(found.closed) if found.closed else None,
        "sums": bills.add_up([bill]) if bill else None, "bill_list": [bill],
        "may_contest": may_contest(view, found, visitor),
    }  # fmt: skip
    return render(request, "portal/invoice.html", context)


def invoice_of(own: Contract, key: int) -> Invoice:
    """One of the contract's invoices that its holder owes; any other number is not found."""
    found = portal_deeds.invoice(own, key)
    if found is None:
        raise Http404
    return found


def bill_of(view: View, found: Invoice, visitor: Visitor) -> Bill | None:
    """What is open on an invoice today."""
    every = bills.open_bills(view.standing, at=visitor.at)
    return next((b for b in every if b.invoice.id == found.external_id), None)


def name_of(view: View, found: Invoice, visitor: Visitor) -> str:
    today = view.standing.calendars.day(visitor.at)
    known = view.standing.facts.invoice(found.external_id)
    if known is not None:
        return bills.name_of(known, today)
    return bills.bill_name(found.reference, found.due_date, today)


def may_contest(view: View, found: Invoice, visitor: Visitor) -> bool:
    """For three years (RGC art. 60), also what was paid: an upheld dispute gives that back as credit."""
    known = view.standing.facts.invoice(found.external_id)
    if known is None or known.closed is not None or balance.open_dispute(known) is not None:
        return False
    return view.standing.calendars.day(visitor.at) - found.due_date <= _CONTESTABLE


def dispute_ends(view: View, found: Invoice) -> datetime | None:
    """The instant by which an open dispute is answered, or what is contested is cancelled."""
    known = view.standing.facts.invoice(found.external_id)
    filed = None if known is None else balance.open_dispute(known)
    return None if filed is None else steps.dispute_ends_at(view.standing, filed)


@for_visitors
@require_safe
def payments(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    own = visitor.contract(contract_id)
    rows = [(one, Method(one.method)) for one in portal_deeds.payments(own)]
    return render(request, "portal/payments.html", {"visitor": visitor, "contract": own, "rows": rows})


@for_visitors
@require_safe
def receipt(request: HttpRequest, visitor: Visitor, contract_id: int, payment_key: int) -> HttpResponse:
    """A payment's receipt, to be printed: who received, who paid, what for."""
    own = visitor.contract(contract_id)
    found = portal_deeds.payment(own, payment_key)
    if found is None or found.method == Method.CREDIT:
        raise Http404
    today = look(contract_id=own.pk, at=visitor.at).standing.calendars.day(visitor.at)
    parts = portal_deeds.parts(found.key)
    context = {
        "visitor": visitor, "contract": own, "payment": found, "method": Method(found.method),
        "payer": masks.mask_document(visitor.subscriber.document),
        "parts": [(bills.bill_name(p.reference, p.due_date, today), p) for p in parts],
        "credit": found.amount - sum(p.money for p in parts),
    }  # fmt: skip
    return render(request, "portal/receipt.html", context)


@for_visitors
@require_safe
def letters(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    own = visitor.contract(contract_id)
    context = {"visitor": visitor, "contract": own, "letters": queries.letters(own), "legal": LEGAL}
    return render(request, "portal/letters.html", context)
