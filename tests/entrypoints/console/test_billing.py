"""The page of recurring billing, its rule, and the deeds by which a contract is billed here."""

from __future__ import annotations

from datetime import timedelta

import pytest

import people
from religa.actions.billing.run import run
from religa.actions.billing.terms import Terms, set_rule, start
from religa.domain.billing import Rule
from religa.records.models import (
    BillingRule,
    Charge,
    Contract,
    ContractBilling,
    Invoice,
    Plan,
    Provider,
    SweepFailure,
)

from ..reading import text_of

pytestmark = pytest.mark.django_db
RULE = {
    "antecedencia": "10",
    "multa": "2,00",
    "juros": "1",
    "desconto": "",
    "devolve": "on",
    "cobrancas": "on",
}


@pytest.fixture
def joana(provider, now):
    """Joana's contract has a plan and a due day, and nobody bills it."""
    made = people.contract(
        people.subscriber(provider, "Joana Prado", 4001), 4001, since=people.days_ago(now, 300)
    )
    plan = Plan.objects.create(
        provider=provider, external_id="P", name="P", price=99_90, down_kbps=1, up_kbps=1
    )
    Contract.objects.filter(pk=made.pk).update(plan=plan, due_day=31)
    return made


@pytest.fixture
def ruled(provider, now):
    set_rule(provider_id=provider.pk, rule=Rule(lead_days=60), at=now, author="x")


def send(client, contract, deed, **fields):
    return client.post(f"/console/contrato/{contract.pk}/{deed}/", fields, follow=True)


# -- the rule -------------------------------------------------------------------------------------------------------


def test_without_a_rule_the_page_says_that_nothing_is_made(staff):
    page = text_of(staff("finance").get("/console/faturamento/"))
    assert "Ainda não há regra: nenhuma fatura é feita." in page and "Definir a regra" in page


def test_a_rule_is_kept_with_the_persons_name(staff, provider):
    page = text_of(
        staff("finance").post("/console/faturamento/regra/", {**RULE, "desconto": "5,00"}, follow=True)
    )
    assert "Regra guardada." in page and "R$ 5,00 até o vencimento" in page and "10 dias antes" in page
    kept = BillingRule.objects.get(provider=provider)
    assert (kept.lead_days, kept.fine_pct, kept.interest_pct_month) == (10, 200, 100)
    assert (kept.punctuality_discount, kept.author) == (5_00, "Finance")


def test_a_box_that_is_not_ticked_is_off(staff, provider):
    staff("finance").post("/console/faturamento/regra/", {k: v for k, v in RULE.items() if v != "on"})
    kept = BillingRule.objects.get(provider=provider)
    assert (kept.credits_blocked_days, kept.make_charges) == (False, False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("antecedencia", "4", "No mínimo 5 dias"),
        ("antecedencia", "", "Escreva um número de 5 a 60."),
        ("multa", "2,01", "No máximo 2,00"),
        ("multa", "dois", "Escreva a porcentagem, como 2,00."),
        ("juros", "1,5", "No máximo 1,00"),
        ("desconto", "1.234", "Escreva o valor com centavos"),
        ("desconto", "-3,00", "O valor não pode ser negativo."),
    ],
)
def test_a_wrong_number_is_told_beside_its_field_and_nothing_is_kept(staff, field, value, said):
    page = staff("finance").post("/console/faturamento/regra/", {**RULE, field: value})
    assert page.status_code == 422 and said in text_of(page)
    assert not BillingRule.objects.exists()


def test_the_form_shows_the_rule_as_it_is(staff, provider, now):
    set_rule(provider_id=provider.pk, rule=Rule(7, 150, 50, 1_234_50, False, True), at=now, author="x")
    page = staff("finance").get("/console/faturamento/regra/").content.decode()
    for value in ("7", "1,50", "0,50", "1.234,50"):
        assert f'value="{value}"' in page


# -- the contract ---------------------------------------------------------------------------------------------------


def test_a_contract_begins_to_be_billed_after_its_terms_were_read(staff, joana, ruled, now, tables):
    client, day, before = staff("finance"), people.days_ago(now, 0), tables()
    asked = {"desde": f"{day}", "preco": "80,00", "desconto": "10,00", "motivo": "veio do ERP"}
    plan = text_of(send(client, joana, "cobrar-por-aqui", **asked))
    assert "R$ 80,00" in plan and "dia 28 (no cadastro: 31)" in plan and "R$ 10,00 por mês, sem fim" in plan
    assert tables() == before
    page = text_of(send(client, joana, "cobrar-por-aqui", **asked, confirmar="sim"))
    assert f"Cobrado por aqui a partir de {day:%d/%m/%Y}, R$ 80,00 por mês, menos R$ 10,00. Protocolo" in page
    assert "Mudança na cobrança do contrato" in page and "Finance: veio do ERP" in page  # in the history
    assert "R$ 80,00, com R$ 10,00 de desconto · dia 31 cobrada por aqui" in page
    kept = ContractBilling.objects.get(contract=joana)
    assert (kept.since, kept.price, kept.discount) == (day, 80_00, 10_00)
    assert kept.author == "Finance: veio do ERP"


def test_an_empty_price_is_the_plans(staff, joana, ruled, now):
    asked = {"desde": f"{people.days_ago(now, 0)}", "motivo": "x"}
    assert "R$ 99,90, a do plano" in text_of(send(staff("finance"), joana, "cobrar-por-aqui", **asked))


