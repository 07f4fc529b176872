"""Bills and payments one by one, and receipts to print."""

from __future__ import annotations

import pytest

import people
from religa.actions import change_holder, reverse_payment
from religa.domain.facts import Method
from religa.records.models import Invoice, Payment

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(maria, now):
    people.pay(maria, 150_00, now, "E-whole")
    return Payment.objects.get(external_id="E-whole")


def test_a_receipt_says_who_received_from_whom_how_much_and_what_for(enter, maria, paid):
    page = text_of(enter(maria).get(f"/contrato/{maria.pk}/recibo/{paid.pk}/"))
    assert "Recebemos R$ 150,00 de Maria" in page and "CNPJ 41.222.333/0001-" in page
    assert "Conta de " in page and "com multa e juros de R$" in page
    assert "Crédito para as próximas contas R$ 4" in page and "Total R$ 150,00" in page
    document = maria.subscriber.document
    assert document not in page and f"•••.{document[3:6]}.{document[6:9]}-••" in page


def test_money_that_went_back_is_marked(enter, maria, paid, now):
    reverse_payment.reverse(contract_id=maria.pk, payment_id="E-whole", at=now, reason="engano")
    client = enter(maria)
    assert "e não vale mais." in text_of(client.get(f"/contrato/{maria.pk}/recibo/{paid.pk}/"))
    assert "Devolvido" in text_of(client.get(f"/contrato/{maria.pk}/pagamentos/"))
    assert "foi devolvido e não conta mais" in text_of(client.get(f"/contrato/{maria.pk}/recebido/E-whole/"))


def test_a_bill_shows_what_was_paid_on_it(enter, maria, paid):
    bill = Invoice.objects.filter(contract=maria).latest("due_date")
    page = enter(maria).get(f"/contrato/{maria.pk}/contas/{bill.pk}/")
    assert "por Pix" in text_of(page) and f"/recibo/{paid.pk}/" in page.content.decode()


def test_payments_and_bills_of_an_earlier_holder_are_not_shown(enter, maria, provider, paid, now):
    old = Invoice.objects.filter(contract=maria).latest("due_date")
    other = people.subscriber(provider, "Nova Dona", 1777)
    change_holder.change(contract_id=maria.pk, subscriber_id=other.pk, at=now + people.DAY / 86400)
    maria.refresh_from_db()
    client = enter(maria)
    for tail in (
        f"recibo/{paid.pk}/",
        "recebido/E-whole/",
        f"contas/{old.pk}/",
        f"contas/{old.pk}/nao-concordo/",
    ):
        assert client.get(f"/contrato/{maria.pk}/{tail}").status_code == 404, tail
    assert "Ainda não recebemos pagamentos" in text_of(client.get(f"/contrato/{maria.pk}/pagamentos/"))


def test_every_way_to_pay_has_a_name_on_the_page(enter, maria, paid):
    Payment.objects.filter(pk=paid.pk).update(method=Method.CASH.value)
    assert "Dinheiro" in text_of(enter(maria).get(f"/contrato/{maria.pk}/pagamentos/"))
