"""The agent's contract page: what is sent with its ticks, contacts with the protocol first, corrections, proofs, dossier."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile

import pytest

import people
from banking import bank_of, last_charge
from religa.records import dossiers, locks
from religa.records.models import (
    AddressChange,
    Contact,
    Dossier,
    Message,
    MessageEvent,
    NoticeProof,
    ProtocolNumber,
    SubscriberPhone,
)

from ..reading import text_of

pytestmark = pytest.mark.django_db


def path(contract, page=""):
    return f"/console/contrato/{contract.pk}/{page}"


def send(client, contract, page, **fields):
    return client.post(path(contract, f"{page}/"), fields, follow=True)


def phone_of(contract):
    return SubscriberPhone.objects.get(subscriber_id=contract.subscriber_id)


# -- the page ---------------------------------------------------------------------------------------------------


def test_the_three_buttons_come_first_and_the_phone_is_said_to_be_verified_or_not(staff, maria, now):
    client = staff("agent")
    page = text_of(client.get(path(maria)))
    buttons = ("Enviar Pix", "Desbloquear em confiança", "Registrar contato", "Receber no caixa")
    assert [page.index(b) for b in buttons] == sorted(page.index(b) for b in buttons)
    assert "ainda não confirmado" in page
    SubscriberPhone.objects.update(verified_at=now)
    assert f"confirmado em {now.astimezone(people.ZONE):%d/%m/%Y}" in text_of(client.get(path(maria)))


def test_the_network_team_reads_and_sends_nothing(staff, maria):
    page = text_of(staff("network").get(path(maria)))
    for button in ("Enviar Pix", "Registrar contato", "Corrigir", "Notificou por carta", "Dossiê"):
        assert button not in page


# -- sending ----------------------------------------------------------------------------------------------------


def test_a_pix_goes_out_now_and_its_ticks_show(staff, maria, settings):
    client = staff("agent")
    with bank_of(maria.provider, settings) as bank:
        form = text_of(client.get(path(maria, "enviar-pix/")))
        assert "Tudo o que deve hoje: R$ " in form and "SMS: (81) 9" in form
        fields = {"quanto": "late", "para": f"sms-{phone_of(maria).pk}", "chave": "k1"}
        page = send(client, maria, "enviar-pix", **fields)
        assert len(bank.ledger.charges) == 1
    message = Message.objects.get(kind="pix")
    assert message.address == phone_of(maria).number and message.channel == "sms"
    assert message.text.endswith(f"\n\n{last_charge().copy_paste}") and "PONTE FIBRA TELECOM" in message.text
    said = text_of(page)
    assert "Enviar Pix: na fila de envio. Protocolo" in said and "Pix por SMS a (81) 9" in said
    assert "na fila" in said and "br.gov.bcb.pix" not in said.lower()
    assert b"htmx" in page.content and b'hx-trigger="every 4s"' in page.content
    failed = {"state": "failed", "channel": "sms", "detail": "caixa cheia"}
    MessageEvent.objects.create(message=message, at=locks.database_now(), **failed)
    part = client.get(path(maria, "envios/"))
    assert re.search(r"não entregue [\d:]+: caixa cheia", text_of(part)) and b"<html" not in part.content


def test_polling_ends_when_nothing_is_waited_for(staff, maria):
    page = staff("agent").get(path(maria))
    assert b"hx-trigger" not in page.content and b"htmx-2" not in page.content


def test_a_pix_without_a_bank_says_what_is_missing(staff, maria):
    page = send(
        staff("agent"), maria, "enviar-pix", quanto="late", para=f"sms-{phone_of(maria).pk}", chave="k"
    )
    assert page.status_code == 422 and "não tem conta para receber Pix" in text_of(page)
    assert not Message.objects.filter(kind="pix").exists()


def test_a_way_that_is_not_offered_is_not_taken(staff, maria):
    client = staff("agent")
    for to in ("sms-999999", "fax", ""):
        page = send(client, maria, "enviar-codigo", para=to, chave="k")
        assert page.status_code == 422 and not Message.objects.filter(kind="code").exists()


def test_a_code_is_sent_and_never_shown(staff, maria):
    page = send(staff("agent"), maria, "enviar-codigo", para="email", chave="k")
    code = re.search(r"\d{6}", Message.objects.get(kind="code").text)[0]
    said = text_of(page)
    assert "Código por e-mail a maria@example.org" in said and code not in said


# -- contacts ---------------------------------------------------------------------------------------------------


def begin(client, maria):
    page = send(client, maria, "contatos/novo")
    number = ProtocolNumber.objects.filter(contract=maria, subject="contact").latest("id").number
    return page, number


CONTACT = {
    "quem": "holder", "nome": "", "meio": "phone", "assunto": "debt", "dito": "vai pagar", "prometeu_em": "",
    "prometeu": "", "gravacao": "", "corrige": "",
}  # fmt: skip


def test_the_number_is_told_before_anything_is_typed_and_no_amount_is_on_the_page(staff, maria, tables):
    client = staff("agent")
    before = tables()
    assert client.get(path(maria, "contatos/novo/")).status_code == 200 and tables() == before
    page, number = begin(client, maria)
    said = text_of(page)
    assert said.index(number) < said.index("Quem falou")
    assert "R$" not in said and "Não pode ouvir: se há dívida, valores" in said


def test_a_contact_is_registered_confirmed_and_in_the_history(staff, maria, now):
    client = staff("agent")
    _, number = begin(client, maria)
    day = people.days_ago(now, -3)
    fields = {**CONTACT, "prometeu_em": f"{day}", "prometeu": "99,90"}
    page = text_of(send(client, maria, f"contatos/{number}", **fields))
    assert f"confirmado ao titular. Protocolo {number}." in page
    assert f"Titular: Conta atrasada. Prometeu pagar R$ 99,90 até {day:%d/%m/%Y}. vai pagar" in page
    assert (
        Message.objects.get(kind="contact").address == phone_of(maria).number
    )  # her internet is cut: SMS first
    assert Contact.objects.get().author == "Agent"


def test_a_contact_with_another_person_takes_no_amount(staff, maria, now):
    client = staff("agent")
    _, number = begin(client, maria)
    fields = {**CONTACT, "quem": "other", "nome": "João", "prometeu": "10,00",
              "prometeu_em": f"{people.days_ago(now, -1)}"}  # fmt: skip
    page = send(client, maria, f"contatos/{number}", **fields)
    assert page.status_code == 422
    assert "quem não é o titular não ouve nem promete valores" in text_of(page)
    assert not Contact.objects.exists()


def test_a_correction_stands_beside_what_it_corrects(staff, maria):
    client = staff("agent")
    _, number = begin(client, maria)
    send(client, maria, f"contatos/{number}", **CONTACT)
    first = Contact.objects.get()
    form = client.get(path(maria, f"contatos/{number}/"))
    assert "entra como correção" in text_of(form)
    assert f'name="corrige" value="{first.pk}"'.encode() in form.content
    again = send(client, maria, f"contatos/{number}", **{**CONTACT, "dito": "era ontem"})
    assert again.status_code == 422 and "já foi registrado ou corrigido" in text_of(again)
    page = text_of(
        send(
            client, maria, f"contatos/{number}", **{**CONTACT, "dito": "era ontem", "corrige": f"{first.pk}"}
        )
    )
    assert f"Contato corrigido {number}" in page and f"Contato {number}" in page


def test_a_protocol_of_another_contract_or_matter_is_not_found(staff, maria, now):
    client = staff("agent")
    _, number = begin(client, maria)
    other = people.contract(
        people.subscriber(maria.provider, "Ana", 1002), 1002, since=people.days_ago(now, 9)
    )
    assert client.get(path(other, f"contatos/{number}/")).status_code == 404
    assert send(client, other, f"contatos/{number}", **CONTACT).status_code == 404
    send(client, maria, "enviar-codigo", para="email", chave="k")
    sent = ProtocolNumber.objects.get(subject="staff_send").number
    assert client.get(path(maria, f"contatos/{sent}/")).status_code == 404


# -- addresses --------------------------------------------------------------------------------------------------


def test_a_phone_is_corrected_with_the_code_that_the_holder_reads_out(staff, maria):
    client, old = staff("agent"), phone_of(maria).number
    fields = {"tipo": "phone", "antigo": old, "novo": "(85) 98888-7777", "motivo": "trocou de número"}
    page = send(client, maria, "endereco", **fields)
    assert "Esperando o código" in text_of(page) and phone_of(maria).number == old
    message = Message.objects.get(kind="code")
    code = re.search(r"\d{6}", message.text)[0]
    assert message.address == "5585988887777" and code not in text_of(page)
    check = re.search(rb'name="conferencia" value="(\d+)"', page.content)[1].decode()
    wrong = send(client, maria, "endereco", codigo="000", conferencia=check)
    assert wrong.status_code == 422 and "Código errado ou vencido" in text_of(wrong)
    done = text_of(send(client, maria, "endereco", codigo=f" {code[:3]} {code[3:]}", conferencia=check))
    assert "Cadastro corrigido e confirmado." in done and "(85) 98888-7777: confirmado em" in done
    assert phone_of(maria).number == "5585988887777" and AddressChange.objects.get().old == old
    assert old in set(Message.objects.filter(kind="contact").values_list("address", flat=True))


def test_what_is_no_address_is_not_taken(staff, maria):
    client = staff("agent")
    for kind, new in itertools.product(("phone", "email"), ("", "123", "x@y", "\0", "9" * 300)):
        fields = {"tipo": kind, "antigo": "", "novo": new, "motivo": "x"}
        assert send(client, maria, "endereco", **fields).status_code == 422
    assert not Message.objects.filter(kind="code").exists()


# -- notices given by hand --------------------------------------------------------------------------------------


def letter(maria, now, **more):
    blocking = f"{maria.external_id}-{people.days_ago(now, 45):%Y%m}"
    return {
        "contas": blocking, "dia": f"{people.days_ago(now, 2)}", "rastreio": "BR 123456785 BR",
        "recebido_por": "Maria das Dores", "onde": "", "sha256": "", "disse_tudo": "on", **more,
    }  # fmt: skip


def test_a_letter_is_entered_after_seeing_the_day_that_it_had_to_name(staff, maria, now):
    client = staff("agent")
    plan = text_of(send(client, maria, "notificar-carta", **letter(maria, now)))
    assert "Bloqueio possível a partir de" in plan and "BR123456785BR" in plan
    assert not NoticeProof.objects.exists()
    page = text_of(send(client, maria, "notificar-carta", **letter(maria, now), confirmar="sim"))
    assert "Notificação registrada: carta registrada." in page
    assert "Carta registrada, recebida por Maria das Dores, código BR123456785BR." in page
    assert NoticeProof.objects.get().statement.startswith("Confirmo que o aviso dizia")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"rastreio": "BR123456784BR"}, "Este código não confere"),
        ({"dia": "2999-01-01"}, "Este dia ainda não chegou."),
        ({"disse_tudo": ""}, "Sem isto o aviso não vale como notificação"),
        ({"contas": []}, "Escolha ao menos uma conta atrasada."),
        ({"contas": "9999-209912"}, "9999-209912"),
        ({"recebido_por": ""}, "Escreva aqui."),
    ],
)
def test_a_letter_without_its_proof_is_not_entered(staff, maria, now, fields, error):
    page = send(staff("agent"), maria, "notificar-carta", **letter(maria, now, **fields), confirmar="sim")
    assert page.status_code == 422 and error in text_of(page)
    assert not NoticeProof.objects.exists()


def test_a_notice_of_before_the_bill_was_late_is_refused_with_the_reason(staff, maria, now):
    early = letter(maria, now, dia=f"{people.days_ago(now, 50)}", sha256="12")
    client = staff("agent")
    plan = text_of(send(client, maria, "notificar-carta", **early))
    assert "o aviso foi dado antes de a conta estar atrasada" in plan and "64 dígitos" in plan
    page = text_of(send(client, maria, "notificar-carta", **early, confirmar="sim"))
    assert "Não foi possível, porque" in page and not NoticeProof.objects.exists()


@pytest.mark.parametrize(
    ("page", "fields", "missing"),
    [
        ("notificar-assinatura", {"onde": "pasta 7"}, "onde"),
        ("notificar-ligacao", {"protocolo": "20261101000001", "gravacao": "R77"}, "gravacao"),
    ],
)
def test_a_signature_and_a_call_ask_for_their_own_proof(staff, maria, now, page, fields, missing):
    client = staff("agent")
    whole = {**letter(maria, now), **fields, "confirmar": "sim"}
    assert send(client, maria, page, **{**whole, missing: ""}).status_code == 422
    assert "Notificação registrada" in text_of(send(client, maria, page, **whole))


# -- the dossier ------------------------------------------------------------------------------------------------


def test_a_dossier_leaves_with_a_reason_and_a_row(staff, maria, tables):
    client = staff("finance")
    before = tables()
    assert dossiers.public_key() in text_of(client.get(path(maria, "dossie/"))) and tables() == before
    assert send(client, maria, "dossie", forma="zip", motivo="").status_code == 422
    assert not Dossier.objects.exists()
    answer = client.post(path(maria, "dossie/"), {"forma": "zip", "motivo": "reclamação na Anatel"})
    assert answer["Content-Disposition"].startswith('attachment; filename="dossie-1001-')
    assert answer["Cache-Control"] == "no-store, private"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    [pdf, data] = sorted(archive.namelist(), reverse=True)
    assert isinstance(dossiers.check(archive.read(data)), dossiers.Sound)
    assert archive.read(pdf).startswith(b"%PDF")
    kept = Dossier.objects.get()
    assert (kept.who, kept.reason) == ("Finance", "reclamação na Anatel")
    assert kept.sha256 == json.loads(archive.read(data))["digests"]["whole"]
    assert "Dossiê feito" in text_of(client.get(path(maria)))


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("json", b"{")])
def test_each_form_alone(staff, maria, form, start):
    answer = staff("manager").post(path(maria, "dossie/"), {"forma": form, "motivo": "processo"})
    assert answer.content.startswith(start)
