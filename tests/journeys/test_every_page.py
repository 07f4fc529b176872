"""Every page of the portal, the console and the block page is judged by axe: here, or in the journey that is named here.

A new address is walked by itself; it wants its number in NUMBERS or its row in `numbers`.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

import network_rows
import people
from browsing import accessible, entered, press, seen_as
from religa import wiring
from religa.actions import register_contact, save_channel
from religa.domain.message_channels import MessageChannel as Typed
from religa.entrypoints.block_page.urls import urlpatterns as of_block_page
from religa.entrypoints.console.urls import urlpatterns as of_console
from religa.entrypoints.portal.urls import urlpatterns as of_portal
from religa.entrypoints.portal.visitor import COOKIE
from religa.records import locks, raw
from religa.records.models import (
    ApiClient,
    BankFile,
    BlockRun,
    Closing,
    Incident,
    Invoice,
    MessageChannel,
    Payment,
    PaymentAccount,
)

pytestmark = pytest.mark.django_db(transaction=True)

# What answers a form or a machine, is a part of another page, or leads on at once.
NO_PAGE = {
    "portal": """push_on push_off
        end_device end_devices set_password forget_password passkey_options passkey_making keep_passkey
        forget_passkey log_in_passkey manifest worker language log_out paying""",
    "console": """log_out channel_test channel_address letter_habits router_test account_test account_webhook event_again
        balance_csv talk_take talk_close sendings""",
    "block_page": "unlock send_code window pix state captive",
}  # fmt: skip
ELSEWHERE = {
    "portal": {
        "test_browser_story": "log_in log_in_channel log_in_code contract pay paid invoices letters unlock unlock_answer",
        "test_doors": "home payments",
        "test_every_page": "log_in_password",
    },
    "console": {
        "test_browser_story": """login home contract unlock hold payment outbox failures runs run approve stop resume""",
        "test_account_pages": "accounts account_kinds account_add account events event",
        "test_billing_pages": "billing billing_rule start_billing fiscal_document stop_billing",
        "test_finance_pages": "finance queue unidentified case balance times",
        "test_network_pages": "routers router_add router vendors vendor vendor_copy",
    },
    "block_page": {"test_block_page": "page", "test_doors": "answer"},
}
KEY = "0" * 32


def to_walk(door: str, patterns: list) -> list:
    """The patterns that no journey meets."""
    met = {name for names in ELSEWHERE[door].values() for name in names.split()} | {*NO_PAGE[door].split()}
    named = [p for p in patterns if p.name]
    assert met <= {p.name for p in named}, "an address that is no more"
    return [p for p in named if p.name not in met]


def walk(page, door: str, patterns: list, numbers: dict[str, object]) -> None:
    """On a desk in the light; on a phone nothing may be wider than the screen. All that is wrong is told at once."""
    faults = []
    for pattern in to_walk(door, patterns):
        found = numbers | numbers.get(f"{pattern.name}!", {})
        path = reverse(f"{door}:{pattern.name}", kwargs={k: found[k] for k in pattern.pattern.converters})
        path += found.get("asks", "")
        answer = page.goto(path)
        if answer.status != 200 or not page.url.endswith(path):
            faults.append(f"{path}: {answer.status} at {page.url}")
        else:
            faults += [f"{path}: {fault}" for fault in seen(page)]
    assert faults == [], "\n".join(faults)


def seen(page) -> list[str]:
    """What is wrong with a page that is looked at on a desk."""
    try:
        accessible(page)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= 390"), "wider than a phone"
    except AssertionError as wrong:
        return [str(wrong)]
    finally:
        page.set_viewport_size({"width": 1280, "height": 800})
    return []


@pytest.fixture
def page(browser, live_server, transactional_db):
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    seen_as(page, "desk")
    raw.run("DELETE FROM throttle")
    yield page
    context.close()


@pytest.fixture
def maria(transactional_db):
    """Blocked, with a payment of five reais, and somebody else's run that waits."""
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    people.waiting_run(contract.provider, now, count=1)
    people.pay(contract, 5_00, now, "E-five")
    people.play(now)
    return contract


def test_the_block_page_has_no_other_pages():
    assert to_walk("block_page", of_block_page) == []


