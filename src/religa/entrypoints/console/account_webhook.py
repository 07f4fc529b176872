"""Where a bank sends its events: seen, registered, given up, all by POST. What is another system's is never taken from
it without a person who was shown whose it is."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from religa.actions.money import webhook
from religa.domain.payment_accounts import Owner
from religa.entrypoints.common import hooks
from religa.entrypoints.common.banks import BANKS
from religa.entrypoints.console import accounts as pages
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.ports.money import BankRefused, BankUnreachable, Capability, NoAnswer, WebhookRegistration
from religa.records import accounts
from religa.records.account_rows import Kept
from religa.wording.accounts import owner_words

_NO_NAME = "Este servidor não tem endereço público para o banco: defina RELIGA_HOOKS_URL."


@for_staff
@only(May.CHANGE_ACCOUNTS)
@require_POST
def act(request: HttpRequest, desk: Desk, account_id: int) -> HttpResponse:
    """`acao` says what; an unknown one is not found."""
    kept = pages.found(desk, account_id, is_open=True)
    deed = _DEEDS.get(request.POST.get("acao", ""))
    if deed is None or not kept.account.is_called:
        raise Http404
    return deed(request, desk, kept)


def _look(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    answer = webhook.read(_bank(kept), hooks.of(kept.id, kept.account))
    if isinstance(answer, BankRefused | BankUnreachable):
        return _silent(request, kept, answer)
    return pages.page(request, desk, kept, registered=answer, whose=owner_words(answer.owner))


def _show(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    """The address with its secret, once, on this answer alone."""
    address = hooks.of(kept.id, kept.account).ours
    if not address:
        messages.error(request, _NO_NAME)
        return redirect("console:account", kept.id)
    webhook.shown(kept.id, by=pages.author(desk))
    return pages.page(request, desk, kept, clear_address=address)


def _register(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    answer = webhook.register(
        kept.id, _bank(kept), hooks.of(kept.id, kept.account), by=pages.author(desk),
        replacing=request.POST.get("substituir", ""), relay=request.POST.get("repassar") == "sim",
    )  # fmt: skip
    match answer:
        case webhook.Foreign(found):
            return pages.page(
                request, desk, kept, registered=found, whose=owner_words(found.owner), asks=True
            )
        case webhook.NoAddress():
            messages.error(request, _NO_NAME)
        case webhook.Registered(before):
            was = " Antes era o endereço de outro sistema." if before is Owner.FOREIGN else ""
            messages.success(request, f"Registrado: o banco passa a avisar o Religa.{was}")
        case _:
            return _silent(request, kept, answer)
    return redirect("console:account", kept.id)


def _remove(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    answer = webhook.remove(kept.id, _bank(kept), hooks.of(kept.id, kept.account), by=pages.author(desk))
    match answer:
        case webhook.Foreign(found):
            messages.error(request, f"O banco avisa outro sistema ({found.shown}). Nada mudou.")
        case webhook.Removed(changed):
            messages.success(
                request, "O banco não avisa mais." if changed else "O banco já não avisava ninguém."
            )
        case _:
            return _silent(request, kept, answer)
    return redirect("console:account", kept.id)


def _replace(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    webhook.replace_secret(kept.id, by=pages.author(desk))
    messages.success(request, "O endereço antigo não vale mais. Registre o novo no banco, agora.")
    return redirect("console:account", kept.id)


def _list_only(request: HttpRequest, desk: Desk, kept: Kept) -> HttpResponse:
    webhook.listen_by_list_only(kept.id, by=pages.author(desk))
    messages.success(
        request, "Só consulta: o extrato é lido sem aviso do banco. O outro sistema continua como está."
    )
    return redirect("console:account", kept.id)


_DEEDS: dict[str, Callable[[HttpRequest, Desk, Kept], HttpResponse]] = {
    "ver": _look,
    "mostrar": _show,
    "registrar": _register,
    "retirar": _remove,
    "trocar": _replace,
    "consulta": _list_only,
}


def _bank(kept: Kept) -> WebhookRegistration:
    """The account's adapter, where its bank keeps an address for events."""
    account = accounts.get(kept.id)
    bank = BANKS.of(account) if account else None
    if bank is None or Capability.WEBHOOK not in bank.capabilities:
        return _NoRegistration(getattr(bank, "why", "este banco não guarda endereço de avisos"))
    return bank  # type: ignore[return-value]  # its capabilities say so


class _NoRegistration:
    """Port `WebhookRegistration` of an account that cannot be called, or whose bank has none."""

    def __init__(self, why: str) -> None:
        self._answer = BankUnreachable(why)

    def webhook(self) -> NoAnswer:
        return self._answer

    def register_webhook(self, url: str) -> NoAnswer:
        return self._answer

    def remove_webhook(self) -> NoAnswer:
        return self._answer


def _silent(request: HttpRequest, kept: Kept, answer: NoAnswer) -> HttpResponse:
    said = answer.said if isinstance(answer, BankRefused) else answer.error
    kind = "O banco recusou" if isinstance(answer, BankRefused) else "O banco não respondeu"
    messages.error(request, f"{kind}: {said}. Nada mudou.")
    return redirect("console:account", kept.id)
