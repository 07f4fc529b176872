"""The subscriber's first pages: his contracts, and the one screen of a contract."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from religa.actions.look import look, look_at_all
from religa.entrypoints.common.standing import BAD
from religa.entrypoints.portal import contacts, doors, situation
from religa.entrypoints.portal.situation import Situation
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract


@dataclass(frozen=True, slots=True)
class Listed:
    """One contract in the list of several. `total_late` in centavos."""

    contract: Contract
    situation: Situation
    total_late: int


@for_visitors
@require_safe
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Straight to the contract if there is only one; else all of them, those that need somebody first."""
    contracts = visitor.contracts
    if len(contracts) == 1:
        return redirect("portal:contract", contracts[0].pk)
    listed = _listed(contracts, visitor)
    context = {
        "visitor": visitor,
        "listed": listed,
        "late": sum(item.total_late > 0 for item in listed),
        "shut": sum(item.situation.tone == BAD for item in listed),
        "total_late": sum(item.total_late for item in listed),
        "phones": contacts.phones(visitor.provider, company=visitor.is_company),
    }
    return render(request, "portal/home.html", context)


def _listed(contracts: list[Contract], visitor: Visitor) -> list[Listed]:
    views = look_at_all(contract_ids=[contract.pk for contract in contracts], at=visitor.at)
    found = []
    for contract in contracts:
        seen = situation.read(views[contract.pk], at=visitor.at, moments=visitor.moments)
        found.append(Listed(contract, seen, sum(b.payable for b in seen.late)))
    return sorted(found, key=lambda item: item.situation.urgency)


@for_visitors
@require_safe
def contract(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """Am I cut off, why, until when, what do I owe, how do I get back: one screen."""
    own = visitor.contract(contract_id)
    view = look(contract_id=own.pk, at=visitor.at)
    found = situation.read(view, at=visitor.at, moments=visitor.moments)
    context = {
        "visitor": visitor, "contract": own, "situation": found, "several": len(visitor.contracts) > 1,
        "moment_of_day": visitor.moments.part_of_day(visitor.at),
        "phones": contacts.phones(visitor.provider, company=contacts.is_company(own)),
        "for_company": contacts.is_company(own), "doors": doors.of(view, visitor.at),
    }  # fmt: skip
    return render(request, "portal/contract.html", context)
