"""Agreements over what is late, and the end of a contract: deeds that change what a contract is."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django import forms
from django.utils import timezone

from religa import wording
from religa.actions import agree, terminate
from religa.actions.agree import Cut, Offer
from religa.actions.look import look
from religa.actions.money.before_termination import BankSilent, MoneyCame
from religa.domain.deeds import SUBSCRIBER
from religa.domain.instalments import MOST
from religa.domain.invoicing import Refused
from religa.domain.money import format_reais
from religa.entrypoints.common.banks import BANKS
from religa.entrypoints.console import forms as desk_forms
from religa.entrypoints.console.deeds import Asked, Deed, NotDone, Plan, Row, checked, now_is, page_of, signed
from religa.entrypoints.console.staff import MANAGER, Desk, May
from religa.records.queries import Head
from religa.wording import Language

_LONGEST_WAIT = timedelta(days=60)


class Agreement(desk_forms.Reason):
    parcelas = forms.IntegerField(
        label="Número de parcelas",
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "input"}),
        error_messages={"required": "Escreva o número.", "max_value": f"No máximo {MOST} parcelas."},
    )
    primeira = forms.DateField(
        label="Vencimento da primeira (ou da entrada)",
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"required": "Escolha o dia.", "invalid": "Escreva uma data, como 31/12/2026."},
    )
    entrada = desk_forms.Amount(
        label="Entrada em reais (vazio: sem entrada)",
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}),
    )
    encargos = forms.TypedChoiceField(
        label="Valor da dívida",
        choices=[("sim", "Com multa e juros até hoje"), ("nao", "Só o principal")],
        coerce=lambda text: text == "sim",
        widget=forms.RadioSelect,
    )
    chave = forms.CharField(widget=forms.HiddenInput, max_length=32)
    field_order = ("parcelas", "entrada", "primeira", "encargos", "motivo", "chave")

    def clean_primeira(self) -> date:
        chosen: date = self.cleaned_data["primeira"]
        if not timezone.localdate() <= chosen <= timezone.localdate() + _LONGEST_WAIT:
            raise forms.ValidationError("Escolha um dia de hoje até 60 dias à frente.")
        return chosen


def _offer(asked: Asked) -> Offer:
    return Offer(asked["parcelas"], asked["primeira"], asked["entrada"] or 0, bool(asked["encargos"]))


def _plan_agreement(desk: Desk, head: Head, asked: Asked) -> Plan:
    standing = look(contract_id=head.contract_id, at=desk.at).standing
    found = agree.cut_debt(standing, _offer(asked), desk.at)
    if isinstance(found, Refused):
        return Plan("Fazer acordo", [], "Tentar mesmo assim", _NO_AGREEMENT, possible=False)
    rows: list[Row] = [
        ("Dívida", format_reais(found.total)),
        ("Contas", ", ".join(found.invoices)),
        *_parts(found),
    ]
    warning = (
        "A internet volta quando a primeira parte for paga. Os códigos das contas antigas deixam de valer."
    )
    return Plan("Fazer acordo", [*rows, ("Motivo", str(asked["motivo"]))], "Fazer o acordo", warning)


_NO_AGREEMENT = "Não há conta atrasada para um acordo, ou ela não cabe nessas parcelas."


def _parts(found: Cut) -> list[Row]:
    return [
        (f"Parte {n}", f"{format_reais(amount)} em {due:%d/%m/%Y}")
        for n, (due, amount) in enumerate(found.parts, 1)
    ]


def _do_agreement(desk: Desk, head: Head, asked: Asked) -> str:
    answer = agree.agree_on_debt(
        contract_id=head.contract_id,
        agreement_id=f"acordo-{head.contract_id}-{asked['chave'][:8]}",
        offer=_offer(asked),
        at=desk.at,
        author=signed(desk, asked),
    )
    return f"Acordo feito. {now_is(checked(answer))}"


AGREEMENT = Deed(
    "Fazer acordo",
    Agreement,
    _plan_agreement,
    _do_agreement,
    "Troca tudo o que está atrasado por parcelas mensais, sem juros. Cada parcela vira uma conta com o seu código Pix.",
    lambda desk, head: {"chave": secrets.token_hex(8), "encargos": "sim", "parcelas": 3},
)


class Termination(desk_forms.Reason):
    quem = forms.ChoiceField(
        label="Quem decidiu",
        choices=[(SUBSCRIBER, "O assinante pediu"), ("provider", "O provedor, por falta de pagamento")],
        widget=forms.RadioSelect,
    )
    sem_banco = forms.BooleanField(
        label="Cancelar mesmo que o banco não responda (só a gestão)",
        required=False,
        help_text="Antes de cancelar, perguntamos ao banco se alguma conta foi paga.",
    )
    field_order = ("quem", "motivo", "sem_banco")


def _plan_termination(desk: Desk, head: Head, asked: Asked) -> Plan:
    who = "O assinante pediu" if asked["quem"] == SUBSCRIBER else "O provedor"
    warning = (
        "O acesso acaba. Se o banco tiver recebido algum pagamento, nada é cancelado e ele é registrado."
    )
    rows: list[Row] = [("Quem decidiu", who), ("Motivo", str(asked["motivo"]))]
    return Plan("Cancelar o contrato", rows, "Cancelar o contrato", warning)


_SILENT = "Não foi possível confirmar com o banco; tente de novo ou confirme que quer cancelar assim mesmo (gestão)."


def _do_termination(desk: Desk, head: Head, asked: Asked) -> str:
    answer = terminate.terminate_unless_paid(
        contract_id=head.contract_id,
        by=SUBSCRIBER if asked["quem"] == SUBSCRIBER else desk.name,
        collector_for=BANKS.of,
        at=desk.at,
        author=signed(desk, asked),
        though_silent=bool(asked["sem_banco"]) and desk.member.role == MANAGER,
    )
    if isinstance(answer, MoneyCame):
        raise NotDone(
            f"O banco recebeu {format_reais(answer.amount)}: o pagamento foi registrado e nada foi cancelado."
        )
    if isinstance(answer, BankSilent):
        raise NotDone(_SILENT)
    if isinstance(answer, Refused):
        raise NotDone(wording.refused(answer.whys, language=Language.PT))
    return f"Contrato cancelado. {now_is(answer)}"


TERMINATION = Deed(
    "Cancelar o contrato",
    Termination,
    _plan_termination,
    _do_termination,
    "Por falta de pagamento, só depois dos dias de bloqueio e do aviso que o regulamento pede.",
    lambda desk, head: {"quem": SUBSCRIBER},
)

agreement = page_of(AGREEMENT, May.AGREE)
termination = page_of(TERMINATION, May.TERMINATE)
