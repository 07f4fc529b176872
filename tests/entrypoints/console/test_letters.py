"""Texts of messages at the desk: who may change them, what is said of a wrong one, how one looks, what has changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

import people
from religa.records.models import MessageHabit, MessageTemplate
from religa.wording.messages import shipped

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db


def url(kind="receipt", channel="any", language="pt-br"):
    return reverse("console:letter", args=[kind, channel, language])


def sent(body, *, subject="Recebido", seen=0, what="salvar"):
    return {"assunto": subject, "texto": body, "visto": seen, "fazer": what}


def notice():
    return next(t for slot, t in shipped().items() if (slot.kind, slot.channel) == ("debt_notice", "any"))


def test_the_list_has_every_kind_and_says_which_texts_are_the_providers(staff, provider):
    client = staff("manager")
    client.post(url(), sent("{provedor}: chegou {valor}."))
    page = text_of(client.get("/console/mensagens/textos/"))
    for name in (
        "Notificação de débito",
        "Lembrete de vencimento",
        "Liberação perto do fim",
        "Contato registrado",
    ):
        assert name in page
    assert "1 seu" in page and "Seu, versão 1" in page and "por Manager" in page


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_and_finance_and_managers_change(staff, provider, role):
    client, may = staff(role), role in {"finance", "manager"}
    page = client.get(url())
    assert "Recebemos" in text_of(page)
    assert (b"<textarea" in page.content) is may
    assert client.post(url(), sent("{provedor}: {valor}.")).status_code == (302 if may else 403)
    assert client.post("/console/mensagens/textos/sms/", {}).status_code == (302 if may else 403)
    assert MessageTemplate.objects.exists() is MessageHabit.objects.exists() is may


def test_a_wrong_text_is_not_saved_and_the_page_says_where(staff, provider):
    page = staff().post(url(), sent("Olá\n{valro} e {contas"))
    assert page.status_code == 422
    said = text_of(page)
    assert "Linha 2, coluna 1: Não existe um campo {valro}. Quis dizer {valor}?" in said
    assert "Linha 2, coluna 11: A chave aberta aqui não fecha na mesma linha." in said
    assert "{valro} e {contas" in said, "what was written stays in the form"
    assert not MessageTemplate.objects.exists()


def test_a_notice_that_lacks_something_names_it_with_its_article(staff, provider):
    text = notice()
    body = text.body.replace("{contas}", "a conta").replace(" sempre em até 24 horas", " logo")
    page = staff().post(url("debt_notice"), sent(body, subject=text.subject))
    said = text_of(page)
    for item in ("o valor (RGC art. 71, III)", "o mês da conta (RGC art. 71, III)", "(RGC art. 71, V)"):
        assert item in said
    assert "42-A" not in said, "what is there is not asked for"
    assert not MessageTemplate.objects.exists()


def test_looking_keeps_nothing_and_shows_both_cases_with_their_lengths(staff, provider):
    page = text_of(staff().post(url(), sent("{provedor}: chegou {valor}.", what="ver")))
    assert "Um caso comum" in page and "O caso mais longo" in page
    assert "chegou R$ 102,59." in page and "1 SMS (" in page
    assert not MessageTemplate.objects.exists()


def test_the_live_preview_is_a_part_of_the_page_alone(staff, provider):
    page = staff().post(url(), sent("{provedor}: chegou {valor}."), headers={"HX-Request": "true"})
    assert page.status_code == 200 and b"<html" not in page.content
    assert "chegou R$" in text_of(page) and not MessageTemplate.objects.exists()


def test_versions_are_kept_compared_and_left_again(staff, provider):
    client = staff()
    client.post(url(), sent("{provedor}: chegou {valor}."))
    client.post(url(), sent("{provedor}: chegou {valor}. Obrigado!", seen=1))
    page = text_of(client.get(reverse("console:letter_version", args=["receipt", "any", "pt-br", 2])))
    assert (
        "Tirado: {provedor}: chegou {valor}." in page
        and "Novo: {provedor}: chegou {valor}. Obrigado!" in page
    )
    client.post(url(), {"fazer": "voltar", "visto": 2})
    page = text_of(client.get(url()))
    assert "Vale o texto que veio com o sistema." in page and "de volta ao sistema" in page
    assert [v.origin for v in MessageTemplate.objects.order_by("number")] == ["own", "own", "shipped"]


def test_who_writes_over_another_is_told(staff, provider):
    client = staff()
    client.post(url(), sent("{provedor}: chegou {valor}."))
    page = client.post(url(), sent("{provedor}: {valor}, obrigado.", seen=0))
    assert page.status_code == 422 and "Manager mudou este texto enquanto você escrevia." in text_of(page)


@pytest.mark.parametrize(
    "path",
    [
        "receipt/any/fr", "receipt/fax/en", "rumour/any/en", "debt_notice/any/en", "receipt/any/pt-br/versao/1",
        "termination_notice/email/es",
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_is_not_found(staff, provider, path):
    assert staff().get(f"/console/mensagens/textos/{path}/").status_code == 404


def test_another_provider_has_texts_of_his_own(staff, provider, client):
    staff().post(url(), sent("{provedor}: chegou {valor}."))
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client.force_login(people.staff(other, "finance").user, "django.contrib.auth.backends.ModelBackend")
    page = text_of(client.get(url()))
    assert "chegou" not in page and "Vale o texto que veio com o sistema." in page
    version = reverse("console:letter_version", args=["receipt", "any", "pt-br", 1])
    assert client.get(version).status_code == 404


def test_habits_of_sms_are_kept(staff, provider):
    client = staff()
    client.post("/console/mensagens/textos/sms/", {"notificacao": "on"})
    kept = MessageHabit.objects.get()
    assert (kept.sms_carries_notices, kept.sms_without_accents, kept.author) == (True, False, "Manager")
    assert b'name="notificacao" checked' in client.get("/console/mensagens/textos/").content
