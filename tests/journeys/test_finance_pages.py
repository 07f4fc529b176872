"""Finance clears what waits, with a browser; every page judged by axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

import people
from browsing import accessible, press
from religa.actions.money.cases import Case, open_cases
from religa.actions.money.credit import credit
from religa.ports.money import MoneySeen
from religa.records import locks
from religa.records.models import Charge, Invoice, UnidentifiedPayment

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}


@pytest.fixture
def maria(transactional_db):
    """Maria is blocked; her aunt has paid to the key and somebody R$ 30.00 too much, which finance is to clear."""
    now = locks.database_now()
    provider = people.provider(now)
    people.staff(provider, "finance", "Fátima Dias")
    contract = people.blocked(provider, now)
    people.play(now)
    account = people.account(provider, now)
    invoice = Invoice.objects.get(contract=contract, at_rest=False)
    Charge.objects.create(provider=provider, invoice=invoice, kind="pix_cob", amount=30_00, txid="T1", scope="least",
                          created_at=now)  # fmt: skip
    document = contract.subscriber.document
    credit(account, [
        MoneySeen("E" + "1" * 31, 30_00, now - timedelta(seconds=40), txid="T1", fee=99),
        MoneySeen("E" + "2" * 31, 150_00, now - timedelta(minutes=5), payer_document=document,
                  payer_name="MARIA DAS DORES SILVA", info="internet de novembro"),
        MoneySeen("E" + "3" * 31, 12_34, now - timedelta(minutes=9)),
    ], at=now)  # fmt: skip
    open_cases(provider.pk, [
        Case("charge_failed", "charge 1", contract.pk, account=account.id, detail="400 devedor inválido"),
        Case("overpaid", "E" + "1" * 31, contract.pk, "E" + "1" * 31, amount=5_00),
    ], now)  # fmt: skip
    return contract


@pytest.fixture(params=["phone-dark", "desk-light"])
def page(request, browser, live_server, maria):
    size, scheme = request.param.split("-")
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, base_url=live_server.url)
    page = context.new_page()
    page.goto("/console/entrar/")
    page.get_by_label("Usuário").fill("finance")
    page.get_by_label("Senha").fill(people.PASSWORD)
    press(page.get_by_role("button", name="Entrar"))
    yield page
    context.close()


def test_money_of_nobody_finds_its_contract_in_one_click(page: Page, maria):
    press(page.get_by_role("link", name="Financeiro"))
    accessible(page)
    press(page.get_by_role("link", name="Resolver Dinheiro sem dono"))
    accessible(page)
    press(page.get_by_role("link", name="Resolver R$ 150,00"))
    accessible(page)
    expect(page.get_by_label("Motivo").first).to_have_value("CPF ou CNPJ do pagador e nome parecido")
    press(page.get_by_role("button", name="Creditar").first)
    expect(page.get_by_text("creditados ao contrato. A internet voltou.")).to_be_visible()
    accessible(page)
    assert UnidentifiedPayment.objects.get(amount=150_00).payment.contract_id == maria.pk


def test_the_other_pages_can_be_used_by_everybody(page: Page, maria):
    for path in (
        "fila/overpaid/",
        "fila/charge_failed/",
        "conferencia/",
        "conferencia/?de=2026-01-01",
        "tempo/",
    ):
        page.goto(f"/console/financeiro/{path}")
        accessible(page)
    page.goto("/console/financeiro/fila/overpaid/")
    press(page.get_by_role("link", name="Resolver o de"))
    accessible(page)
    page.get_by_role("button", name="Deixar como crédito").click()
    expect(page.get_by_text("Escreva aqui.")).to_be_visible()
    accessible(page)
