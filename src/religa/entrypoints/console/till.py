"""Caixa: what each book holds today, closing it, what was closed, and receipts. An agent sees his own till alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa import wording
from religa.actions import close_day
from religa.actions.look import look
from religa.domain.facts import Method
from religa.domain.invoicing import Refused
from religa.entrypoints.common.bills import bill_name, open_bills
from religa.entrypoints.console import till_forms
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.entrypoints.console.till_deeds import receipt_number
from religa.records.models import StaffMember
from religa.records.queries import closings, payments
from religa.records.queries.closings import Account, Book, Total
from religa.wording import Language

_LARGEST = 2**63 - 1


def _only_his(desk: Desk) -> str | None:
    """The cashier whose books are shown; None for all."""
    return None if desk.may[May.ALL_TILLS.value] else desk.login


def _named(totals: tuple[Total, ...]) -> list[tuple[str, Total]]:
    return [(till_forms.method_name(t.method), t) for t in totals]


@for_staff
@only(May.TAKE_PAYMENT)
@require_safe
def till(request: HttpRequest, desk: Desk) -> HttpResponse:
    mine = _only_his(desk)
    books = closings.open_books(desk.provider.pk, desk.today, cashier=mine)
    context = {
        "desk": desk,
        "section": "till",
        "books": [(book, _named(book.totals)) for book in books],
        "past": closings.closings(desk.provider.pk, cashier=mine),
    }
    return render(request, "console/till.html", context)


def _book(desk: Desk, account_id: int, cashier: str) -> Book:
    """A book this person may close, empty if nothing was booked in it."""
    account = closings.account(desk.provider.pk, min(account_id, _LARGEST))
    mine = _only_his(desk)
    if account is None:
        raise Http404
    if mine is not None and (not account.is_desk or cashier != mine):
        raise PermissionDenied
    if account.is_desk is not _works_here(desk, cashier):
        raise Http404
    for book in closings.open_books(desk.provider.pk, desk.today, cashier=cashier):
        if book.account == account:
            return book
    return _empty(account, cashier)


def _works_here(desk: Desk, cashier: str) -> bool:
    return StaffMember.objects.filter(provider=desk.provider, user__username=cashier).exists()


def _empty(account: Account, cashier: str) -> Book:
    shut = closings.closed_until(account.account_id, cashier)
    return Book(account, cashier, cashier, shut, None, (), 0)


@for_staff
@only(May.TAKE_PAYMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """GET shows what is expected; POST closes today."""
    cashier = request.GET.get("operador", "").replace("\0", "")
    book = _book(desk, account_id, cashier)
    posted = request.POST if request.method == "POST" else None
    form = till_forms.Close(posted, counts=book.account.is_desk, initial={"esperado": book.expected})
    if posted is not None and form.is_valid():
        answer = _close(desk, book, form.cleaned_data)
        if isinstance(answer, close_day.Closed):
            messages.success(request, "Dia fechado. O que entrar agora conta no próximo dia.")
            return redirect("console:closing", answer.closing_id)
        form.add_error(None, wording.refused(answer.whys, language=Language.PT))
        form.data = request.POST.copy()
        form.data["esperado"] = str(book.expected)
    context = {"desk": desk, "section": "till", "book": book, "totals": _named(book.totals), "form": form}
    return render(request, "console/close_till.html", context, status=200 if posted is None else 422)


def _close(desk: Desk, book: Book, written: dict[str, Any]) -> close_day.Closed | Refused:
    return close_day.close(
        provider_id=desk.provider.pk,
        account_id=book.account.account_id,
        cashier=book.cashier,
        day=desk.today,
        counted=written.get("contado"),
        note=written["nota"],
        at=desk.at,
        author=desk.name,
        seen=written["esperado"],
    )


@for_staff
@only(May.TAKE_PAYMENT)
@require_safe
def closing(request: HttpRequest, desk: Desk, closing_id: int) -> HttpResponse:
    """One closed day, to be printed and signed."""
    row = closings.closing(desk.provider.pk, min(closing_id, _LARGEST))
    if row is None or _only_his(desk) not in (None, row.cashier):
        raise Http404
    period = closings.Period(desk.provider.pk, row.account.account_id, row.cashier, row.after, row.day)
    context = {
        "desk": desk,
        "section": "till",
        "row": row,
        "totals": _named(row.totals),
        "entries": [(till_forms.method_name(e.method), e) for e in closings.entries(period)],
        "crossings": closings.crossings(period),
    }
    return render(request, "console/closing.html", context)


@for_staff
@only(May.TAKE_PAYMENT)
@require_safe
def receipt(request: HttpRequest, desk: Desk, payment_key: int) -> HttpResponse:
    """What was paid, to whom, and what is left, for the subscriber to take along."""
    row = payments.payment(min(payment_key, _LARGEST))
    if row is None or row.receipt_number is None or row.provider_id != desk.provider.pk:
        raise Http404
    parts = [(bill_name(p.reference, p.due_date, desk.today), p) for p in payments.parts_of(row.key)]
    context = {
        "desk": desk,
        "section": "till",
        "row": row,
        "head": desk.head(row.contract_id),
        "number": receipt_number(row.receipt_number),
        "method": till_forms.method_name(Method(row.method)),
        "parts": parts,
        "credit": row.amount - sum(p.money for _, p in parts),
        "left": open_bills(look(contract_id=row.contract_id, at=desk.at).standing, at=desk.at),
    }
    return render(request, "console/receipt.html", context)
