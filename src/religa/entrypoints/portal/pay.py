"""Paying with Pix: a code of the provider's bank, and the wait until the bank has said that it was paid.

GET shows a code that is there and changes nothing; POST asks the bank for one. No page says what was paid.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions.look import look
from religa.actions.money import charging
from religa.actions.money.charging import NotPayable, Payable
from religa.domain.facts import Access
from religa.entrypoints.common.banks import BANKS, demo_pay_page
from religa.entrypoints.portal import situation
from religa.entrypoints.portal.situation import Paying
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records import accounts
from religa.records.models import Charge, Contract
from religa.records.queries import portal as queries

ALL, LEAST = "tudo", "minimo"
_SCOPES = {ALL: "everything", LEAST: "least"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be paid at once, and which choice is shown."""

    paying: Paying
    choice: str

    @property
    def amount(self) -> int:
        return self.paying.least if self.choice == LEAST else self.paying.sum.total


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """The code over what is owed, or over the least that brings access back."""
    own = visitor.contract(contract_id)
    asked = request.POST if request.method == "POST" else request.GET
    offer = _offer(own, visitor, str(asked.get("valor", ALL)))
    if offer is None:
        return render(request, "portal/nothing_to_pay.html", {"visitor": visitor, "contract": own})
    scope = _SCOPES[offer.choice]
    if request.method != "POST":
        return _show(
            request, visitor, own, offer, charging.shown(contract_id=own.pk, scope=scope, at=visitor.at)
        )
    code = charging.pay_now(contract_id=own.pk, scope=scope, collector_for=BANKS.of, at=visitor.at)
    if isinstance(code, NotPayable):
        return _show(request, visitor, own, offer, code)
    return redirect(f"{reverse('portal:pay', args=(own.pk,))}?valor={offer.choice}")


def _offer(own: Contract, visitor: Visitor, choice: str) -> Offer | None:
    view = look(contract_id=own.pk, at=visitor.at)
    paying = situation.read(view, at=visitor.at, moments=visitor.moments).paying
    if paying is None:
        return None
    return Offer(paying, LEAST if choice == LEAST and paying.least else ALL)


def _show(
    request: HttpRequest, visitor: Visitor, own: Contract, offer: Offer, code: Payable | NotPayable
) -> HttpResponse:
    charge = queries.charge(own, code.charge) if isinstance(code, Payable) else None
    names = [b.invoice.id for b in offer.paying.bills]
    context = {
        "visitor": visitor, "contract": own, "paying": offer.paying, "amount": offer.amount, "choice": offer.choice,
        "code": code if charge else None, "charge": charge, "why_not": None if charge else code,
        "bank_page": _bank_page(request, own, charge), "printed": queries.charges(own, names),
        "late": request.GET.get("conferir"),
    }  # fmt: skip
    return render(request, "portal/pay.html", context)


def _bank_page(request: HttpRequest, own: Contract, charge: Charge | None) -> str:
    """Where the demo's bank is paid; empty for every real one."""
    if charge is None or charge.payment_account_id is None:
        return ""
    account = accounts.get(charge.payment_account_id)
    back = request.build_absolute_uri(reverse("portal:paying", args=(own.pk, charge.pk)))
    return demo_pay_page(account, charge.txid or "", back) if account else ""


@for_visitors
@require_safe
def paying(request: HttpRequest, visitor: Visitor, contract_id: int, charge_id: int) -> HttpResponse:
    """Whether a code was paid: as JSON for the page that waits, else by leading to what was received or to the code."""
    own = visitor.contract(contract_id)
    charge = queries.charge(own, charge_id)
    if charge is None:
        raise Http404
    received = queries.payment_on(own, charge)
    there = received and reverse("portal:paid", args=(own.pk, received.external_id))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"received": there or None})
    choice = LEAST if charge.scope == "least" else ALL
    return redirect(there or f"{reverse('portal:pay', args=(own.pk,))}?valor={choice}&conferir=1")


@for_visitors
@require_safe
def paid(request: HttpRequest, visitor: Visitor, contract_id: int, payment_id: str) -> HttpResponse:
    """What was received, and whether the internet is open again."""
    own = visitor.contract(contract_id)
    seen = queries.payment(own, payment_id)
    if seen is None:
        raise Http404
    decision = look(contract_id=own.pk, at=visitor.at).decision
    context = {
        "visitor": visitor, "contract": own, "payment": seen, "decision": decision,
        "is_open": decision.access is Access.FULL,
    }  # fmt: skip
    return render(request, "portal/paid.html", context)
