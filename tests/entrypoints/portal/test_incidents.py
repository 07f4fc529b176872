"""A worried subscriber reads of our fault before anything about the bill."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

import people
from religa.actions.incident import close_incident
from religa.entrypoints.common import incidents
from religa.wording import Language, Moments

from .. import faults
from ..reading import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(provider, now):
    """Ana owes nothing."""
    person = people.subscriber(provider, "Ana Rocha", 1002)
    contract = people.contract(person, 1002, since=people.days_ago(now, 300))
    people.bill(contract, due=people.days_ago(now, -8))
    return contract


def read(enter, contract) -> str:
    return text_of(enter(contract).get(f"/contrato/{contract.pk}/"))


def test_who_owes_nothing_reads_that_it_is_not_the_bill(enter, provider, ana, now):
    incident = faults.fault(provider, now)
    page = read(enter, ana)
    assert "Falha na sua região" in page
    assert "Há uma falha na sua região desde" in page
    assert "estamos trabalhando. Não é por causa da sua conta." in page
    assert "está funcionando" not in page and "fibra rompida" not in page
    close_incident(provider_id=provider.pk, incident_id=incident, by="Rede", at=now)
    assert "falha" not in read(enter, ana).lower()


def test_who_is_blocked_reads_of_both_and_of_the_fault_first(enter, provider, maria, now):
    faults.fault(provider, now)
    page = read(enter, maria)
    assert page.index("Há uma falha na sua região") < page.index("por falta de pagamento")
    assert "pode não voltar mesmo com a conta paga" in page
    assert "Não é por causa da sua conta" not in page
    assert "Para acabar com o bloqueio" in page and "Pagar com Pix" in page
    assert "volta sozinha" not in page and "Para voltar agora" not in page


def test_the_list_of_contracts_says_where_the_fault_is(enter, provider, ana, now):
    other = people.contract(ana.subscriber, 1003, since=people.days_ago(now, 200))
    faults.fault_of_router(ana, now)
    page = text_of(enter(ana).get("/"))
    assert page.count("Falha na sua região") == 1 and other.external_id in page


def test_any_door_may_ask(provider, maria, ana, now):
    moments = Moments(language=Language.PT, zone=ZoneInfo(provider.zone), now=now)
    assert incidents.incident_of(ana.pk, now) is None
    assert incidents.sentences(ana.pk, now, moments=moments, shut_for_debt=False) == ()
    faults.fault(provider, now)
    found = incidents.incident_of(ana.pk, now)
    assert (found.since, found.nas, found.reason) == (now, "", "fibra rompida")
    said = incidents.sentences(maria.pk, now, moments=moments, shut_for_debt=True)
    assert said[1] == "Enquanto ela durar, a internet pode não voltar mesmo com a conta paga."
