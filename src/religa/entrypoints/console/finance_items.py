"""One item of finance's queues: what is known of it, what may be done, and the POST that does it, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from religa.actions.money import resolve, settle_case, suggest
from religa.actions.money.landing import Credited
from religa.actions.money.refunding import Asked
from religa.actions.money.resolve import NotOurs
from religa.actions.money.settle_case import Settled, Way
from religa.actions.money.suggest import Known
from religa.domain.facts import Method
from religa.domain.money import format_reais
from religa.entrypoints.console import finance_words as words
from religa.entrypoints.console.finance_forms import (
    CREDIT,
    GIVE_BACK,
    NOT_OURS,
    CreditOther,
    CreditSuggested,
    Resolve,
    Settle,
    of_way,
)
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import Head, finance
from religa.records.queries.finance import CaseRow, Unidentified

LARGEST = 2**63 - 1
_SUGGESTED = "creditar_sugerido"


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested contract, why, and the form that credits it in one click."""

    head: Head
    invoice: str | None
    because: str
    form: CreditSuggested


@for_staff
@only(May.CLEAR_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def unidentified(request: HttpRequest, desk: Desk, money_id: int) -> HttpResponse:
    """GET shows money of nobody and whose it may be; POST decides about it."""
    money = _known(finance.one_unidentified(desk.provider.pk, money_id)) if money_id <= LARGEST else None
    if money is None:
        raise Http404
    if request.method != "POST":
        return _money_page(request, desk, money, {})
    form = _posted(request)
    if not form.is_valid():
        return _money_page(request, desk, money, {str(request.POST["fazer"]): form}, status=422)
    contract = _contract(desk, form)
    if contract is None:
        form.add_error("numero", "Não há contrato com este número.")
        return _money_page(request, desk, money, {CREDIT: form}, status=422)
    return _decide(request, desk, money, form, contract)


def _known(money: Unidentified | None) -> Unidentified:
    if money is None:
        raise Http404
    return money


def _posted(request: HttpRequest) -> Resolve:
    kinds: dict[str, type[Resolve]] = {
        _SUGGESTED: CreditSuggested,
        CREDIT: CreditOther,
        GIVE_BACK: Resolve,
        NOT_OURS: Resolve,
    }
    do = str(request.POST.get("fazer", ""))
    if do not in kinds:
        raise Http404
    return kinds[do](request.POST, do=do)


def _contract(desk: Desk, form: Resolve) -> int | None:
    """Of the own provider: another number is not found. 0 where none is asked for."""
    said = form.cleaned_data
    if "contrato" in said:
        return desk.head(said["contrato"]).contract_id
    return finance.contract_numbered(desk.provider.pk, said["numero"].strip()) if "numero" in said else 0


def _decide(
    request: HttpRequest, desk: Desk, money: Unidentified, form: Resolve, contract: int
) -> HttpResponse:
    said = form.cleaned_data
    asked = {"provider_id": desk.provider.pk, "money": money.key, "reason": said["motivo"], "author": desk.name,
             "at": desk.at}  # fmt: skip
    deeds: dict[str, Callable[..., Any]] = {GIVE_BACK: resolve.give_back, NOT_OURS: resolve.not_ours}
    if contract:
        answer = resolve.identify(**asked, contract_id=contract, invoice=said["conta"].strip() or None)
    else:
        answer = deeds[said["fazer"]](**asked)
    if isinstance(answer, Credited):
        opened = " A internet voltou." if answer.opened else ""
        messages.success(request, f"{format_reais(money.amount)} creditados ao contrato.{opened}")
        return redirect("console:contract", answer.contract_id)
    if isinstance(answer, Asked):
        messages.success(request, words.WAYS[Way.REFUND].done)
    elif isinstance(answer, NotOurs):
        messages.success(request, "Fica guardado como dinheiro que não é nosso.")
    else:
        messages.error(request, words.no(answer, desk.moments))
        return redirect("console:unidentified", money.key)
    return redirect("console:queue", finance.UNIDENTIFIED)


def _money_page(
    request: HttpRequest, desk: Desk, money: Unidentified, bound: dict[str, Resolve], status: int = 200
) -> HttpResponse:
    context = {
        "desk": desk,
        "section": "finance",
        "money": money,
        "method": Method(money.method),
        "why": words.WHYS.get(money.why, money.why),
        "resolution": words.RESOLUTIONS.get(money.resolution, money.resolution),
        "offers": _offers(desk, money) if money.resolved_at is None else [],
        "other": bound.get(CREDIT) or CreditOther(do=CREDIT),
        "give_back": bound.get(GIVE_BACK) or Resolve(do=GIVE_BACK),
        "not_ours": bound.get(NOT_OURS) or Resolve(do=NOT_OURS),
        "missing": _SUGGESTED in bound,
    }
    return render(request, "console/finance_money.html", context, status=status)


def _offers(desk: Desk, money: Unidentified) -> list[Offer]:
    known = Known(money.amount, Method(money.method), money.paid_at, money.payer_document, money.payer_name,
                  money.nosso_numero)  # fmt: skip
    day = money.paid_at.astimezone(ZoneInfo(desk.provider.zone)).date()
    found = suggest.suggest(desk.provider.pk, known, at=desk.at, zone_day=day)
    return [_offer(desk, one, n) for n, one in enumerate(found)]


def _offer(desk: Desk, one: suggest.Suggestion, n: int) -> Offer:
    because = words.because(one.sakes)
    start = {
        "contrato": one.contract_id,
        "conta": one.invoice or "",
        "motivo": because[:1].upper() + because[1:],
    }
    form = CreditSuggested(do=_SUGGESTED, place=f"sugestao{n}", initial=start)
    return Offer(desk.head(one.contract_id), one.invoice, because, form)


# -- cases ----------------------------------------------------------------------------------------------------------


@for_staff
@only(May.CLEAR_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, desk: Desk, case_id: int) -> HttpResponse:
    """GET shows a case and its ways; POST goes one."""
    row = finance.one_case(desk.provider.pk, case_id) if case_id <= LARGEST else None
    if row is None:
        raise Http404
    if request.method != "POST":
        return _case_page(request, desk, row, {})
    way = next((w for w in ways_of(row) if w.value == request.POST.get("fazer")), None)
    if way is None:
        raise Http404
    form = of_way(way)(request.POST, do=way.value)
    if not form.is_valid():
        return _case_page(request, desk, row, {way: form}, status=422)
    answer = settle_case.settle(
        provider_id=desk.provider.pk, case_id=row.key, way=way, reason=form.cleaned_data["motivo"], author=desk.name,
        at=desk.at, amount=form.cleaned_data.get("valor"),
    )  # fmt: skip
    if isinstance(answer, Settled):
        messages.success(request, words.WAYS[way].done)
        return redirect("console:queue", row.kind)
    messages.error(request, words.no(answer, desk.moments))
    return redirect("console:case", row.key)


def ways_of(row: CaseRow) -> tuple[Way, ...]:
    """Money of nobody has no contract to stay on, other money no queue to go back to. What a file or a list of the bank
    said wrongly is no event: it comes again with the next file or list."""
    gone = {Way.KEEP if row.is_nobodys else Way.BACK_TO_QUEUE}
    if row.kind == "event_failed" and not row.has_event:
        gone.add(Way.TRY_AGAIN)
    return tuple(way for way in settle_case.WAYS[row.kind] if way not in gone)


def _case_page(
    request: HttpRequest, desk: Desk, row: CaseRow, bound: dict[Way, Settle], status: int = 200
) -> HttpResponse:
    left = None
    if Way.REFUND in ways_of(row) and row.payment:
        left = settle_case.credit_left(desk.provider.pk, row.payment)
    context = {
        "desk": desk,
        "section": "finance",
        "case": row,
        "kind": words.kind(row.kind),
        "left": left,
        "resolution": words.RESOLUTIONS.get(row.resolution, row.resolution),
        "ways": [
            (words.WAYS[way], bound.get(way) or _fresh(way, row, left))
            for way in (ways_of(row) if row.closed_at is None else ())
            if way is not Way.REFUND or left  # nothing is left to give back
        ],
    }
    return render(request, "console/finance_case.html", context, status=status)


def _fresh(way: Way, row: CaseRow, left: int | None) -> Settle:
    amount = min(left or 0, row.amount or left or 0)
    start = {"valor": f"{amount // 100},{amount % 100:02}"} if way is Way.REFUND and amount else {}
    return of_way(way)(do=way.value, initial=start)
