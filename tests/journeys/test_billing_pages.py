"""A rule of billing set and a contract billed by a person with a browser; every page judged by axe."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

import people
from browsing import accessible, log_in, press
from religa.actions.billing.run import run
from religa.records import locks
from religa.records.models import Contract, Invoice, SweepFailure

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}


@pytest.fixture
def joana(transactional_db) -> Contract:
    """Joana is a customer of a year; another system billed her until now."""
    now = locks.database_now()
    provider = people.provider(now)
    people.staff(provider, "finance", "Rita Lins")
    made = people.contract(
        people.subscriber(provider, "Joana Prado", 4001), 4001, since=people.days_ago(now, 365)
    )
    Contract.objects.filter(pk=made.pk).update(due_day=31)
    other = people.contract(
        people.subscriber(provider, "Caio Melo", 4002), 4002, since=people.days_ago(now, 9)
    )
    SweepFailure.objects.create(contract=other, at=now, step="billing", error="NotIssued: invoice_exists")
    return made


@pytest.fixture(params=["phone-dark", "desk-light"])
def page(request, browser, live_server, joana):
    size, scheme = request.param.split("-")
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, base_url=live_server.url)
    page = context.new_page()
    log_in(page, "finance")
    yield page
    context.close()


def set_the_rule(page: Page) -> None:
    press(page.get_by_role("link", name="Financeiro"))
    press(page.get_by_role("link", name="Faturamento"))
    accessible(page)
    press(page.get_by_role("link", name="Definir a regra"))
    page.get_by_label("Dias de antecedência").fill("60")
    page.get_by_label("Multa por atraso (%)").fill("5")
    press(page.get_by_role("button", name="Guardar"))
    expect(page.locator(".error")).to_contain_text("No máximo 2,00")
    accessible(page)
    page.get_by_label("Multa por atraso (%)").fill("2")
    press(page.get_by_role("button", name="Guardar"))
    expect(page.get_by_text("60 dias antes do vencimento")).to_be_visible()


def begin(page: Page, contract: Contract, first: date) -> None:
    page.goto(f"/console/contrato/{contract.pk}/")
    press(page.get_by_role("link", name="Cobrar por aqui"))
    page.get_by_label("Cobrar por aqui a partir de").fill(f"{first}")
    page.get_by_label("Mensalidade em reais").fill("80,00")
    page.get_by_label("Motivo").fill("veio do ERP")
    accessible(page)
    press(page.get_by_role("button", name="Continuar"))
    accessible(page)
    press(page.get_by_role("button", name="Cobrar por aqui a partir de"))
    expect(page.get_by_text("R$ 80,00 por mês").first).to_be_visible()
    accessible(page)


def test_billing_begins_and_its_invoice_is_seen(page, joana):
    set_the_rule(page)
    now = locks.database_now()
    begin(page, joana, people.days_ago(now, 0).replace(day=1))
    page.goto("/console/faturamento/")
    expect(page.get_by_role("heading", name="Próximos 7 dias")).to_be_visible()
    expect(page.get_by_text("R$ 80,00").first).to_be_visible()
    accessible(page)
    assert run(at=locks.database_now()).invoices >= 1
    name = Invoice.objects.filter(contract=joana).earliest("due_date").external_id
    page.goto(f"/console/contrato/{joana.pk}/")
    expect(page.get_by_text(name).first).to_be_visible()
    press(page.get_by_role("link", name="Documento fiscal"))
    page.get_by_label("Fatura").select_option(name)
    page.get_by_label("Documento fiscal").fill("NFCom 42")
    accessible(page)
    press(page.get_by_role("button", name="Continuar"))
    press(page.get_by_role("button", name="Guardar"))
    expect(page.get_by_text("NF NFCom 42").first).to_be_visible()
    press(page.get_by_role("link", name="Parar de cobrar"))
    accessible(page)
