"""The subscriber's first pages: his contracts, and the one screen of a contract."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from religa.actions.look import look
from religa.entrypoints.portal import doors, situation
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract


@dataclass(frozen=True, slots=True)
class Listed:
    """One contract in the list of several."""

    contract: Contract
    headline: str
    tone: str
    icon: str
    total_late: int


@for_visitors
@require_safe
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Straight to the contract if there is only one."""
    contracts = visitor.contracts()
    if len(contracts) == 1:
        return redirect("portal:contract", contracts[0].pk)
    listed = [_listed(contract, visitor) for contract in contracts]
    return render(request, "portal/home.html", {"visitor": visitor, "listed": listed})


def _listed(contract: Contract, visitor: Visitor) -> Listed:
    view = look(contract_id=contract.pk, at=visitor.at)
    found = situation.read(view, at=visitor.at, moments=visitor.moments)
    return Listed(
        contract,
        found.headline,
        found.tone,
        found.icon,
        sum(b.payable for b in found.late),
    )


@for_visitors
@require_safe
def contract(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """Am I cut off, why, until when, what do I owe, how do I get back: one screen."""
    own = visitor.contract(contract_id)
    view = look(contract_id=own.pk, at=visitor.at)
    found = situation.read(view, at=visitor.at, moments=visitor.moments)
    context = {
        "visitor": visitor, "contract": own, "situation": found, "several": len(visitor.contracts()) > 1,
        "moment_of_day": visitor.moments.part_of_day(visitor.at), "doors": doors.of(view, visitor.at),
    }  # fmt: skip
    return render(request, "portal/contract.html", context)
