"""Contas de recebimento and Eventos do banco: set up, proved and watched, without a secret on any page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import people
from religa.actions.money import receive_event
from religa.adapters.fakes.psp import KEY, FakePsp
from religa.ports.money import Event
from religa.records import accounts, locks, raw
from religa.records.models import (
    AccountChange,
    EventRelay,
    PaymentAccount,
    ProviderEvent,
    ProviderEventResult,
    ProviderEventTodo,
    RefusedEvent,
)

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db
SECRET = "um-segredo-do-banco"
TYPED = {
    "nome": "Pix", "banco": "generic", "chave_pix": KEY, "client_id": "religa", "segredo": SECRET, "cobra": "on",
    "informa": "religa", "prova": "secret", "redes": "", "repasse": "", "recebedor": "", "cidade": "",
}  # fmt: skip
ERP = "https://erp.test/gateway/pix?token=abc"
BODY = b'{"pix":[{"pagador":{"cpf":"11144477735","nome":"Maria Silva"},"valor":"10.00"}]}'


@pytest.fixture
def staff(client, provider):
    """`staff(role)`: the same client, now somebody of the provider in that role."""
    known = {}

    def log_in(role="manager"):
        if role not in known:
            known[role] = people.staff(provider, role, role.title()).user
        client.force_login(known[role], "django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture(scope="module")
def running() -> Iterator[FakePsp]:
    with FakePsp(secret=SECRET) as psp:
        yield psp


@pytest.fixture
def psp(running):
    running.behave()
    running.account.hooks.clear()
    return running


@pytest.fixture(autouse=True)
def _name(settings):
    settings.HOOKS_URL = "https://banco.religa.test"


@pytest.fixture
def account(staff, provider, psp) -> PaymentAccount:
    """Set up in the console, at the fake PSP."""
    typed = TYPED | {"endereco_api": psp.url, "endereco_token": psp.token_url}
    answer = staff("manager").post("/console/contas/nova/api_pix/", typed)
    assert answer.status_code == 302, text_of(answer)
    return PaymentAccount.objects.get()


def url(name, account):
    return reverse(f"console:{name}", args=[account.pk])


def webhook(client, account, acao, **more):
    return client.post(url("account_webhook", account), {"acao": acao, **more}, follow=True)


def at_the_bank(psp):
    return [hook.url for hook in psp.account.hooks.values()]


def hook_secret(account):
    return accounts.secret(account.pk, accounts.HOOK)


class Issued:
    """A certificate as a bank gives it."""

    def __init__(self, days: int = 100, password: bytes = b"senha") -> None:
        made = trustme.CA().issue_cert("provedor.test", not_after=datetime.now(UTC) + timedelta(days=days))
        self.certificate = made.cert_chain_pems[0].bytes()
        self.key = made.private_key_pem.bytes()
        self.p12 = pkcs12.serialize_key_and_certificates(
            b"provedor", load_pem_private_key(self.key, None), load_pem_x509_certificate(self.certificate), None,
            BestAvailableEncryption(password),
        )  # fmt: skip


def upload(name, octets):
    return SimpleUploadedFile(name, octets)


# -- setting up -----------------------------------------------------------------------------------------------------


def test_an_account_is_set_up_and_its_secrets_are_on_no_page(staff, account):
    client = staff("manager")
    assert accounts.secret(account.pk, "client_secret") == SECRET
    page = client.get(url("account", account))
    assert "há um, desde" in text_of(page) and "por Manager" in text_of(page)
    for address in ("/console/contas/", url("account", account), url("account_edit", account)):
        shown = client.get(address).content.decode()
        assert SECRET not in shown and hook_secret(account) not in shown


def test_errors_stand_next_to_their_fields_and_no_secret_comes_back(staff, provider):
    bad = TYPED | {"nome": "", "chave_pix": "111", "redes": "10.0.0.300", "segredo": "segredo-secreto-ç"}
    answer = staff("manager").post("/console/contas/nova/api_pix/", bad)
    page = answer.content.decode()
    assert answer.status_code == 422 and not PaymentAccount.objects.exists()
    for field, words in (
        ("nome", "Escreva um nome."), ("chave_pix", "Não é uma chave Pix"), ("redes", "“10.0.0.300” não é um"),
        ("segredo", "Tem um caractere que nenhum banco usa"), ("endereco_api", "Este banco não está na lista"),
    ):  # fmt: skip
        assert re.search(rf'id="id_{field}_error">{words}', page), field
    assert "segredo-secreto" not in page


@pytest.mark.parametrize("kind", ["api_pix", "efi_cobrancas", "bank_files", "desk", "other"])
def test_each_kind_asks_for_its_own(staff, provider, kind):
    client = staff("manager")
    assert client.get(f"/console/contas/nova/{kind}/").status_code == 200
    typed = {"efi_cobrancas": TYPED, "bank_files": {"banco": "756", "agencia": "3001", "informa": "religa"}}
    values = {"nome": "Uma conta", "informa": "religa"} | typed.get(kind, {})
    if kind == "api_pix":
        values = TYPED | {"banco": "sicoob"}
    assert client.post(f"/console/contas/nova/{kind}/", values).status_code == 302
    made = PaymentAccount.objects.get()
    assert made.kind == kind
    assert (
        client.get(url("account", made)).status_code
        == client.get(url("account_edit", made)).status_code
        == 200
    )


def test_a_kind_that_is_none_is_not_found(staff, provider):
    assert staff("manager").get("/console/contas/nova/paypal/").status_code == 404


def test_a_certificate_is_read_when_it_comes_and_kept_with_its_key(staff, account):
    issued = Issued()
    typed = TYPED | {
        "endereco_api": account.settings["base_url"], "endereco_token": account.settings["token_url"], "segredo": "",
        "certificado": upload("c.p12", issued.p12), "senha": "senha",
    }  # fmt: skip
    answer = staff("manager").post(url("account_edit", account), typed, follow=True)
    assert "mais 99 dias" in text_of(answer)
    kept = accounts.secret(account.pk, "certificate")
    assert "BEGIN CERTIFICATE" in kept and "BEGIN PRIVATE KEY" in kept
    assert accounts.secret(account.pk, "client_secret") == SECRET
    page = staff("finance").get(url("account", account)).content.decode()
    assert "BEGIN" not in page and "provedor" not in page.split("Certificado")[0]


@pytest.mark.parametrize(
    ("file", "key", "password", "said"),
    [
        ("p12", None, "errada", "A senha não abre este arquivo."),
        ("certificate", None, "", "Falta a chave privada"),
        ("certificate", "other", "", "A chave privada é de outro certificado."),
        ("key", None, "", "Não há certificado neste arquivo."),
        ("nonsense", None, "", "O arquivo não é um certificado"),
        ("large", None, "", "Grande demais para um certificado"),
        ("expired", "key of expired", "", "Este certificado já venceu"),
        (None, "other", "", "Envie o certificado junto com a chave."),
    ],
)
def test_a_certificate_that_cannot_be_used_is_refused_in_words(staff, account, file, key, password, said):
    issued, other, expired = Issued(), Issued(), Issued(days=-1)
    files = {
        "p12": issued.p12, "certificate": issued.certificate, "key": issued.key, "other": other.key,
        "nonsense": b"PK\x03\x04", "large": b"-" * 70_000, "expired": expired.certificate,
        "key of expired": expired.key,
    }  # fmt: skip
    typed = TYPED | {
        "senha": password,
        "endereco_api": "https://x.test",
        "endereco_token": "https://x.test/t",
    }
    typed |= {"certificado": upload("c", files[file])} if file else {}
    typed |= {"chave_privada": upload("k", files[key])} if key else {}
    answer = staff("manager").post(url("account_edit", account), typed)
    assert answer.status_code == 422 and said in text_of(answer)
    assert accounts.secret(account.pk, "certificate") is None
    assert PaymentAccount.objects.get().settings["base_url"] != "https://x.test"


def test_the_bank_of_an_account_cannot_be_changed_by_a_forged_form(staff, account):
    typed = TYPED | {"banco": "sicoob", "nome": "Outro nome", "endereco_api": account.settings["base_url"],
                     "endereco_token": account.settings["token_url"]}  # fmt: skip
    staff("manager").post(url("account_edit", account), typed)
    account.refresh_from_db()
    assert (account.profile, account.name) == ("generic", "Outro nome")


def test_closing_asks_first_and_leaves_a_page_without_secrets(staff, account):
    client = staff("manager")
    answer = client.post(url("account_close", account))
    assert answer.status_code == 422 and "Desligue isso no cadastro" in text_of(answer)
    PaymentAccount.objects.update(collects=False)
    assert "não tem volta" in text_of(client.get(url("account_close", account))).lower()
    page = text_of(client.post(url("account_close", account), follow=True))
    assert "Os segredos foram apagados" in page and "há um, desde" not in page and "Fechada em" in page
    for name in ("account_edit", "account_close"):
        assert client.get(url(name, account)).status_code == 404
    assert client.post(url("account_test", account)).status_code == 404
    assert webhook(client, account, "registrar").status_code == 404


def test_what_people_write_is_shown_as_text(staff, account):
    PaymentAccount.objects.update(name="<script>alert(1)</script>", client_id="<b>x</b>")
    for address in ("/console/contas/", url("account", account), "/console/contas/eventos/"):
        page = staff("manager").get(address).content.decode()
        assert "<script>alert" not in page and "<b>x" not in page


# -- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_managers_change_finance_reads_and_others_see_nothing(staff, account, role):
    client = staff(role)
    reads, changes = role in {"finance", "manager"}, role == "manager"
    for address in ("/console/contas/", url("account", account), "/console/contas/eventos/"):
        assert client.get(address).status_code == (200 if reads else 403)
    for name in ("account_edit", "account_close"):
        assert client.get(url(name, account)).status_code == (200 if changes else 403)
    assert client.get("/console/contas/nova/").status_code == (200 if changes else 403)
    assert client.post(url("account_test", account)).status_code == (200 if changes else 403)
    assert webhook(client, account, "mostrar").status_code == (200 if changes else 403)
    assert ('href="/console/financeiro/"' in client.get("/console/").content.decode()) is reads


@pytest.fixture
def elsewhere(account, provider):
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client = Client()
    client.force_login(_manager_of(other), "django.contrib.auth.backends.ModelBackend")
    return client


def _manager_of(provider):
    from religa.entrypoints.commands.staff import add_member

    return add_member(provider, "gestora2", role="manager", name="Gestora", password=people.PASSWORD).user


def test_accounts_and_events_of_another_provider_are_not_found(elsewhere, account, event, tables):
    before = tables()
    for name in ("account", "account_edit", "account_close"):
        assert elsewhere.get(url(name, account)).status_code == 404
    for name in ("account_edit", "account_close", "account_test", "account_webhook"):
        assert elsewhere.post(url(name, account), TYPED | {"acao": "mostrar"}).status_code == 404
    assert elsewhere.get(reverse("console:event", args=[event])).status_code == 404
    assert elsewhere.post(reverse("console:event_again", args=[event])).status_code == 404
    assert "Pix" not in text_of(elsewhere.get("/console/contas/"))
    listed = elsewhere.get(f"/console/contas/eventos/?conta={account.pk}")
    assert "Nenhum evento" in text_of(listed)
    assert tables() == before


def test_looking_changes_nothing(staff, account, event, tables):
    client = staff("manager")
    before = tables()
    for name in ("account", "account_edit", "account_close", "account_test", "account_webhook"):
        client.get(url(name, account))
    client.get(reverse("console:event", args=[event]))
    client.get(reverse("console:event_again", args=[event]))
    for query in ("", "?dia=2026-12-05&resultado=done", "?dia=x&conta=y&resultado=z&antes=-1", f"?conta={10**30}",
                  "?dia=0001-01-01", "?dia=9999-12-31"):  # fmt: skip
        assert client.get(f"/console/contas/eventos/{query}").status_code == 200
    assert tables() == before


# -- testing and the webhook ----------------------------------------------------------------------------------------


def test_a_test_says_part_by_part_what_works(staff, account, psp):
    page = text_of(staff("manager").post(url("account_test", account)))
    for part in (
        "Conexão com o banco: Funciona",
        "Client ID e segredo (token): Funciona",
        "Ler o extrato de Pix: Funciona",
    ):
        assert part in page
    assert "Chave Pix: Não se sabe" in page


def test_a_test_with_a_wrong_secret_says_so_in_words(staff, account, psp):
    accounts.keep_secret(
        account_id=account.pk, name="client_secret", clear="errado", at=locks.database_now(), author=""
    )
    page = text_of(staff("manager").post(url("account_test", account)))
    assert "Client ID e segredo (token): Não funciona" in page and "confira os dois" in page


def test_our_address_is_masked_and_shown_by_a_post_that_is_written_down(staff, account):
    client = staff("manager")
    secret = hook_secret(account)
    assert "https://banco.religa.test/hooks/generic/…" in text_of(client.get(url("account", account)))
    page = webhook(client, account, "mostrar")
    assert f"https://banco.religa.test/hooks/generic/{secret}" in text_of(page)
    assert page["Cache-Control"] == "no-store, private"
    assert AccountChange.objects.latest("pk").what == "address_shown"
    assert secret not in client.get(url("account", account)).content.decode()


def test_registering_where_nothing_was(staff, account, psp):
    page = text_of(webhook(staff("manager"), account, "registrar"))
    assert "Registrado: o banco passa a avisar o Religa." in page
    assert at_the_bank(psp) == [f"https://banco.religa.test/hooks/generic/{hook_secret(account)}"]
    assert "No banco está registrado o nosso endereço" in text_of(webhook(staff("manager"), account, "ver"))


def test_another_systems_address_is_named_and_given_three_ways(staff, account, psp):
    from religa.entrypoints.common.banks import BANKS

    client = staff("manager")
    BANKS.of(accounts.get(account.pk)).register_webhook(ERP)
    page = webhook(client, account, "registrar")
    shown = text_of(page)
    assert (
        "https://erp.test/gateway/pix?… para de receber avisos do banco" in shown
        and "token=abc" not in page.content.decode()
    )
    assert at_the_bank(psp) == [ERP]
    webhook(client, account, "consulta")
    assert at_the_bank(psp) == [ERP] and PaymentAccount.objects.get().settings["poll_only"] is True
    [token] = set(re.findall(r'name="substituir" value="(\w+)"', page.content.decode()))
    webhook(client, account, "registrar", substituir=token, repassar="sim")
    assert at_the_bank(psp) != [ERP] and PaymentAccount.objects.get().hook_relay_url == ERP
    again = client.get(url("account", account)).content.decode()
    assert "https://erp.test/gateway/pix?…" in again and "token=abc" not in again


def test_a_new_secret_asks_to_be_registered(staff, account, psp):
    client = staff("manager")
    webhook(client, account, "registrar")
    old = hook_secret(account)
    page = text_of(webhook(client, account, "trocar"))
    assert "registrar de novo" in page and hook_secret(account) != old
    assert Client().post(f"/hooks/generic/{old}", b"{}", "application/json").status_code == 404
    assert "um endereço nosso que não vale mais" in text_of(webhook(client, account, "ver"))
    webhook(client, account, "registrar")
    assert at_the_bank(psp) == [f"https://banco.religa.test/hooks/generic/{hook_secret(account)}"]


def test_what_is_asked_and_is_no_deed_is_not_found(staff, account):
    assert webhook(staff("manager"), account, "apagar").status_code == 404
    assert staff("manager").post(url("account_webhook", account)).status_code == 404


def test_each_bank_has_a_host_of_its_own_where_the_setting_says_so(staff, account, settings, psp):
    settings.HOOKS_URL = "https://{bank}.banco.test"
    webhook(staff("manager"), account, "registrar")
    assert at_the_bank(psp) == [f"https://generic.banco.test/hooks/generic/{hook_secret(account)}"]


def test_an_address_of_our_own_is_no_other_system(staff, provider, psp):
    typed = TYPED | {"endereco_api": psp.url, "endereco_token": psp.token_url}
    typed |= {"repasse": "https://banco.religa.test/hooks/generic/abc"}
    page = staff("manager").post("/console/contas/nova/api_pix/", typed)
    assert "andariam em círculo" in text_of(page)


def test_without_a_public_name_the_page_says_what_is_missing(staff, account, settings, psp):
    settings.HOOKS_URL = ""
    client = staff("manager")
    assert "nenhum: defina RELIGA_HOOKS_URL" in text_of(client.get(url("account", account)))
    for acao in ("registrar", "mostrar"):
        assert "defina RELIGA_HOOKS_URL" in text_of(webhook(client, account, acao))
    assert at_the_bank(psp) == []


def test_secrets_that_no_key_opens_any_more_break_no_page(staff, account, settings):
    settings.SECRETS_KEYS = ["another key of this installation, long enough"]
    client = staff("manager")
    page = text_of(client.get(url("account", account)))
    assert "O banco ainda não pode ser chamado" in page
    assert client.post(url("account_test", account)).status_code == 200
    assert webhook(client, account, "ver").status_code == 200


# -- warnings -------------------------------------------------------------------------------------------------------


def home(staff, role="finance"):
    return text_of(staff(role).get("/console/"))


def test_an_account_in_order_warns_of_nothing(staff, account, now):
    PaymentAccount.objects.update(polled_until=now, certificate_expires_at=now + timedelta(days=61))
    assert "Conta Pix" not in home(staff)


@pytest.mark.parametrize(
    ("days", "said"),
    [(59.5, "vence em 59 dias."), (29.5, "vence em 29 dias: peça o novo"), (6.5, "vence em 6 dias: troque já"),
     (0.5, "vence hoje"), (-1, "vencido: o banco não atende mais")],
)  # fmt: skip
def test_a_certificate_near_its_end_is_said_on_the_first_page(staff, account, now, days, said):
    PaymentAccount.objects.update(polled_until=now, certificate_expires_at=now + timedelta(days=days))
    assert said in home(staff) and said in home(staff, "manager")
    assert "Conta Pix" not in home(staff, "agent")
    assert said.split(":")[0].rstrip(".") in text_of(staff("finance").get("/console/contas/"))


def test_a_silent_bank_waiting_and_refused_events_and_failing_relays_are_said(staff, account, event, now):
    PaymentAccount.objects.update(polled_until=now - timedelta(minutes=16))
    raw.run("UPDATE provider_event SET received_at = received_at - interval '6 minutes'")
    today = raw.rows("SELECT (now() AT TIME ZONE zone)::date FROM provider")[0][0]
    RefusedEvent.objects.create(payment_account=account, day=today, why="wrong_sender", count=3, last_at=now)
    EventRelay.objects.create(event_id=event, payment_account=account, given_up_at=now, error="HTTP 500")
    page = home(staff)
    for said in (
        "O banco não responde há 16 minutos", "1 aviso do banco espera há 6 minutos", "3 avisos recusados hoje",
        "1 aviso não foi repassado ao outro sistema",
    ):  # fmt: skip
        assert said in page


def test_a_closed_account_and_one_of_another_ledger_warn_of_no_silence(staff, account, now):
    old = now - timedelta(days=3)
    PaymentAccount.objects.update(polled_until=old, reported_by="other")
    assert "não responde" not in home(staff)
    PaymentAccount.objects.update(reported_by="religa", closed_at=now)
    assert "não responde" not in home(staff)


# -- events ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def event(account, now) -> int:
    kept = Event(BODY, "application/json", "pix")
    return receive_event.receive(
        accounts.get(account.pk), kept, headers={"content-type": "application/json"}, proof="secret", at=now
    )


def listed(client, **query):
    return text_of(client.get("/console/contas/eventos/", query))


def test_events_are_listed_by_account_result_and_day(staff, account, event, now):
    client = staff("finance")
    assert "na fila" in listed(client)
    ProviderEventTodo.objects.all().delete()
    ProviderEventResult.objects.create(event_id=event, at=now, result="failed", detail="404 <b>nada</b>")
    link = f"/console/contas/eventos/{event}/"
    day = raw.rows("SELECT (%s AT TIME ZONE zone)::date FROM provider", [now])[0][0]
    for query, is_there in (
        ({}, True), ({"resultado": "failed"}, True), ({"resultado": "done"}, False), ({"resultado": "waiting"}, False),
        ({"conta": account.pk}, True), ({"conta": account.pk + 1}, False), ({"dia": f"{day}"}, True),
        ({"dia": f"{day - timedelta(days=1)}"}, False), ({"antes": event}, False),
    ):  # fmt: skip
        page = client.get("/console/contas/eventos/", query).content.decode()
        assert (link in page) is is_there, query
        assert "<b>nada" not in page


def test_older_events_are_a_page_further(staff, account, event, now):
    raw.run(
        "INSERT INTO provider_event (provider_id, payment_account_id, source, received_at, headers, body, sha256)"
        " SELECT provider_id, payment_account_id, source, received_at + n * interval '1 second', '{}', body, sha256"
        " FROM provider_event, generate_series(1, 120) n"
    )
    client = staff("finance")
    first = client.get("/console/contas/eventos/").content.decode()
    [more] = re.findall(r'href="\?([^"]*antes=\d+)"', first)
    second = client.get(f"/console/contas/eventos/?{more}").content.decode()
    numbers = [re.findall(r"/console/contas/eventos/(\d+)/", page) for page in (first, second)]
    assert [len(set(n)) for n in numbers] == [100, 21] and not set(numbers[0]) & set(numbers[1])
    assert "antes=" not in second


def test_refused_events_are_shown_by_day_and_reason(staff, account, now):
    RefusedEvent.objects.create(
        payment_account=account,
        day=now.date(),
        why="no_certificate",
        count=7,
        last_at=now,
        address="198.51.100.9",
    )
    RefusedEvent.objects.create(day=now.date(), why="unknown_address", count=2, last_at=now)
    page = listed(staff("finance"))
    assert "sem o certificado do banco 7" in page and "de 198.51.100.9" in page
    assert "endereço de ninguém endereço ou segredo errado 2" in page


def test_a_body_is_for_managers_and_without_whom_it_is_about(staff, account, event):
    address = reverse("console:event", args=[event])
    page = text_of(staff("manager").get(address))
    assert (
        '"valor":"10.00"' in page
        and "11144477735" not in page
        and "Maria" not in page
        and '"cpf":"11…35"' in page
    )
    assert "valor" not in text_of(staff("finance").get(address))


def test_an_event_is_put_in_line_once_more(staff, account, event):
    ProviderEventTodo.objects.all().delete()
    address = reverse("console:event_again", args=[event])
    page = staff("finance").post(address, follow=True)
    assert "Na fila: o banco será perguntado" in text_of(page)
    staff("finance").post(address)
    assert ProviderEventTodo.objects.count() == 1 and ProviderEvent.objects.count() == 1
    assert AccountChange.objects.filter(what="event_retried", author="Finance").count() == 2
    for role in ("agent", "network"):
        assert staff(role).post(address).status_code == 403
