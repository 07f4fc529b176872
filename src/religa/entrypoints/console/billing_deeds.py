"""What the staff does to the billing of one contract: begin or change it, end it, note a fiscal document."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction

from religa import wording
from religa.actions import cancel_carne, protocol, set_fiscal_document
from religa.actions.billing import terms as billing
from religa.domain.billing import LAST_DUE_DAY, Impossible
from religa.domain.invoicing import Refused
from religa.domain.money import format_reais
from religa.entrypoints.common.bills import bill_name
from religa.entrypoints.console import billing_forms
from religa.entrypoints.console.deeds import Asked, Deed, NotDone, Plan, Row, page_of, signed
from religa.entrypoints.console.staff import Desk, May
from religa.records import queries
from religa.records.queries import Head
from religa.records.queries.billing import carnes_of, terms_of
from religa.wording import Language

# Cobrar por aqui


def _plan_start(desk: Desk, head: Head, asked: Asked) -> Plan:
    known = terms_of(head.contract_id)
    price = (known.plan_price or 0) if asked["preco"] is None else asked["preco"]
    rows: list[Row] = [
        ("A partir de", f"{asked['desde']:%d/%m/%Y}"),
        ("Mensalidade", f"{format_reais(price)}{'' if asked['preco'] else ', a do plano'}"),
        ("Vencimento", _due(known.due_day)),
    ]
    if asked["desconto"]:
        until = f"até {asked['desconto_ate']:%d/%m/%Y}" if asked["desconto_ate"] else "sem fim"
        rows.append(("Desconto", f"{format_reais(asked['desconto'])} por mês, {until}"))
    rows.append(("Motivo", str(asked["motivo"])))
    warning = "As faturas são feitas sozinhas a partir daí. Um mês que já tem fatura não é cobrado de novo."
    return Plan("Cobrar por aqui", rows, f"Cobrar por aqui a partir de {asked['desde']:%d/%m/%Y}", warning)


def _due(day: int | None) -> str:
    if day is None:
        return "sem dia de vencimento no cadastro"
    return f"dia {day}" if day <= LAST_DUE_DAY else f"dia {LAST_DUE_DAY} (no cadastro: {day})"


@transaction.atomic
def _do_start(desk: Desk, head: Head, asked: Asked) -> str:
    answer = billing.start(
        contract_id=head.contract_id,
        terms=billing_forms.terms(asked),
        at=desk.at,
        author=signed(desk, asked),
    )
    if isinstance(answer, Impossible):
        raise NotDone(wording.refused(answer.problems, language=Language.PT))
    off = f", menos {format_reais(asked['desconto'])}" if asked["desconto"] else ""
    price = f"{format_reais(answer.price)} por mês{off}"
    return _told(desk, head, asked, f"Cobrado por aqui a partir de {answer.since:%d/%m/%Y}, {price}.")


def _told(desk: Desk, head: Head, asked: Asked, said: str) -> str:
    """What was done, kept in the contract's history under a protocol number."""
    number = protocol.of_contract(
        contract_id=head.contract_id,
        subject="staff_billing",
        at=desk.at,
        author=signed(desk, asked),
        text=said,
    )
    return f"{said} Protocolo {number}."


