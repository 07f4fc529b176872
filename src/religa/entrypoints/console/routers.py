"""Roteadores: how each fares, registering and changing one, and testing whether it takes orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from religa.actions import nas_tests, save_router
from religa.domain.coa_test import CoaTest, Verdict
from religa.domain.pushing import Result
from religa.domain.routers import Router, is_network
from religa.entrypoints.console.router_forms import REACHES, RouterForm, initial
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import routers, vendors
from religa.records.routers import Registered
from religa.wording.routers import coa_test, mikrotik_command, router_alarm
from religa.wording.vendors import vendor_title

_LARGEST = 2**63 - 1
_PATIENCE = timedelta(seconds=60)  # a silent router takes up to half of it
_RESULTS = {
    Result.APPLIED: "aplicou",
    Result.DISCONNECTED: "desconectou",
    Result.GONE: "a sessão não existia mais",
    Result.REFUSED: "recusou",
    Result.MISCONFIGURED: "recusou por configuração",
    Result.BUSY: "ocupado",
    Result.SILENT: "não respondeu",
    Result.NOT_SENT: "a ordem não saiu daqui",
}
_VERDICTS = {
    Verdict.WORKS: ("Funciona", "good"),
    Verdict.ANSWERS: ("Responde, com ressalva", "warn"),
    Verdict.SUSPICIOUS: ("Suspeito", "warn"),
    Verdict.DOES_NOT_WORK: ("Não funciona", "bad"),
}
_NEW = Router("", "", "mikrotik")


@dataclass(frozen=True, slots=True)
class Test:
    """The last test in words. `lines`: what it means, then what to do."""

    test: CoaTest
    word: str = ""
    tone: str = "info"
    lines: Sequence[str] = ()
    command: str = ""
    is_waiting: bool = False
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A router as it stands on a page."""

    one: Registered
    word: str
    tone: str
    alarms: Sequence[str]
    kind: str
    outcome: str
    reach: str


@for_staff
@require_safe
def router_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = [_shown(one, desk) for one in routers.every(desk.provider.pk)]
    return render(request, "console/routers.html", {"desk": desk, "section": "routers", "rows": rows})


def routers_with_alarms(desk: Desk) -> list[Shown]:
    """Those that need a person, for the first page."""
    return [row for row in (_shown(one, desk) for one in routers.every(desk.provider.pk)) if row.alarms]


@for_staff
@require_safe
def router_page(request: HttpRequest, desk: Desk, nas_id: int) -> HttpResponse:
    """While a test waits the page asks again by itself; a header does it, so that it needs no script."""
    found = _one(desk, nas_id)
    test = _test(found, desk)
    context = {
        "desk": desk,
        "section": "routers",
        "shown": _shown(found, desk),
        "test": test,
        "is_network": is_network(found.router.address),
    }
    response = render(request, "console/router.html", context)
    if test is not None and test.is_waiting and not test.is_overdue:
        response["Refresh"] = _again(request)
    return response


def _again(request: HttpRequest) -> str:
    """In two seconds. Another address each time: to the same one, with its #, a browser only scrolls."""
    seen = request.GET.get("vez", "")
    turn = int(seen) + 1 if seen.isdecimal() and len(seen) < 6 else 1
    return f"2; url={request.path}?vez={turn}#teste"


@for_staff
@only(May.CHANGE_NETWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _form(request, desk, None)


@for_staff
@only(May.CHANGE_NETWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, nas_id: int) -> HttpResponse:
    return _form(request, desk, _one(desk, nas_id))


@for_staff
@only(May.CHANGE_NETWORK)
@require_POST
def test(request: HttpRequest, desk: Desk, nas_id: int) -> HttpResponse:
    """Asks for a test; the page of the router shows what comes of it."""
    found = _one(desk, nas_id)
    if found.router.reach != "coa" or not found.has_secret:
        messages.error(
            request, "Este roteador não recebe ordens por CoA, ou está sem segredo. Mude o cadastro antes."
        )
    else:
        nas_tests.ask(nas_id=nas_id, by=desk.name, at=desk.at)
    return redirect(f"{reverse('console:router', args=[nas_id])}#teste")


def _form(request: HttpRequest, desk: Desk, known: Registered | None) -> HttpResponse:
    start = initial(known.router if known else _NEW)
    data = request.POST if request.method == "POST" else None
    form = RouterForm(data, initial=start, kinds=_kinds(known), is_new=known is None)
    context = {"desk": desk, "section": "routers", "form": form, "known": known}
    if data is None:
        return render(request, "console/router_form.html", context)
    if form.is_valid():
        router, secret = form.read()
        answer = save_router.save(
            router=router, provider_id=desk.provider.pk, nas_id=known.id if known else None, secret=secret
        )
        if isinstance(answer, save_router.Saved):
            _tell(request, answer, is_new=known is None)
            return redirect("console:router", answer.nas_id)
        form.tell(answer.problems)
    return render(request, "console/router_form.html", context, status=422)


def _tell(request: HttpRequest, saved: save_router.Saved, *, is_new: bool) -> None:
    when = "Já pode pedir logins." if is_new else "Vale em até 30 segundos."
    messages.success(request, f"Roteador salvo. {when}")
    if saved.short_secret:
        messages.error(
            request, "O segredo é curto: troque por um de 16 caracteres ou mais, aqui e no roteador."
        )


def _kinds(known: Registered | None) -> list[tuple[str, str]]:
    """Kinds to choose from; one that is gone is named, so that it can be seen and left."""
    kinds = [(v.vendor, _title(v.vendor, v.title)) for v in vendors.every()]
    if known and known.router.vendor not in dict(kinds):
        kinds.append((known.router.vendor, f"{known.router.vendor} (não existe mais)"))
    return kinds


def _title(vendor: str, title: str) -> str:
    return vendor_title(vendor, title, title)


def _one(desk: Desk, nas_id: int) -> Registered:
    """A router of the own provider or a shared one, or 404."""
    found = routers.one(desk.provider.pk, nas_id) if nas_id <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def _shown(one: Registered, desk: Desk) -> Shown:
    alarms = [router_alarm(alarm) for alarm in one.health.alarms(desk.at)] if one.router.enabled else []
    word, tone = _state(one, bool(alarms))
    kind = _title(one.router.vendor, one.vendor_title) if one.vendor_title else one.router.vendor
    outcome = (
        _RESULTS[Result(one.health.outcome)] if one.health.outcome in set(Result) else one.health.outcome
    )
    return Shown(
        one, word, tone, alarms, kind, outcome, dict(REACHES).get(one.router.reach, one.router.reach)
    )


def _state(one: Registered, has_alarm: bool) -> tuple[str, str]:
    if not one.router.enabled:
        return "Desligado", "info"
    if has_alarm:
        return "Alarme", "bad"
    if not one.has_secret:
        return "Sem segredo", "bad"
    if one.health.accounted_at is None:
        return "Ainda não ouvido", "warn"
    return ("Modo sombra", "info") if one.router.shadow else ("Em ordem", "good")


def _test(one: Registered, desk: Desk) -> Test | None:
    if one.test is None:
        return None
    if one.test.answer is None:
        return Test(one.test, is_waiting=True, is_overdue=desk.at - one.test.asked_at > _PATIENCE)
    word, tone = _VERDICTS[one.test.answer.verdict]
    lines, command = coa_test(one.test.answer, one.router), mikrotik_command(one.router)
    return Test(one.test, word, tone, lines, command)
