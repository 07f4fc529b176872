"""Finance's pages: what waits, each item, the balance, the times; who may see them, and that looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

import people
from religa.actions.money.cases import Case, open_cases
from religa.actions.money.credit import credit
from religa.ports.money import MoneySeen
from religa.records import raw
from religa.records.models import (
    Charge,
    CoaLog,
    Invoice,
    MoneyCase,
    Payment,
    PaymentAccount,
    Provider,
    ProviderEvent,
    Refund,
    UnidentifiedPayment,
)

from ..reading import text_of

pytestmark = pytest.mark.django_db
HOME = "/console/financeiro/"
SPITE = "<script>alert(1)</script>"
E2E = "E" + "1" * 31


@pytest.fixture
def account(provider, now):
    return people.account(provider, now)


@pytest.fixture
def money(account, now) -> UnidentifiedPayment:
    """What Maria's aunt has paid to the key, without a charge."""
    seen = MoneySeen("E-tia", 150_00, now - timedelta(minutes=5), payer_document="52998224725",
                     payer_name=f"Tia {SPITE}", info=SPITE)  # fmt: skip
    credit(account, [seen], at=now)
    return UnidentifiedPayment.objects.get()


@pytest.fixture
def twice(account, maria, now) -> MoneyCase:
    """Maria has paid R$ 20.00 more than anybody asked for."""
    invoice = Invoice.objects.filter(contract=maria, at_rest=False).earliest("due_date")
    Charge.objects.create(provider=account_provider(account), invoice=invoice, kind="pix_cob", amount=10_00, txid="T1",
                          scope="least", created_at=now)  # fmt: skip
    owed = raw.rows("SELECT sum(amount)::bigint FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id"
                    " WHERE i.contract_id = %s", [maria.pk])[0][0]  # fmt: skip
    credit(account, [MoneySeen(E2E, owed + 200_00, now, txid="T1")], at=now)
    return MoneyCase.objects.get(kind="overpaid")


def account_provider(account) -> Provider:
    return Provider.objects.get(pk=account.provider_id)


def page_of(money) -> str:
    return f"{HOME}sem-dono/{money.pk}/"


# -- the first page and the queues ----------------------------------------------------------------------------------


def test_without_anything_the_page_says_so(staff, provider):
    page = text_of(staff("finance").get(HOME))
    assert "Nada. Cada pagamento achou o seu lugar." in page and "Ainda não há conta" in page


def test_what_waits_stands_before_the_day_of_the_accounts(staff, money, twice):
    page = text_of(staff("finance").get(HOME))
    assert "Dinheiro sem dono: 1, R$ 150,00" in page and "Pago a mais: 1" in page
    assert page.index("Para resolver") < page.index("Hoje,") < page.index("Conta Sicoob 1 R$")


@pytest.mark.parametrize("role", ["agent", "network"])
def test_others_see_no_money_and_no_payer(staff, maria, money, twice, role):
    client = staff(role)
    assert "Financeiro" not in text_of(client.get("/console/"))
    for path in ("", "fila/unidentified/", f"sem-dono/{money.pk}/", f"casos/{twice.pk}/", "conferencia/",
                 "conferencia.csv", "tempo/"):  # fmt: skip
        assert client.get(HOME + path).status_code == 403
    assert client.post(page_of(money), {"fazer": "nao_e_nosso", "motivo": "x"}).status_code == 403
    assert "Tia" not in client.get(f"/console/contrato/{maria.pk}/").content.decode()


def test_lists_mask_the_payers_document_and_escape_what_a_payer_wrote(staff, money):
    client = staff("finance")
    answer = client.get(HOME + "fila/unidentified/")
    assert SPITE not in answer.content.decode() and "&lt;script&gt;" in answer.content.decode()
    assert "***.982.247-**" in text_of(answer) and "529.982" not in text_of(answer)
    item = client.get(page_of(money))
    assert "529.982.247-25" in text_of(item) and SPITE not in item.content.decode()


@pytest.mark.parametrize("kind", ["nonsense", "unidentified2"])
def test_a_queue_that_is_none_is_not_found(staff, provider, kind):
    assert staff("finance").get(f"{HOME}fila/{kind}/").status_code == 404


# -- money of nobody ------------------------------------------------------------------------------------------------


def test_a_suggestion_says_why_and_is_credited_in_one_click(staff, maria, money):
    UnidentifiedPayment.objects.update(payer_document=maria.subscriber.document)
    client = staff("finance")
    answer = client.get(page_of(money))
    assert "Confere: CPF ou CNPJ do pagador" in text_of(answer) and maria.subscriber.name in text_of(answer)
    done = client.post(
        page_of(money),
        {"fazer": "creditar_sugerido", "contrato": maria.pk, "conta": "", "motivo": "CPF"}, follow=True,
    )  # fmt: skip
    assert "R$ 150,00 creditados ao contrato." in text_of(done)
    assert done.redirect_chain[0][0] == f"/console/contrato/{maria.pk}/"
    money.refresh_from_db()
    assert (money.resolution, money.author, money.reason) == ("credited", "Finance", "CPF")


