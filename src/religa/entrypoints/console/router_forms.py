"""The form of a router. The secret goes in and never comes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from religa.domain.routers import Router, RouterProblem
from religa.wording.routers import router_problem

REACHES = [
    ("coa", "CoA e Disconnect (RADIUS)"),
    ("routeros_api", "API do RouterOS"),
    ("none", "Não falar com ele: só responde aos logins"),
]
_FIELDS = {
    "name": "nome", "address": "endereco", "vendor": "tipo", "reach": "alcance", "coa_port": "porta",
    "source": "origem", "coa_window": "janela", "secret": "segredo",
}  # fmt: skip


def _input(**attributes: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "input", "autocomplete": "off", "spellcheck": "false", **attributes}
    )


def _number(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "input"}),
        error_messages={"required": "Escreva um número.", "invalid": "Escreva um número."},
    )


def _yes(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class RouterForm(forms.Form):
    nome = forms.CharField(label="Nome", required=False, max_length=120, widget=_input())
    endereco = forms.CharField(
        label="Endereço ou rede",
        required=False,
        max_length=60,
        help_text="De onde vêm os pedidos dele: 10.0.0.1, ou 10.0.0.0/24 para vários com o mesmo segredo.",
        widget=_input(inputmode="url"),
    )
    tipo = forms.ChoiceField(
        label="Tipo",
        help_text="O que ele ouve em cada situação.",
        widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "Escolha um tipo da lista."},
    )
    segredo = forms.CharField(
        label="Segredo RADIUS",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )
    alcance = forms.ChoiceField(
        label="Como bloquear e liberar uma sessão aberta",
        choices=REACHES,
        widget=forms.Select(attrs={"class": "input"}),
    )
    porta = _number("Porta de CoA", "3799 no padrão; no RouterOS a de fábrica é 1700.")
    origem = forms.CharField(
        label="Endereço de origem das ordens",
        required=False,
        max_length=45,
        help_text="O endereço nosso que está no roteador como servidor RADIUS. Vazio: o que o sistema escolher.",
        widget=_input(inputmode="url"),
    )
    janela = _number("Ordens ao mesmo tempo", "De 1 a 64. Menos, se ele fica lento durante um bloqueio.")
    assina = _yes(
        "Exigir Message-Authenticator nos pedidos", "Se o roteador assina. Sem assinatura não responde mais."
    )
    sombra = _yes(
        "Modo sombra", "Mostra as ordens e não envia nenhuma. Para as primeiras semanas de uma migração."
    )
    ligado = _yes("Ligado", "Desligado não recebe resposta nenhuma, em até 30 segundos.")

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        cast(forms.ChoiceField, self.fields["tipo"]).choices = list(kinds)
        self.fields["segredo"].help_text = (
            "Igual ao do roteador, com 16 caracteres ou mais, outro para cada um. Não é mostrado depois."
            if is_new
            else "Vazio: continua o que está guardado, que não pode ser mostrado."
        )

    def read(self) -> tuple[Router, str | None]:
        """The router, and its new secret if one was typed."""
        values = self.cleaned_data
        router = Router(
            name=values["nome"], address=values["endereco"], vendor=values["tipo"], reach=values["alcance"],
            coa_port=values["porta"], source=values["origem"], coa_window=values["janela"], shadow=values["sombra"],
            enabled=values["ligado"], signs=values["assina"],
        )  # fmt: skip
        return router, values["segredo"] or None

    def tell(self, problems: Sequence[RouterProblem]) -> None:
        for problem in problems:
            self.add_error(_FIELDS.get(problem.field), router_problem(problem))


def initial(router: Router) -> dict[str, Any]:
    return {
        "nome": router.name, "endereco": router.address, "tipo": router.vendor, "alcance": router.reach,
        "porta": router.coa_port, "origem": router.source, "janela": router.coa_window, "sombra": router.shadow,
        "ligado": router.enabled, "assina": router.signs,
    }  # fmt: skip
