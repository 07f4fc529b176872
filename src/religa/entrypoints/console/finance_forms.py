"""The forms of finance: each resolution carries a reason."""

from __future__ import annotations

from typing import Any

from django import forms

from religa.actions.money.settle_case import Way
from religa.entrypoints.console.forms import Amount, Reason

CREDIT, GIVE_BACK, NOT_OURS = "creditar", "devolver", "nao_e_nosso"


def _hidden(value: str) -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, initial=value, max_length=80)


class Resolve(Reason):
    """`fazer` says which form of the page it was."""

    fazer = _hidden("")

    def __init__(self, *args: Any, do: str = "", place: str = "", **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{place or do}_%s"  # several forms stand on one page
        super().__init__(*args, **kwargs)
        self.fields["fazer"].initial = do


class CreditSuggested(Resolve):
    """To one of the contracts that were suggested."""

    contrato = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    conta = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)


class CreditOther(Resolve):
    """To a contract by its number."""

    numero = forms.CharField(
        label="Número do contrato",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Escreva o número do contrato."},
    )
    conta = forms.CharField(
        label="Número da conta",
        required=False,
        max_length=80,
        help_text="Vazio: a mais antiga primeiro.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    field_order = ("numero", "conta", "motivo", "fazer")


class Settle(Resolve):
    """One way for a case."""


class GiveBack(Settle):
    valor = Amount(
        label="Valor em reais",
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Escreva o valor, como 99,90."},
    )
    field_order = ("valor", "motivo", "fazer")


def of_way(way: Way) -> type[Settle]:
    return GiveBack if way is Way.REFUND else Settle
