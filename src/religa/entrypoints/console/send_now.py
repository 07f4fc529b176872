"""Sends the holder a Pix, a boleto's line or a log-in code now, and shows what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions import send_now
from religa.actions.look import look
from religa.actions.once import KeyUsedForSomethingElse
from religa.actions.send_now import NotSent, Order, Sent
from religa.domain import trust
from religa.domain.money import format_reais
from religa.entrypoints.common import bills
from religa.entrypoints.common.banks import BANKS
from religa.entrypoints.common.filters import address, channel_name
from religa.entrypoints.console import contact_forms
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import Head, ways
from religa.records.queries.ways import Sending, Way

Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """Something to send: its form, what it offers beside the ways, and the sending."""

    title: str
    intro: str
    form: type[contact_forms.Pix] | type[contact_forms.Boleto] | type[contact_forms.Code]
    field: str
    choices: Callable[[Desk, Head], list[tuple[str, str]]]
    ways: Callable[[int], list[Way]]
    send: Callable[[Order, Asked, Desk], Sent | NotSent]
    nothing: str = ""


def _amounts(desk: Desk, head: Head) -> list[tuple[str, str]]:
    """All that is late (or open, if nothing is), and the least that opens access where that is less."""
    standing = look(contract_id=head.contract_id, at=desk.at).standing
    every = bills.open_bills(standing, at=desk.at)
    total = bills.add_up(bills.late(every) or every).total
    least = trust.least_payment(standing, desk.at)
    found = [("late", f"Tudo o que deve hoje: {format_reais(total)}")] if total else []
    if least and least < total:
        found.append(("least", f"O menor valor que religa agora: {format_reais(least)}"))
    return found


def _boletos(desk: Desk, head: Head) -> list[tuple[str, str]]:
    return [
        (str(one.pk), f"{bills.bill_name(one.invoice.reference, one.invoice.due_date, desk.today)}: "
                      f"{format_reais(one.amount)}")
        for one in send_now.boletos_of(head.contract_id)
    ]  # fmt: skip


def _send_pix(order: Order, asked: Asked, desk: Desk) -> Sent | NotSent:
    return send_now.pix(order, scope=asked["quanto"], collector_for=BANKS.of, at=desk.at)


def _send_boleto(order: Order, asked: Asked, desk: Desk) -> Sent | NotSent:
    return send_now.boleto(order, charge=int(asked["boleto"]), at=desk.at)


def _send_code(order: Order, asked: Asked, desk: Desk) -> Sent | NotSent:
    return send_now.code(order, at=desk.at)


PIX = Item(
    "Enviar Pix",
    "Vai o código para copiar, só para um endereço do próprio titular.",
    contact_forms.Pix,
    "quanto",
    _amounts,
    ways.ways_of,
    _send_pix,
    "Não há nada a pagar hoje.",
)
BOLETO = Item(
    "Enviar a linha do boleto",
    "Vai a linha para copiar, só para um endereço do próprio titular.",
    contact_forms.Boleto,
    "boleto",
    _boletos,
    ways.ways_of,
    _send_boleto,
    "Não há boleto em aberto: envie o Pix.",
)
CODE = Item(
    "Enviar código de acesso",
    "O código abre a Central do Assinante. Ele é só do titular: não peça que o leia para você.",
    contact_forms.Code,
    "",
    lambda desk, head: [],
    send_now.ways_of_codes,
    _send_code,
)


def _page(request: HttpRequest, desk: Desk, contract_id: int, item: Item) -> HttpResponse:
    head = desk.head(contract_id)
    asked = request.method == "POST"
    form = item.form(request.POST if asked else None, initial={"chave": secrets.token_hex(8)})
    reach, choices = item.ways(contract_id), item.choices(desk, head) if item.field else []
    form.offer([(way.key, _way(way)) for way in reach])
    if item.field:
        form.fields[item.field].choices = choices  # type: ignore[attr-defined]
        form.fields[item.field].initial = choices[0][0] if choices else None
    possible = bool(reach) and bool(choices or not item.field)
    if asked and possible and form.is_valid():
        answer = _send(item, head, form.cleaned_data, desk)
        if isinstance(answer, Sent):
            messages.success(request, f"{item.title}: na fila de envio. Protocolo {answer.protocol}.")
            return redirect("console:contract", contract_id)
        form.add_error(None, _NOT_SENT.get(answer.why, answer.said or answer.why))
    context = {"desk": desk, "head": head, "item": item, "form": form, "possible": possible, "reach": reach}
    return render(request, "console/send_now.html", context, status=422 if asked else 200)


def _send(item: Item, head: Head, asked: Asked, desk: Desk) -> Sent | NotSent:
    key = f"{head.contract_id}:{item.field or 'codigo'}:{asked['chave']}"
    try:
        return item.send(Order(head.contract_id, asked["para"], desk.name, key), asked, desk)
    except KeyUsedForSomethingElse:
        return NotSent("", "Este formulário já foi usado para outro envio. Comece de novo.")


def _way(way: Way) -> str:
    checked = "" if way.verified_at is None else " (confirmado)"
    return f"{channel_name(way.channel)}: {address(way.address)}{checked}"


_NOT_SENT = {
    "unknown_address": "Este endereço não está mais no cadastro. Abra a página de novo.",
    "no_boleto": "Este boleto não pode mais ser pago.",
    "too_often": "Já foram vários códigos nos últimos 15 minutos. Espere um pouco.",
    "not_written": "A mensagem não pôde ser escrita, e nada foi enviado. O motivo está no registro do servidor.",
    "nothing_owed": "Não há nada a pagar hoje.",
    "no_account": "O provedor não tem conta para receber Pix: cadastre uma em Financeiro, Contas.",
    "not_yet": "O banco ainda está fazendo o código. Tente de novo em alguns segundos.",
    "bank_silent": "O banco não respondeu. Tente de novo daqui a pouco, ou envie o boleto.",
    "bank_refuses": "O banco recusou fazer o código. O financeiro vê o motivo em Falhas.",
}


def _page_of(item: Item) -> Callable[..., HttpResponseBase]:
    @for_staff
    @only(May.SEND)
    def page(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
        return _page(request, desk, contract_id, item)

    return require_http_methods(["GET", "HEAD", "POST"])(page)


pix = _page_of(PIX)
boleto = _page_of(BOLETO)
code = _page_of(CODE)


# O que aconteceu com o que foi enviado

_KINDS = {
    "pix": "Pix", "answer": "Boleto ou resposta", "code": "Código", "contact": "Confirmação ao titular",
    "trust": "Liberação em confiança",
}  # fmt: skip
_STEPS = (
    ("queued", "na fila"),
    ("sent", "enviada"),
    ("delivered", "entregue"),
    ("read", "lida"),
    ("failed", "não entregue"),
)


@for_staff
@require_safe
def sendings(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    """The part of the contract's page that htmx asks for again while something is on its way."""
    head = desk.head(contract_id)
    return render(request, "console/sendings.html", {"desk": desk, "head": head, **shown(desk, contract_id)})


def shown(desk: Desk, contract_id: int) -> dict[str, object]:
    """`sendings`, each with its ticks; `waits`: whether one of them may still change soon."""
    found = ways.sendings_of(contract_id, at=desk.at)
    return {
        "sendings": [_shown(one) for one in found],
        "waits": any(not one.is_settled and (desk.at - one.queued_at).total_seconds() < 900 for one in found),
    }


def _shown(one: Sending) -> dict[str, object]:
    ticks = []
    for state, name in _STEPS:
        event = one.reached(state)
        if event is not None:
            ticks.append({"name": name, "at": event.at, "detail": event.detail, "state": state})
    return {"sending": one, "kind": _KINDS.get(one.kind, one.kind), "ticks": ticks}
