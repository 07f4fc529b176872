"""An agent sees on one page: online or not, debt or not, why, until when, what happened, what may be done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import people
from religa.actions import switches

from ..reading import text_of

pytestmark = pytest.mark.django_db


def read(client, contract) -> str:
    return text_of(client.get(f"/console/contrato/{contract.pk}/"))


def test_one_sentence_says_it_all(staff, maria):
    page = read(staff("agent"), maria)
    assert "A internet deste contrato está bloqueada desde" in page
    assert "por falta de pagamento (conta de" in page
    assert "Dívida" in page


def test_a_fault_that_is_no_debt_says_so(staff, maria, now):
    switches.turn_on(contract_id=maria.pk, switch="operator_block", at=now, reason="ordem judicial")
    page = read(staff("agent"), maria)
    assert "Não é dívida" in page
    assert "Bloqueado pelo provedor, não por dívida: ordem judicial." in page


def test_the_facts_behind_the_decision_are_said(staff, maria):
    page = read(staff("agent"), maria)
    assert re.search(r"Conta de \w+ de \d{4} \(1001-\d{6}\): venceu em", page)
    assert re.search(r"Notificação enviada n[ao] .*: entregue em \d\d/\d\d/\d{4}\.", page)
    assert re.search(r"Bloqueio aberto n[ao] .* por 1001-\d{6}; \d+ dias de bloqueio até agora\.", page)
    assert "Pode liberar em confiança agora, até" in page
    assert "O menor Pix que religa agora é de R$" in page


def test_amounts_are_given_per_method(staff, maria):
    page = read(staff("agent"), maria)
    assert "Pix hoje Boleto hoje" in page
    assert "R$ 99,90 R$ 1,99" in page


def test_the_history_tells_everything_with_evidence(staff, maria, now):
    people.unlock(maria, now)
    page = read(staff("agent"), maria)
    for said in (
        "Notificação de débito",
        "entregue por e-mail a maria@example.org em",
        "Aviso de bloqueio",
        "Bloqueio aberto",
        "Pagamento de R$ 99,90",
        "Liberação em confiança Promessa de pagamento, por WhatsApp, até",
        "Protocolo",
    ):
        assert said in page, said


def test_what_nobody_sees_changing_is_left_out_of_the_history(staff, maria):
    html = staff("agent").get(f"/console/contrato/{maria.pk}/").content.decode()
    titles = re.findall(r'<p class="what"><strong>(.*?)</strong>', html)
    states = [t for t in titles if t in ("Em dia", "Conta atrasada", "Bloqueada")]
    assert states == ["Bloqueada", "Conta atrasada", "Em dia"]


def test_a_changed_history_is_noticed(staff, maria):
    from religa.records import raw

    raw.run("UPDATE access_change SET cause = 'nothing' WHERE contract_id = %s", [maria.pk])
    assert "os elos não conferem" in read(staff("agent"), maria)


def test_search_finds_by_what_people_say(staff, maria):
    client = staff("agent")
    for said in (
        "das dores",
        "MARIA",
        maria.subscriber.document,
        "1001",
        "cliente1001",
        "acacias",
        "99900-1001",
    ):
        found = client.get("/console/busca/", {"q": said})
        assert found["Location"] == f"/console/contrato/{maria.pk}/", said
    assert "Nada encontrado" in text_of(client.get("/console/busca/", {"q": "ninguem"}))


def test_the_first_page_shows_what_waits_for_somebody(staff, maria, provider, now):
    people.waiting_run(provider, now, count=3)
    page = text_of(staff("network").get("/console/"))
    assert "retida com 3 bloqueios, porque é a primeira vez que o sistema bloqueia" in page


def test_the_first_page_names_a_silent_feed(staff, provider, now):
    from religa.records.models import FeedHeartbeat

    FeedHeartbeat.objects.create(
        provider=provider, name="Pix do banco", kind="poll", last_completed_at=now - 2 * people.DAY
    )
    assert "Os pagamentos de Pix do banco não chegam desde" in text_of(staff("network").get("/console/"))


def test_the_button_to_unlock_stands_out_only_where_it_would_be_granted(staff, maria, now):
    client = staff("agent")
    path = f"/console/contrato/{maria.pk}/"
    link = f'href="{path}desbloquear/"'
    assert f'<a class="button" {link}' in client.get(path).content.decode()
    switches.turn_on(contract_id=maria.pk, switch="bar", at=now, reason="fraude")
    assert f'<a class="button button-quiet" {link}' in client.get(path).content.decode()


def test_a_hold_while_the_bank_is_silent_is_worded_on_the_page_and_in_its_history(staff, maria, now):
    from religa.actions.hold import hold
    from religa.actions.money.holding import REASON

    hold(contract_id=maria.pk, until=now + timedelta(hours=24), reason=REASON, at=now, author="")
    page = text_of(staff("agent").get(f"/console/contrato/{maria.pk}/"))
    assert (
        page.count("o banco avisou um pagamento e ainda não confirmou") >= 3
    )  # the sentence, the ground, the line
    assert "e enquanto isso não há bloqueio" in page and REASON not in page
