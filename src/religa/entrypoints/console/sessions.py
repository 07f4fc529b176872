"""Connections: whether a contract is online, and, for those who may and say why, its records.

A look at records is a POST, because it leaves a row (`session_read`); a GET leaves nothing, and no address is ever in
one, so that none is in a log of requests.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions import read_sessions
from religa.actions.read_sessions import Reader
from religa.entrypoints.console import session_forms
from religa.entrypoints.console.network_words import state_of
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import sessions as queries
from religa.records.queries.sessions import Online

_ASKED_HISTORY = re.compile(r"^history (\d{4})-(\d{2}) page (\d+)$")
_ASKED_ADDRESS = re.compile(r"^address (\S+) at (\S+)$")


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    """GET says whether the contract is online; POST with a reason shows its records, and keeps that somebody looked."""
    head = desk.head(contract_id)
    asked = request.method == "POST"
    if asked and not desk.may["read_sessions"]:
        raise PermissionDenied
    form = session_forms.History(request.POST if asked else None)
    context = {
        "desk": desk,
        "head": head,
        "online": [_shown(one, desk) for one in queries.online(contract_id)],
        "form": form,
    }
    if not asked or not form.is_valid():
        return render(request, "console/sessions.html", context, status=422 if asked else 200)
    context |= _records(form.cleaned_data, desk, contract_id)
    return render(request, "console/sessions.html", context)


def _records(values: Mapping[str, object], desk: Desk, contract_id: int) -> dict[str, object]:
    month, page = values["mes"], values["pagina"]
    assert isinstance(month, date)
    assert isinstance(page, int)
    since, until = _bounds(month, ZoneInfo(desk.provider.zone))
    found = read_sessions.of_contract(
        contract_id=contract_id,
        since=since,
        until=until,
        page=page,
        reader=_reader(desk, str(values["motivo"])),
    )
    return {"found": found, "month": since, "page": page, "reason": values["motivo"], "mes": f"{month:%Y-%m}"}


def _bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, last = (datetime.combine(day, time(), zone) for day in (month, following))
    return first, last


def _reader(desk: Desk, reason: str) -> Reader:
    return Reader(provider_id=desk.provider.pk, who=desk.name, reason=reason, at=desk.at)


def _shown(one: Online, desk: Desk) -> dict[str, object]:
    name, tone = state_of(one.state)
    return {"session": one, "state": name, "tone": tone, "believed": _believed(one)}


def _believed(one: Online) -> str:
    """How the state is known: a router that acknowledges an order has not shown that it obeys."""
    if one.state is None:
        return "não se sabe"
    if one.verified_at is not None:
        return "o roteador mostra"
    if one.applied_at == one.started_at:
        return "desde o login"
    return "só confirmado pelo roteador"


@for_staff
@only(May.READ_SESSIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who had an address at an instant, for a court's order, whose number is kept."""
    asked = request.method == "POST"
    form = session_forms.Address(request.POST if asked else None)
    context: dict[str, object] = {"desk": desk, "form": form, "section": "network"}
    if not asked or not form.is_valid():
        return render(request, "console/addresses.html", context, status=422 if asked else 200)
    values = form.cleaned_data
    context["found"] = read_sessions.of_address(
        address=values["endereco"], when=values["quando"], reader=_reader(desk, values["referencia"])
    )
    return render(request, "console/addresses.html", context)


@for_staff
@only(May.LIST_READERS)
@require_safe
def readers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who looked at connection records."""
    rows = [(one, _said(one.asked, desk)) for one in queries.readers(desk.provider.pk)]
    return render(request, "console/readers.html", {"desk": desk, "rows": rows, "section": "network"})


def _said(asked: str, desk: Desk) -> str:
    if found := _ASKED_HISTORY.match(asked):
        return f"Conexões de {found[2]}/{found[1]}, página {found[3]}"
    if found := _ASKED_ADDRESS.match(asked):
        when = datetime.fromisoformat(found[2]).astimezone(ZoneInfo(desk.provider.zone))
        return f"Quem tinha {found[1]} em {when:%d/%m/%Y %H:%M:%S}"
    return asked
