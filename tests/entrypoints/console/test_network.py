"""Rede: what disagrees, what waits, what was ordered, and whom we have just blocked."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

import network_rows as rows
import people

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db
PAGES = ("", "ordens/", "bloqueados/")


@pytest.fixture
def nas(provider, now):
    return rows.router(now=now)


def read(client, page: str = "") -> str:
    return text_of(client.get(f"/console/rede/{page}"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_everybody_reads_how_the_network_is(staff, maria, nas, role, page):
    assert staff(role).get(f"/console/rede/{page}").status_code == 200


def test_a_session_that_is_not_as_its_row_says_is_shown(staff, maria, nas, now):
    rows.live(maria, nas, now)  # Maria is blocked
    page = read(staff())
    assert "Conexões fora do estado certo" in page
    assert "Acesso normal Na página de bloqueio" in page
    assert rows.IPV4 not in page


def test_a_session_whose_end_is_not_known_to_its_router_is_shown(staff, provider, nas, now):
    carla = people.contract(
        people.subscriber(provider, "Carla Dias", 9002), 9002, since=people.days_ago(now, 90)
    )
    rows.live(carla, nas, now, applied_until=now + rows.HOUR)
    page = read(staff())
    assert "Carla Dias" in page
    assert "Acesso normal sem fim" in page


def test_a_session_as_it_should_be_is_not_shown(staff, maria, nas, now):
    rows.live(maria, nas, now, applied_state="walled")
    assert "Na página de bloqueio" not in read(staff())


def test_a_session_that_nothing_was_heard_of_is_not_shown(staff, maria, nas, now):
    rows.live(maria, nas, now, updated_at=now - rows.HOUR)
    assert "Na página de bloqueio" not in read(staff())


def test_orders_that_wait_say_how_often_and_when_again(staff, maria, nas, now):
    rows.live(
        maria, nas, now, push_tries=3, push_after=now + rows.HOUR, push_outcome="silent", contradicted=2
    )
    page = read(staff())
    assert "Sem resposta" in page
    assert "confirmou e não cumpriu 2 vezes" in page


def test_routers_show_their_sessions_and_how_they_fare(staff, maria, provider, nas, now):
    rows.live(maria, nas, now, push_tries=1, push_outcome="busy")
    from religa.records.models import NasHealth

    quiet = rows.router("BNG Norte", "192.0.2.2", now)
    NasHealth.objects.filter(nas=quiet).update(silent_since=now - rows.HOUR)
    wrong = rows.router("BNG Sul", "192.0.2.3", now)
    NasHealth.objects.filter(nas=wrong).update(alarm="Error-Cause 403")
    page = read(staff())
    assert "Não responde desde" in page
    assert "Precisa de alguém Error-Cause 403" in page
    assert "BNG Centro mikrotik Normal 1 1 0" in page


def test_the_last_orders_say_what_became_of_them(staff, maria, nas, now):
    rows.order(maria, nas, now, outcome="refused", error_cause=401, kind="disconnect")
    rows.order(maria, nas, now, outcome="silent", took_ms=None)
    page = read(staff(), "ordens/")
    assert "Recusada pelo roteador Error-Cause 401" in page
    assert "Sem resposta sem resposta" in page


def test_whom_we_blocked_in_the_last_hour(staff, provider, now):
    """Maria of the demo was blocked weeks ago; these are blocked now."""
    people.blocked(provider, now)
    people.play(now)
    client = staff()
    assert "Ninguém foi bloqueado na última hora" in read(client, "bloqueados/")
    from religa.records.models import AccessChange

    AccessChange.objects.filter(access="walled").update(at=now - rows.MINUTE)
    response = client.get("/console/rede/bloqueados/")
    assert "1 bloqueio na última hora" in text_of(response)
    contract = AccessChange.objects.filter(access="walled").latest("id").contract_id
    assert f"/console/contrato/{contract}/" in response.content.decode()


def test_another_provider_sees_nothing_of_it(staff, maria, nas, now):
    from django.test import Client

    rows.live(maria, nas, now, push_tries=1)
    rows.order(maria, nas, now)
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client = Client()
    client.force_login(people.staff(other, "manager").user, "django.contrib.auth.backends.ModelBackend")
    assert not [page for page in PAGES if "Maria" in read(client, page)]


def test_the_role_of_the_web_server_may_ask_all_this(postgres_server, maria):
    """Tests run as the superuser; a view's functions need rights of their own."""
    from religa.records.queries import network, sessions

    statements = [network._DRIFTS, network._PENDING, network._ROUTERS, network._ORDERS, network._BLOCKED,
                  sessions._ONLINE, sessions._READERS]  # fmt: skip
    url = postgres_server.url(
        database=connection.settings_dict["NAME"], user="religa_app", password="of-a-test"
    )
    with psycopg.connect(url) as app:
        for statement in statements:
            if "%(" in statement:
                app.execute(statement, {"provider": 1, "limit": 5})
            else:
                values: list[object] = [1] * statement.count("%s")
                if "x.at > %s" in statement:
                    values[0] = "2026-01-01"
                app.execute(statement, values)
