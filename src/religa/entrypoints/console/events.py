"""Eventos do banco: what was posted to us, what became of it, what was refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from religa.actions.money import retry_event
from religa.entrypoints.console.masking import masked
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import account_rows
from religa.records.queries import accounts as account_queries
from religa.records.queries import events as queries
from religa.records.queries.events import EventRow, Wanted
from religa.wording.accounts import CHECKS, REFUSALS, RESULTS, named

_LARGEST = 2**63 - 1
_MOST = 100
_REFUSED_FOR = timedelta(days=7)
_TONES = {"done": "good", "ignored": "info", "unidentified": "warn", "held": "warn", "failed": "bad"}


class Filters(forms.Form):
    """What of the list is wanted; a filter that makes no sense filters nothing."""

    conta = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    resultado = forms.ChoiceField(
        required=False, choices=[("", "Todos"), *((k, w.pt) for k, w in RESULTS.items())]
    )
    dia = forms.DateField(required=False)
    antes = forms.IntegerField(required=False, min_value=1, max_value=_LARGEST)


@for_staff
@only(May.READ_ACCOUNTS)
@require_safe
def event_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = Filters(request.GET)
    form.is_valid()
    values = form.cleaned_data
    rows = queries.events(desk.provider.pk, _wanted(values, desk), limit=_MOST)
    today = desk.at.astimezone(ZoneInfo(desk.provider.zone)).date()
    accounts = account_queries.every(desk.provider.pk, at=desk.at, today=today)
    names = {a.id: a.name for a in accounts}
    refused = account_queries.refused(desk.provider.pk, since=today - _REFUSED_FOR)
    context = {
        "desk": desk,
        "section": "accounts",
        "rows": [_shown(row) for row in rows],
        "accounts": accounts,
        "results": list(Filters.base_fields["resultado"].choices),  # type: ignore[attr-defined]
        "chosen": values,
        "more": _more(values, rows) if len(rows) == _MOST else "",
        "refused": [
            (r, names.get(r.account or 0, "endereço de ninguém"), named(REFUSALS, r.why)) for r in refused
        ],
    }
    return render(request, "console/events.html", context)


def _wanted(values: dict[str, object], desk: Desk) -> Wanted:
    day, zone = values.get("dia"), ZoneInfo(desk.provider.zone)
    since = (
        datetime.combine(day, time(), zone) if isinstance(day, date) and date.min < day < date.max else None
    )
    until = (
        datetime.combine(day + timedelta(days=1), time(), zone) if since and isinstance(day, date) else None
    )
    return Wanted(
        account=values.get("conta"), result=str(values.get("resultado") or ""), since=since, until=until,  # type: ignore[arg-type]
        before=values.get("antes"),  # type: ignore[arg-type]
    )  # fmt: skip


def _more(values: dict[str, object], rows: list[EventRow]) -> str:
    kept = {name: values[name] for name in ("conta", "resultado", "dia") if values.get(name)}
    return urlencode(kept | {"antes": rows[-1].id})


@for_staff
@only(May.READ_ACCOUNTS)
@require_safe
def event_page(request: HttpRequest, desk: Desk, event_id: int) -> HttpResponse:
    """What was posted is shown to who may see it, without whom it is about."""
    event = _event(desk, event_id)
    context = {
        "desk": desk,
        "section": "accounts",
        "shown": _shown(event),
        "results": [
            (r, named(RESULTS, r.result), _TONES.get(r.result, "info")) for r in queries.results_of(event_id)
        ],
        "is_open": _is_open(desk, event),
    }
    if desk.may["read_events"]:
        body, headers = queries.content_of(event_id)
        context |= {"body": masked(body), "kind": headers.get("headers", {}).get("content-type", "")}
    return render(request, "console/event.html", context)


@for_staff
@only(May.RETRY_EVENTS)
@require_POST
def again(request: HttpRequest, desk: Desk, event_id: int) -> HttpResponse:
    """Puts it in line once more."""
    _event(desk, event_id)
    answer = retry_event.retry(event_id=event_id, provider_id=desk.provider.pk, author=desk.name, at=desk.at)
    if isinstance(answer, retry_event.Again):
        messages.success(request, "Na fila: o banco será perguntado de novo em instantes.")
    else:
        messages.error(request, "A conta deste aviso foi fechada: ninguém mais pergunta ao banco por ela.")
    return redirect("console:event", event_id)


def _event(desk: Desk, event_id: int) -> EventRow:
    found = queries.event(desk.provider.pk, event_id) if event_id <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def _is_open(desk: Desk, event: EventRow) -> bool:
    kept = account_rows.one(desk.provider.pk, event.account_id) if event.account_id else None
    return kept is not None and kept.closed_at is None


def _shown(row: EventRow) -> dict[str, object]:
    result = "waiting" if row.waiting else row.result or ""
    return {
        "event": row,
        "result": named(RESULTS, result) if result else "sem resultado",
        "tone": _TONES.get(result, "info"),
        "proof": named(CHECKS, row.proof),
        "relay": _relay(row),
    }


def _relay(row: EventRow) -> str:
    if row.relayed_at is not None:
        return "repassado"
    if row.relay_given_up_at is not None:
        return f"não repassado: {row.relay_error}"
    if row.relay_due_at is None:
        return ""
    return f"a repassar de novo: {row.relay_error}" if row.relay_error else "a repassar"
