"""Faults of ours: open ones first, then what was. While one is open nobody there is blocked for the first time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa import wording
from religa.actions import incident
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.entrypoints.console.forms import Incident
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import incidents as found

_NOBODY = (0, 0)
_LARGEST = 2**63 - 1


@for_staff
@require_safe
def incidents(request: HttpRequest, desk: Desk) -> HttpResponse:
    faults = found.open_incidents(desk.provider.pk, at=desk.at)
    people = found.people_at(desk.provider.pk, at=desk.at) if faults else {}
    past = found.past_incidents(desk.provider.pk)
    context = {
        "desk": desk,
        "section": "incidents",
        "open": [(one, *people.get(one.incident_id, _NOBODY)) for one in faults],
        "past": [(one, _lasted(one.until - one.since)) for one in past if one.until is not None],
    }
    return render(request, "console/incidents.html", context)


def _lasted(time: timedelta) -> str:
    """`3 dias`, `2h05`, `40 min`."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60}h{minutes % 60:02}" if minutes < 48 * 60 else f"{minutes // 1440} dias"


def _places(desk: Desk) -> list[tuple[str, Any]]:
    routers = [(f"nas:{key}", name) for key, name in found.routers_of(desk.provider.pk)]
    towns = [
        (f"ibge:{code}", f"{city} ({code})" if city else f"Município {code}")
        for code, city in found.municipalities_of(desk.provider.pk)
    ]
    groups: list[tuple[str, Any]] = [("Roteador", routers), ("Município", towns)]
    return [(name, places) for name, places in groups if places]


@for_staff
@only(May.INCIDENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET asks where; POST opens it."""
    form = Incident(request.POST if request.method == "POST" else None, places=_places(desk))
    if request.method == "POST" and form.is_valid():
        answer = _open(desk, form.cleaned_data)
        if isinstance(answer, incident.Opened):
            messages.success(request, "Incidente aberto. Ninguém é bloqueado lá até ele ser encerrado.")
            return redirect("console:incidents")
        form.add_error(None, _said(answer))
    status = 422 if request.method == "POST" else 200
    return render(request, "console/open_incident.html", {"desk": desk, "form": form}, status=status)


def _open(desk: Desk, chosen: dict[str, Any]) -> incident.Opened | Refused:
    kind, _, key = chosen["onde"].partition(":")
    return incident.open_incident(
        provider_id=desk.provider.pk,
        nas_id=int(key) if kind == "nas" else None,
        ibge_code=key if kind == "ibge" else "",
        since=chosen["desde"],
        reason=chosen["motivo"],
        by=desk.name,
        at=desk.at,
    )


def _said(answer: Refused) -> str:
    whys = wording.joined([wording.say(why) for why in answer.whys], wording.Language.PT)
    return f"Não foi possível, porque {whys}."


@for_staff
@only(May.INCIDENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, desk: Desk, incident_id: int) -> HttpResponse:
    """GET says what will happen; POST closes it."""
    if request.method != "POST":
        context = {"desk": desk, "fault": _open_one(desk, incident_id)}
        return render(request, "console/close_incident.html", context)
    answer = incident.close_incident(
        provider_id=desk.provider.pk, incident_id=min(incident_id, _LARGEST), by=desk.name, at=desk.at
    )
    if answer == Refused((Refusal.UNKNOWN_INCIDENT,)):
        raise Http404
    if isinstance(answer, Refused):
        messages.error(request, _said(answer))
    else:
        messages.success(
            request, "Incidente encerrado. O que esperava por ele segue no próximo horário de bloqueio."
        )
    return redirect("console:incidents")


def _open_one(desk: Desk, incident_id: int) -> found.IncidentRow:
    """An open one of the own provider, or 404."""
    faults = found.open_incidents(desk.provider.pk, at=desk.at)
    fault = next((one for one in faults if one.incident_id == incident_id), None)
    if fault is None:
        raise Http404
    return fault
