"""Financeiro: exceptions to clear first, then the day of each account; queues, the balance, how long money takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from religa.domain.facts import Method
from religa.entrypoints.common.filters import duration
from religa.entrypoints.console import finance_words as words
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import finance, paid_to_online, reconciliation
from religa.records.queries.finance import Unidentified
from religa.records.queries.paid_to_online import Stages
from religa.records.queries.reconciliation import Balance

_LONGEST = 31  # days of one report
_LARGEST = 2**63 - 1


def _today(desk: Desk) -> date:
    return desk.at.astimezone(ZoneInfo(desk.provider.zone)).date()


@for_staff
@only(May.CLEAR_MONEY)
@require_safe
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits, the oldest first; then today by account."""
    today = _today(desk)
    waiting = [(q, words.kind(q.kind)) for q in finance.queues(desk.provider.pk)]
    accounts = finance.day_of_accounts(desk.provider.pk, today)
    context = {"desk": desk, "section": "finance", "waiting": waiting, "accounts": accounts, "today": today}
    return render(request, "console/finance.html", context)


@for_staff
@only(May.CLEAR_MONEY)
@require_safe
def queue(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    """One kind of what waits, the oldest first."""
    if kind not in words.KINDS:
        raise Http404
    context: dict[str, object] = {"desk": desk, "section": "finance", "kind": words.KINDS[kind]}
    if kind == finance.UNIDENTIFIED:
        context["rows"] = [_row(m) for m in finance.unidentified(desk.provider.pk)]
        context["past"] = [_row(m) for m in finance.resolved(desk.provider.pk)]
        return render(request, "console/finance_unidentified.html", context)
    context["rows"] = finance.cases(desk.provider.pk, kind)
    return render(request, "console/finance_cases.html", context)


@dataclass(frozen=True, slots=True)
class Row:
    """Money of nobody as it is listed: the payer's document is whole on the item's own page alone."""

    money: Unidentified
    method: Method
    why: str
    document: str
    resolution: str


def _row(money: Unidentified) -> Row:
    return Row(
        money,
        Method(money.method),
        words.WHYS.get(money.why, money.why),
        masked(money.payer_document),
        words.RESOLUTIONS.get(money.resolution, money.resolution),
    )


def masked(document: str) -> str:
    """`***.456.789-**` of a CPF, `**.345.678/****-**` of a CNPJ; nothing of what is neither."""
    if len(document) == 11:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    return f"**.{document[2:5]}.{document[5:8]}/****-**" if len(document) == 14 else ""


# -- the balance ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The period and account of a report, as the address says them; what makes no sense falls back to today."""

    first: date
    last: date
    account_id: int | None

    @property
    def query(self) -> str:
        account = f"&conta={self.account_id}" if self.account_id else ""
        return f"de={self.first:%Y-%m-%d}&ate={self.last:%Y-%m-%d}{account}"


def _asked(request: HttpRequest, desk: Desk) -> Asked:
    last = _day(request.GET.get("ate")) or _today(desk)
    first = _day(request.GET.get("de")) or last
    account = request.GET.get("conta", "")
    key = int(account) if account.isascii() and account.isdigit() and len(account) < 19 else None
    first, last = min(first, last), max(first, last)
    return Asked(max(first, last - timedelta(days=_LONGEST - 1)), last, key)


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


@for_staff
@only(May.CLEAR_MONEY)
@require_safe
def balance(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What came in and where it is, per day and account; of one day of one account in full."""
    asked = _asked(request, desk)
    rows = _balances(desk, asked)
    one = rows[0] if len(rows) == 1 else None
    paid = one and reconciliation.paid_days(desk.provider.pk, account_id=one.account_id, day=one.day)
    context = {
        "desk": desk,
        "section": "finance",
        "asked": asked,
        "rows": rows,
        "one": one,
        "paid": paid,
        "accounts": finance.day_of_accounts(desk.provider.pk, _today(desk)),
        "off": [row for row in rows if row.difference],
    }
    return render(request, "console/finance_balance.html", context)


def _balances(desk: Desk, asked: Asked) -> list[Balance]:
    return reconciliation.balances(
        desk.provider.pk, first=asked.first, last=asked.last, account_id=asked.account_id
    )


_COLUMNS = {
    "count": "lançamentos", "fee": "tarifa", "booked": "recebido", "moved_in": "veio de outro contrato",
    "nobodys": "recebido sem dono", "came_in": "total que entrou", "principal": "principal",
    "charges": "multa e juros", "discount": "desconto (-)", "credit": "crédito", "unidentified": "sem dono",
    "refunded": "devolvido", "returning": "a devolver", "not_returned": "devolução que não chegou",
    "moved_out": "foi para outro contrato", "undone": "estornado", "not_ours": "não é nosso",
    "accounted_for": "total explicado", "difference": "diferença",
}  # fmt: skip


@for_staff
@only(May.CLEAR_MONEY)
@require_safe
def balance_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as a table for a spreadsheet: semicolons, decimal commas, UTF-8 with its mark."""
    asked = _asked(request, desk)
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(["dia", "conta", *_COLUMNS.values()])
    table.writerows(_cells(row) for row in _balances(desk, asked))
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"conferencia-{asked.first:%Y-%m-%d}-{asked.last:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cells(row: Balance) -> Iterable[str]:
    yield f"{row.day:%d/%m/%Y}"
    # A name that begins like a formula is one to a spreadsheet.
    yield f"'{row.account}" if row.account[:1] in tuple("=+-@\t\r") else row.account
    for name in _COLUMNS:
        value = int(getattr(row, name))
        yield str(value) if name == "count" else _reais(value)


def _reais(centavos: int) -> str:
    whole, rest = divmod(abs(centavos), 100)
    return f"{'-' if centavos < 0 else ''}{whole},{rest:02}"


# -- from the bank to internet --------------------------------------------------------------------------------------

_PERIODS = {"24h": timedelta(hours=24), "7d": timedelta(days=7)}


@for_staff
@only(May.CLEAR_MONEY)
@require_safe
def times(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Percentiles by account, and the payments that took longest."""
    period = request.GET.get("periodo", "24h")
    since = desk.at - _PERIODS.get(period, _PERIODS["24h"])
    day = since.astimezone(ZoneInfo(desk.provider.zone)).date()
    slow = paid_to_online.slowest(desk.provider.pk, since=since, day=day)
    context = {
        "desk": desk,
        "section": "finance",
        "period": period if period in _PERIODS else "24h",
        "accounts": paid_to_online.times(desk.provider.pk, since=since, day=day),
        "slow": [(one, steps(one)) for one in slow],
    }
    return render(request, "console/finance_times.html", context)


def steps(one: Stages) -> list[tuple[str, str]]:
    """The stages of a payment that are known, each with how long it took."""
    named = (
        ("aviso recebido", one.told_at),
        ("creditado", one.credited_at),
        ("liberado", one.opened_at),
        ("roteador confirmou", one.online_at),
    )
    known = [("pago no banco", one.paid_at), *((name, at) for name, at in named if at is not None)]
    return [(name, duration((at - before).total_seconds())) for (_, before), (name, at) in pairwise(known)]
