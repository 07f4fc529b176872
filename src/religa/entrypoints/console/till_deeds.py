"""What the desk does about money on a contract: takes it, takes it back, moves it, forgives a part."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import cast

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from religa import wording
from religa.actions import move_payment, protocol, take_payment
from religa.actions import waive as waiving
from religa.actions.look import look
from religa.actions.once import KeyUsedForSomethingElse
from religa.domain.facts import Method, Role
from religa.domain.invoicing import Refused
from religa.domain.money import format_reais
from religa.entrypoints.common.bills import open_bills
from religa.entrypoints.console import deeds, till_forms
from religa.entrypoints.console.deeds import Asked, Deed, NotDone, Plan
from religa.entrypoints.console.forms import Reason
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import Head
from religa.records.queries.finding import contract_named
from religa.records.queries.payments import PaymentRow, payment, payment_named
from religa.wording import Language

_LARGEST = 2**63 - 1


# Receber


def _plan_take(desk: Desk, head: Head, asked: Asked) -> Plan:
    amount, method = format_reais(asked["valor"]), till_forms.method_name(asked["forma"])
    owed = sum(
        b.payable for b in open_bills(look(contract_id=head.contract_id, at=desk.at).standing, at=desk.at)
    )
    rows = [("Valor", amount), ("Forma", method), ("Conta", str(asked["conta"] or "a mais antiga primeiro"))]
    over = asked["valor"] - owed
    warning = f"São {format_reais(over)} a mais do que se deve hoje: ficam como crédito." if over > 0 else ""
    return Plan("Receber no caixa", rows, f"Recebi {amount} em {method.lower()}", warning)


def _do_take(desk: Desk, head: Head, asked: Asked) -> str:
    note = asked["observacao"]
    try:
        taken = take_payment.take(
            contract_id=head.contract_id, amount=asked["valor"], method=Method(str(asked["forma"])),
            cashier=desk.login, key=asked["chave"], at=desk.at, invoice=str(asked["conta"]) or None,
            author=f"{desk.name}: {note}" if note else desk.name,
        )  # fmt: skip
    except KeyUsedForSomethingElse:
        raise NotDone("Este formulário já foi usado para outro valor. Comece de novo.") from None
    if isinstance(taken, Refused):
        raise NotDone(wording.refused(taken.whys, language=Language.PT))
    return f"Recebido. Recibo {receipt_number(taken.receipt_number)}."


def receipt_number(number: str) -> str:
    """`20261128-00007`: day and count apart, so that it can be read out."""
    return f"{number[:8]}-{number[8:]}"


def _to_receipt(head: Head, asked: Asked) -> str:
    row = payment_named(head.contract_id, take_payment.payment_id_of(asked["chave"]))
    return reverse("console:receipt", args=[row.key if row else 0])


TAKE = Deed(
    "Receber no caixa",
    till_forms.Take,
    _plan_take,
    _do_take,
    "Só para o que está no balcão agora. A internet volta na hora, e sai um recibo com número.",
    lambda desk, head: {"chave": secrets.token_hex(8), "forma": Method.CASH},
    deeds.open_invoices,
    _to_receipt,
)


# Estornar o que foi recebido


def _undo(row: PaymentRow) -> Deed:
    amount = format_reais(row.amount)

    def plan(desk: Desk, head: Head, asked: Asked) -> Plan:
        rows = [
            ("Recibo", receipt_number(row.receipt_number or "")),
            ("Valor", amount),
            ("Motivo", asked["motivo"]),
        ]
        warning = "As contas que ele pagou voltam a ficar abertas. O recibo fica marcado como estornado."
        return Plan("Estornar recebimento", rows, f"Estornar {amount}", warning)

    def do(desk: Desk, head: Head, asked: Asked) -> str:
        done = take_payment.undo(
            contract_id=head.contract_id, payment_id=row.payment_id, cashier=desk.login,
            may_all=desk.may[May.ALL_TILLS.value], reason=asked["motivo"], at=desk.at, author=deeds.signed(desk, asked),
        )  # fmt: skip
        return f"Recebimento de {amount} estornado. {deeds.now_is(deeds.checked(done))}"

    return Deed(f"Estornar recebimento de {amount}", Reason, plan, do)


# Mover para o contrato certo


def _right_one(desk: Desk, written: str) -> Head | None:
    found = contract_named(desk.provider.pk, written.strip())
    return desk.head(found) if found is not None else None


def _move(row: PaymentRow) -> Deed:
    amount = format_reais(row.amount)

    def plan(desk: Desk, head: Head, asked: Asked) -> Plan:
        right = _right_one(desk, asked["contrato"])
        rows = [("Valor", amount), ("Pago em", desk.moments.day(row.paid_at)), ("Motivo", asked["motivo"])]
        if right is None:
            no = "Não há contrato com este número."
            return Plan("Mover pagamento", rows, "Tentar assim mesmo", no, possible=False)
        rows.insert(0, ("Vai para", f"{right.name}, contrato {right.external_id}"))
        warning = "Sai deste contrato e entra no outro, com o dia em que foi pago. Este não é bloqueado sem novo aviso."
        return Plan("Mover pagamento", rows, f"Mover {amount} para {right.name}", warning)

    def do(desk: Desk, head: Head, asked: Asked) -> str:
        right = _right_one(desk, asked["contrato"])
        if right is None:
            raise NotDone("Não há contrato com este número. Nada mudou.")
        with transaction.atomic():
            moved = move_payment.move(
                contract_id=head.contract_id, payment_id=row.payment_id, to_contract_id=right.contract_id,
                reason=asked["motivo"], at=desk.at, author=deeds.signed(desk, asked),
            )  # fmt: skip
            if isinstance(moved, Refused):
                raise NotDone(wording.refused(moved.whys, language=Language.PT))
        return (
            f"{amount} foi para {right.name}, contrato {right.external_id}. {deeds.now_is(moved.taken_from)}"
        )

    intro = "O pagamento foi de outro contrato: diga qual, e por que se sabe."
    return Deed(f"Mover pagamento de {amount}", till_forms.Move, plan, do, intro)


# Perdoar


def _plan_waive(desk: Desk, head: Head, asked: Asked) -> Plan:
    amount, part = format_reais(asked["valor"]), wording.say(asked["parte"])
    rows = [("Conta", asked["conta"]), (part, f"−{amount}"), ("Motivo", asked["motivo"])]
    return Plan("Perdoar", rows, f"Perdoar {amount}", "O que foi perdoado não volta a ser cobrado.")


def _do_waive(desk: Desk, head: Head, asked: Asked) -> str:
    with transaction.atomic():
        deeds.checked(
            waiving.waive(
                contract_id=head.contract_id, invoice=asked["conta"], kind=asked["parte"], amount=asked["valor"],
                role=Role(desk.member.role), reason=asked["motivo"], at=desk.at, author=deeds.signed(desk, asked),
            )
        )  # fmt: skip
        told = protocol.of_contract(
            contract_id=head.contract_id,
            subject="staff_waiver",
            at=desk.at,
            author=desk.name,
            text=asked["motivo"],
        )
    return f"{wording.say(asked['parte'])}: {format_reais(asked['valor'])} a menos. Protocolo {told}."


def _bills(form: forms.Form, desk: Desk, head: Head) -> None:
    """Each open invoice with what is left of it, and how far this person may go."""
    standing = look(contract_id=head.contract_id, at=desk.at).standing
    choices = [("", "Escolha")]
    for bill in open_bills(standing, at=desk.at):
        owed = bill.owed
        left = f"multa {format_reais(owed.fine_left)}, juros {format_reais(owed.interest_left)}"
        choices.append((bill.invoice.id, f"{bill.name}: {format_reais(owed.principal)}, {left}"))
    cast(forms.ChoiceField, form.fields["conta"]).choices = choices


WAIVE = Deed(
    "Perdoar multa, juros ou dar desconto",
    till_forms.Waive,
    _plan_waive,
    _do_waive,
    "Cada perfil tem seu limite na política. Fica registrado quem perdoou, quanto e por quê.",
    prepare=_bills,
)


# The pages


def _page(may: May, deed_of: Callable[[PaymentRow], Deed]) -> Callable[..., HttpResponseBase]:
    @for_staff
    @only(may)
    def page(request: HttpRequest, desk: Desk, contract_id: int, payment_key: int) -> HttpResponse:
        desk.head(contract_id)
        row = payment(min(payment_key, _LARGEST))
        if row is None or row.contract_id != contract_id:
            raise Http404
        return deeds.run(request, desk, contract_id, deed_of(row))

    return require_http_methods(["GET", "HEAD", "POST"])(page)


take = deeds.page_of(TAKE, May.TAKE_PAYMENT)
waive = deeds.page_of(WAIVE, May.WAIVE)
undo = _page(May.TAKE_PAYMENT, _undo)
move = _page(May.MOVE_PAYMENT, _move)
