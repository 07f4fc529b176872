"""Roteadores: health, registering, changing, and the test of the CoA port."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

import people
from religa.domain.pushing import Result
from religa.records import network_secrets, raw
from religa.records.models import Nas, NasHealth, NasTest, SessionLive

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db
SECRET = "um segredo bem comprido"
TYPED = {
    "nome": "BNG 1", "endereco": "10.0.0.1", "tipo": "mikrotik", "segredo": SECRET, "alcance": "coa", "porta": "1700",
    "origem": "", "janela": "16", "ligado": "on",
}  # fmt: skip


def url(name, nas):
    return reverse(f"console:{name}", args=[nas.pk])


@pytest.fixture
def bng(provider):
    made = Nas.objects.create(provider=provider, name="BNG 1", address="10.0.0.1", coa_port=1700)
    network_secrets.set_nas_secret(nas_id=made.pk, secret=SECRET)
    return made


@pytest.fixture
def session(bng, now):
    return SessionLive.objects.create(
        unique_id="u", session_id="s", username="ana", nas=bng, started_at=now, updated_at=now
    )


def listed(client):
    return text_of(client.get("/console/roteadores/"))


def test_a_router_is_registered_and_its_secret_is_shown_nowhere(staff, provider):
    client = staff("network")
    page = client.post("/console/roteadores/novo/", TYPED, follow=True)
    made = Nas.objects.get()
    assert "Roteador salvo. Já pode pedir logins." in text_of(page)
    assert (made.provider_id, made.coa_port, made.enabled, made.shadow) == (provider.pk, 1700, True, False)
    for address in ("/console/roteadores/", url("router", made), url("router_edit", made)):
        assert SECRET not in client.get(address).content.decode()
    assert "guardado, não pode ser mostrado" in text_of(page)


def test_errors_stand_next_to_their_fields_and_the_secret_does_not_come_back(staff, provider):
    bad = TYPED | {"endereco": "10.0.0.1/24", "porta": "70000", "nome": ""}
    answer = staff("network").post("/console/roteadores/novo/", bad)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Nas.objects.exists()
    assert 'id="id_endereco_error">Com este tamanho, a rede é 10.0.0.0/24.' in page
    assert 'id="id_porta_error">Uma porta vai de 1 a 65535.' in page
    assert 'id="id_nome_error">Escreva um nome.' in page
    assert SECRET not in page


def test_a_change_without_a_secret_keeps_it(staff, bng):
    staff("manager").post(
        url("router_edit", bng), TYPED | {"segredo": "", "nome": "BNG Norte", "sombra": "on"}
    )
    bng.refresh_from_db()
    assert (bng.name, bng.shadow) == ("BNG Norte", True)
    assert raw.rows("SELECT secret FROM radius_secret.nas_secret") == [(SECRET,)]


def test_a_short_secret_is_said(staff, provider):
    page = staff("network").post("/console/roteadores/novo/", TYPED | {"segredo": "curto"}, follow=True)
    assert "O segredo é curto" in text_of(page)


def test_the_form_hints_at_the_port_of_routeros(staff, provider):
    assert "no RouterOS a de fábrica é 1700" in text_of(staff("network").get("/console/roteadores/novo/"))


@pytest.mark.parametrize("role", ROLES)
def test_everybody_reads_and_the_network_changes(staff, bng, role):
    client, may = staff(role), role in {"network", "manager"}
    assert ("Cadastrar roteador" in listed(client)) is may
    assert client.get(url("router", bng)).status_code == 200
    assert client.get(url("router_edit", bng)).status_code == (200 if may else 403)
    assert client.post(url("router_edit", bng), TYPED).status_code == (302 if may else 403)
    assert client.post(url("router_test", bng)).status_code == (302 if may else 403)


def test_health_is_read_at_a_glance(staff, bng, session, now):
    client = staff("agent")
    NasHealth.objects.create(nas=bng, accounted_at=now, answered_at=now, outcome=Result.APPLIED)
    page = listed(client)
    assert "Em ordem" in page and "aplicou" in page
    assert "Alarme" not in text_of(client.get("/console/")) and "BNG 1" not in text_of(
        client.get("/console/")
    )


def test_sessions_without_accounting_for_15_minutes_are_an_alarm(staff, bng, session, now):
    NasHealth.objects.create(nas=bng, accounted_at=now - timedelta(minutes=16))
    client = staff("agent")
    assert "não manda accounting há mais de 15 minutos" in listed(client)
    assert "Roteador BNG 1: Tem sessões abertas" in text_of(client.get("/console/"))
    Nas.objects.update(enabled=False)
    assert "não manda accounting" not in listed(client) and "Desligado" in listed(client)


def test_silence_and_a_refusal_by_configuration_are_alarms(staff, bng, now):
    NasHealth.objects.create(
        nas=bng, accounted_at=now, silent_since=now, outcome=Result.MISCONFIGURED, alarm="502", alarm_at=now
    )
    page = text_of(staff("agent").get(url("router", bng)))
    assert "Não responde às ordens" in page and "Recusa as ordens por configuração" in page
    assert "Sem resposta desde" in page


def test_a_router_without_a_secret_or_of_a_kind_that_is_gone_says_so(staff, provider):
    odd = Nas.objects.create(provider=provider, name="Velho", address="10.0.0.9", vendor="RB 750")
    client = staff("network")
    page = text_of(client.get(url("router", odd)))
    assert "Sem segredo: este roteador não recebe resposta" in page and "O tipo “RB 750” não existe" in page
    assert "Sem segredo" in listed(client)
    form = client.get(url("router_edit", odd))
    assert "RB 750 (não existe mais)" in text_of(form)
    answer = client.post(url("router_edit", odd), TYPED | {"tipo": "RB 750"})
    assert "Escolha um tipo da lista." in text_of(answer)


def test_a_test_is_asked_for_and_the_page_waits_for_it(staff, bng):
    client = staff("network")
    asked = client.post(url("router_test", bng))
    assert asked["Location"].endswith("#teste")
    assert NasTest.objects.get().asked_by == "Network"
    waiting = client.get(url("router", bng))
    assert (
        "Testando…" in text_of(waiting) and waiting["Refresh"] == f"2; url={url('router', bng)}?vez=1#teste"
    )
    client.post(url("router_test", bng))
    assert NasTest.objects.count() == 1, "one at a time"


def test_who_waits_for_nobody_is_told(staff, bng, now):
    NasTest.objects.create(nas=bng, asked_at=now - timedelta(seconds=61), asked_by="Rita")
    page = staff("network").get(url("router", bng))
    assert "religa reconcile ) está parado" in text_of(page) and "Refresh" not in page


ANSWERS = [
    (("refused", 503, 12.0), ["Funciona", "Error-Cause 503", "em 12 ms"], []),
    (("refused", 402, 12.0), ["Responde, com ressalva", "402: falta um atributo"], ["/radius incoming"]),
    (("refused", 999, 12.0), ["Responde, com ressalva", "não está na RFC 5176"], []),
    (("refused", None, 12.0), ["Responde, com ressalva", "NAK sem Error-Cause"], []),
    (("acknowledged", None, 12.0), ["Suspeito", "o ACK deste roteador não prova nada"], []),
    (("silent", None, None),
     ["Não funciona", "segredo diferente", "endereço de origem", "/radius incoming set accept=yes port=1700"], []),
    (("not_sent", None, None), ["Não funciona", "não saiu desta máquina"], ["/radius incoming"]),
    (("no_address", None, None), ["Não funciona", "Não sei a qual roteador perguntar"], []),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "said", "unsaid"), ANSWERS, ids=[str(a[0][:2]) for a in ANSWERS])
def test_each_outcome_is_worded_for_who_has_to_mend_it(staff, bng, now, answer, said, unsaid):
    outcome, cause, took = answer
    NasTest.objects.create(
        nas=bng,
        asked_at=now,
        asked_by="Rita",
        answered_at=now,
        outcome=outcome,
        error_cause=cause,
        took_ms=took,
    )
    response = staff("agent").get(url("router", bng))
    page = text_of(response)
    assert [words for words in said if words not in page] == [] and "Refresh" not in response
    assert [words for words in unsaid if words in page] == []


def test_the_command_is_for_mikrotik_alone(staff, bng, now):
    Nas.objects.update(vendor="huawei")
    NasTest.objects.create(nas=bng, asked_at=now, asked_by="Rita", answered_at=now, outcome="silent")
    assert "/radius incoming" not in text_of(staff("agent").get(url("router", bng)))


def test_a_router_that_takes_no_orders_is_not_tested(staff, bng):
    Nas.objects.update(reach="none")
    client = staff("network")
    assert "não recebe ordens por CoA" in text_of(client.post(url("router_test", bng), follow=True))
    assert not NasTest.objects.exists()


def test_routers_of_another_provider_are_not_found(client, bng, now):
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client.force_login(people.staff(other, "manager").user, "django.contrib.auth.backends.ModelBackend")
    assert "BNG 1" not in listed(client)
    for name in ("router", "router_edit"):
        assert client.get(url(name, bng)).status_code == 404
    assert client.post(url("router_edit", bng), TYPED).status_code == 404
    assert client.post(url("router_test", bng)).status_code == 404
    assert client.get(f"/console/roteadores/{10**30}/").status_code == 404


def test_odd_values_are_answered(staff, bng):
    client = staff("manager")
    odd = ({"porta": "9" * 30}, {"porta": "x"}, {"endereco": "fe80::1%eth0"}, {"nome": "a\0"}, {"janela": ""})
    for change in odd:
        assert client.post(url("router_edit", bng), TYPED | change).status_code == 422, change