def test_what_is_in_the_way_is_said_and_nothing_begins(staff, joana, now):
    Contract.objects.filter(pk=joana.pk).update(due_day=None)
    asked = {"desde": f"{people.days_ago(now, 0)}", "motivo": "x", "confirmar": "sim"}
    page = text_of(send(staff("finance"), joana, "cobrar-por-aqui", **asked))
    assert "o provedor ainda não tem regra de faturamento e o contrato não tem dia de vencimento" in page
    assert not ContractBilling.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"desde": ""}, "Escolha o dia."),
        ({"preco": "0"}, "use o segmento cortesia"),
        ({"desconto_ate": "2030-01-01"}, "Escreva o desconto que vale até esse dia."),
        ({"desconto": "1,00", "desconto_ate": "2020-01-01"}, "O desconto não pode acabar antes do início."),
        ({"motivo": " "}, "Escreva aqui."),
    ],
)
def test_terms_that_make_no_sense_are_told(staff, joana, ruled, now, fields, said):
    asked = {"desde": f"{people.days_ago(now, 0)}", "motivo": "x", **fields}
    page = send(staff("finance"), joana, "cobrar-por-aqui", **asked)
    assert page.status_code == 422 and said in text_of(page)


def test_a_billing_is_stopped_with_its_last_day(staff, joana, ruled, now):
    day = people.days_ago(now, 0)
    start(contract_id=joana.pk, terms=Terms(day), at=now, author="x")
    page = text_of(
        send(staff("finance"), joana, "parar-de-cobrar", dia=f"{day}", motivo="volta ao ERP", confirmar="sim")
    )
    assert f"O último dia cobrado por aqui é {day:%d/%m/%Y}." in page and "Parar de cobrar" not in page
    early = send(
        staff("manager"),
        joana,
        "parar-de-cobrar",
        dia=f"{day - timedelta(days=1)}",
        motivo="x",
        confirmar="sim",
    )
    assert "o último dia não pode vir antes do início da cobrança" in text_of(early)


def test_a_fiscal_document_is_shown_beside_its_invoice(staff, joana, now):
    people.bill(joana, due=people.days_ago(now, -5))
    name = Invoice.objects.get().external_id
    asked = {"fatura": name, "documento": "NFCom 42"}
    assert "NFCom 42" in text_of(send(staff("finance"), joana, "documento-fiscal", **asked))
    page = text_of(send(staff("manager"), joana, "documento-fiscal", **asked, confirmar="sim"))
    assert f"Documento fiscal da fatura {name}: NFCom 42." in page and f"{name} · NF NFCom 42" in page


def test_a_booklet_is_cancelled_together_and_only_what_is_to_come_of_it(staff, joana, now):
    for days in (3, -20, -50):
        people.bill(joana, due=people.days_ago(now, days))
    for invoice in Invoice.objects.filter(contract=joana):
        Charge.objects.create(
            provider=joana.provider, invoice=invoice, kind="carne", carne="C-7", amount=99_90, created_at=now
        )
    asked, client = {"carne": "C-7", "motivo": "vai pagar por Pix"}, staff("finance")
    assert "Contas que se cancelam 2" in text_of(send(client, joana, "cancelar-carne", **asked))
    assert Invoice.objects.filter(contract=joana, closed="cancelled").count() == 0
    page = text_of(send(client, joana, "cancelar-carne", **asked, confirmar="sim"))
    assert "Carnê C-7 cancelado" in page and "Cancelar carnê" not in page
    assert Invoice.objects.filter(contract=joana, closed="cancelled").count() == 2


def test_a_booklet_of_another_contract_cannot_be_chosen(staff, joana):
    page = send(staff("finance"), joana, "cancelar-carne", carne="C-7", motivo="x", confirmar="sim")
    assert page.status_code == 422 and "Escolha um da lista." in text_of(page)


def test_an_invoice_of_another_contract_cannot_be_chosen(staff, joana, maria):
    other = Invoice.objects.filter(contract=maria).first()
    asked = {"fatura": other.external_id, "documento": "42", "confirmar": "sim"}
    page = send(staff("finance"), joana, "documento-fiscal", **asked)
    assert page.status_code == 422 and "Escolha uma da lista." in text_of(page)


# -- the page -------------------------------------------------------------------------------------------------------


def test_the_page_says_what_comes_and_agrees_with_the_run(staff, joana, provider, ruled, now):
    start(contract_id=joana.pk, terms=Terms(people.days_ago(now, 0).replace(day=1)), at=now, author="x")
    page = text_of(staff("agent").get("/console/faturamento/"))
    assert "Cobrados por aqui" in page and "R$ 99,90" in page
    assert "Mudar a regra" not in page  # an agent only reads
    assert run(at=now).invoices >= 1


def test_contracts_that_cannot_be_billed_are_named(staff, joana, provider, ruled, now):
    start(contract_id=joana.pk, terms=Terms(people.days_ago(now, 0)), at=now, author="x")
    Contract.objects.filter(pk=joana.pk).update(due_day=None)
    SweepFailure.objects.create(contract=joana, at=now, step="billing", error="ArithmeticError: x")
    page = text_of(staff("finance").get("/console/faturamento/"))
    assert "Joana Prado, contrato" in page and "sem dia de vencimento, não é faturado" in page
    assert "O sistema tenta de novo a cada hora. ArithmeticError: x" in page


def test_another_providers_contracts_are_not_shown(staff, joana, ruled, now):
    start(contract_id=joana.pk, terms=Terms(people.days_ago(now, 0)), at=now, author="x")
    Contract.objects.filter(pk=joana.pk).update(due_day=None)
    other = Provider.objects.create(name="Outra", cnpj="11222333000181")
    Contract.objects.filter(pk=joana.pk).update(provider=other)
    set_rule(provider_id=other.pk, rule=Rule(), at=now, author="x")
    assert "Joana" not in text_of(staff("finance").get("/console/faturamento/"))
