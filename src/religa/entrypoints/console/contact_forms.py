"""What the desk writes down of a contact, of an address, of a notice given by hand, and for a dossier."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone

from religa import wording
from religa.domain.contacts import About, Account, Caller, Means
from religa.domain.proofs import is_tracking_code
from religa.entrypoints.console.forms import Amount, Reason

_INPUT = {"class": "input", "autocomplete": "off"}
_DAY = {"type": "date", "class": "input"}
_CHOOSE = {"required": "Escolha uma opção."}


def _text(label: str, *, required: bool = True, help_text: str = "", longest: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, help_text=help_text,
        widget=forms.TextInput(attrs=_INPUT), error_messages={"required": "Escreva aqui."},
    )  # fmt: skip


def _hidden(longest: int = 32, *, required: bool = True) -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, max_length=longest, required=required)


def _day(label: str, *, required: bool, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        error_messages={"required": "Escolha o dia.", "invalid": "Escreva uma data, como 31/12/2026."},
    )  # fmt: skip


def _radio(label: str, words: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=[(w.value, wording.say(w)) for w in words], coerce=words, widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )  # fmt: skip


class Contact(forms.Form):
    """What was said. `corrige`: the entry that this one corrects, empty for the first."""

    quem = _radio("Quem falou", Caller)
    nome = _text("Nome de quem falou", required=False, help_text="Obrigatório se não foi o titular.")
    meio = _radio("Como", Means)
    assunto = forms.TypedChoiceField(
        label="Assunto", choices=[("", "Escolha"), *((w.value, wording.say(w)) for w in About)], coerce=About,
        widget=forms.Select(attrs={"class": "input"}), error_messages=_CHOOSE,
    )  # fmt: skip
    dito = forms.CharField(
        label="O que foi dito e combinado", max_length=4_000,
        widget=forms.Textarea(attrs={**_INPUT, "rows": 5}), error_messages={"required": "Escreva o que foi dito."},
    )  # fmt: skip
    prometeu_em = _day("Prometeu pagar até (se prometeu)", required=False)
    prometeu = Amount(
        label="Quanto prometeu (só o titular)",
        required=False,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "decimal"}),
    )
    gravacao = _text(
        "Referência da gravação", required=False, help_text="Como o seu sistema de telefone a nomeia."
    )
    corrige = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1)

    def account(self) -> Account:
        """The valid form as the action wants it."""
        said = self.cleaned_data
        return Account(
            means=said["meio"], caller=said["quem"], about=said["assunto"], notes=said["dito"].strip(),
            caller_name=said["nome"], promised_on=said["prometeu_em"], promised_amount=said["prometeu"] or None,
            recording=said["gravacao"],
        )  # fmt: skip


class _Way(forms.Form):
    para = forms.ChoiceField(label="Para onde", widget=forms.RadioSelect, error_messages=_CHOOSE)
    chave = _hidden()

    def offer(self, ways: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields["para"]).choices = ways
        self.fields["para"].initial = ways[0][0] if ways else None


class Pix(_Way):
    quanto = forms.ChoiceField(label="Quanto", widget=forms.RadioSelect, error_messages=_CHOOSE)
    field_order = ("quanto", "para", "chave")


class Boleto(_Way):
    boleto = forms.ChoiceField(label="Qual boleto", widget=forms.RadioSelect, error_messages=_CHOOSE)
    field_order = ("boleto", "para", "chave")


class Code(_Way):
    pass


class Address(Reason):
    """The new phone or e-mail, and which one it replaces."""

    tipo = forms.ChoiceField(
        label="O que muda", choices=[("phone", "Telefone"), ("email", "E-mail")], widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )  # fmt: skip
    antigo = forms.ChoiceField(
        label="Telefone que sai", required=False, widget=forms.Select(attrs={"class": "input"}),
        help_text="Só para telefone. O que sai fica no histórico e não recebe mais mensagens.",
    )  # fmt: skip
    novo = _text("Novo telefone com DDD, ou novo e-mail", longest=254)
    whatsapp = forms.BooleanField(label="Este telefone tem WhatsApp", required=False)
    field_order = ("tipo", "antigo", "novo", "whatsapp", "motivo")

    def offer(self, numbers: list[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields["antigo"]).choices = [
            ("", "Nenhum: o novo entra em primeiro"), *numbers
        ]  # fmt: skip


class AddressCode(forms.Form):
    codigo = forms.CharField(
        label="Código que o titular leu para você", max_length=12,
        widget=forms.TextInput(attrs={**_INPUT, "inputmode": "numeric"}),
        error_messages={"required": "Escreva os 6 números."},
    )  # fmt: skip
    conferencia = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def clean_codigo(self) -> str:
        return "".join(c for c in str(self.cleaned_data["codigo"]) if c.isdigit())


TOLD = (
    "Confirmo que o aviso dizia: o valor e o mês da conta; por que e a partir de que dia a internet pode ser "
    "bloqueada; quando o contrato pode ser cancelado e a dívida informada aos órgãos de proteção ao crédito; em quanto "
    "tempo a internet volta depois do pagamento; e o nome, o endereço e o CNPJ do provedor."
)


class _Proof(forms.Form):
    """What each kind of proof asks: the invoices, the day, who received it, and that it said what the law asks."""

    contas = forms.MultipleChoiceField(
        label="Contas de que o aviso fala", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Escolha ao menos uma conta atrasada."},
    )  # fmt: skip
    dia = _day("Dia em que o assinante recebeu o aviso", required=True)
    recebido_por = _text("Recebido por", help_text="O nome de quem assinou ou ouviu.")
    sha256 = _text(
        "SHA-256 da cópia digital", required=False, longest=80,
        help_text="64 dígitos. A cópia fica com você; o número prova que ela não mudou.",
    )  # fmt: skip
    disse_tudo = forms.BooleanField(
        label=TOLD, error_messages={"required": "Sem isto o aviso não vale como notificação (RGC, art. 71)."}
    )

    def offer(self, invoices: list[tuple[str, str]]) -> None:
        cast(forms.MultipleChoiceField, self.fields["contas"]).choices = invoices

    def clean_dia(self) -> date:
        chosen: date = self.cleaned_data["dia"]
        if chosen > timezone.localdate():
            raise forms.ValidationError("Este dia ainda não chegou.")
        return chosen


class Letter(_Proof):
    rastreio = _text(
        "Código de rastreio", help_text="Como AA123456785BR, do aviso de recebimento (AR).", longest=20
    )
    onde = _text("Onde está o aviso de recebimento", required=False)
    field_order = ("contas", "dia", "rastreio", "recebido_por", "onde", "sha256", "disse_tudo")

    def clean_rastreio(self) -> str:
        bare = "".join(str(self.cleaned_data["rastreio"]).split()).upper()
        if not is_tracking_code(bare):
            raise forms.ValidationError("Este código não confere: copie de novo do recibo dos Correios.")
        return bare


class Signature(_Proof):
    onde = _text("Onde está o papel assinado", help_text="Pasta, caixa ou número do documento.")
    field_order = ("contas", "dia", "recebido_por", "onde", "sha256", "disse_tudo")


class Call(_Proof):
    protocolo = _text("Protocolo da ligação", longest=40)
    gravacao = _text("Referência da gravação", help_text="Como o seu sistema de telefone a nomeia.")
    field_order = ("contas", "dia", "protocolo", "gravacao", "recebido_por", "sha256", "disse_tudo")


class Dossier(Reason):
    forma = forms.ChoiceField(
        label="Em que forma",
        choices=[
            ("zip", "PDF e JSON, do mesmo instante (zip)"),
            ("pdf", "Só o PDF, para imprimir"),
            ("json", "Só o JSON, que se confere por programa"),
        ],
        widget=forms.RadioSelect,
        initial="zip",
        error_messages=_CHOOSE,
    )
    field_order = ("forma", "motivo")
