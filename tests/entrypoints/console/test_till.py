"""Caixa: money taken at the counter, its receipt, taking it back, moving it, forgiving a part, closing the day."""

from __future__ import annotations

import pytest
from django.test import Client

import people
from religa.records.models import (
    Closing,
    Contract,
    Payment,
    PaymentAccount,
    PaymentReversal,
    ProtocolNumber,
    Waiver,
)

from ..reading import text_of

pytestmark = pytest.mark.django_db
TAKE = {"valor": "103,50", "forma": "cash", "conta": "", "observacao": "", "chave": "k1", "confirmar": "sim"}


def send(client, contract, deed, **fields):
    return client.post(f"/console/contrato/{contract.pk}/{deed}/", fields, follow=True)


def take(client, contract, **more):
    return send(client, contract, "receber", **{**TAKE, **more})


def other_staff(provider, role, login):
    from religa.entrypoints.commands.staff import add_member

    client = Client()
    member = add_member(provider, login, role=role, name=login.title(), password=people.PASSWORD)
    client.force_login(member.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def joana(provider, now):
    """Whose money may have gone to Maria."""
    contract = people.contract(
        people.subscriber(provider, "Joana Dias", 1050), 1050, since=people.days_ago(now, 300)
    )
    people.bill(contract, due=people.days_ago(now, 3))
    return contract


# -- taking -----------------------------------------------------------------------------------------------------


def test_an_agent_takes_cash_and_the_page_after_it_is_the_receipt(staff, maria):
    page = text_of(take(staff("agent"), maria))
    kept = Payment.objects.get(external_id="caixa-k1")
    number = kept.receipt_number
    assert f"Recibo {number[:8]}-{number[8:]}" in page
    assert "a quantia de R$ 103,50, em dinheiro" in page and "CNPJ" in page and "Recebido por Agent" in page
    assert (kept.cashier, kept.author) == ("agent", "Agent")


def test_the_plan_says_what_will_be_credit_and_does_nothing(staff, maria, tables):
    client, fields = staff("agent"), {**TAKE, "valor": "500,00"}
    del fields["confirmar"]
    before = tables()
    plan = text_of(send(client, maria, "receber", **fields))
    assert "Recebi R$ 500,00 em dinheiro" in plan and "ficam como crédito" in plan
    assert tables() == before


def test_two_clicks_give_one_receipt(staff, maria):
    client = staff("agent")
    first, second = (text_of(take(client, maria)) for _ in range(2))
    [kept] = Payment.objects.filter(cashier="agent")
    for page in (first, second):
        assert kept.receipt_number[8:] in page and "Total recebido R$ 103,50" in page


def test_a_used_form_with_another_amount_books_nothing(staff, maria):
    client = staff("agent")
    take(client, maria)
    assert "Este formulário já foi usado" in text_of(take(client, maria, valor="1,00"))
    assert Payment.objects.filter(cashier="agent").count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"valor": "0,00"}, "maior que zero"),
        ({"forma": "pix"}, "escolha válida"),
        ({"conta": "x"}, "escolha válida"),
    ],
)
def test_what_is_not_clear_is_not_taken(staff, maria, fields, error):
    page = take(staff("agent"), maria, **fields)
    assert page.status_code == 422 and error in text_of(page)
    assert not Payment.objects.filter(cashier="agent").exists()


def test_another_kind_of_payment_is_called_other(staff, maria):
    assert "em outro" in text_of(take(staff("agent"), maria, forma="external", observacao="permuta"))
    assert Payment.objects.get(external_id="caixa-k1").author == "Agent: permuta"


# -- taking back, moving ----------------------------------------------------------------------------------------


def of(payment, deed):
    return f"/console/contrato/{payment.contract_id}/pagamento/{payment.pk}/{deed}/"


def test_its_cashier_takes_it_back_and_the_receipt_says_so(staff, maria):
    client = staff("agent")
    take(client, maria)
    kept = Payment.objects.get(external_id="caixa-k1")
    page = text_of(
        client.post(of(kept, "estornar"), {"motivo": "nota falsa", "confirmar": "sim"}, follow=True)
    )
    assert "Recebimento de R$ 103,50 estornado." in page and "Estornado" in page
    assert "Estornado em" in text_of(client.get(f"/console/caixa/recibo/{kept.pk}/"))
    assert PaymentReversal.objects.get(payment=kept).reason == "nota falsa"


def test_another_agent_may_not_and_finance_may(staff, provider, maria):
    take(staff("agent"), maria)
    kept, fields = Payment.objects.get(external_id="caixa-k1"), {"motivo": "engano", "confirmar": "sim"}
    page = text_of(other_staff(provider, "agent", "caio").post(of(kept, "estornar"), fields, follow=True))
    assert "o recebimento é do caixa de outra pessoa" in page
    assert not PaymentReversal.objects.filter(payment=kept).exists()
    other_staff(provider, "finance", "fred").post(of(kept, "estornar"), fields, follow=True)
    assert PaymentReversal.objects.get(payment=kept).author == "Fred: engano"