def test_a_contract_is_named_by_its_number(staff, maria, money):
    client, form = staff("manager"), {"fazer": "creditar", "motivo": "ligou", "conta": ""}
    wrong = client.post(page_of(money), form | {"numero": "nada"})
    assert wrong.status_code == 422 and "Não há contrato com este número." in text_of(wrong)
    wrong = client.post(page_of(money), form | {"numero": maria.external_id, "motivo": ""})
    assert wrong.status_code == 422 and "Escreva aqui." in text_of(wrong)
    wrong = client.post(page_of(money), form | {"numero": maria.external_id, "conta": "F-nada"}, follow=True)
    assert "Não foi possível, porque a conta não foi encontrada." in text_of(wrong)
    assert Payment.objects.filter(external_id="E-tia").count() == 0
    client.post(page_of(money), form | {"numero": f" {maria.external_id} "})
    assert Payment.objects.get(external_id="E-tia").contract_id == maria.pk


def test_it_is_given_back_or_kept_as_not_ours(staff, money):
    client = staff("finance")
    done = client.post(page_of(money), {"fazer": "devolver", "motivo": "engano"}, follow=True)
    assert "Devolução pedida ao banco." in text_of(done)
    assert Refund.objects.get().reason == "engano"
    again = client.post(page_of(money), {"fazer": "nao_e_nosso", "motivo": "outro"}, follow=True)
    assert "Já estava resolvido" in text_of(again) and "por Finance: devolvido." in text_of(again)


def test_what_the_page_does_not_offer_is_not_found(staff, money):
    client = staff("finance")
    assert client.post(page_of(money), {"fazer": "apagar", "motivo": "x"}).status_code == 404
    assert client.post(page_of(money), {"motivo": "x"}).status_code == 404


# -- cases ----------------------------------------------------------------------------------------------------------


def test_too_much_goes_back_with_the_amount_filled_in(staff, twice):
    client, path = staff("finance"), f"{HOME}casos/{twice.pk}/"
    page = client.get(path)
    left = raw.rows("SELECT sum(amount)::bigint FROM credit_entry")[0][0]
    filled = f"{left // 100},{left % 100:02}"
    assert f'value="{filled}"' in page.content.decode()
    wrong = client.post(path, {"fazer": "refund", "motivo": "x", "valor": "muito"})
    assert wrong.status_code == 422 and "Escreva o valor com centavos" in text_of(wrong)
    wrong = client.post(path, {"fazer": "refund", "motivo": "x", "valor": "9999,00"}, follow=True)
    assert "como crédito: as contas novas já usaram o resto." in text_of(wrong)
    done = client.post(path, {"fazer": "refund", "motivo": "pediu", "valor": filled}, follow=True)
    assert "Devolução pedida ao banco." in text_of(done) and "Nenhum." in text_of(done)
    again = client.post(path, {"fazer": "keep", "motivo": "x"}, follow=True)
    assert "Já estava resolvido" in text_of(again)
    assert (Refund.objects.get().amount, Refund.objects.get().author) == (left, "Finance")


def test_each_kind_has_its_ways_and_no_other(staff, account, maria, now):
    charge = Charge.objects.create(provider=account_provider(account), invoice=Invoice.objects.first(), kind="pix_cob",
                                   amount=1, status="failed", created_at=now)  # fmt: skip
    case = Case("charge_failed", f"charge {charge.pk}", maria.pk, charge=charge.pk, detail=SPITE)
    open_cases(account.provider_id, [case], now)
    kept, client = MoneyCase.objects.get(), staff("finance")
    answer = client.get(f"{HOME}casos/{kept.pk}/")
    assert SPITE not in answer.content.decode()
    assert "Tentar de novo" in text_of(answer) and "Devolver" not in text_of(answer)
    assert client.post(f"{HOME}casos/{kept.pk}/", {"fazer": "refund", "motivo": "x"}).status_code == 404
    client.post(f"{HOME}casos/{kept.pk}/", {"fazer": "try_again", "motivo": "corrigido"})
    charge.refresh_from_db()
    assert charge.status == "new"
    open_cases(account.provider_id, [case], now)
    assert "Já tentado por Finance: corrigido" in text_of(client.get(HOME + "fila/charge_failed/"))


def test_a_record_of_a_file_that_could_not_be_booked_is_noted_and_comes_with_the_next_file(
    staff, account, now
):
    open_cases(account.provider_id, [Case("event_failed", "file 1, line 3", account=account.id)], now)
    path, client = f"{HOME}casos/{MoneyCase.objects.get().pk}/", staff("finance")
    assert "Tentar de novo" not in text_of(client.get(path))
    assert client.post(path, {"fazer": "try_again", "motivo": "x"}).status_code == 404
    assert client.post(path, {"fazer": "note", "motivo": "visto no banco"}).status_code == 302
    assert MoneyCase.objects.get().resolution == "noted"


def test_the_contract_page_shows_its_cases_to_all_and_the_way_to_those_who_may(staff, maria, twice):
    path = f"/console/contrato/{maria.pk}/"
    page = staff("agent").get(path)
    assert "Pago a mais" in text_of(page) and f"casos/{twice.pk}/" not in page.content.decode()
    assert f"casos/{twice.pk}/" in staff("finance").get(path).content.decode()


