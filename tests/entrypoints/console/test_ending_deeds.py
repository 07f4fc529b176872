"""Agreements and the end of a contract at the desk."""

from __future__ import annotations

import pytest

import people
from religa.ports.money import BankUnreachable, Capability
from religa.records.models import Charge, Contract, Invoice, PaymentAccount

from ..reading import text_of

pytestmark = pytest.mark.django_db


def send(client, contract, deed, **fields):
    return client.post(f"/console/contrato/{contract.pk}/{deed}/", fields, follow=True)


def offer(now, **more) -> dict[str, str]:
    fields = {"parcelas": "2", "primeira": f"{people.days_ago(now, 0)}", "entrada": "", "encargos": "nao",
              "motivo": "pediu", "chave": "k1"}  # fmt: skip
    return {**fields, **more}


def test_an_agreement_shows_its_parts_before_it_is_made(staff, maria, now, tables):
    client, before = staff("finance"), tables()
    plan = text_of(send(client, maria, "acordo", **offer(now)))
    assert "Parte 1" in plan and "Parte 2" in plan and "Fazer o acordo" in plan
    assert tables() == before
    page = text_of(send(client, maria, "acordo", **offer(now), confirmar="sim"))
    assert "Acordo feito." in page and "Parcela 1 do acordo" in page
    assert Invoice.objects.filter(contract=maria, agreement__isnull=False, closed=None).count() == 2
    again = text_of(send(client, maria, "acordo", **offer(now), confirmar="sim"))
    assert "Não foi possível" in again
    assert Invoice.objects.filter(contract=maria, agreement__isnull=False, closed=None).count() == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"parcelas": "99"}, "No máximo 24 parcelas."),
        ({"primeira": "2999-01-01"}, "Escolha um dia de hoje até 60 dias à frente."),
        ({"entrada": "1.234"}, "Escreva o valor com centavos, como 99,90."),
    ],
)
def test_an_agreement_that_is_not_clear_is_not_made(staff, maria, now, fields, error):
    page = send(staff("finance"), maria, "acordo", **offer(now, **fields), confirmar="sim")
    assert page.status_code == 422 and error in text_of(page)


def test_a_down_payment_above_the_debt_is_said_to_be_impossible(staff, maria, now):
    plan = text_of(send(staff("finance"), maria, "acordo", **offer(now, entrada="99999,00")))
    assert "Não há conta atrasada para um acordo, ou ela não cabe" in plan


def end(client, contract, **more):
    fields = {"quem": "subscriber", "motivo": "mudou-se", "confirmar": "sim", **more}
    return text_of(send(client, contract, "cancelar", **fields))


def is_over(contract) -> bool:
    return Contract.objects.get(pk=contract.pk).terminated_at is not None


def test_a_contract_ends_at_the_subscribers_wish(staff, maria):
    assert "Contrato cancelado." in end(staff("finance"), maria)
    assert is_over(maria)


@pytest.fixture
def silent(maria, monkeypatch):
    """A charge of Maria's at a bank that does not answer."""
    from religa.entrypoints.console import ending_deeds

    invoice = Invoice.objects.filter(contract=maria, closed=None).latest("pk")
    account = PaymentAccount.objects.create(
        provider=invoice.provider, name="Conta", kind="api_pix", since=invoice.issued_at
    )
    Charge.objects.create(
        provider=invoice.provider, invoice=invoice, kind="pix_cobv", txid="T" * 26, amount=99_90,
        payment_account=account, created_at=invoice.issued_at,
    )  # fmt: skip

    class Silent:
        capabilities: frozenset[Capability] = frozenset()

        def fetch(self, ref):
            return BankUnreachable("no route")

    monkeypatch.setattr(ending_deeds.BANKS, "of", lambda account: Silent())


def test_while_the_bank_is_silent_only_a_manager_may_end_it_all_the_same(staff, maria, silent):
    client = staff("finance")
    assert "Não foi possível confirmar com o banco" in end(client, maria)
    assert "Não foi possível confirmar com o banco" in end(client, maria, sem_banco="on")
    assert not is_over(maria)


def test_a_manager_answers_for_a_silent_bank(staff, maria, silent):
    client = staff("manager")
    assert "Não foi possível confirmar com o banco" in end(client, maria)
    assert "Contrato cancelado." in end(client, maria, sem_banco="on")
    assert is_over(maria)
