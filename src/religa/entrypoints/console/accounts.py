"""Contas de recebimento: how each fares, setting one up, proving that it works, closing it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from religa import wiring
from religa.actions import save_account
from religa.actions.money import check_account
from religa.actions.save_account import Author, Saved, Surroundings
from religa.domain.payment_accounts import PaymentAccount, masked_url
from religa.entrypoints.common import hooks
from religa.entrypoints.common.banks import BANKS, problems
from religa.entrypoints.console.account_forms import GROUPS, AccountForm, CloseForm, initial
from religa.entrypoints.console.account_words import Shown, shown
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import account_rows
from religa.records import accounts as records
from religa.records.account_rows import Kept
from religa.records.queries import accounts as queries
from religa.wording.accounts import ADVICE, CHANGES, KINDS, PARTS, account_problem, named

_LARGEST = 2**63 - 1
_TONES = {"works": ("Funciona", "good"), "fails": ("Não funciona", "bad"), "unknown": ("Não se sabe", "warn")}
_SECRETS = {
    "client_secret": "Client Secret",
    "app_key": "Chave de aplicação",
    "certificate": "Certificado",
    "hook": "Segredo do endereço de avisos",
}


@for_staff
@only(May.READ_ACCOUNTS)
@require_safe
def account_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    return render(
        request, "console/accounts.html", {"desk": desk, "section": "accounts", "rows": every(desk)}
    )


def every(desk: Desk) -> list[Shown]:
    banks = dict(wiring.api_pix_banks())
    rows = queries.every(desk.provider.pk, at=desk.at, today=_today(desk))
    return [shown(row, desk, banks) for row in rows]


def with_warnings(desk: Desk) -> list[Shown]:
    """Those that need a person, for the first page; nothing for who may not read accounts."""
    return [one for one in every(desk) if one.warnings] if desk.may["read_accounts"] else []


@for_staff
@only(May.READ_ACCOUNTS)
@require_safe
def account_page(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    return page(request, desk, found(desk, account_id))


def page(request: HttpRequest, desk: Desk, kept: Kept, **more: Any) -> HttpResponse:
    """An account's page; `more`: what a POST adds to it. Asks no bank by itself."""
    row = queries.one(desk.provider.pk, kept.id, at=desk.at, today=_today(desk))
    assert row is not None
    account = records.get(kept.id)
    context = {
        "desk": desk,
        "section": "accounts",
        "shown": shown(row, desk, dict(wiring.api_pix_banks())),
        "account": kept.account,
        "secrets": _secrets(kept),
        "uncallable": problems(account) if account and kept.account.is_called else (),
        "address": masked_url(hooks.of(kept.id, kept.account).ours),
        "relay": masked_url(kept.account.relay_url),
        "changes": [(named(CHANGES, c.what), c) for c in queries.changes_of(kept.id)],
    }
    return render(request, "console/account.html", context | more)


def _secrets(kept: Kept) -> list[tuple[str, queries.SecretKept]]:
    stored = queries.secrets_of(kept.id) if kept.closed_at is None else {}
    return [(title, stored[name]) for name, title in _SECRETS.items() if name in stored]


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_safe
def choose(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Which kind of account."""
    kinds = [(kind, words.pt) for kind, words in KINDS.items()]
    return render(
        request, "console/account_kinds.html", {"desk": desk, "section": "accounts", "kinds": kinds}
    )


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk, kind: str) -> HttpResponse:
    if kind not in GROUPS:
        raise Http404
    return _form(request, desk, PaymentAccount("", kind, collects=False), None)


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    kept = found(desk, account_id, is_open=True)
    return _form(request, desk, kept.account, kept)


def _form(request: HttpRequest, desk: Desk, start: PaymentAccount, kept: Kept | None) -> HttpResponse:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    banks = wiring.api_pix_banks()
    form = AccountForm(data, files, initial=initial(start), kind=start.kind, banks=banks, is_new=kept is None)
    context = {
        "desk": desk,
        "section": "accounts",
        "form": form,
        "kept": kept,
        "kind": named(KINDS, start.kind),
    }
    if data is None:
        return render(request, "console/account_form.html", context)
    if form.is_valid() and (read := form.read(desk.at)) is not None:
        answer = _save(desk, kept, *read)
        if isinstance(answer, Saved):
            messages.success(
                request, "Conta salva. Agora teste se o banco responde." if kept is None else "Salvo."
            )
            return redirect("console:account", answer.account_id)
        form.tell(answer.problems)
    return render(request, "console/account_form.html", context, status=422)


def _save(
    desk: Desk, kept: Kept | None, account: PaymentAccount, new: save_account.NewSecrets
) -> Saved | save_account.NotSaved:
    around = Surroundings(banks=set(wiring.api_pix_banks()), own=hooks.start(account))
    if kept is None:
        return save_account.create(account, new, by=author(desk), around=around)
    return save_account.change(kept.id, account, new, by=author(desk), around=around)


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """GET says what it means; POST does it, for good."""
    kept = found(desk, account_id, is_open=True)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = save_account.close(account_id, by=author(desk), anyway=form.cleaned_data["anyway"])
        if isinstance(answer, Saved):
            messages.success(request, "Conta fechada. Os segredos foram apagados.")
            return redirect("console:account", account_id)
        for problem in answer.problems:
            form.add_error("anyway" if problem.field == "anyway" else None, account_problem(problem))
    context = {"desk": desk, "section": "accounts", "kept": kept, "form": form}
    return render(request, "console/account_close.html", context, status=422 if form.errors else 200)


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_POST
def test(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """Asks the bank, and says part by part what works. Books nothing."""
    kept = found(desk, account_id, is_open=True)
    account = records.get(account_id)
    if account is None or not kept.account.is_called:
        raise Http404
    row = queries.one(desk.provider.pk, kept.id, at=desk.at, today=_today(desk))
    has_certificate = row is not None and row.certificate_expires_at is not None
    findings = check_account.check(BANKS.of(account), has_certificate=has_certificate, at=desk.at)
    return page(
        request, desk, kept, findings=[_said(one) for one in findings], works=check_account.works(findings)
    )


def _said(one: check_account.Finding) -> dict[str, str]:
    word, tone = _TONES[one.verdict]
    advice = ADVICE.get((one.part.value, one.verdict.value))
    return {
        "part": PARTS[one.part.value].pt, "word": word, "tone": tone, "advice": advice.pt if advice else "",
        "said": one.said,
    }  # fmt: skip


def found(desk: Desk, account_id: int, *, is_open: bool = False) -> Kept:
    """An account of the own provider, or 404."""
    kept = account_rows.one(desk.provider.pk, account_id) if account_id <= _LARGEST else None
    if kept is None or (is_open and kept.closed_at is not None):
        raise Http404
    return kept


def author(desk: Desk) -> Author:
    return Author(desk.name, desk.at, desk.provider.pk)


def _today(desk: Desk) -> Any:
    return desk.at.astimezone(ZoneInfo(desk.provider.zone)).date()
