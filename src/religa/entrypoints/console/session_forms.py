"""What is asked of connection records, and why. Values come out as the actions want them."""

from __future__ import annotations

from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network

from django import forms
from django.utils import timezone

from religa.entrypoints.console.forms import Reason

_MONTHS_BACK = 13  # what is kept, and the month that runs
_WIDEST = 32  # bits of an IPv6 prefix: wider ones would list half the subscribers
_NAMES = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_WHEN = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")


def months() -> list[tuple[str, str]]:
    """The months that are kept, this one first."""
    today = timezone.localdate()
    numbers = [today.year * 12 + today.month - 1 - back for back in range(_MONTHS_BACK + 1)]
    return [(f"{n // 12}-{n % 12 + 1:02}", f"{_NAMES[n % 12]} de {n // 12}") for n in numbers]


class History(Reason):
    """A month of a contract's connections."""

    mes = forms.ChoiceField(
        label="Conexões encerradas em",
        choices=months,
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "Este mês não está guardado."},
    )
    pagina = forms.IntegerField(
        min_value=1, max_value=10_000, required=False, widget=forms.HiddenInput, initial=1
    )
    field_order = ("mes", "motivo", "pagina")

    def clean_mes(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['mes']}-01")

    def clean_pagina(self) -> int:
        return int(self.cleaned_data["pagina"] or 1)


class Address(forms.Form):
    """Who had an address at an instant."""

    endereco = forms.CharField(
        label="Endereço IP",
        max_length=60,
        help_text="IPv4, como 100.64.3.2, ou IPv6, como 2001:db8::1 ou 2001:db8::/56.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Escreva o endereço."},
    )
    quando = forms.DateTimeField(
        label="Dia e hora",
        input_formats=_WHEN,
        help_text="No horário do provedor. Ofícios costumam dar o horário com o fuso: converta antes.",
        widget=forms.DateTimeInput(
            attrs={"class": "input", "type": "datetime-local", "step": "1"}, format=_WHEN[0]
        ),
        error_messages={
            "required": "Escreva o dia e a hora.",
            "invalid": "Escreva como 31/12/2026 23:59:59.",
        },
    )
    referencia = forms.CharField(
        label="Número do processo ou do ofício",
        min_length=3,
        max_length=200,
        help_text="Registros de conexão só saem por ordem judicial (Marco Civil, art. 13, § 5º). Fica registrado.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={
            "required": "Sem o número não há consulta.",
            "min_length": "Escreva o número inteiro.",
        },
    )

    def clean_endereco(self) -> IPv4Network | IPv6Network:
        try:
            found = ip_network(str(self.cleaned_data["endereco"]), strict=False)
        except ValueError:
            raise forms.ValidationError("Isto não é um endereço IP.") from None
        if found.version == 4 and found.num_addresses > 1:
            raise forms.ValidationError("Um endereço IPv4 por vez.")
        if found.version == 6 and found.prefixlen < _WIDEST:
            raise forms.ValidationError("Este prefixo é largo demais.")
        return found

    def clean_quando(self) -> datetime:
        when: datetime = self.cleaned_data["quando"]
        if when > timezone.now():
            raise forms.ValidationError("Este instante ainda não chegou.")
        return when
