"""The form of a message channel, with the fields of its kind. Secrets go in and never come out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from religa.actions.save_channel import Typed
from religa.domain.message_channels import (
    LISTS,
    MEDIA_OF,
    SETTINGS,
    TYPED_SECRETS,
    ChannelFault,
    ChannelProblem,
    MessageChannel,
    format_cost,
    read_cost,
    read_templates,
    write_templates,
)
from religa.wording.channels import MEDIA, SECRETS, channel_problem

_YES = frozenset({"ask_delivery", "repeatable"})
_AREAS = frozenset({"templates", "body", "headers"})
_CHOICES: Mapping[str, Sequence[tuple[str, str]]] = {
    "security": (
        ("starttls", "STARTTLS"),
        ("tls", "TLS desde o início"),
        ("none", "nenhuma (só na rede interna)"),
    ),
    "method": (("POST", "POST"), ("GET", "GET"), ("PUT", "PUT")),
    "body_kind": (("json", "JSON"), ("form", "formulário"), ("none", "nada")),
}
_NAMES = (
    "{{to}} 5585988887777, {{to_local}} 85988887777, {{to_plus}} +5585988887777, {{text}}, {{subject}}, {{id}} o nosso "
    "número, {{kind}}, {{language}}, {{user}}, {{token}}, {{password}}, {{basic}} usuário e senha em base64."
)
# Setting -> label and help.
LABELS: Mapping[str, tuple[str, str]] = {
    "host": ("Servidor", "mail.provedor.com.br"),
    "port": ("Porta", "587 com STARTTLS, 465 com TLS, 25 na rede interna."),
    "security": ("Segurança da conexão", ""),
    "user": ("Usuário", ""),
    "sender": ("Remetente", "O endereço que o assinante vê."),
    "sender_name": ("Nome do remetente", ""),
    "reply_to": ("Respostas para", "Um e-mail que alguém lê."),
    "bounce_domain": (
        "Domínio das devoluções",
        "Um domínio seu cujos e-mails vão para o comando religa bounces. Vazio: devoluções não são lidas.",
    ),
    "ask_delivery": ("Pedir aviso de entrega (DSN)", "Nem todo servidor dá."),
    "phone_number_id": (
        "ID do número de telefone",
        "No painel da Meta, em WhatsApp, Configuração da API. Só algarismos.",
    ),
    "templates": (
        "Modelos aprovados na Meta",
        "Um por linha: tipo = modelo idioma parâmetros. Exemplo: debt_notice = aviso_de_debito pt_BR text. O parâmetro "
        "text é o texto inteiro. Sem linha, o tipo debt_notice usa o modelo religa_debt_notice.",
    ),
    "version": ("Versão da API", "Vazio: v23.0."),
    "base_url": ("Endereço da API", "Vazio: o da Meta."),
    "url": ("Endereço para enviar", f"Podem ser preenchidos: {_NAMES}"),
    "method": ("Método", ""),
    "headers": ("Cabeçalhos", "Um por linha: Authorization: Bearer {{token}}"),
    "body_kind": ("Formato do corpo", ""),
    "body": ("Corpo", "JSON, ou uma linha nome=valor para cada campo do formulário."),
    "repeatable": (
        "Reconhece repetição pelo nosso número ({{id}})",
        "Só marque se o manual do gateway garante: sem resposta, a mensagem é enviada de novo.",
    ),
    "ok_path": ("Onde está o sim", "Caminho na resposta, como status.codigo. Vazio: basta HTTP 2xx."),
    "ok_values": ("Valores que são sim", "Um por linha."),
    "id_path": (
        "Onde está o número da mensagem",
        "Sem ele não há confirmação de entrega. Exemplo: messages.0.id",
    ),
    "error_path": ("Onde está o código do erro", ""),
    "permanent": ("Erros definitivos", "Códigos ou HTTP, um por linha: número inválido, bloqueado."),
    "again": ("Erros passageiros", "Um por linha: sem saldo, limite por minuto."),
    "cb_items": (
        "Onde está a lista de confirmações",
        "Caminho, como eventos. Vazio: cada retorno é uma confirmação só.",
    ),
    "cb_id": ("Onde está o número da mensagem", "Caminho dentro da confirmação."),
    "cb_state": ("Onde está a situação", ""),
    "cb_error": ("Onde está o código do erro", ""),
    "cb_ours": ("Onde está o nosso número", "Se o gateway devolve o {{id}}."),
    "cb_sent": ("Palavras para enviada", "Uma por linha."),
    "cb_delivered": ("Palavras para entregue", "Uma por linha."),
    "cb_read": ("Palavras para lida", "Uma por linha."),
    "cb_failed": ("Palavras para falhou", "Uma por linha."),
    "cb_permanent": ("Erros definitivos nas confirmações", "Um por linha."),
    "cb_inbound_items": ("Onde está a lista de respostas", "Vazio: cada retorno é uma resposta só."),
    "cb_sender": ("Onde está quem escreveu", ""),
    "cb_text": ("Onde está o que escreveu", "Vazio: respostas não são lidas."),
    "cb_message_id": ("Onde está o número da resposta", ""),
    "cb_signature": ("Cabeçalho da assinatura", "HMAC-SHA256 do corpo em hexadecimal. Vazio: não assina."),
    "contact": ("E-mail de contato", "Os serviços de push escrevem para cá se algo está errado."),
}
_OWN = ("name", "medium", "position", "cost", "per_second")
_OF_CALLBACKS = tuple(n for n in SETTINGS["http_gateway"] if n.startswith("cb_"))
GROUPS: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "smtp": (
        ("Servidor", ("host", "port", "security", "user", "password")),
        ("E-mails", ("sender", "sender_name", "reply_to")),
        ("Devoluções e entregas", ("bounce_domain", "ask_delivery")),
    ),
    "whatsapp_cloud": (
        ("Acesso à Cloud API", ("phone_number_id", "access_token", "app_secret")),
        ("Modelos", ("templates",)),
        ("Se não são os de costume", ("version", "base_url")),
    ),
    "http_gateway": (
        ("Envio", ("url", "method", "headers", "body_kind", "body")),
        ("Acesso", ("user", "token", "password")),
        (
            "Resposta do gateway",
            ("ok_path", "ok_values", "id_path", "error_path", "permanent", "again", "repeatable"),
        ),
        ("Confirmações e respostas que ele nos manda", (*_OF_CALLBACKS, "callback_secret")),
    ),
    "web_push": (("Avisos no celular", ("contact",)),),
    "apprise": (("Destino", ("url",)),),
}


def _look(**more: str) -> dict[str, str]:
    return {"class": "input", "autocomplete": "off", "spellcheck": "false", **more}


def _text(label: str, help_text: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=4000,
        widget=forms.TextInput(attrs=_look(**more)),
    )  # fmt: skip


def _area(label: str, help_text: str, rows: str) -> forms.CharField:
    look = forms.Textarea(attrs=_look(rows=rows))
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=8000, widget=look)


def _whole(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, widget=forms.TextInput(attrs=_look(inputmode="numeric")),
        error_messages={"invalid": "Escreva um número."},
    )  # fmt: skip


def _choice(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "Escolha um da lista.", "required": "Escolha um da lista."},
    )  # fmt: skip


def _secret(name: str, is_new: bool) -> forms.CharField:
    hint = "Não é mostrado depois." if is_new else "Vazio: continua o que está guardado."
    if name == "url":
        hint = f"Como na documentação do apprise, com {{to}} no lugar do endereço. {hint}"
    look = forms.PasswordInput(attrs=_look(autocomplete="new-password"))
    return forms.CharField(
        label=SECRETS[name].pt, help_text=hint, required=False, strip=False, max_length=4000, widget=look
    )


def _setting(name: str) -> forms.Field:
    label, hint = LABELS[name]
    if name in _YES:
        return forms.BooleanField(label=label, help_text=hint, required=False)
    if name in _CHOICES:
        return _choice(label, _CHOICES[name])
    if name in LISTS or name in _AREAS:
        return _area(label, hint, "6" if name in ("templates", "body") else "3")
    return _whole(label, hint) if name == "port" else _text(label, hint)


class ChannelForm(forms.Form):
    """`kind`: of the channel; fields carry the names of its settings and secrets."""

    name = _text("Nome", "Como a equipe o chama: WhatsApp da cobrança.")
    position = _whole("Ordem", "Se há outro canal do mesmo jeito, o de número menor é usado.")
    cost = _text("Custo por mensagem, em reais", "Com até três casas: 0,079.", inputmode="decimal")
    per_second = _whole("Mensagens por segundo, no máximo", "O limite do seu contrato com o canal.")

    def __init__(self, *args: Any, kind: str, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind, self.is_new = kind, is_new
        media = [(m, MEDIA[m].pt) for m in MEDIA_OF[kind]]
        self.fields["medium"] = _choice("Chega às pessoas por", media)
        self.fields["medium"].disabled = not is_new
        for name in SETTINGS[kind]:
            self.fields[name] = _setting(name)
        for name in TYPED_SECRETS[kind]:
            self.fields[name] = _secret(name, is_new)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        every = [("Canal", _OWN), *GROUPS[self.kind]]
        return [(title, [self[name] for name in names]) for title, names in every]

    def clean_cost(self) -> int:
        tenths = read_cost(str(self.cleaned_data.get("cost") or ""))
        if tenths is None:
            raise forms.ValidationError(channel_problem(ChannelProblem(ChannelFault.COST_FORM)))
        return tenths

    def clean_templates(self) -> dict[str, Any]:
        found = read_templates(str(self.cleaned_data.get("templates") or ""))
        if isinstance(found, ChannelProblem):
            raise forms.ValidationError(channel_problem(found))
        return found

    def read(self) -> Typed:
        """What was typed; of a form that is valid."""
        values = self.cleaned_data
        channel = MessageChannel(
            name=values["name"], kind=self.kind, medium=values["medium"], cost_tenths=values["cost"],
            per_second=values.get("per_second") or 0, position=values.get("position") or 0,
            settings={name: self._value(name) for name in SETTINGS[self.kind]},
        )  # fmt: skip
        return Typed(channel, {name: values.get(name) or "" for name in TYPED_SECRETS[self.kind]})

    def _value(self, name: str) -> Any:
        value = self.cleaned_data.get(name)
        return re.split(r"[\r\n]+", str(value or "")) if name in LISTS else value

    def tell(self, problems: Sequence[ChannelProblem]) -> None:
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, channel_problem(problem))


def initial(channel: MessageChannel) -> dict[str, Any]:
    """What the form shows of a channel; of secrets nothing."""
    values: dict[str, Any] = {
        "name": channel.name, "medium": channel.medium, "position": channel.position,
        "per_second": channel.per_second, "cost": format_cost(channel.cost_tenths).removeprefix("R$ "),
    }  # fmt: skip
    for name, value in channel.settings.items():
        shown = "\n".join(value) if name in LISTS else value
        values[name] = write_templates(value) if name == "templates" else shown
    return values


START: Mapping[str, Mapping[str, Any]] = {
    "smtp": {"port": 587, "security": "starttls"},
    "whatsapp_cloud": {},
    "http_gateway": {
        "method": "POST",
        "body_kind": "json",
        "headers": ["Authorization: Bearer {{token}}"],
        "body": '{"to": "{{to}}", "text": "{{text}}", "reference": "{{id}}"}',
    },
    "web_push": {},
    "apprise": {},
}  # what a new channel of a kind is filled in with


class OwnAddressForm(forms.Form):
    """To whom a test goes: the person's own number or e-mail."""

    address = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs=_look()),
        error_messages={"required": "Escreva para onde."},
    )

    def __init__(self, *args: Any, medium: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.medium = medium
        self.fields["address"].label = "Seu e-mail" if medium == "email" else "Seu celular, com DDD"

    def read(self) -> str:
        """As a channel takes it: digits with country code, or the address."""
        typed = str(self.cleaned_data["address"]).strip()
        if self.medium == "email":
            return typed
        digits = re.sub(r"\D", "", typed)
        return digits if typed.startswith("+") or len(digits) > 11 else f"55{digits}"