def with_a_password(page, maria) -> None:
    """The page that comes after the document."""
    page.goto("/entrar/")
    page.get_by_label("CPF ou CNPJ do titular").fill(maria.subscriber.document)
    press(page.get_by_role("button", name="Continuar"))
    page.goto("/entrar/senha/")
    expect(page.get_by_label("Senha")).to_be_visible()
    accessible(page)


def test_the_portal(page, maria):
    with_a_password(page, maria)
    now = locks.database_now()
    entered(page, maria, now)
    client, one = Client(), f"/contrato/{maria.pk}"
    client.cookies[COOKIE] = next(c["value"] for c in page.context.cookies() if c["name"] == COOKIE)
    invoice = Invoice.objects.filter(contract=maria).latest("id").pk
    client.post(f"{one}/acordo/", {"chave": KEY, "parcelas": "2", "vence": "2020-01-01"})
    client.post(
        f"{one}/contas/{invoice}/nao-concordo/", {"chave": KEY, "quanto": "toda", "motivo": "Não usei"}
    )
    walk(page, "portal", of_portal, {
        "contract_id": maria.pk, "key": KEY, "invoice_id": invoice,
        "payment_key": Payment.objects.get(external_id="E-five").pk,
    })  # fmt: skip


def test_the_console(page, maria):
    client, member = Client(), people.staff(maria.provider, "manager", "Helena Castro")
    client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
    page.goto("/console/entrar/")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "domain": "localhost", "path": "/"}])
    walk(page, "console", of_console, numbers(maria, client))


def numbers(maria, client) -> dict[str, object]:
    """One of everything that has a page of its own."""
    now, provider = locks.database_now(), maria.provider
    nas = network_rows.router(now=now)
    type(nas).objects.filter(pk=nas.pk).update(provider=provider)
    network_rows.live(maria, nas, now)
    files = PaymentAccount.objects.create(provider=provider, name="Itaú", kind="bank_files", profile="341", agency="0111",
                                          number="12345-0", since=now)  # fmt: skip
    file = BankFile.objects.create(provider=provider, payment_account=files, sha256=b"0", name="CB.RET", bank="341",
                                   layout="cnab400", received_at=now, records=4, author="pasta")  # fmt: skip
    mail = {
        "host": "mail.example",
        "port": 587,
        "security": "starttls",
        "sender": "cobranca@provedor.example",
    }
    by = save_channel.Author("Helena Castro", now, provider.pk)
    channel = Typed("E-mail", "smtp", "email", 0, 20, 1, mail)
    save_channel.create(save_channel.Typed(channel, {"password": "x"}, wiring.new_push_key), by=by)
    one = f"/console/contrato/{maria.pk}"
    client.post(f"{one}/receber/", {"valor": "10,00", "forma": "cash", "conta": "", "observacao": "", "chave": "k1",
                                    "confirmar": "sim"})  # fmt: skip
    taken = Payment.objects.get(external_id="caixa-k1")
    till = {"account_id": taken.payment_account_id, "asks": "?operador=manager"}
    book = f"/console/caixa/{taken.payment_account_id}/fechar/?operador=manager"
    client.post(book, {"contado": "10,00", "esperado": "1000", "nota": ""})
    client.post(
        "/console/integracoes/nova/", {"nome": "URA", "papel": "phone", "enderecos": "", "limite": "120"}
    )
    client.post("/console/incidentes/abrir/", {"onde": f"nas:{nas.pk}", "motivo": "sem energia"})
    receipt = "/console/mensagens/textos/receipt/any/pt-br/"
    client.post(
        receipt,
        {"assunto": "Recebido", "texto": "{provedor}: chegou {valor}.", "visto": 0, "fazer": "salvar"},
    )
    return {
        "contract_id": maria.pk, "payment_key": taken.pk, "file_id": file.pk, "nas_id": nas.pk, "vendor": "mikrotik",
        "protocol": int(register_contact.begin(contract_id=maria.pk, at=now, author="Helena Castro")),
        "channel_id": MessageChannel.objects.get().pk, "client_id": ApiClient.objects.get().pk,
        "incident_id": Incident.objects.get().pk, "closing_id": Closing.objects.get().pk,
        "run_id": BlockRun.objects.latest("id").pk, "account_id": people.account(provider, now).id,
        "kind": "receipt", "channel": "any", "language": "pt-br", "number": 1,
        "channel_add!": {"kind": "http_gateway"}, "close_till!": till, "search!": {"asks": "?q=rua"},
    }  # fmt: skip
