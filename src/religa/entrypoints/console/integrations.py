"""Integrações: programs with a key of the API. A key is shown once, when it is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa.actions.bot import make_client, revoke_client
from religa.actions.bot.make_client import Fault
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import talks

_LARGEST = 2**63 - 1
ROLES = {
    "phone": "Telefone (URA): sabe o número de quem liga",
    "chat": "Chat (WhatsApp): sabe o número de quem escreve",
    "app": "Aplicativo: o assinante entra com um código",
}
_FAULTS = {
    Fault.NAME_EMPTY: ("nome", "Escreva um nome."),
    Fault.NAME_TAKEN: ("nome", "Já há uma integração ativa com este nome."),
    Fault.ROLE_UNKNOWN: ("papel", "Escolha um tipo da lista."),
    Fault.ADDRESS_FORM: ("enderecos", "Um endereço ou uma rede por linha, como 10.0.0.5 ou 10.0.0.0/24."),
    Fault.LIMIT_RANGE: ("limite", "Escreva um número de 1 a 6000."),
}


class Integration(forms.Form):
    nome = forms.CharField(
        label="Nome",
        max_length=80,
        help_text="Fica no histórico de tudo o que ela pedir, como URA da matriz.",
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": "Escreva um nome."},
    )
    papel = forms.ChoiceField(
        label="Tipo", choices=list(ROLES.items()), widget=forms.RadioSelect, initial="phone"
    )
    enderecos = forms.CharField(
        label="De onde ela chama",
        required=False,
        max_length=2000,
        help_text="Um endereço ou uma rede por linha. Vazio: de qualquer lugar.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3, "autocomplete": "off"}),
    )
    limite = forms.IntegerField(
        label="Pedidos por minuto, no máximo",
        initial=300,
        widget=forms.NumberInput(attrs={"class": "input"}),
        error_messages={"required": "Escreva um número.", "invalid": "Escreva um número."},
    )


@for_staff
@only(May.INTEGRATIONS)
@require_safe
def integrations(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = [(one, ROLES[one.role].partition(":")[0]) for one in talks.clients(desk.provider.pk)]
    context = {"desk": desk, "section": "integrations", "rows": rows}
    return render(request, "console/integrations.html", context)


@for_staff
@only(May.INTEGRATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST makes it and shows the key, which no page shows again."""
    form = Integration(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = _make(desk, form.cleaned_data)
        if isinstance(made, make_client.Made):
            context = {"desk": desk, "section": "integrations", "client": made.client, "key": made.key}
            return render(request, "console/integration_key.html", context)
        for fault in made.faults:
            form.add_error(*_FAULTS[fault])
    context = {"desk": desk, "section": "integrations", "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/integration_form.html", context, status=status)


def _make(desk: Desk, chosen: dict[str, Any]) -> make_client.Made | make_client.NotMade:
    return make_client.make(
        provider_id=desk.provider.pk,
        name=chosen["nome"],
        role=chosen["papel"],
        addresses=chosen["enderecos"].split(),
        per_minute=chosen["limite"],
        by=desk.name,
        at=desk.at,
    )


@for_staff
@only(May.INTEGRATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, desk: Desk, client_id: int) -> HttpResponse:
    """GET says what it does; POST does it."""
    client = talks.client(desk.provider.pk, min(client_id, _LARGEST))
    if client is None:
        raise Http404
    if request.method != "POST":
        context = {"desk": desk, "section": "integrations", "client": client}
        return render(request, "console/integration_revoke.html", context)
    revoke_client.revoke(provider_id=desk.provider.pk, client_id=client.pk, by=desk.name, at=desk.at)
    messages.success(request, f"A chave de {client.name} não vale mais.")
    return redirect("console:integrations")
