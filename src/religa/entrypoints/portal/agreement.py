"""Fazer um acordo: what is late in instalments, where the policy lets subscribers make one by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions import make_own_agreement
from religa.actions.look import look
from religa.actions.make_own_agreement import Made
from religa.actions.once import KeyUsedForSomethingElse
from religa.domain import own_agreement
from religa.domain.invoicing import Refused
from religa.domain.own_agreement import LATEST_FIRST, Plan, Wish
from religa.domain.standing import Standing
from religa.entrypoints.common import bills
from religa.entrypoints.common.throttle import Limit, try_once
from religa.entrypoints.portal import forms, situation
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.models import Contract
from religa.records.queries import portal_deeds

TODAY, TOMORROW = "hoje", "amanha"
ASKED = Limit("portal_agreement", 10, timedelta(hours=1))


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """GET shows every plan with its days and sums, or one of them to confirm; POST makes it."""
    own = visitor.contract(contract_id)
    standing = look(contract_id=own.pk, at=visitor.at).standing
    if request.method == "POST":
        return _make(request, visitor, own, standing)
    first = request.GET.get("primeira", TODAY)
    first = first if first in (TODAY, TOMORROW) else TODAY
    due = _day(standing, first, visitor.at)
    chosen = own_agreement.may_agree(standing, Wish(_count(request.GET.get("parcelas", "")), due), visitor.at)
    plans = own_agreement.offers(standing, due, visitor.at)
    context = {
        "visitor": visitor, "contract": own, "first": first, "plans": plans,
        "chosen": None if isinstance(chosen, Refused) else chosen, "key": forms.new_key(),
        "whys": _whys(standing, due, visitor.at), "names": _names(standing, plans, visitor.at),
        "paying": _paying(own, visitor),
    }  # fmt: skip
    return render(request, "portal/agreement.html", context)


def _paying(own: Contract, visitor: Visitor) -> situation.Paying | None:
    view = look(contract_id=own.pk, at=visitor.at)
    return situation.read(view, at=visitor.at, moments=visitor.moments).paying


def _count(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 3 else 0


def _day(standing: Standing, first: str, at: datetime) -> date:
    today = standing.calendars.day(at)
    return today + LATEST_FIRST if first == TOMORROW else today


def _whys(standing: Standing, due: date, at: datetime) -> tuple[str, ...]:
    """Why there is no plan at all: what refuses even the shortest one."""
    if own_agreement.offers(standing, due, at):
        return ()
    answer = own_agreement.may_agree(standing, Wish(own_agreement.FEWEST, due), at)
    return answer.whys if isinstance(answer, Refused) else ()


def _names(standing: Standing, plans: Sequence[Plan], at: datetime) -> list[str]:
    """The bills that go into it, the same in every plan."""
    today = standing.calendars.day(at)
    chosen = plans[0].invoices if plans else ()
    return [bills.name_of(i, today) for i in standing.facts.invoices if i.id in chosen]


def _make(request: HttpRequest, visitor: Visitor, own: Contract, standing: Standing) -> HttpResponse:
    key = forms.key_of(request)
    if key is None:
        return redirect("portal:agreement", own.pk)
    if not try_once(ASKED, str(own.pk), at=visitor.at):
        return render(
            request, "portal/asked_too_often.html", {"visitor": visitor, "contract": own}, status=429
        )
    due = _written_day(request.POST.get("vence", ""))
    wish = Wish(_count(request.POST.get("parcelas", "")), due)
    try:
        make_own_agreement.make(contract_id=own.pk, wish=wish, at=visitor.at, key=forms.own_key(own, key))
    except KeyUsedForSomethingElse:
        return redirect("portal:agreement", own.pk)
    return redirect("portal:agreement_answer", own.pk, key)


def _written_day(text: str) -> date:
    """The day that was shown, so that nobody agrees on another after midnight; a text that is none is long gone."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


@for_visitors
@require_safe
def answer(request: HttpRequest, visitor: Visitor, contract_id: int, key: str) -> HttpResponse:
    """The answer that was given; looking again asks nothing again."""
    own = visitor.contract(contract_id)
    given = make_own_agreement.answered(key=forms.own_key(own, key))
    if given is None:
        raise Http404
    context = {"visitor": visitor, "contract": own, "given": given}
    if not isinstance(given, Made):
        return render(request, "portal/not_agreed.html", context)
    parts = portal_deeds.instalments(own, given.agreement_id)
    return render(request, "portal/agreed.html", {**context, "parts": parts, "first": parts[0]})
