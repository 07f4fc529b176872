"""Não concordo com esta cobrança: filed once, with a protocol number, the day of the answer, and what it changes."""

from __future__ import annotations

import pytest

import people
from religa.actions import dispute as desk
from religa.records import raw
from religa.records.models import Dispute, Invoice, ProtocolNumber

from ..reading import text_of

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def bill(maria):
    return Invoice.objects.filter(contract=maria).latest("due_date")


def file(client, bill, key=KEY, **fields):
    form = {"chave": key, "quanto": "toda", "motivo": "Mudei de plano em setembro.", **fields}
    return client.post(f"/contrato/{bill.contract_id}/contas/{bill.pk}/nao-concordo/", form, follow=True)


def access(contract_id):
    return raw.rows("SELECT access, status FROM contract_access WHERE contract_id = %s", [contract_id])[0]


def test_the_form_says_what_happens_and_until_when(enter, maria, bill, tables):
    client = enter(maria)
    before = tables()
    page = text_of(client.get(f"/contrato/{maria.pk}/contas/{bill.pk}/nao-concordo/"))
    assert "não precisa ser pago enquanto analisamos" in page
    assert "Respondemos até o fim de " in page
    assert tables() == before


def test_the_whole_bill_is_contested_and_the_internet_is_back(enter, maria, bill):
    assert access(maria.pk)[0] == "walled"
    page = text_of(file(enter(maria), bill))
    told, filed = ProtocolNumber.objects.get(contract=maria), Dispute.objects.get(invoice=bill)
    assert "Recebemos a sua contestação" in page and told.number in page
    assert (filed.amount, filed.reason) == (None, "Mudei de plano em setembro.")
    assert access(maria.pk) == ("full", "disputed")
    assert "“Mudei de plano em setembro.”" in text_of(
        enter(maria).get(f"/contrato/{maria.pk}/contas/{bill.pk}/")
    )


def test_a_part_is_contested_and_the_rest_keeps_the_block(enter, maria, bill):
    page = text_of(file(enter(maria), bill, quanto="parte", valor="10,00"))
    assert "A internet continua bloqueada por outras contas atrasadas." in page
    assert Dispute.objects.get(invoice=bill).amount == 10_00
    assert access(maria.pk)[0] == "walled"


def test_sent_twice_it_is_filed_once(enter, maria, bill):
    client = enter(maria)
    first, second = file(client, bill), file(client, bill)
    assert text_of(first) == text_of(second)
    assert Dispute.objects.count() == ProtocolNumber.objects.count() == 1


def test_a_second_one_is_refused_with_a_protocol(enter, maria, bill):
    client = enter(maria)
    file(client, bill)
    page = text_of(file(client, bill, key="f" * 32))
    assert "Não foi possível contestar" in page
    assert ProtocolNumber.objects.latest("id").number in page and ProtocolNumber.objects.count() == 2
    assert Dispute.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"motivo": " "}, {"motivo": "\0"}, {"quanto": "parte", "valor": ""}, {"quanto": "parte", "valor": "0"},
        {"quanto": "parte", "valor": "1.000,00"}, {"quanto": "parte", "valor": "-5"}, {"quanto": "parte", "valor": "\0"},
    ],
)  # fmt: skip
def test_what_cannot_be_filed_is_said_and_what_was_written_stays(enter, maria, bill, fields):
    page = file(enter(maria), bill, **fields)
    assert page.status_code == 422 and 'role="alert"' in page.content.decode()
    assert not Dispute.objects.exists()


def test_a_script_in_the_reason_stays_a_text(enter, maria, bill):
    client = enter(maria)
    file(client, bill, motivo="<script>alert(1)</script>")
    page = client.get(f"/contrato/{maria.pk}/contas/{bill.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_a_paid_bill_is_contested_as_a_whole_and_comes_back_as_credit(enter, maria, bill, now):
    people.pay(maria, 200_00, now, "E-whole")
    client = enter(maria)
    page = text_of(client.get(f"/contrato/{maria.pk}/contas/{bill.pk}/nao-concordo/"))
    assert "o valor volta como crédito" in page and "Com uma parte" not in page
    assert file(client, bill, quanto="parte", valor="1,00").status_code == 422
    page = text_of(file(client, bill))
    assert "Recebemos a sua contestação" in page and "não bloqueia" not in page
    desk.answer(contract_id=maria.pk, invoice=bill.external_id, upheld=True, at=now + people.DAY)
    assert raw.rows("SELECT sum(amount) >= 9990 FROM credit_entry WHERE contract_id = %s", [maria.pk]) == [
        (True,)
    ]


def test_after_three_years_it_is_too_late(enter, maria, bill, now):
    Invoice.objects.filter(pk=bill.pk).update(due_date=people.days_ago(now, 3 * 365 + 1))
    page = text_of(enter(maria).get(f"/contrato/{maria.pk}/contas/{bill.pk}/nao-concordo/"))
    assert "não pode mais ser contestada por aqui" in page


def test_the_answer_is_shown_on_the_bill(enter, maria, bill, now):
    client = enter(maria)
    file(client, bill)
    desk.answer(
        contract_id=maria.pk,
        invoice=bill.external_id,
        upheld=False,
        at=raw.rows("SELECT clock_timestamp()")[0][0],
    )
    assert "Contestação não aceita" in text_of(client.get(f"/contrato/{maria.pk}/contas/{bill.pk}/"))
