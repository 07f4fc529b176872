"""Paying with Pix. In the demo a fake bank makes the code, and a button stands for the subscriber's own bank."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from religa import wiring
from religa.actions import record_payment
from religa.actions.look import look
from religa.domain.facts import Access, Method
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.entrypoints.portal import situation
from religa.entrypoints.portal.situation import Paying
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract
from religa.records.queries import portal as queries

ALL, LEAST = "tudo", "minimo"


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be paid at once. `amounts` by choice; `invoice`: the external id, if a single bill is paid."""

    paying: Paying
    amounts: dict[str, int]

    def amount(self, choice: str) -> int:
        return self.amounts.get(choice, self.amounts[ALL])


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """GET shows the code and changes nothing; POST exists in the demo alone."""
    own = visitor.contract(contract_id)
    offer = _offer(own, visitor)
    if offer is None:
        return render(request, "portal/nothing_to_pay.html", {"visitor": visitor, "contract": own})
    if request.method == "POST":
        return _settle(request, visitor, own, offer)
    return _show(request, visitor, own, offer)


def _offer(own: Contract, visitor: Visitor) -> Offer | None:
    view = look(contract_id=own.pk, at=visitor.at)
    paying = situation.read(view, at=visitor.at, moments=visitor.moments).paying
    if paying is None:
        return None
    amounts = {ALL: paying.sum.total}
    if paying.least:
        amounts[LEAST] = paying.least
    return Offer(paying, amounts)


def _show(request: HttpRequest, visitor: Visitor, own: Contract, offer: Offer) -> HttpResponse:
    choice = request.GET.get("valor", ALL)
    amount, txid = offer.amount(choice), secrets.token_hex(12)
    provider = visitor.provider
    bank = wiring.fake_bank(pix_key=provider.pix_key or provider.cnpj, payee=provider.payee or provider.name)
    charged = bank and bank.charge(txid=txid, amount=amount, description=own.external_id, at=visitor.at)
    names = [b.invoice.id for b in offer.paying.bills]
    context = {
        "visitor": visitor, "contract": own, "paying": offer.paying, "amount": amount, "txid": txid,
        "choice": LEAST if choice == LEAST and LEAST in offer.amounts else ALL, "charged": charged,
        "printed": queries.charges(own, names),
    }  # fmt: skip
    return render(request, "portal/pay.html", context)


def _settle(request: HttpRequest, visitor: Visitor, own: Contract, offer: Offer) -> HttpResponse:
    """The demo's "pay now": the amount is worked out here, never taken from the form."""
    bank = wiring.fake_bank(pix_key=visitor.provider.pix_key, payee=visitor.provider.name)
    if bank is None:
        raise Http404
    amount = offer.amount(request.POST.get("valor", ALL))
    txid = f"{own.pk}-{request.POST.get('txid', '')[:40]}"
    paid = bank.settle(txid=txid, amount=amount, at=visitor.at)
    answer = record_payment.record(
        contract_id=own.pk,
        payment_id=paid.id,
        amount=paid.amount,
        method=Method.PIX,
        paid_at=paid.paid_at,
        at=visitor.at,
        author="demo: fake bank",
    )
    if isinstance(answer, Refused) and Refusal.PAYMENT_SEEN_BEFORE not in answer.whys:
        return _show(request, visitor, own, offer)
    return redirect(reverse("portal:paid", args=(own.pk, paid.id)))


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
