"""O dia em que eu recebo: kept if the subscriber wants it, offered as a promise, forgotten at his word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from religa.actions import keep_pay_day
from religa.actions.look import look
from religa.domain.calendar import Calendars
from religa.domain.pay_days import FIFTH_BANK_DAY, MOST, PayDay, PayDayKind, next_pay_day, of_benefit
from religa.entrypoints.portal.visitor import Visitor, for_visitors
from religa.records.queries import portal_deeds

BENEFIT = "beneficio"
_KINDS = {"mes": PayDayKind.MONTH_DAY, "util": PayDayKind.BANK_DAY}


def usual(calendars: Calendars, visitor: Visitor) -> list[tuple[str, date]]:
    """Common pay days with their names, the subscriber's own first."""
    today = calendars.day(visitor.at)
    own = portal_deeds.pay_day(visitor.subscriber.pk)
    found = [] if own is None else [(_("Dia em que eu recebo"), next_pay_day(calendars, own, today))]
    fifth = next_pay_day(calendars, FIFTH_BANK_DAY, today)
    return found if any(day == fifth for _, day in found) else [*found, (_("5º dia útil"), fifth)]


@for_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def pay_day(request: HttpRequest, visitor: Visitor, contract_id: int) -> HttpResponse:
    """The form; it leads back to the unlock page, where the day is a button."""
    own = visitor.contract(contract_id)
    subscriber = visitor.subscriber.pk
    if request.method != "POST":
        return _show(request, visitor, contract_id)
    if request.POST.get("esquecer"):
        keep_pay_day.forget(subscriber_id=subscriber)
        return redirect("portal:pay_day", own.pk)
    chosen = _read({name: str(request.POST.get(name, "")) for name in request.POST})
    if chosen is None:
        return _show(request, visitor, contract_id, error=_("Escolha um dia da lista."), status=422)
    keep_pay_day.keep(subscriber_id=subscriber, pay_day=chosen, at=visitor.at)
    return redirect("portal:unlock", own.pk)


def _show(
    request: HttpRequest, visitor: Visitor, contract_id: int, *, error: str = "", status: int = 200
) -> HttpResponse:
    own = visitor.contract(contract_id)
    kept = portal_deeds.pay_day(visitor.subscriber.pk)
    calendars = look(contract_id=own.pk, at=visitor.at).standing.calendars
    context = {
        "visitor": visitor, "contract": own, "kept": kept, "error": error,
        "next": None if kept is None else next_pay_day(calendars, kept, calendars.day(visitor.at)),
        "month_days": range(1, MOST[PayDayKind.MONTH_DAY] + 1),
        "bank_days": range(1, MOST[PayDayKind.BANK_DAY] + 1),
        "digits": [1, 2, 3, 4, 5, 6, 7, 8, 9, 0],
    }  # fmt: skip
    return render(request, "portal/pay_day.html", context, status=status)


def _read(fields: Mapping[str, str]) -> PayDay | None:
    """What was chosen: a day of the month, a bank day, or that of a benefit (its digit is not kept)."""
    kind = fields.get("tipo", "")
    try:
        number = int(fields.get(kind, ""))
        if kind == BENEFIT:
            return of_benefit(number, above_least=fields.get("acima") == "sim")
        return PayDay(_KINDS[kind], number)
    except (KeyError, ValueError):
        return None
