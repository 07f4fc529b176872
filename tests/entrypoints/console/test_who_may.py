"""Log-in, roles, and walls between providers."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

import people
from religa.entrypoints.console.urls import urlpatterns

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db
OPEN = {"login", "log_out"}
OF_A_CONTRACT = [p.name for p in urlpatterns if "contract_id" in p.pattern.converters]
DEEDS = {
    "unlock": {"agent", "finance", "manager"},
    "revoke": {"agent", "finance", "manager"},
    "hold": {"agent", "finance", "manager"},
    "release": {"agent", "finance", "manager"},
    "payment": {"finance", "manager"},
    "take": {"agent", "finance", "manager"},
    "waive": {"agent", "finance", "manager"},
    "till": {"agent", "finance", "manager"},
    "agreement": {"finance", "manager"},
    "termination": {"finance", "manager"},
    "bank_files": {"finance", "manager"},
    "stop": {"finance", "network", "manager"},
    "resume": {"network", "manager"},
    "open_incident": {"network", "manager"},
    "router_add": {"network", "manager"},
    "billing_rule": {"finance", "manager"},
    "start_billing": {"finance", "manager"},
    "stop_billing": {"finance", "manager"},
    "cancel_carne": {"finance", "manager"},
    "fiscal_document": {"finance", "manager"},
    "accounts": {"finance", "manager"},
    "account_kinds": {"manager"},
    "events": {"finance", "manager"},
    "finance": {"finance", "manager"},
    "balance": {"finance", "manager"},
    "balance_csv": {"finance", "manager"},
    "times": {"finance", "manager"},
    "begin_contact": {"agent", "finance", "manager"},
    "address": {"agent", "finance", "manager"},
    "send_pix": {"agent", "finance", "manager"},
    "send_boleto": {"agent", "finance", "manager"},
    "send_code": {"agent", "finance", "manager"},
    "prove_letter": {"agent", "finance", "manager"},
    "prove_signature": {"agent", "finance", "manager"},
    "prove_call": {"agent", "finance", "manager"},
    "dossier": {"finance", "manager"},
    "integrations": {"manager"},
    "integration_add": {"manager"},
    "talks": {"agent", "finance", "manager"},
}


def path(name: str, number: int = 1) -> str:
    pattern = next(p for p in urlpatterns if p.name == name)
    return reverse(f"console:{name}", kwargs=dict.fromkeys(pattern.pattern.converters, number))


@pytest.mark.parametrize("name", [p.name for p in urlpatterns if p.name not in OPEN])
def test_nobody_enters_without_a_password(client, provider, name):
    for method in (client.get, client.post):
        assert method(path(name))["Location"].startswith("/console/entrar/")


@pytest.mark.parametrize("name", [p.name for p in urlpatterns if p.name not in OPEN])
def test_a_user_without_a_role_sees_nothing(client, provider, name):
    client.force_login(
        get_user_model().objects.create_user("nobody"), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(path(name)).status_code == 403


def test_the_right_password_opens(client, provider):
    people.staff(provider, "agent")
    page = client.post("/console/entrar/", {"username": "agent", "password": people.PASSWORD})
    assert page["Location"] == "/console/"


def test_five_wrong_passwords_shut_the_door(client, provider):
    people.staff(provider, "agent")
    for _ in range(5):
        client.post("/console/entrar/", {"username": "agent", "password": "wrong"})
    page = client.post("/console/entrar/", {"username": "agent", "password": people.PASSWORD})
    assert page.status_code == 429


def test_leaving_takes_a_post(staff):
    client = staff("agent")
    assert client.get("/console/sair/").status_code == 405
    client.post("/console/sair/")
    assert client.get("/console/").status_code == 302


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_role_does_its_own(staff, maria, deed, role):
    expected = 200 if role in DEEDS[deed] else 403
    client = staff(role)
    assert client.get(path(deed, maria.pk)).status_code == expected
    if expected == 403:
        assert client.post(path(deed, maria.pk), {"confirmar": "sim"}).status_code == 403


@pytest.mark.parametrize("role", ["network"])
@pytest.mark.parametrize("name", ["close_till", "closing", "receipt", "undo_payment", "move_payment"])
def test_the_network_team_has_no_till(staff, maria, role, name):
    client = staff(role)
    assert client.get(path(name, maria.pk)).status_code == 403
    assert client.post(path(name, maria.pk), {"confirmar": "sim"}).status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_buttons_are_shown_to_those_who_may(staff, maria, role):
    page = text_of(staff(role).get(path("contract", maria.pk)))
    assert ("Desbloquear em confiança" in page) is (role in DEEDS["unlock"])
    assert ("Não bloquear até" in page) is (role in DEEDS["hold"])
    assert ("Registrar pagamento" in page) is (role in DEEDS["payment"])
    assert ("Receber no caixa" in page) is (role in DEEDS["take"])
    assert ("Perdoar" in page) is (role in DEEDS["waive"])
    assert ("Foi de outro contrato" in page) is (role in DEEDS["payment"])


@pytest.fixture
def elsewhere(maria, now):
    """A client of the staff of another provider."""
    from django.test import Client

    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client = Client()
    client.force_login(people.staff(other, "manager").user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize("name", OF_A_CONTRACT)
def test_contracts_of_another_provider_are_not_found(elsewhere, maria, tables, name):
    before = tables()
    assert elsewhere.get(path(name, maria.pk)).status_code == 404
    if name not in ("contract", "sendings"):
        assert elsewhere.post(path(name, maria.pk), {"confirmar": "sim", "motivo": "x"}).status_code == 404
    assert tables() == before


def test_search_outbox_runs_and_failures_stay_with_the_provider(elsewhere, maria):
    assert "Nada encontrado" in text_of(elsewhere.get("/console/busca/", {"q": "maria"}))
    for page in ("mensagens", "bloqueios", "falhas"):
        assert "Maria" not in text_of(elsewhere.get(f"/console/{page}/"))


def test_runs_of_another_provider_are_not_found(elsewhere, maria, provider, now):
    from religa.records.models import BlockRun

    run = BlockRun.objects.filter(provider=provider).latest("id")
    for name in ("run", "approve"):
        assert elsewhere.get(path(name, run.pk)).status_code == 404
    assert elsewhere.post(path("approve", run.pk), {"motivo": "x"}).status_code == 404


def test_looking_at_every_page_changes_nothing(staff, maria, tables):
    client = staff("manager")
    before = tables()
    for pattern in urlpatterns:
        if pattern.name not in OPEN:
            client.get(path(pattern.name, maria.pk))
    client.get("/console/busca/", {"q": "maria"})
    assert tables() == before


def test_pages_are_kept_by_no_cache(staff, maria):
    client = staff("manager")
    for page in ("/console/", path("contract", maria.pk), "/console/mensagens/"):
        assert client.get(page)["Cache-Control"] == "no-store, private"


def test_odd_questions_are_answered(staff, maria):
    client = staff("manager")
    assert client.get("/console/busca/", {"q": "\0%_\\"}).status_code == 200
    for odd in (f"contrato/{10**30}", f"bloqueios/{10**30}", "contrato/x"):
        assert client.get(f"/console/{odd}/").status_code == 404
