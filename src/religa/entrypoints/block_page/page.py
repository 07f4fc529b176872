"""The page that a walled device opens: that access is restricted, that nothing is cancelled, and how to return now.

Anybody at that address may read it. So no name, no document, no month and no history; the amount only where the policy
lets it be shown. A look changes nothing.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from religa.domain.money import format_reais
from religa.entrypoints.block_page import answers, forms, situation, sources
from religa.entrypoints.block_page.answers import Given
from religa.entrypoints.block_page.forms import Deed
from religa.entrypoints.block_page.paying import Code
from religa.entrypoints.block_page.situation import Help
from religa.entrypoints.block_page.sources import Network
from religa.entrypoints.block_page.visit import Visit, visit_of
from religa.entrypoints.common.i18n import speaking
from religa.entrypoints.common.private import private
from religa.wording import refused

_WAITING = (Network.WALLED, Network.RETURNING, Network.WINDOW)


@private
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """One look by address, nothing written but the count of looks."""
    visit = visit_of(request)
    if not sources.within(sources.PAGES, request, at=visit.at):
        return too_often(request, visit)
    return show(request, visit, code_sent=request.GET.get("codigo") == "enviado")


@private
@require_safe
def answer(request: HttpRequest, nonce: str) -> HttpResponse:
    """The answer that was given to a request of this contract; looking again asks nothing again."""
    visit = visit_of(request)
    if not sources.within(sources.PAGES, request, at=visit.at):
        return too_often(request, visit)
    given = answers.read(visit, nonce)
    return redirect(visit.address("page")) if given is None else show(request, visit, given=given)


@private
@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """What the network does now, for the page that waits."""
    visit = visit_of(request)
    if not sources.within(sources.PROBES, request, at=visit.at):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    return JsonResponse({"network": visit.network.value})


def show(
    request: HttpRequest,
    visit: Visit,
    *,
    given: Given | None = None,
    problem: str = "",
    code_sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of a visit. `given`: an answer to say first; `problem`: a word of WORDS in the template."""
    view = situation.view_of(visit)
    help_ = situation.help_of(visit, view)
    context = {
        **_frame(visit),
        "said": situation.said(visit, view.standing.policy if view else None),
        "help": help_,
        "amount": _amount(visit, help_),
        "no_window": refused(help_.no_window, language=visit.language) if help_.no_window else "",
        "part_of_day": visit.moments.part_of_day(visit.at),
        "given": given,
        "problem": problem,
        "code_sent": code_sent,
        "waits": visit.network in _WAITING,
        "tokens": _tokens(visit),
    }
    return _rendered(request, visit, "block_page/page.html", context, status)


def too_often(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _rendered(request, visit, "block_page/too_often.html", _frame(visit), 429)


def _frame(visit: Visit) -> dict[str, object]:
    return {
        "visit": visit,
        "provider": visit.provider,
        "language": visit.language.value,
        "network": visit.network.value,
        "way_out": visit.way_out,
        "urls": {
            "again": visit.address("page"),
            "state": visit.address("state"),
            "unlock": visit.address("unlock"),
            "window": visit.address("window"),
            "pix": visit.address("pix"),
            "send_code": visit.address("send_code"),
        },
        "languages": [
            (tag, name, visit.address("page", lang="" if tag == "pt" else tag))
            for tag, name in (("pt", "Português"), ("en", "English"), ("es", "Español"))
        ],
    }


def _rendered(
    request: HttpRequest, visit: Visit, template: str, context: dict[str, object], status: int
) -> HttpResponse:
    with speaking(visit.language):
        return render(request, template, context, status=status)


def _amount(visit: Visit, help_: Help) -> str:
    if help_.paying is None:
        return ""
    amount = help_.code.amount if isinstance(help_.code, Code) else help_.paying.amount
    return format_reais(amount, visit.language)


def _tokens(visit: Visit) -> dict[str, str]:
    if visit.found is None:
        return {}
    return {deed.value: forms.token(deed, visit.found, at=visit.at) for deed in Deed}
