"""Forms of recurring billing: the rule, and a contract's terms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from religa.actions.billing.terms import Terms
from religa.actions.set_fiscal_document import LONGEST
from religa.domain.billing import Rule
from religa.domain.money import InvalidAmount, format_reais, parse_reais
from religa.entrypoints.console.forms import Reason

_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?")
_MOST = 200, 100  # hundredths of a percent: fine (CDC art. 52 § 1) and interest a month
_DAY_ERRORS = {"required": "Escolha o dia.", "invalid": "Escreva uma data, como 31/12/2026."}


def _decimal(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off", **more})


def _day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages=_DAY_ERRORS,
    )


class Percent(forms.CharField):
    """`2`, `2,00` or `0.5`; hundredths of a percent come out."""

    def __init__(self, *, most: int, **more: Any) -> None:
        super().__init__(
            widget=_decimal(), error_messages={"required": "Escreva a porcentagem, como 2,00."}, **more
        )
        self.most = most

    def clean(self, value: str) -> int:
        found = _PERCENT.fullmatch(super().clean(value).strip().removesuffix("%").strip())
        if found is None:
            raise forms.ValidationError("Escreva a porcentagem, como 2,00.")
        hundredths = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
        if hundredths > self.most:
            raise forms.ValidationError(f"No máximo {percent(self.most)}.")
        return hundredths


class Reais(forms.CharField):
    """Reais from zero on, or nothing; centavos come out, and None where nothing was written."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=_decimal(), **more)

    def clean(self, value: str) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            centavos = parse_reais(text)
        except InvalidAmount:
            raise forms.ValidationError("Escreva o valor com centavos, como 99,90.") from None
        if centavos < 0:
            raise forms.ValidationError("O valor não pode ser negativo.")
        return centavos


def percent(hundredths: int) -> str:
    """`2,00 %`."""
    return f"{hundredths // 100},{hundredths % 100:02}\N{NO-BREAK SPACE}%"


def _plain(centavos: int | None) -> str:
    """`1.234,56`, for a field that asks for reais."""
    return format_reais(centavos).partition("\N{NO-BREAK SPACE}")[2] if centavos else ""


class RuleForm(forms.Form):
    antecedencia = forms.IntegerField(
        label="Dias de antecedência",
        min_value=5,
        max_value=60,
        help_text="Quantos dias antes do vencimento a fatura é feita. O RGC pede 5 ou mais (art. 54).",
        widget=forms.NumberInput(attrs={"class": "input"}),
        error_messages={
            "required": "Escreva um número de 5 a 60.",
            "invalid": "Escreva um número de 5 a 60.",
            "min_value": "No mínimo 5 dias: o RGC pede (art. 54).",
            "max_value": "No máximo 60 dias.",
        },
    )
    multa = Percent(label="Multa por atraso (%)", most=_MOST[0], help_text="No máximo 2 % (CDC, art. 52).")
    juros = Percent(
        label="Juros ao mês (%)", most=_MOST[1], help_text="No máximo 1 % ao mês, por dia de atraso."
    )
    desconto = Reais(
        label="Desconto de pontualidade em reais",
        help_text="Para quem paga até o vencimento. Vazio: nenhum. Num mês incompleto vale a parte dele.",
    )
    devolve = forms.BooleanField(
        label="Devolver os dias bloqueados",
        required=False,
        help_text="Dias bloqueados da meia-noite à meia-noite são descontados na fatura seguinte.",
    )
    cobrancas = forms.BooleanField(
        label="Fazer a cobrança junto",
        required=False,
        help_text="Pix ou boleto, na conta que recebe novas cobranças. Desligado: só a fatura.",
    )

    def read(self) -> Rule:
        values = self.cleaned_data
        return Rule(
            lead_days=values["antecedencia"],
            fine_pct=values["multa"],
            interest_pct_month=values["juros"],
            punctuality_discount=values["desconto"] or 0,
            credits_blocked_days=values["devolve"],
            make_charges=values["cobrancas"],
        )


def of_rule(rule: Rule) -> dict[str, Any]:
    """What the form of a rule shows at first."""
    return {
        "antecedencia": rule.lead_days,
        "multa": percent(rule.fine_pct).split("\N{NO-BREAK SPACE}")[0],
        "juros": percent(rule.interest_pct_month).split("\N{NO-BREAK SPACE}")[0],
        "desconto": _plain(rule.punctuality_discount),
        "devolve": rule.credits_blocked_days,
        "cobrancas": rule.make_charges,
    }


class Start(Reason):
    """From when on a contract is billed here, and what for."""

    desde = _day("Cobrar por aqui a partir de", help_text="O primeiro mês é cobrado a partir deste dia.")
    preco = Reais(label="Mensalidade em reais", help_text="Vazio: a do plano, também quando ela mudar.")
    desconto = Reais(label="Desconto por mês em reais", help_text="Vazio: nenhum.")
    desconto_ate = _day(
        "Desconto até", required=False, help_text="O último mês com desconto é o deste dia. Vazio: sem fim."
    )
    field_order = ("desde", "preco", "desconto", "desconto_ate", "motivo")

    def clean(self) -> dict[str, object]:
        values = dict(super().clean() or {})
        since, until = values.get("desde"), values.get("desconto_ate")
        if until and not values.get("desconto"):
            self.add_error("desconto", "Escreva o desconto que vale até esse dia.")
        if isinstance(since, date) and isinstance(until, date) and until < since:
            self.add_error("desconto_ate", "O desconto não pode acabar antes do início.")
        if values.get("preco") == 0:
            self.add_error("preco", "Para não cobrar nada, use o segmento cortesia.")
        return values


def terms(asked: dict[str, Any]) -> Terms:
    return Terms(asked["desde"], asked["preco"], asked["desconto"] or 0, asked["desconto_ate"])


def of_terms(
    since: date, price: int | None, discount: int | None, discount_until: date | None
) -> dict[str, Any]:
    return {
        "desde": since,
        "preco": _plain(price),
        "desconto": _plain(discount),
        "desconto_ate": discount_until,
    }


class Stop(Reason):
    dia = _day(
        "Último dia cobrado",
        help_text="O que já foi cobrado depois dele volta: a última fatura diminui, e o que foi pago vira crédito.",
    )
    field_order = ("dia", "motivo")


class Carne(Reason):
    carne = forms.ChoiceField(
        label="Carnê",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "Escolha o carnê.", "invalid_choice": "Escolha um da lista."},
    )
    field_order = ("carne", "motivo")


class FiscalDocument(forms.Form):
    fatura = forms.ChoiceField(
        label="Fatura",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "Escolha a fatura.", "invalid_choice": "Escolha uma da lista."},
    )
    documento = forms.CharField(
        label="Documento fiscal",
        required=False,
        max_length=LONGEST,
        help_text="Número ou chave de acesso da NFCom ou NFS-e. Vazio: apaga o que está lá.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"max_length": f"No máximo {LONGEST} caracteres."},
    )
