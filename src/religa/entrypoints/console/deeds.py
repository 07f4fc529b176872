"""What the staff does to a contract. Each deed: a form, then what will be done in words, then the POST that does it.

Every deed carries a reason and the person's name; where a subscriber asked for it, it gets a protocol number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from religa import wording
from religa.actions import hold, protocol, record_payment, revoke_unlock, unlock_on_trust
from religa.actions.carry_out import Done
from religa.actions.look import look
from religa.actions.unlock_on_trust import NotUnlocked
from religa.domain.facts import Channel, Method
from religa.domain.invoicing import Refused
from religa.domain.money import format_reais
from religa.domain.trust import Granted, Request
from religa.entrypoints.common.bills import open_bills
from religa.entrypoints.console import forms as desk_forms
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import Head
from religa.wording import Language

Row = tuple[str, str]
Asked = dict[str, Any]  # a valid form's values


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be done: `rows` say it, `button` is the last word before it happens."""

    title: str
    rows: list[Row]
    button: str
    warning: str = ""
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Deed:
    """A form, the plan made of it, and its doing; `do` gives the sentence that is shown afterwards."""

    title: str
    form: type[forms.Form]
    plan: Callable[[Desk, Head, Asked], Plan]
    do: Callable[[Desk, Head, Asked], str]
    intro: str = ""
    initial: Callable[[Desk, Head], Asked] = field(default=lambda desk, head: {})
    prepare: Callable[[forms.Form, Desk, Head], None] = field(default=lambda form, desk, head: None)


class NotDone(Exception):
    """The action said no; the text says why. Nothing was changed."""


def run(request: HttpRequest, desk: Desk, contract_id: int, deed: Deed) -> HttpResponse:
    """GET shows the form. POST shows the plan; POST with `confirmar` does it."""
    head = desk.head(contract_id)
    context = {"desk": desk, "head": head, "deed": deed}
    if request.method != "POST":
        form = deed.form(initial=deed.initial(desk, head))
        deed.prepare(form, desk, head)
        return render(request, "console/deed.html", {**context, "form": form})
    form = deed.form(request.POST)
    deed.prepare(form, desk, head)
    if not form.is_valid():
        return render(request, "console/deed.html", {**context, "form": form}, status=422)
    if "confirmar" not in request.POST:
        plan = deed.plan(desk, head, form.cleaned_data)
        return render(request, "console/confirm.html", {**context, "form": form, "plan": plan})
    try:
        messages.success(request, deed.do(desk, head, form.cleaned_data))
    except NotDone as refusal:
        messages.error(request, str(refusal))
    return redirect("console:contract", contract_id)


def checked(answer: Done | Refused) -> Done:
    if isinstance(answer, Refused):
        raise NotDone(wording.refused(answer.whys, language=Language.PT))
    return answer


def now_is(done: Done) -> str:
    return (
        f"Agora: {wording.say(done.decision.access).lower()} ({wording.say(done.decision.status).lower()})."
    )


# Desbloquear em confiança


def _unlock_request(asked: Asked) -> Request:
    kind = asked["como"]
    day = asked["dia"] if kind == desk_forms.PROMISE else None
    receipt = asked["comprovante"] or None if kind != desk_forms.PROMISE else None
    return Request(kind, Channel.AGENT, promise_date=day, receipt=receipt)


def _plan_unlock(desk: Desk, head: Head, asked: Asked) -> Plan:
    answer = unlock_on_trust.preview(contract_id=head.contract_id, request=_unlock_request(asked), at=desk.at)
    rows = [("Pedido", wording.say(asked["como"])), ("Motivo", str(asked["motivo"]))]
    if isinstance(answer, Granted):
        return Plan(
            "Desbloquear em confiança",
            [("Internet liberada", desk.moments.until(answer.until)), *rows],
            f"Desbloquear {desk.moments.until(answer.until)}",
            "Sem pagamento até lá, a internet será bloqueada de novo.",
        )
    refusal = wording.trust_refused(answer, moments=desk.moments)
    return Plan("Desbloquear em confiança", rows, "Registrar o pedido recusado", refusal, possible=False)


def _do_unlock(desk: Desk, head: Head, asked: Asked) -> str:
    answer = unlock_on_trust.unlock(
        contract_id=head.contract_id,
        request=_unlock_request(asked),
        at=desk.at,
        key=f"console:{head.contract_id}:{asked['chave']}",
        author=signed(desk, asked),
    )
    if isinstance(answer, NotUnlocked):
        refusal = wording.trust_refused(answer.refusal, moments=desk.moments)
        raise NotDone(f"{refusal} Protocolo {answer.protocol}.")
    return f"Internet liberada {desk.moments.until(answer.until)}. Protocolo {answer.protocol}."


def signed(desk: Desk, asked: Asked) -> str:
    """The person and his reason, as they stay with the deed."""
    return f"{desk.name}: {asked['motivo']}"


UNLOCK = Deed(
    "Desbloquear em confiança",
    desk_forms.Unlock,
    _plan_unlock,
    _do_unlock,
    "O assinante recebe a confirmação e um número de protocolo. Diga a ele até quando vale.",
    lambda desk, head: {"chave": secrets.token_hex(8), "como": desk_forms.PROMISE},
)


# Não bloquear até


def _hold_end(desk: Desk, asked: Asked) -> datetime:
    """The midnight that ends the chosen day, in the provider's civil time."""
    following: date = asked["dia"] + timedelta(days=1)
    return datetime.combine(following, time(), ZoneInfo(desk.provider.zone))


