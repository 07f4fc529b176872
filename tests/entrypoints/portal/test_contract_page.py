"""One screen answers: am I cut off, is it cancelled, why, until when, what do I owe, how do I get back."""

from __future__ import annotations

import re

import pytest

import people
from religa.actions import dispute, hold, record_payment, switches, unlock_on_trust
from religa.domain.facts import Channel, Method, UnlockKind
from religa.domain.trust import Request

from ..reading import text_of

pytestmark = pytest.mark.django_db


def read(enter, contract, tail="") -> str:
    return text_of(enter(contract).get(f"/contrato/{contract.pk}/{tail}"))


def test_a_blocked_subscriber_reads_everything_on_one_screen(enter, maria):
    page = read(enter, maria)
    assert "Internet bloqueada" in page
    assert "o contrato continua ativo: nada foi cancelado" in page
    assert "por falta de pagamento (conta de " in page
    assert re.search(r"desde \w+-feira, \d+º? de \w+", page)
    assert "Pagar com Pix" in page and "Não há taxa para religar." in page
    assert "Liberar em confiança" in page


def test_fine_and_interest_are_each_shown(enter, maria):
    page = read(enter, maria)
    assert "R$ 99,90" in page
    assert "Multa R$ 1,99" in page
    interest = re.search(r"Juros até hoje R\$ (\d+),(\d\d)", page)
    total = 99_90 + 1_99 + int(interest[1]) * 100 + int(interest[2])
    assert f"Total hoje, por Pix R$ {total // 100},{total % 100:02}" in page


def test_the_end_of_a_trust_unlock_is_said_before_it_is_asked_for(enter, maria):
    assert re.search(r"Use a internet até \w+-feira, \d+º? de \w+, às", read(enter, maria))


def test_after_a_trust_unlock_the_page_says_until_when(enter, maria, now):
    people.unlock(maria, now)
    page = read(enter, maria)
    assert "Internet liberada em confiança" in page
    assert "Sem pagamento até lá, será bloqueada de novo." in page
    assert "Não consegue pagar hoje?" not in page


def test_who_is_up_to_date_is_not_alarmed(enter, provider, now):
    person = people.subscriber(provider, "Ana Rocha", 1002)
    contract = people.contract(person, 1002, since=people.days_ago(now, 300))
    people.bill(contract, due=people.days_ago(now, -8))
    page = read(enter, contract)
    assert "Está tudo em dia" in page and "Próxima conta" in page
    assert "bloquead" not in page


def test_a_contested_charge_is_not_asked_for(enter, maria, now):
    invoice = next(i for i in (f"{maria.external_id}-{people.days_ago(now, 45):%Y%m}",))
    dispute.file(contract_id=maria.pk, invoice=invoice, at=now)
    page = read(enter, maria)
    assert "a cobrança contestada está em análise" in page
    assert "não precisa ser pago agora" in page
    assert "Para voltar agora" not in page and "Pagar com Pix" not in page


def test_a_part_payment_is_taken_off(enter, maria, now):
    record_payment.record(
        contract_id=maria.pk, payment_id="E-part", amount=40_00, method=Method.PIX, paid_at=now, at=now
    )
    page = read(enter, maria)
    assert "já pago: R$ 40,00" in page and "R$ 59,90" in page


def test_a_block_for_another_reason_leads_to_the_phone(enter, provider, now):
    person = people.subscriber(provider, "Rafael Nunes", 1007)
    contract = people.contract(person, 1007, since=people.days_ago(now, 300))
    switches.turn_on(contract_id=contract.pk, switch="operator_block", at=now, reason="ordem judicial")
    page = read(enter, contract)
    assert "por um motivo que não é falta de pagamento" in page
    assert "Ligar para 0800 591 0000" in page
    assert "ordem judicial" not in page  # between the provider and the court
    assert "Liberar em confiança" not in page and "Pagar com Pix" not in page


def test_a_hold_is_said_with_its_end(enter, maria, now):
    hold.hold(contract_id=maria.pk, until=now + 5 * people.DAY, reason="saúde", at=now)
    page = read(enter, maria)
    assert "o provedor se comprometeu a não bloquear até" in page
    assert "saúde" not in page


def test_locked_says_every_reason_against_trust(enter, maria, now):
    asked = Request(UnlockKind.PROMISE, Channel.PORTAL)
    unlock_on_trust.unlock(contract_id=maria.pk, request=asked, at=now - 15 * people.DAY)
    people.play(now)
    page = read(enter, maria)
    assert "Internet bloqueada até o pagamento" in page
    assert "Hoje não podemos liberar em confiança" in page
    assert "A liberação em confiança deste bloqueio já foi usada." in page
    assert "Uma liberação anterior não foi paga no prazo" in page


def test_several_contracts_are_listed_and_each_has_its_page(enter, provider, now):
    shop = people.subscriber(provider, "Padaria Pão Ltda", 2001, kind="company")
    made = [
        people.contract(shop, 2001 + n, since=people.days_ago(now, 300), address=f"Rua {n}") for n in range(3)
    ]
    client = enter(made[0])
    page = text_of(client.get("/"))
    assert all(contract.address in page for contract in made)
    assert [client.get(f"/contrato/{c.pk}/").status_code for c in made] == [200, 200, 200]


def test_the_contract_shows_who_it_is_paid_to_and_whom_to_call(enter, maria):
    page = read(enter, maria)
    assert "Ponte Fibra Telecomunicações Ltda" in page and "CNPJ 41.222.333/0001-" in page
    assert "0800 591 0000" in page and "24 horas, todos os dias" in page


def test_all_invoices_are_listed_with_what_became_of_them(enter, maria):
    page = read(enter, maria, "contas/")
    assert "Atrasada" in page and "Paga" in page and "paga em " in page


def test_everything_written_can_be_read_again(enter, maria):
    page = read(enter, maria, "avisos/")
    assert "Aviso de conta em atraso" in page and "notificação" in page
    assert "órgãos de proteção ao crédito" in page
    assert "seu código" not in page