def test_finance_moves_a_payment_to_the_contract_it_was_of(staff, maria, joana, now):
    people.pay(maria, 103_50, now, "E77")
    kept, client = Payment.objects.get(external_id="E77"), staff("finance")
    fields = {"contrato": joana.external_id, "motivo": "comprovante no nome dela"}
    plan = text_of(client.post(of(kept, "mover"), fields))
    assert "Vai para Joana Dias" in plan and not PaymentReversal.objects.filter(payment=kept).exists()
    page = text_of(client.post(of(kept, "mover"), {**fields, "confirmar": "sim"}, follow=True))
    assert "foi para Joana Dias" in page and f"Movido para {joana.external_id}" in page
    assert Payment.objects.get(contract=joana, external_id="E77~2").moved_from_id == kept.pk


@pytest.mark.parametrize("number", ["nenhum", "Z1"])
def test_a_payment_moves_only_to_a_contract_of_the_provider(staff, maria, now, number):
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    stranger = people.subscriber(other, "Zeca", 9001)
    Contract.objects.create(
        provider=other, subscriber=stranger, external_id="Z1", since=people.days_ago(now, 9)
    )
    people.pay(maria, 1_00, now, "E77")
    kept, client = Payment.objects.get(external_id="E77"), staff("manager")
    fields = {"contrato": number, "motivo": "x"}
    assert "Não há contrato com este número." in text_of(client.post(of(kept, "mover"), fields))
    client.post(of(kept, "mover"), {**fields, "confirmar": "sim"})
    assert not PaymentReversal.objects.filter(payment=kept).exists()


@pytest.mark.parametrize("deed", ["estornar", "mover"])
def test_a_payment_is_found_under_its_own_contract_alone(staff, maria, joana, deed):
    take(staff("manager"), maria)
    kept, client = Payment.objects.get(external_id="caixa-k1"), staff_again()
    path = f"/console/contrato/{joana.pk}/pagamento/{kept.pk}/{deed}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"motivo": "x", "confirmar": "sim"}).status_code == 404
    assert client.get(path.replace(f"/{kept.pk}/", f"/{10**30}/")).status_code == 404


def staff_again():
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(
        get_user_model().objects.get(username="manager"), "django.contrib.auth.backends.ModelBackend"
    )
    return client


# -- forgiving --------------------------------------------------------------------------------------------------


def test_an_agent_forgives_within_his_ceiling_with_a_reason_and_a_protocol(staff, maria, tables):
    client = staff("agent")
    name = open_invoice(maria)
    fields = {"conta": name, "parte": "fine", "valor": "0,50", "motivo": "primeira vez"}
    before = tables()
    assert "Perdoar R$ 0,50" in text_of(send(client, maria, "perdoar", **fields))
    assert tables() == before
    page = text_of(send(client, maria, "perdoar", **fields, confirmar="sim"))
    kept = Waiver.objects.get()
    assert (kept.kind, kept.amount, kept.role, kept.author) == ("fine", 50, "agent", "Agent: primeira vez")
    assert ProtocolNumber.objects.get(contract=maria, subject="staff_waiver").number in page
    assert "perdoado: R$ 0,50" in page and "Multa perdoada" in page


def test_above_the_ceiling_the_page_says_so(staff, maria):
    name = open_invoice(maria)
    fields = {"conta": name, "parte": "settlement", "valor": "10,00", "motivo": "x", "confirmar": "sim"}
    page = text_of(send(staff("agent"), maria, "perdoar", **fields))
    assert "o valor passa do limite do seu perfil na política" in page
    assert not Waiver.objects.exists() and not ProtocolNumber.objects.filter(subject="staff_waiver").exists()


def open_invoice(contract):
    from religa.records import queries

    return next(i.external_id for i in queries.invoices_of(contract.pk) if i.paid < i.total)


def test_a_punctuality_discount_of_today_is_shown(staff, provider, now):
    from religa.records import raw

    contract = people.contract(
        people.subscriber(provider, "Ana Rocha", 1002), 1002, since=people.days_ago(now, 300)
    )
    name = people.bill(contract, due=people.days_ago(now, -8))
    raw.run(
        "UPDATE invoice SET discount_amount = 500, discount_until = due_date WHERE external_id = %s", [name]
    )
    assert "desconto hoje: −R$ 5,00" in text_of(staff("agent").get(f"/console/contrato/{contract.pk}/"))


# -- the day ----------------------------------------------------------------------------------------------------


def close_path(login="agent"):
    return f"/console/caixa/{PaymentAccount.objects.get(kind='desk').pk}/fechar/?operador={login}"


