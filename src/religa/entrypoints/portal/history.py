"""What was before: all invoices, and everything the provider has written (Manual Operacional 1.1.2)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.actions.look import look
from religa.domain.facts import NoticeKind
from religa.entrypoints.common import bills
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.queries import portal as queries
from religa.records.queries.portal import PastInvoice

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
def letters(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    own = visitor.contract(contract_id)
    context = {"visitor": visitor, "contract": own, "letters": queries.letters(own), "legal": LEGAL}
    return render(request, "portal/letters.html", context)