def _first_terms(desk: Desk, head: Head) -> Asked:
    """What is asked now; for a contract that begins, the first day of the next month."""
    known, today = terms_of(head.contract_id), desk.at.astimezone(ZoneInfo(desk.provider.zone)).date()
    following = today.replace(year=today.year + today.month // 12, month=today.month % 12 + 1, day=1)
    return billing_forms.of_terms(known.since or following, known.price, known.discount, known.discount_until)


START = Deed(
    "Cobrar por aqui",
    billing_forms.Start,
    _plan_start,
    _do_start,
    "O sistema faz a fatura deste contrato todo mês. O que já foi faturado não muda.",
    _first_terms,
)


# Parar de cobrar por aqui


def _plan_stop(desk: Desk, head: Head, asked: Asked) -> Plan:
    rows = [("Último dia cobrado", f"{asked['dia']:%d/%m/%Y}"), ("Motivo", str(asked["motivo"]))]
    warning = (
        "O contrato continua ligado. O que já foi cobrado depois desse dia é devolvido quando ele passar."
    )
    return Plan("Parar de cobrar por aqui", rows, f"Parar depois de {asked['dia']:%d/%m/%Y}", warning)


@transaction.atomic
def _do_stop(desk: Desk, head: Head, asked: Asked) -> str:
    answer = billing.stop(contract_id=head.contract_id, until=asked["dia"], author=signed(desk, asked))
    if isinstance(answer, Impossible):
        raise NotDone(wording.refused(answer.problems, language=Language.PT))
    return _told(desk, head, asked, f"O último dia cobrado por aqui é {answer.until:%d/%m/%Y}.")


STOP = Deed("Parar de cobrar por aqui", billing_forms.Stop, _plan_stop, _do_stop)


# Documento fiscal


def _own_invoices(form: forms.Form, desk: Desk, head: Head) -> None:
    today = desk.at.astimezone(ZoneInfo(desk.provider.zone)).date()
    rows = queries.invoices_of(head.contract_id)
    named = [(r.external_id, f"{bill_name(r.reference, r.due_date, today)} ({r.external_id})") for r in rows]
    cast(forms.ChoiceField, form.fields["fatura"]).choices = [("", "Escolha"), *named]


def _plan_document(desk: Desk, head: Head, asked: Asked) -> Plan:
    rows = [("Fatura", str(asked["fatura"])), ("Documento fiscal", str(asked["documento"] or "nenhum"))]
    return Plan("Informar documento fiscal", rows, "Guardar")


def _do_document(desk: Desk, head: Head, asked: Asked) -> str:
    answer = set_fiscal_document.set_fiscal_document(
        provider_id=desk.provider.pk, invoice=str(asked["fatura"]), document=str(asked["documento"])
    )
    if isinstance(answer, Refused):
        raise NotDone(wording.refused(answer.whys, language=Language.PT))
    return f"Documento fiscal da fatura {answer.invoice}: {answer.now or 'nenhum'}."


FISCAL = Deed(
    "Informar documento fiscal",
    billing_forms.FiscalDocument,
    _plan_document,
    _do_document,
    "O sistema não emite nota: aqui fica o número dela, junto da fatura.",
    prepare=_own_invoices,
)


# Cancelar carnê


def _booklets(form: forms.Form, desk: Desk, head: Head) -> None:
    named = [(name, f"{name} ({count} a vencer)") for name, count in carnes_of(head.contract_id, desk.at)]
    cast(forms.ChoiceField, form.fields["carne"]).choices = [("", "Escolha"), *named]


def _plan_carne(desk: Desk, head: Head, asked: Asked) -> Plan:
    count = dict(carnes_of(head.contract_id, desk.at))[str(asked["carne"])]
    rows = [
        ("Carnê", str(asked["carne"])),
        ("Contas que se cancelam", str(count)),
        ("Motivo", str(asked["motivo"])),
    ]
    warning = "As contas que ainda vão vencer são canceladas juntas; as vencidas continuam devidas."
    return Plan("Cancelar o carnê", rows, "Cancelar o carnê", warning)


@transaction.atomic
def _do_carne(desk: Desk, head: Head, asked: Asked) -> str:
    answer = cancel_carne.cancel(
        provider_id=desk.provider.pk, carne=str(asked["carne"]), at=desk.at, author=signed(desk, asked)
    )
    if isinstance(answer, cancel_carne.NothingToCancel):
        raise NotDone("não há mais conta deste carnê a vencer")
    names = ", ".join(answer.invoices)
    return _told(desk, head, asked, f"Carnê {asked['carne']} cancelado: {names}.")


CARNE = Deed(
    "Cancelar carnê",
    billing_forms.Carne,
    _plan_carne,
    _do_carne,
    "Cancela de uma vez as contas de um carnê que ainda não venceram, e retira os boletos e Pix delas no banco.",
    prepare=_booklets,
)

carne = page_of(CARNE, May.BILL)
start = page_of(START, May.BILL)
stop = page_of(STOP, May.BILL)
fiscal_document = page_of(FISCAL, May.BILL)
