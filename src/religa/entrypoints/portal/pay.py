"""Paying with Pix: a code of the provider's bank, the wait until the bank has said that it was paid, and then until the
router has let the internet through.

GET shows a code that is there and changes nothing; POST asks the bank for one. No page says what was paid.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions.look import look
from religa.actions.money import charging
from religa.actions.money.charging import NotPayable, Payable
from religa.domain.facts import Access, Method
from religa.entrypoints.common.banks import BANKS, demo_pay_page
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import offers
from religa.entrypoints.portal.offers import Offer
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records import accounts
from religa.records.models import Charge, Contract, PaymentReversal
from religa.records.queries import portal as queries
from religa.records.queries import portal_deeds
from religa.records.queries.portal_deeds import Line

ASKED = Limit("portal_pay", 40, timedelta(hours=1))
_LONG = timedelta(minutes=3)  # a router that has not answered by then may never do


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """The code over what is owed, or over the part of it that is chosen."""
    own = visitor.contract(contract_id)
    asked = request.POST if request.method == "POST" else request.GET
    offer = offers.offer(own, visitor, {name: str(asked.get(name, "")) for name in asked})
    if offer is None:
        return render(request, "portal/nothing_to_pay.html", {"visitor": visitor, "contract": own})
    if request.method != "POST" or offer.error:
        code = charging.shown(
            contract_id=own.pk, scope=offer.scope, at=visitor.at, invoice=offer.invoice, amount=offer.stated
        )
        return _show(request, visitor, own, offer, code)
    # Each amount is another charge at the bank, and banks count how often they are asked.
    if not try_once(ASKED, str(own.pk), at=visitor.at):
        return render(
            request, "portal/asked_too_often.html", {"visitor": visitor, "contract": own}, status=429
        )
    code = charging.pay_now(
        contract_id=own.pk, scope=offer.scope, collector_for=BANKS.of, at=visitor.at, invoice=offer.invoice,
        amount=offer.stated,
    )  # fmt: skip
    if isinstance(code, NotPayable):
        return _show(request, visitor, own, offer, code)
    return redirect(f"{reverse('portal:pay', args=(own.pk,))}?{urlencode(offer.asked)}")


def _show(
    request: HttpRequest, visitor: Visitor, own: Contract, offer: Offer, code: Payable | NotPayable
) -> HttpResponse:
    charge = queries.charge(own, code.charge) if isinstance(code, Payable) else None
    names = [b.invoice.id for b in offer.bills]
    context = {
        "visitor": visitor, "contract": own, "paying": offer.paying, "amount": offer.amount, "choice": offer.choice,
        "offer": offer, "code": code if charge else None, "charge": charge, "why_not": None if charge else code,
        "bank_page": _bank_page(request, own, charge), "printed": queries.charges(own, names),
        "late": request.GET.get("conferir"),
    }  # fmt: skip
    return render(request, "portal/pay.html", context, status=422 if offer.error else 200)


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
    if wants_json(request):
        return JsonResponse({"received": there or None})
    return redirect(there or f"{reverse('portal:pay', args=(own.pk,))}?{offers.link_to(charge)}&conferir=1")


@for_visitors
@require_safe
def paid(request: HttpRequest, visitor: Visitor, contract_id: int, payment_id: str) -> HttpResponse:
    """What was received, and whether the internet is open again: not before a router is known to let it through."""
    own = visitor.contract(contract_id)
    seen = queries.payment(own, payment_id)
    if seen is None:
        raise Http404
    decision = look(contract_id=own.pk, at=visitor.at).decision
    is_open = decision.access is Access.FULL
    line = portal_deeds.line_of(own.pk) if is_open else None
    if wants_json(request):
        return waited(request, line)
    context = {
        "visitor": visitor, "contract": own, "payment": seen, "decision": decision, "is_open": is_open, "line": line,
        "method": Method(seen.method), "takes_long": visitor.at - seen.known_at > _LONG,
        "went_back": PaymentReversal.objects.filter(payment=seen).exists(),
    }  # fmt: skip
    return render(request, "portal/paid.html", context)


def wants_json(request: HttpRequest) -> bool:
    """Whether the page that waits asks (static/portal/wait.js), and no person."""
    return request.headers.get("Accept") == "application/json"


def waited(request: HttpRequest, line: Line | None) -> JsonResponse:
    """Nothing as long as a router is on its way, then the page that says how it stands."""
    return JsonResponse({"received": None if line is Line.WAITING else request.path})
