"""Fazer um acordo: plans with their days and sums, confirmed once, opened by the first instalment."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import people
from religa.actions import record_payment
from religa.domain.facts import Method
from religa.records import raw
from religa.records.models import Agreement, Invoice, PolicyVersion, ProtocolNumber

from ..reading import text_of

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client_of_maria(enter, maria):
    PolicyVersion.objects.update(values={"own_agreement_max_instalments": 3})
    return enter(maria)


def today(now):
    return now.astimezone(people.ZONE).date()


def confirm(client, contract, now, key=KEY, **more):
    form = {"chave": key, "parcelas": "3", "vence": f"{today(now):%Y-%m-%d}", **more}
    return client.post(f"/contrato/{contract.pk}/acordo/", form, follow=True)


def test_plans_show_every_sum_and_day_before_anything_is_done(client_of_maria, maria, tables):
    before = tables()
    page = text_of(client_of_maria.get(f"/contrato/{maria.pk}/acordo/"))
    assert "2 parcelas" in page and "3 parcelas" in page and "4 parcelas" not in page
    chosen = text_of(client_of_maria.get(f"/contrato/{maria.pk}/acordo/?primeira=amanha&parcelas=3"))
    sums = [int(s.replace(",", "")) for s in re.findall(r"Parcela \d \w+ \w[^R]*R\$ (\d+,\d\d)", chosen)]
    total = int(re.search(r"Total R\$ (\d+,\d\d)", chosen)[1].replace(",", ""))
    assert len(sums) == 3 and sum(sums) == total > 99_90
    assert "A internet volta quando a primeira parcela for paga." in chosen
    assert tables() == before


def test_it_is_made_once_and_its_first_instalment_opens(client_of_maria, maria, now):
    page = text_of(confirm(client_of_maria, maria, now))
    again = text_of(confirm(client_of_maria, maria, now))
    told = ProtocolNumber.objects.get(contract=maria, subject="agreement").number
    assert told in page and told in again
    made = Agreement.objects.get(contract=maria)
    first = Invoice.objects.get(pk=made.first_instalment_id)
    assert first.due_date == today(now)
    assert "A internet volta assim que o banco confirmar." in page
    amount = int(
        raw.rows("SELECT sum(amount)::bigint FROM invoice_line WHERE invoice_id = %s", [first.pk])[0][0]
    )
    record_payment.record(
        contract_id=maria.pk, payment_id="E1", amount=amount, method=Method.PIX, paid_at=now, at=now,
        invoice=first.external_id,
    )  # fmt: skip
    assert raw.rows("SELECT access FROM contract_access WHERE contract_id = %s", [maria.pk]) == [("full",)]


def test_the_button_pays_the_first_instalment(client_of_maria, maria, now):
    page = confirm(client_of_maria, maria, now).content.decode()
    first = Agreement.objects.get(contract=maria).first_instalment_id
    assert f'name="conta" value="{first}"' in page
    shown = text_of(client_of_maria.get(f"/contrato/{maria.pk}/pagar/?valor=conta&conta={first}"))
    assert "Parcela 1 do acordo" in shown and "Com este valor a internet volta." in shown


def test_a_second_one_is_refused_with_its_reason_and_a_protocol(client_of_maria, maria, now):
    confirm(client_of_maria, maria, now)
    page = text_of(confirm(client_of_maria, maria, now, key="f" * 32))
    assert "Já existe um acordo com parcelas a pagar." in page
    assert ProtocolNumber.objects.filter(subject="agreement").latest("id").number in page
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"parcelas": "9"},
        {"parcelas": "1"},
        {"parcelas": "-1"},
        {"parcelas": "\0"},
        {"vence": "2019-01-01"},
        {"vence": "x"},
    ],
)
def test_forms_that_were_changed_make_none(client_of_maria, maria, now, wrong):
    assert "Não foi possível fazer o acordo" in text_of(confirm(client_of_maria, maria, now, **wrong))
    assert not Agreement.objects.exists()


def test_a_day_too_far_makes_none(client_of_maria, maria, now):
    later = today(now) + timedelta(days=2)
    page = text_of(confirm(client_of_maria, maria, now, vence=f"{later:%Y-%m-%d}"))
    assert "A primeira parcela precisa vencer hoje ou amanhã." in page


def test_without_its_key_or_with_another_wish_nothing_is_asked(client_of_maria, maria, now):
    assert confirm(client_of_maria, maria, now, key="x").redirect_chain[-1][0].endswith("/acordo/")
    confirm(client_of_maria, maria, now)
    assert confirm(client_of_maria, maria, now, parcelas="2").redirect_chain[-1][0].endswith("/acordo/")
    assert Agreement.objects.count() == 1


def test_where_the_policy_has_none_the_page_says_whom_to_ask(enter, maria):
    page = text_of(enter(maria).get(f"/contrato/{maria.pk}/acordo/"))
    assert "O acordo é feito com o atendimento." in page and "Pagar com Pix" in page
    assert "Fazer um acordo em parcelas" not in text_of(enter(maria).get(f"/contrato/{maria.pk}/"))


def test_beyond_the_limit_of_trust_it_is_offered(client_of_maria, maria, now):
    people.unlock(maria, now - 15 * people.DAY)
    people.play(now)
    assert "Ver as parcelas" in text_of(client_of_maria.get(f"/contrato/{maria.pk}/liberar/"))
    refused = client_of_maria.post(
        f"/contrato/{maria.pk}/liberar/", {"chave": KEY, "como": "promessa"}, follow=True
    )
    assert "Ver as parcelas" in text_of(refused)
    assert "Fazer um acordo em parcelas" in text_of(client_of_maria.get(f"/contrato/{maria.pk}/"))
