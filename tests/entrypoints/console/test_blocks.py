"""The guard's runs, the big red button, the outbox, and what the sweeper set aside."""

from __future__ import annotations

import pytest

import people
from religa.actions.look import look
from religa.entrypoints.common import bills
from religa.entrypoints.common.filters import reais
from religa.entrypoints.console import runs
from religa.records.models import (
    BlockCandidate,
    BlockRun,
    Invoice,
    LoginCode,
    Message,
    Provider,
    SweepFailure,
)

from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(provider, now):
    people.waiting_run(provider, now, count=2)
    return BlockRun.objects.get(state="held")


def test_a_held_run_names_its_reason_and_its_people(staff, held):
    client = staff("network")
    runs = text_of(client.get("/console/bloqueios/"))
    assert "Retida: espera uma pessoa" in runs and "É a primeira vez que o sistema bloqueia" in runs
    page = text_of(client.get(f"/console/bloqueios/{held.pk}/"))
    assert "Antônio Melo" in page and "Cícera Alves" in page and "retido" in page


def test_a_held_run_says_what_each_owes_and_who_has_paid_meanwhile(staff, held, now):
    antonio, cicera = (c.contract for c in BlockCandidate.objects.filter(run=held).order_by("contract_id"))
    people.pay(cicera, 200_00, now, "E-cicera")
    page = text_of(staff("network").get(f"/console/bloqueios/{held.pk}/"))
    owed = bills.add_up(
        bills.late(bills.open_bills(look(contract_id=antonio.pk, at=now).standing, at=now))
    ).total
    due = Invoice.objects.get(contract=antonio).due_date
    sum_ = reais(owed).replace("\xa0", " ")
    assert f"{due:%d/%m/%Y} {sum_} retido" in page
    assert "— nada retido" in page
    assert f"de quem está na lista {sum_}" in page


def test_a_run_that_is_over_tells_no_sums(staff, held, now):
    BlockRun.objects.filter(pk=held.pk).update(state="done", finished_at=now)
    page = text_of(staff("network").get(f"/console/bloqueios/{held.pk}/"))
    assert "Antônio Melo" in page and "Atrasado" not in page


def test_of_a_run_that_others_have_left_nothing_is_said_to_be_hidden(staff, held):
    BlockCandidate.objects.filter(run=held).order_by("contract_id")[0].delete()
    assert "Os primeiros" not in text_of(staff("network").get(f"/console/bloqueios/{held.pk}/"))


def test_of_a_large_run_the_first_are_shown_and_that_is_said(staff, held, monkeypatch):
    monkeypatch.setattr(runs, "_SHOWN", 1)
    assert "Os primeiros 1 de 2." in text_of(staff("network").get(f"/console/bloqueios/{held.pk}/"))


def test_a_run_is_approved_by_name_and_with_a_reason(staff, held):
    client = staff("manager")
    refused = client.post(f"/console/bloqueios/{held.pk}/aprovar/", {"motivo": ""})
    held.refresh_from_db()
    assert refused.status_code == 422 and held.state == "held"
    page = text_of(
        client.post(f"/console/bloqueios/{held.pk}/aprovar/", {"motivo": "conferi a lista"}, follow=True)
    )
    held.refresh_from_db()
    assert (held.state, held.approved_by) == ("approved", "Manager: conferi a lista")
    assert "2 bloqueios liberados." in page


def test_a_run_is_approved_once(staff, held):
    client = staff("manager")
    for _ in range(2):
        page = client.post(f"/console/bloqueios/{held.pk}/aprovar/", {"motivo": "ok"}, follow=True)
    assert "não está mais retida" in text_of(page)
    asked_again = client.get(f"/console/bloqueios/{held.pk}/aprovar/", follow=True)
    assert "não está mais retida" in text_of(asked_again), "nothing is left to ask about"


def test_an_agent_cannot_approve(staff, held):
    client = staff("agent")
    assert client.post(f"/console/bloqueios/{held.pk}/aprovar/", {"motivo": "ok"}).status_code == 403
    assert "Aprovar esta rodada" not in text_of(client.get(f"/console/bloqueios/{held.pk}/"))


def test_everything_stops_and_everybody_sees_it(staff, provider, maria):
    client = staff("manager")
    assert "Quem já está bloqueado continua" in text_of(client.get("/console/parar/"))
    client.post("/console/parar/", {"motivo": "banco fora do ar"})
    stopped = Provider.objects.get(pk=provider.pk)
    assert stopped.enforcement_off_by == "Manager: banco fora do ar"
    for page in ("/console/", f"/console/contrato/{maria.pk}/", "/console/mensagens/"):
        assert "Todos os bloqueios estão parados desde" in text_of(client.get(page))
    client.post("/console/retomar/")
    assert Provider.objects.get(pk=provider.pk).enforcement_off_since is None
    assert "estão parados" not in text_of(client.get("/console/mensagens/"))


def test_stopping_needs_a_reason(staff, provider):
    assert staff("manager").post("/console/parar/", {"motivo": ""}).status_code == 422
    assert Provider.objects.get(pk=provider.pk).enforcement_off_since is None


@pytest.fixture
def code(provider, maria, client):
    client.post("/entrar/", {"documento": maria.subscriber.document})
    client.post("/entrar/canal/", {"canal": "sms"})
    assert LoginCode.objects.count() == 1
    return Message.objects.get(kind="code").text[:6]


def test_the_outbox_shows_codes_in_the_demo_alone(staff, code, settings):
    client = staff("agent")
    assert code not in text_of(client.get("/console/mensagens/"))
    assert "•••••• é o seu codigo" in text_of(client.get("/console/mensagens/"))
    settings.DEMO_BANK = "http://127.0.0.1:1"
    assert code in text_of(client.get("/console/mensagens/"))


def test_the_outbox_shows_what_was_written_and_what_became_of_it(staff, maria):
    page = text_of(staff("agent").get("/console/mensagens/"))
    assert "Notificação de débito Enviada" in page and "maria@example.org" in page


def test_what_was_set_aside_is_listed(staff, maria, now):
    SweepFailure.objects.create(contract=maria, at=now, step="sweep", error="ValueError: odd")
    client = staff("network")
    assert "ValueError: odd" in text_of(client.get("/console/falhas/"))
    assert "1 contrato que o sistema não conseguiu avaliar" in text_of(client.get("/console/"))


def test_blocks_that_wait_for_a_silent_bank_are_shown_with_the_reason(staff, maria, now):
    from religa.records.models import BlockCandidate

    BlockCandidate.objects.create(
        contract=maria, proposed_at=now, checked_at=now, state="proposed", held_reason="bank_silent"
    )
    page = text_of(staff("network").get("/console/bloqueios/"))
    assert "1 bloqueio espera" in page and "um banco não respondeu o que recebeu" in page
