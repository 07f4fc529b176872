"""The desk's forms. Labels and errors are what people read; values come out as the actions want them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone

from religa import wording
from religa.domain.facts import Method, UnlockKind
from religa.domain.money import InvalidAmount, parse_reais

PROMISE = UnlockKind.PROMISE
_LONGEST_HOLD, _OLDEST_PAYMENT = timedelta(days=366), timedelta(days=5 * 366)
OLDEST = ("", "A mais antiga primeiro")
_DAY = {"type": "date", "class": "input"}
_KINDS = [(kind.value, wording.say(kind)) for kind in UnlockKind]
_METHODS = [(m.value, wording.say(m)) for m in Method if m is not Method.CREDIT]


def _text(label: str, *, required: bool = True, help_text: str = "", longest: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Escreva aqui."},
    )


class Reason(forms.Form):
    """A reason that stays in the history."""

    motivo = _text("Motivo", help_text="Fica no histórico, com o seu nome.")


class Unlock(Reason):
    como = forms.TypedChoiceField(
        label="O que o assinante disse", choices=_KINDS, coerce=UnlockKind, widget=forms.RadioSelect
    )
    dia = forms.DateField(
        label="Dia em que vai pagar (se disse)",
        required=False,
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    comprovante = _text("Número do comprovante (se já pagou)", required=False, longest=64)
    chave = forms.CharField(widget=forms.HiddenInput, max_length=32)
    field_order = ("como", "dia", "comprovante", "motivo", "chave")

    def clean_comprovante(self) -> str:
        return " ".join(str(self.cleaned_data["comprovante"]).split()).upper()


class Hold(Reason):
    dia = forms.DateField(
        label="Não bloquear até o fim de",
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={"required": "Escolha o último dia.", "invalid": "Escreva uma data, como 31/12/2026."},
    )
    field_order = ("dia", "motivo")

    def clean_dia(self) -> date:
        chosen: date = self.cleaned_data["dia"]
        if chosen < timezone.localdate():
            raise forms.ValidationError("Este dia já passou.")
        if chosen > timezone.localdate() + _LONGEST_HOLD:
            raise forms.ValidationError("Escolha um dia dentro de um ano: uma exceção sem fim é esquecida.")
        return chosen


class Incident(Reason):
    """Where it is (a router or a municipality, named together as `nas:7` or `ibge:2304400`) and since when."""

    onde = forms.ChoiceField(
        label="Onde",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"required": "Escolha onde."},
    )
    desde = forms.DateTimeField(
        label="Desde quando",
        required=False,
        help_text="Vazio: desde agora.",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        error_messages={"invalid": "Escreva data e hora, como 31/12/2026 14:10."},
    )
    field_order = ("onde", "desde", "motivo")

    def __init__(self, *args: Any, places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["onde"]).choices = [("", "Escolha"), *places]
        self.fields["motivo"].help_text = "Só a equipe lê. Fica no histórico, com o seu nome."


class Amount(forms.CharField):
    """Reais as people write them; centavos come out."""

    def clean(self, value: str) -> int:
        text = super().clean(value)
        if not text and not self.required:
            return 0
        try:
            centavos = parse_reais(text)
        except InvalidAmount:
            raise forms.ValidationError("Escreva o valor com centavos, como 99,90.") from None
        if centavos <= 0:
            raise forms.ValidationError("O valor precisa ser maior que zero.")
        return centavos


class Payment(Reason):
    valor = Amount(
        label="Valor em reais",
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Escreva o valor, como 99,90."},
    )
    forma = forms.TypedChoiceField(
        label="Forma", choices=_METHODS, coerce=Method, widget=forms.Select(attrs={"class": "input"})
    )
    pago_em = forms.DateField(
        label="Dia em que foi pago",
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={"required": "Escolha o dia.", "invalid": "Escreva uma data, como 31/12/2026."},
    )
    identificacao = _text(
        "Identificação",
        required=False,
        longest=80,
        help_text="O ID da transação do Pix ou o número do comprovante do banco. Vazio para dinheiro.",
    )
    conta = forms.ChoiceField(
        label="Conta", required=False, choices=[OLDEST], widget=forms.Select(attrs={"class": "input"})
    )
    chave = forms.CharField(widget=forms.HiddenInput, max_length=32)
    field_order = ("valor", "forma", "pago_em", "identificacao", "conta", "motivo", "chave")

    def clean_pago_em(self) -> date:
        chosen: date = self.cleaned_data["pago_em"]
        if chosen > timezone.localdate():
            raise forms.ValidationError("Este dia ainda não chegou.")
        if chosen < timezone.localdate() - _OLDEST_PAYMENT:
            raise forms.ValidationError("Este dia é antigo demais.")
        return chosen

    def clean(self) -> dict[str, object]:
        values = dict(super().clean() or {})
        method, written = values.get("forma"), values.get("identificacao")
        if method is not None and method is not Method.CASH and not written:
            self.add_error("identificacao", "Escreva a identificação: ela impede registrar duas vezes.")
        return values
