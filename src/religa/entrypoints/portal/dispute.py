"""Não concordo com esta cobrança: the whole bill or a part, why, and what happens until when (RGC arts. 60 to 62)."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions import contest
from religa.actions.contest import Contested
from religa.actions.look import View, look
from religa.actions.once import KeyUsedForSomethingElse
from religa.domain.facts import Access
from religa.domain.money import format_reais
from religa.entrypoints.common import i18n
from religa.entrypoints.common.bills import Bill
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import forms
from religa.entrypoints.portal.history import bill_of, invoice_of, may_contest, name_of
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.loaded import Ask
from religa.records.models import Contract, Invoice

WHOLE, PART = "toda", "parte"
ASKED = Limit("portal_dispute", 10, timedelta(hours=1))
_LONGEST = 1000


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, visitor: Visitor, contract_id: int, invoice_id: int) -> HttpResponse:
    """GET shows the form and says what will happen; POST files it."""
    own = visitor.contract(contract_id)
    found = invoice_of(own, invoice_id)
    view = look(contract_id=own.pk, at=visitor.at, ask=Ask(invoices=(found.external_id,)))
    if request.method == "POST":
        return _file(request, visitor, own, found, view)
    return _show(request, visitor, own, found, view)


def _show(
    request: HttpRequest, visitor: Visitor, own: Contract, found: Invoice, view: View, error: str = ""
) -> HttpResponse:
    bill = bill_of(view, found, visitor)
    days = view.standing.policy.dispute_answer_days
    calendars = view.standing.calendars
    context = {
        "visitor": visitor, "contract": own, "invoice": found, "name": name_of(view, found, visitor), "bill": bill,
        "can": may_contest(view, found, visitor), "open": bill.owed.principal if bill else 0, "key": forms.new_key(),
        "ends_at": calendars.midnight(calendars.day(visitor.at) + timedelta(days=days)), "error": error,
        "part": request.POST.get("quanto") == PART, "written": request.POST.get("valor", "")[:20],
        "reason": forms.text(request.POST.get("motivo", ""), _LONGEST),
    }  # fmt: skip
    return render(request, "portal/dispute.html", context, status=422 if error else 200)


def _file(request: HttpRequest, visitor: Visitor, own: Contract, found: Invoice, view: View) -> HttpResponse:
    key = forms.key_of(request)
    if key is None:
        return redirect("portal:dispute", own.pk, found.pk)
    kept = contest.answered(key=_key_of(own, found, key))
    if kept is not None:  # sent again: by now the form may say something else is wrong with it
        return redirect("portal:dispute_answer", own.pk, found.pk, key)
    amount = forms.amount(request.POST.get("valor", "")) if request.POST.get("quanto") == PART else None
    reason = forms.text(request.POST.get("motivo", ""), _LONGEST)
    error = _wrong(request, bill_of(view, found, visitor), amount, reason)
    if error:
        return _show(request, visitor, own, found, view, error)
    if not try_once(ASKED, str(own.pk), at=visitor.at):
        return render(
            request, "portal/asked_too_often.html", {"visitor": visitor, "contract": own}, status=429
        )
    try:
        contest.contest(
            contract_id=own.pk, invoice=found.external_id, amount=amount, reason=reason, at=visitor.at,
            key=_key_of(own, found, key),
        )  # fmt: skip
    except KeyUsedForSomethingElse:
        return redirect("portal:dispute", own.pk, found.pk)
    return redirect("portal:dispute_answer", own.pk, found.pk, key)


def _key_of(own: Contract, found: Invoice, key: str) -> str:
    return f"{forms.own_key(own, key)}:{found.pk}"


def _wrong(request: HttpRequest, bill: Bill | None, amount: int | None, reason: str) -> str:
    """What is to be written differently; empty if it can be filed, or if that is not for the form to say."""
    if not reason:
        return _("Escreva em poucas palavras por que você não concorda.")
    most = bill.owed.principal if bill else 0
    if request.POST.get("quanto") == PART and (amount is None or not 0 < amount <= most):
        return _("Escreva um valor até %(most)s.") % {"most": format_reais(most, i18n.active())}
    return ""


@for_visitors
@require_safe
def answer(
    request: HttpRequest, visitor: Visitor, contract_id: int, invoice_id: int, key: str
) -> HttpResponse:
    """The answer that was given; looking again files nothing again."""
    own = visitor.contract(contract_id)
    found = invoice_of(own, invoice_id)
    given = contest.answered(key=_key_of(own, found, key))
    if given is None:
        raise Http404
    view = look(contract_id=own.pk, at=visitor.at, ask=Ask(invoices=(found.external_id,)))
    context = {
        "visitor": visitor, "contract": own, "invoice": found, "name": name_of(view, found, visitor), "given": given,
        "taken": isinstance(given, Contested), "is_open": view.decision.access is Access.FULL,
        "owed": bill_of(view, found, visitor) is not None,
    }  # fmt: skip
    return render(request, "portal/contested.html", context)