def test_an_agent_counts_and_closes_his_day(staff, maria):
    client = staff("agent")
    take(client, maria)
    take(client, maria, chave="k2", valor="20,00", forma="card")
    page = text_of(client.get("/console/caixa/"))
    assert "Caixa: Agent" in page and "Na gaveta deve haver R$ 103,50" in page and "R$ 123,50" in page
    assert not Closing.objects.exists()
    done = client.post(close_path(), {"contado": "103,50", "nota": "", "esperado": "10350"}, follow=True)
    page = text_of(done)
    assert "Dia fechado." in page and "(bate)" in page and "Maria" in page
    assert Closing.objects.get().author == "Agent"
    assert "Nada entrou desde o último fechamento." in text_of(client.get("/console/caixa/"))
    take(client, maria, chave="k3", valor="5,00")
    page = text_of(client.get("/console/caixa/"))
    assert "R$ 5,00 já contam no próximo dia." in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"contado": "100,00"}, "falta a explicação"),
        ({"contado": ""}, "Conte o dinheiro"),
        ({"contado": "muito"}, "Escreva o valor com centavos"),
        ({"esperado": "1"}, "enquanto você contava"),
    ],
)
def test_a_day_that_is_not_clear_stays_open(staff, maria, fields, said):
    client = staff("agent")
    take(client, maria)
    page = client.post(close_path(), {"contado": "103,50", "nota": "", "esperado": "10350"} | fields)
    assert page.status_code == 422 and said in text_of(page)
    assert 'name="esperado" value="10350"' in page.content.decode()  # what is expected now
    assert not Closing.objects.exists()


def test_an_agent_sees_and_closes_his_own_till_alone(staff, provider, maria):
    take(staff("agent"), maria)
    other, finance = other_staff(provider, "agent", "caio"), other_staff(provider, "finance", "fred")
    assert "Caixa: Agent" not in text_of(other.get("/console/caixa/"))
    for method in (other.get, other.post):
        assert method(close_path()).status_code == 403
    assert "Caixa: Agent" in text_of(finance.get("/console/caixa/"))
    finance.post(close_path(), {"contado": "100,00", "nota": "faltou", "esperado": "10350"})
    row = Closing.objects.get()
    assert (row.cashier, row.author) == ("agent", "Fred")
    assert other.get(f"/console/caixa/fechamento/{row.pk}/").status_code == 404
    assert "faltou" in text_of(finance.get(f"/console/caixa/fechamento/{row.pk}/"))
    assert finance.get(close_path("ninguem")).status_code == 404


def test_a_bank_account_is_closed_by_finance_without_counting(staff, provider, maria, now):
    account = PaymentAccount.objects.create(provider=provider, name="Banco", kind="other", since=now)
    path = f"/console/caixa/{account.pk}/fechar/"
    assert other_staff(provider, "agent", "caio").get(path).status_code == 403
    client = staff("finance")
    assert "Dinheiro contado" not in text_of(client.get(path))
    client.post(path, {"nota": "", "esperado": "0"})
    assert Closing.objects.get().counted is None
    assert client.post(path, {"nota": "", "esperado": "0"}).status_code == 422


def test_tills_closings_and_receipts_of_another_provider_are_not_found(staff, maria, tables):
    client = staff("manager")
    take(client, maria)
    client.post(close_path("manager"), {"contado": "103,50", "nota": "", "esperado": "10350"})
    desk, closing = PaymentAccount.objects.get(), Closing.objects.get()
    kept = Payment.objects.get(external_id="caixa-k1")
    elsewhere = other_staff(
        people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333)), "manager", "zeca"
    )
    before = tables()
    for path in (
        f"{desk.pk}/fechar/",
        f"fechamento/{closing.pk}/",
        f"recibo/{kept.pk}/",
        f"recibo/{10**30}/",
    ):
        assert elsewhere.get(f"/console/caixa/{path}").status_code == 404
    assert (
        elsewhere.post(f"/console/caixa/{desk.pk}/fechar/?operador=manager", {"contado": "0,00"}).status_code
        == 404
    )
    for deed in ("estornar", "mover"):
        assert elsewhere.post(of(kept, deed), {"motivo": "x", "confirmar": "sim"}).status_code == 404
    assert "Maria" not in text_of(elsewhere.get("/console/caixa/"))
    assert tables() == before


def test_looking_at_the_pages_of_the_desk_changes_nothing(staff, maria, tables):
    client = staff("manager")
    take(client, maria)
    client.post(close_path("manager"), {"contado": "103,50", "nota": "", "esperado": "10350"})
    kept, closing = Payment.objects.get(external_id="caixa-k1"), Closing.objects.get()
    before = tables()
    paths = (close_path("manager"), "/console/caixa/", f"/console/caixa/recibo/{kept.pk}/",
             f"/console/caixa/fechamento/{closing.pk}/", of(kept, "estornar"), of(kept, "mover"))  # fmt: skip
    assert [client.get(path).status_code for path in paths] == [200] * 6
    assert tables() == before
