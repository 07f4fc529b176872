"""An account set up, tested and registered by a person with a browser; every page judged by axe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import people
from browsing import accessible, press
from religa.adapters.fakes.psp import KEY, FakePsp
from religa.entrypoints.common.banks import BANKS
from religa.records import accounts, locks, raw
from religa.records.models import PaymentAccount, ProviderEventResult, RefusedEvent

pytestmark = pytest.mark.django_db(transaction=True)
ERP = "https://erp.test/gateway/pix?token=abc"


@pytest.fixture
def psp() -> Iterator[FakePsp]:
    with FakePsp() as running:
        yield running


@pytest.fixture(params=[("phone", 390, "dark"), ("desk", 1280, "light")], ids=lambda p: p[0])
def page(request, browser, live_server, transactional_db, settings):
    settings.HOOKS_URL = "https://banco.religa.test"
    _, width, scheme = request.param
    people.staff(people.provider(locks.database_now()), "manager", "Helena Castro")
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, base_url=live_server.url
    )
    page = context.new_page()
    page.goto("/console/entrar/")
    page.get_by_label("Usuário").fill("manager")
    page.get_by_label("Senha").fill(people.PASSWORD)
    press(page.get_by_role("button", name="Entrar"))
    yield page
    context.close()


def set_up(page: Page, psp: FakePsp) -> None:
    page.goto("/console/contas/")
    accessible(page)
    press(page.get_by_role("link", name="Cadastrar conta"))
    accessible(page)
    press(page.get_by_role("link", name="Pix pela API do banco"))
    press(page.get_by_role("button", name="Salvar"))
    expect(page.locator("#id_nome_error")).to_have_text("Escreva um nome.")
    accessible(page)
    for label, text in (
        ("Nome", "Pix do banco"), ("Chave Pix", KEY), ("Client ID", "religa"), ("Client Secret", "segredo"),
        ("Endereço da API", psp.url), ("Endereço do token", psp.token_url),
    ):  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Banco", exact=True).select_option("generic")
    press(page.get_by_role("button", name="Salvar"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pix do banco")
    accessible(page)


def test_an_account_is_set_up_tested_and_registered_beside_an_old_system(page: Page, psp: FakePsp):
    set_up(page, psp)
    account = PaymentAccount.objects.get()
    press(page.get_by_role("button", name="Testar"))
    expect(page.get_by_text("Ler o extrato de Pix")).to_be_visible()
    accessible(page)
    BANKS.of(accounts.get(account.pk)).register_webhook(ERP)
    press(page.get_by_role("button", name="Registrar no banco"))
    expect(page.get_by_text("para de receber avisos do banco")).to_be_visible()
    accessible(page)
    press(page.get_by_role("button", name="Registrar o nosso e repassar ao sistema anterior"))
    expect(page.get_by_text("Antes era o endereço de outro sistema")).to_be_visible()
    press(page.get_by_role("button", name="Mostrar o endereço"))
    address = page.locator("code.copy-text").inner_text()
    accessible(page)
    _post(page, address.removeprefix("https://banco.religa.test"))
    page.goto("/console/contas/eventos/")
    accessible(page)
    press(page.locator("td a").first)
    expect(page.get_by_text("11…35")).to_be_visible()
    accessible(page)
    press(page.get_by_role("button", name="Tentar de novo"))
    page.goto("/console/contas/")
    accessible(page)
    page.goto("/console/")
    accessible(page)


def _post(page: Page, path: str) -> None:
    """The bank's event, what became of it, and a stranger's."""
    assert page.request.post(f"{path}/pix", data='{"pix":[{"cpf":"11144477735"}]}').status == 200
    assert page.request.post("/hooks/generic/errado", data="{}").status == 404
    assert RefusedEvent.objects.get().why == "unknown_address"
    [(event,)] = raw.rows("SELECT id FROM provider_event")
    ProviderEventResult.objects.create(
        event_id=event, at=locks.database_now(), result="ignored", detail="no entry names a payment"
    )
