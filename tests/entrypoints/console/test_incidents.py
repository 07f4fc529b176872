"""The page of incidents, its two buttons, and what the desk reads of a contract at a fault."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

import people
from religa.records.models import Contract, Incident, Nas, Provider

from .. import faults
from ..reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/console/incidentes/"


@pytest.fixture
def router(provider):
    return Nas.objects.create(provider=provider, name="POP Centro", address="10.1.1.1")


def test_without_any_the_page_says_that_all_is_well(staff, provider):
    page = text_of(staff("agent").get(PAGE))
    assert "Nenhum. A rede está inteira." in page and "Encerrados" not in page
    assert "Abrir incidente" not in page, "an agent reads"


def test_one_is_opened_by_name_and_shown_first(staff, provider, maria, router):
    client = staff("network")
    page = client.get(PAGE + "abrir/")
    assert "POP Centro" in text_of(page) and "O assinante lê na página" in text_of(page)
    done = client.post(PAGE + "abrir/", {"onde": f"nas:{router.pk}", "motivo": "sem energia"}, follow=True)
    kept = Incident.objects.get()
    assert (kept.nas_id, kept.reason, kept.author, kept.until) == (router.pk, "sem energia", "Network", None)
    text = text_of(done)
    assert "Incidente aberto." in text and text.index("Abertos agora") < text.index("POP Centro")
    assert "sem energia" in text


def test_it_may_have_begun_earlier(staff, provider, maria, router, now):
    begun = (now - timedelta(hours=3)).replace(second=0, microsecond=0)
    written = begun.astimezone(ZoneInfo(provider.zone))
    staff("manager").post(
        PAGE + "abrir/", {"onde": f"nas:{router.pk}", "motivo": "x", "desde": f"{written:%Y-%m-%dT%H:%M}"}
    )
    assert Incident.objects.get().since == begun


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"motivo": ""}, "Escreva aqui."),
        ({"onde": ""}, "Escolha onde."),
        ({"onde": "nas:999"}, "Faça uma escolha válida"),
        ({"desde": "2999-01-01T00:00"}, "Não foi possível, porque o início ainda não chegou."),
        ({"desde": "ontem"}, "Escreva data e hora"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_opened(staff, provider, router, change, said):
    page = staff("network").post(
        PAGE + "abrir/", {"onde": f"nas:{router.pk}", "motivo": "sem energia"} | change
    )
    assert page.status_code == 422 and said in text_of(page)
    assert Incident.objects.count() == 0


def test_it_is_closed_once_and_goes_to_the_history(staff, provider, maria, now):
    incident = faults.fault(provider, now)
    client = staff("manager")
    assert "é decidido de novo no próximo horário permitido" in text_of(
        client.get(f"{PAGE}{incident}/encerrar/")
    )
    page = text_of(client.post(f"{PAGE}{incident}/encerrar/", follow=True))
    assert "Incidente encerrado." in page and "Encerrados" in page and "Nenhum." in page
    kept = Incident.objects.get()
    assert kept.until is not None and kept.ended_by == "Manager"
    again = text_of(client.post(f"{PAGE}{incident}/encerrar/", follow=True))
    assert "Não foi possível, porque a falha já foi encerrada." in again
    assert client.get(f"{PAGE}{incident}/encerrar/").status_code == 404


def test_the_page_counts_who_is_there(staff, provider, maria, now):
    faults.fault(provider, now)
    assert "fibra rompida 1 0 Rede" in text_of(staff("network").get(PAGE))


@pytest.mark.parametrize("role", ["agent", "finance"])
def test_agents_and_finance_read_and_do_not_touch(staff, provider, maria, now, role):
    incident = faults.fault(provider, now)
    client = staff(role)
    assert "Encerrar" not in text_of(client.get(PAGE)).replace("encerrado", "")
    for path in (f"{PAGE}abrir/", f"{PAGE}{incident}/encerrar/"):
        assert client.post(path, {"motivo": "x"}).status_code == 403


def test_incidents_of_another_provider_are_not_found(staff, provider, maria, now):
    other = Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    people_there = people.subscriber(other, "Zeca", 9001)
    Contract.objects.create(
        provider=other, subscriber=people_there, external_id="Z1", since=people.days_ago(now, 10)
    )
    theirs = faults.fault(other, now, reason="segredo deles")
    client = staff("manager")
    assert "segredo deles" not in text_of(client.get(PAGE))
    assert client.get(f"{PAGE}{theirs}/encerrar/").status_code == 404
    assert client.post(f"{PAGE}{theirs}/encerrar/").status_code == 404
    assert client.post(f"{PAGE}{10**30}/encerrar/").status_code == 404


def test_the_first_page_tells_of_an_open_one(staff, provider, maria, now):
    faults.fault(provider, now)
    assert "ninguém é bloqueado lá até ela ser encerrada" in text_of(staff("agent").get("/console/"))


def test_of_a_blocked_contract_debt_and_fault_are_in_one_line(staff, provider, maria, now):
    faults.fault_of_router(maria, now)
    page = text_of(staff("agent").get(f"/console/contrato/{maria.pk}/"))
    assert "Falha no roteador CE-01 desde" in page and ", e há débito também." in page
    assert "Dívida e falha" in page
    assert "Falha nossa no roteador CE-01 desde" in page and ": sem energia." in page


def test_of_a_contract_without_debt_the_fault_is_the_reason(staff, provider, now):
    person = people.subscriber(provider, "Ana Rocha", 1002)
    contract = people.contract(person, 1002, since=people.days_ago(now, 300))
    faults.fault(provider, now)
    page = text_of(staff("agent").get(f"/console/contrato/{contract.pk}/"))
    assert "Falha na região desde" in page and ", não é débito." in page
    assert "Falha, não é dívida" in page and "está funcionando" not in page
