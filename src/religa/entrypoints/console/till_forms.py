"""The forms of the cash desk: taking, moving and forgiving money, and closing a day."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from religa import wording
from religa.actions import take_payment
from religa.domain.facts import Method, WaiverKind
from religa.domain.money import InvalidAmount, parse_reais
from religa.entrypoints.console.forms import OLDEST, Amount, Reason

_MONEY = {"class": "input", "inputmode": "decimal", "autocomplete": "off"}
_SELECT = {"class": "input"}
_OTHER = "Outro"
_METHODS = [(m.value, _OTHER if m is Method.EXTERNAL else wording.say(m)) for m in take_payment.METHODS]
_KINDS = [(kind.value, wording.say(kind)) for kind in WaiverKind]


def method_name(method: Method | str) -> str:
    """What a method is called at the counter."""
    return _OTHER if method == Method.EXTERNAL else wording.say(Method(method))


def _amount(label: str = "Valor em reais") -> Amount:
    return Amount(
        label=label,
        widget=forms.TextInput(attrs=_MONEY),
        error_messages={"required": "Escreva o valor, como 99,90."},
    )


def _text(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Escreva aqui."},
    )


class Take(forms.Form):
    """Money that is on the counter now."""

    valor = _amount()
    forma = forms.TypedChoiceField(
        label="Forma", choices=_METHODS, coerce=Method, widget=forms.Select(attrs=_SELECT)
    )
    conta = forms.ChoiceField(
        label="Conta", required=False, choices=[OLDEST], widget=forms.Select(attrs=_SELECT)
    )
    observacao = _text("Observação", required=False, help_text="Como o número do comprovante da maquininha.")
    chave = forms.CharField(widget=forms.HiddenInput, max_length=32)


class Move(Reason):
    """The contract's number, as the provider calls it."""

    contrato = _text("Contrato certo", help_text="O número do contrato de quem pagou.")
    field_order = ("contrato", "motivo")


class Waive(Reason):
    conta = forms.ChoiceField(
        label="Conta",
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": "Escolha a conta."},
    )
    parte = forms.TypedChoiceField(
        label="O que perdoar", choices=_KINDS, coerce=WaiverKind, widget=forms.RadioSelect
    )
    valor = _amount()
    field_order = ("conta", "parte", "valor", "motivo")


class Close(forms.Form):
    """What was counted, and why it differs. `esperado`: what was expected when the page was shown."""

    contado = forms.CharField(
        label="Dinheiro contado na gaveta",
        widget=forms.TextInput(attrs=_MONEY),
        error_messages={"required": "Conte o dinheiro e escreva o valor, como 150,00 ou 0,00."},
    )
    nota = _text("Explicação", required=False, help_text="Obrigatória quando o valor não bate.")
    esperado = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, counts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not counts:
            del self.fields["contado"]
            cast(forms.CharField, self.fields["nota"]).help_text = ""

    def clean_contado(self) -> int:
        try:
            return parse_reais(str(self.cleaned_data["contado"]))
        except InvalidAmount:
            raise forms.ValidationError("Escreva o valor com centavos, como 150,00.") from None