# -- walls ----------------------------------------------------------------------------------------------------------


def test_another_providers_money_is_not_found(client, maria, money, twice, tables):
    other = Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client.force_login(people.staff(other, "manager").user, "django.contrib.auth.backends.ModelBackend")
    before = tables()
    for path, do in ((page_of(money), "nao_e_nosso"), (f"{HOME}casos/{twice.pk}/", "keep")):
        assert client.get(path).status_code == 404
        assert client.post(path, {"fazer": do, "motivo": "x"}).status_code == 404
    for page in (
        "",
        "fila/unidentified/",
        "fila/overpaid/",
        "conferencia/?de=2020-01-01",
        "conferencia.csv",
        "tempo/",
    ):
        text = text_of(client.get(HOME + page))
        assert "Sicoob" not in text and "Tia" not in text and "Maria" not in text
    key = money.payment_account_id
    assert "Nada entrou" in text_of(client.get(f"{HOME}conferencia/?conta={key}"))
    assert tables() == before


def test_money_does_not_go_to_a_contract_of_another_provider(staff, money, now):
    other = Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    theirs = people.contract(people.subscriber(other, "Zeca", 9001), 9001, since=people.days_ago(now, 10))
    client = staff("finance")
    form = {"fazer": "creditar_sugerido", "contrato": theirs.pk, "conta": "", "motivo": "x"}
    assert client.post(page_of(money), form).status_code == 404
    form = {"fazer": "creditar", "numero": theirs.external_id, "conta": "", "motivo": "x"}
    assert client.post(page_of(money), form).status_code == 422
    assert not Payment.objects.filter(external_id="E-tia").exists()


def test_looking_changes_nothing_and_odd_questions_are_answered(staff, money, twice, tables):
    client, before = staff("manager"), tables()
    for path in ("", "fila/unidentified/", "fila/overpaid/", f"sem-dono/{money.pk}/", f"casos/{twice.pk}/", "tempo/",
                 "tempo/?periodo=7d", "tempo/?periodo=x", "conferencia/", "conferencia/?de=x&ate=%00&conta=-1",
                 "conferencia/?de=1000-01-01&conta=99999999999999999999", "conferencia.csv?de=2026-01-01"):  # fmt: skip
        assert client.get(HOME + path).status_code == 200
    for path in (f"sem-dono/{10**30}/", f"casos/{10**30}/"):
        assert client.get(HOME + path).status_code == 404
        assert client.post(HOME + path, {"fazer": "keep"}).status_code == 404
    assert tables() == before


# -- reports --------------------------------------------------------------------------------------------------------


def test_the_balance_of_a_day_of_an_account_stands_in_full(staff, money, twice):
    client = staff("finance")
    page = text_of(client.get(HOME + "conferencia/"))
    assert "Recebido sem dono R$ 150,00" in page and "Ainda sem dono R$ 150,00" in page
    assert "Diferença R$ 0,00" in page and "Há diferença" not in page
    raw.run("DELETE FROM credit_entry")
    assert "Há diferença em 1 linha" in text_of(client.get(HOME + "conferencia/"))


def test_a_spreadsheet_gets_the_same_and_no_formula(staff, money, twice):
    PaymentAccount.objects.update(name="=HYPERLINK(1)")
    answer = staff("finance").get(HOME + "conferencia.csv")
    head, line = answer.content.decode("utf-8-sig").split("\r\n")[:2]
    cells = dict(zip(head.split(";"), line.split(";"), strict=True))
    assert (cells["conta"], cells["recebido sem dono"], cells["diferença"]) == (
        "'=HYPERLINK(1)",
        "150,00",
        "0,00",
    )
    assert answer["Content-Disposition"].startswith('attachment; filename="conferencia-20')


def test_the_way_from_the_bank_to_a_router_is_told_stage_by_stage(staff, account, maria, twice, now):
    paid = Payment.objects.get(external_id=E2E)
    raw.run("UPDATE payment SET paid_at = %s WHERE id = %s", [now - timedelta(seconds=9), paid.pk])
    ProviderEvent.objects.create(
        provider=account_provider(account), payment_account_id=account.id, source="api_pix", sha256=b"",
        received_at=now - timedelta(seconds=2), body=f'{{"pix": [{{"endToEndId": "{E2E}"}}]}}'.encode() + b"\xff",
    )  # fmt: skip
    CoaLog.objects.create(at=now + timedelta(seconds=1), contract=maria, session_unique_id="", kind="coa",
                          wanted="full", outcome="applied")  # fmt: skip
    page = text_of(staff("finance").get(HOME + "tempo/"))
    told = "aviso recebido +7,0 s, creditado +2,0 s, liberado +0,0 s, roteador confirmou +1,0 s"
    assert told in page and "10,0 s · 10,0 s · 10,0 s 1 pagamento" in page
    assert told in text_of(staff("agent").get(f"/console/contrato/{maria.pk}/"))
