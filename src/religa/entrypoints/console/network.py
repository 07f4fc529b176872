"""Rede: what the routers were told, what became of it, and whom we have just blocked."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.entrypoints.console.network_words import KINDS, outcome_of, state_of
from religa.entrypoints.console.staff import Desk, for_staff
from religa.records.queries import network as queries
from religa.records.queries.network import Drift, Order

_AN_HOUR = timedelta(hours=1)


@for_staff
@require_safe
def network(request: HttpRequest, desk: Desk) -> HttpResponse:
    mine = desk.provider.pk
    context = {
        "desk": desk,
        "section": "network",
        "routers": queries.routers(mine),
        "drifts": [_drift(one) for one in queries.drifts(mine)],
        "pending": [_drift(one) for one in queries.pending(mine)],
    }
    return render(request, "console/network.html", context)


@for_staff
@require_safe
def orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last hundred orders."""
    rows = [_order(one) for one in queries.orders(desk.provider.pk)]
    return render(request, "console/orders.html", {"desk": desk, "section": "network", "rows": rows})


@for_staff
@require_safe
def blocked(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whom we have blocked in the last hour: the first question when the telephone rings."""
    found = queries.blocked_since(desk.provider.pk, desk.at - _AN_HOUR)
    rows = [(one, state_of(one.access)) for one in found]
    return render(request, "console/blocked.html", {"desk": desk, "section": "network", "rows": rows})


def _drift(one: Drift) -> dict[str, object]:
    outcome, tone = outcome_of(one.outcome)
    return {
        "drift": one,
        "is": state_of(one.state)[0],
        "should": state_of(one.wanted)[0],
        "outcome": outcome,
        "tone": tone,
    }


def _order(one: Order) -> dict[str, object]:
    outcome, tone = outcome_of(one.outcome)
    return {
        "order": one,
        "kind": KINDS.get(one.kind, one.kind),
        "wanted": state_of(one.wanted)[0],
        "outcome": outcome,
        "tone": tone,
    }