def _plan_hold(desk: Desk, head: Head, asked: Asked) -> Plan:
    end = _hold_end(desk, asked)
    rows = [("Não bloquear", desk.moments.until(end)), ("Motivo", str(asked["motivo"]))]
    warning = "Um contrato bloqueado volta a funcionar na hora, e as cobranças e notificações continuam."
    return Plan("Não bloquear até", rows, f"Não bloquear {desk.moments.until(end)}", warning)


def _do_hold(desk: Desk, head: Head, asked: Asked) -> str:
    done = checked(
        hold.hold(
            contract_id=head.contract_id,
            until=_hold_end(desk, asked),
            reason=str(asked["motivo"]),
            at=desk.at,
            author=desk.name,
        )
    )
    end = desk.moments.until(_hold_end(desk, asked))
    return f"Este contrato não será bloqueado {end}. {now_is(done)}"


HOLD = Deed(
    "Não bloquear até",
    desk_forms.Hold,
    _plan_hold,
    _do_hold,
    "Para casos combinados: saúde, erro nosso, órgão público. Tem dono, motivo e fim.",
)


def _plan_release(desk: Desk, head: Head, asked: Asked) -> Plan:
    warning = "Se houver dívida notificada, o bloqueio volta no próximo dia e hora permitidos."
    rows = [("Motivo", str(asked["motivo"]))]
    return Plan("Encerrar “não bloquear até”", rows, "Encerrar agora", warning)


def _do_release(desk: Desk, head: Head, asked: Asked) -> str:
    done = checked(hold.release(contract_id=head.contract_id, at=desk.at, author=signed(desk, asked)))
    return "“Não bloquear até” encerrado. " + now_is(done)


RELEASE = Deed("Encerrar “não bloquear até”", desk_forms.Reason, _plan_release, _do_release)


# Encerrar a liberação


def _plan_revoke(desk: Desk, head: Head, asked: Asked) -> Plan:
    warning = "A internet é bloqueada de novo no próximo dia e hora permitidos, não na hora."
    rows = [("Motivo", str(asked["motivo"]))]
    return Plan("Encerrar a liberação em confiança", rows, "Encerrar a liberação", warning)


def _do_revoke(desk: Desk, head: Head, asked: Asked) -> str:
    done = checked(revoke_unlock.revoke(contract_id=head.contract_id, at=desk.at, author=signed(desk, asked)))
    return "Liberação encerrada. " + now_is(done)


REVOKE = Deed("Encerrar a liberação em confiança", desk_forms.Reason, _plan_revoke, _do_revoke)


# Registrar pagamento


def _paid_at(desk: Desk, asked: Asked) -> datetime:
    """Now for today; noon of an earlier day, since its hour is not known."""
    zone = ZoneInfo(desk.provider.zone)
    if asked["pago_em"] == desk.at.astimezone(zone).date():
        return desk.at
    return datetime.combine(asked["pago_em"], time(12), zone)


def _payment_id(asked: Asked) -> str:
    return str(asked["identificacao"] or f"balcao-{asked['chave']}")


def _plan_payment(desk: Desk, head: Head, asked: Asked) -> Plan:
    amount, method = format_reais(asked["valor"]), wording.say(asked["forma"])
    rows = [
        ("Valor", amount),
        ("Forma", method),
        ("Pago em", desk.moments.day(_paid_at(desk, asked))),
        ("Identificação", _payment_id(asked)),
        ("Conta", str(asked["conta"] or "a mais antiga primeiro")),
        ("Motivo", str(asked["motivo"])),
    ]
    warning = "Um pagamento não se apaga: um engano é corrigido com um estorno."
    return Plan("Registrar pagamento", rows, f"Registrar {amount} em {method.lower()}", warning)


def _do_payment(desk: Desk, head: Head, asked: Asked) -> str:
    with transaction.atomic():
        done = checked(
            record_payment.record(
                contract_id=head.contract_id,
                payment_id=_payment_id(asked),
                amount=asked["valor"],
                method=Method(str(asked["forma"])),
                paid_at=_paid_at(desk, asked),
                at=desk.at,
                invoice=str(asked["conta"]) or None,
                author=signed(desk, asked),
            )
        )
        told = protocol.of_contract(
            contract_id=head.contract_id, subject="staff_payment", at=desk.at, author=desk.name,
            text=str(asked["motivo"]),
        )  # fmt: skip
    return f"Pagamento registrado. {now_is(done)} Protocolo {told}."


def _open_invoices(form: forms.Form, desk: Desk, head: Head) -> None:
    """The payment may be meant for one of the open invoices, and for no other."""
    standing = look(contract_id=head.contract_id, at=desk.at).standing
    owing = [(b.invoice.id, f"{b.name}: {format_reais(b.payable)}") for b in open_bills(standing, at=desk.at)]
    cast(forms.ChoiceField, form.fields["conta"]).choices = [desk_forms.OLDEST, *owing]


PAYMENT = Deed(
    "Registrar pagamento",
    desk_forms.Payment,
    _plan_payment,
    _do_payment,
    "Só para dinheiro que você viu: no caixa, no extrato do banco. Um comprovante mostrado não é pagamento.",
    lambda desk, head: {
        "chave": secrets.token_hex(8),
        "forma": Method.CASH,
        "pago_em": desk.at.astimezone(ZoneInfo(desk.provider.zone)).date(),
    },
    _open_invoices,
)


def page_of(deed: Deed, may: May) -> Callable[..., HttpResponseBase]:
    @for_staff
    @only(may)
    def page(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
        return run(request, desk, contract_id, deed)

    return require_http_methods(["GET", "HEAD", "POST"])(page)


unlock = page_of(UNLOCK, May.UNLOCK)
revoke = page_of(REVOKE, May.UNLOCK)
hold_page = page_of(HOLD, May.HOLD)
release = page_of(RELEASE, May.HOLD)
payment = page_of(PAYMENT, May.RECORD_PAYMENT)
