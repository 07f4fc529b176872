"""Contacts: the protocol number first, then what was said; and the correction of a phone or e-mail.

Beginning one is a POST, because it gives a number; the page that asks for what was said shows no amounts, since whoever
calls may not be the holder.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from religa import wording
from religa.actions import correct_address, register_contact
from religa.actions.correct_address import CodeSent, Corrected, Wanted
from religa.actions.register_contact import NotRegistered, Registered
from religa.entrypoints.common.filters import phone
from religa.entrypoints.console import contact_forms
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records.queries import Head
from religa.records.queries import contacts as queries
from religa.records.queries.contacts import ContactRow
from religa.wording import Language


@for_staff
@only(May.REGISTER_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    """POST gives the protocol number and leads to its page; GET has the button for whoever comes by a link."""
    head = desk.head(contract_id)
    if request.method != "POST":
        return render(request, "console/begin_contact.html", {"desk": desk, "head": head})
    number = register_contact.begin(contract_id=contract_id, at=desk.at, author=desk.name)
    return redirect("console:contact", contract_id, int(number))


@for_staff
@only(May.REGISTER_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, desk: Desk, contract_id: int, protocol: int) -> HttpResponse:
    """The number to tell, what may be told to whom, and what was said."""
    head = desk.head(contract_id)
    start = register_contact.begun(contract_id=contract_id, number=str(protocol))
    if start is None:
        raise Http404
    entries = queries.contacts_of(contract_id, protocol=start.number)
    asked = request.method == "POST"
    form = contact_forms.Contact(request.POST if asked else None, initial=_initial(entries))
    if asked and form.is_valid():
        answer = register_contact.register(
            contract_id=contract_id, number=start.number, written=form.account(), at=desk.at, author=desk.name,
            corrects=form.cleaned_data["corrige"],
        )  # fmt: skip
        if isinstance(answer, Registered):
            messages.success(
                request, f"Contato registrado e confirmado ao titular. Protocolo {start.number}."
            )
            return redirect("console:contract", contract_id)
        form.add_error(None, _said(answer))
    context = {"desk": desk, "head": head, "start": start, "entries": entries, "form": form}
    return render(request, "console/contact.html", context, status=422 if asked else 200)


def _said(answer: NotRegistered | register_contact.Overtaken) -> str:
    if isinstance(answer, NotRegistered):
        return wording.refused(answer.whys, language=Language.PT)
    return "Este contato já foi registrado ou corrigido. Abra a página de novo antes de corrigir."


def _initial(entries: list[ContactRow]) -> dict[str, object]:
    """Of a correction: what the latest entry says."""
    if not entries:
        return {}
    last = entries[-1]
    amount = f"{last.promised_amount / 100:.2f}".replace(".", ",") if last.promised_amount else ""
    return {
        "quem": last.caller, "nome": last.caller_name, "meio": last.means, "assunto": last.about, "dito": last.notes,
        "prometeu_em": last.promised_on, "prometeu": amount, "gravacao": last.recording, "corrige": last.key,
    }  # fmt: skip


# Telefone e e-mail


@for_staff
@only(May.CORRECT_ADDRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    """First the new address, to which a code goes; then the code."""
    head = desk.head(contract_id)
    if "codigo" in request.POST:
        return _confirm(request, desk, head)
    form = contact_forms.Address(request.POST if request.method == "POST" else None, initial=_as_it_is(head))
    form.offer([(number, phone(number)) for number in head.phones])
    if request.method == "POST" and form.is_valid():
        answer = _begin(desk, head, form.cleaned_data)
        if isinstance(answer, CodeSent):
            messages.success(request, "O código está a caminho. Peça ao titular que leia o código para você.")
            return redirect("console:address", contract_id)
        form.add_error("novo", _NOT_SENT[answer.why])
    return _address_page(request, desk, head, form, status=422 if request.method == "POST" else 200)


def _address_page(
    request: HttpRequest,
    desk: Desk,
    head: Head,
    form: contact_forms.Address,
    code: contact_forms.AddressCode | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = correct_address.pending(contract_id=head.contract_id, at=desk.at)
    if waiting is not None and code is None:
        code = contact_forms.AddressCode(initial={"conferencia": waiting.pk})
    context = {
        "desk": desk, "head": head, "form": form, "waiting": waiting, "code": code,
        "changes": queries.address_changes_of(head.subscriber_id),
    }  # fmt: skip
    return render(request, "console/address.html", context, status=status)


def _as_it_is(head: Head) -> dict[str, str]:
    """Mostly it is the phone that changes, and the first one."""
    return {"tipo": "phone", "antigo": head.phones[0] if head.phones else ""}


def _begin(desk: Desk, head: Head, asked: dict[str, object]) -> CodeSent | correct_address.NotSent:
    is_phone = asked["tipo"] == "phone"
    new = str(asked["novo"]).strip()
    wanted = Wanted(
        str(asked["tipo"]),
        _digits(new) if is_phone else new,
        str(asked["antigo"]) if is_phone else head.email,
        bool(asked["whatsapp"]) and is_phone,
    )
    return correct_address.begin(
        contract_id=head.contract_id, wanted=wanted, reason=str(asked["motivo"]), at=desk.at, author=desk.name
    )


def _digits(written: str) -> str:
    """With country code; a number of 10 or 11 digits is Brazilian."""
    bare = "".join(c for c in written if c.isdigit()).removeprefix("0")
    return "55" + bare if len(bare) in (10, 11) else bare


_NOT_SENT = {
    "wrong_form": "Escreva um telefone com DDD, como (81) 99999-0001, ou um e-mail inteiro.",
    "same": "Já é este que está no cadastro.",
    "unknown_old": "O telefone que sai não está mais no cadastro. Abra a página de novo.",
    "too_often": "Já foram 4 códigos em 15 minutos. Espere um pouco antes de mandar outro.",
}


def _confirm(request: HttpRequest, desk: Desk, head: Head) -> HttpResponse:
    code = contact_forms.AddressCode(request.POST)
    if code.is_valid():
        answer = correct_address.confirm(
            contract_id=head.contract_id,
            check=code.cleaned_data["conferencia"],
            code=code.cleaned_data["codigo"],
            at=desk.at,
        )
        if isinstance(answer, Corrected):
            messages.success(
                request, f"Cadastro corrigido e confirmado. Os endereços antigo e novo foram avisados. "
                f"Protocolo {answer.protocol}.",
            )  # fmt: skip
            return redirect("console:contract", head.contract_id)
        code.add_error("codigo", "Código errado ou vencido. Depois de 5 tentativas é preciso mandar outro.")
    form = contact_forms.Address(initial=_as_it_is(head))
    form.offer([(number, phone(number)) for number in head.phones])
    return _address_page(request, desk, head, form, code, status=422)
