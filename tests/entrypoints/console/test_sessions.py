"""Connection records: secret, asked for with a reason, and every look is kept (Marco Civil art. 13)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import network_rows as rows
import people
from religa.records.models import SessionRead

from ..reading import text_of
from .conftest import ROLES

pytestmark = pytest.mark.django_db
MAY_READ = {"network", "manager"}
ADDRESSES = (rows.IPV4, rows.PREFIX, rows.DELEGATED)
SEARCH = "/console/rede/endereco/"


@pytest.fixture
def nas(provider, now):
    return rows.router(now=now)


@pytest.fixture
def online(maria, nas, now):
    return rows.live(maria, nas, now, applied_state="walled")


def page_of(contract) -> str:
    return f"/console/contrato/{contract.pk}/conexao/"


def asked(now: datetime, **more) -> dict[str, str]:
    local = now.astimezone(ZoneInfo("America/Fortaleza"))
    return {"mes": f"{local:%Y-%m}", "motivo": "ofício 12/2026", **more}


def question(when: datetime, address: str = rows.IPV4, **more) -> dict[str, str]:
    local = when.astimezone(ZoneInfo("America/Fortaleza"))
    return {
        "endereco": address,
        "quando": f"{local:%Y-%m-%dT%H:%M:%S}",
        "referencia": "0001234-55.2026.8.06",
        **more,
    }


def local(when: datetime) -> str:
    return f"{when.astimezone(ZoneInfo('America/Fortaleza')):%d/%m/%Y %H:%M}"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_since_when_a_contract_is_online_and_nobody_an_address(
    staff, maria, online, now, role
):
    page = text_of(staff(role).get(page_of(maria)))
    assert f"Online desde {local(online.started_at)}" in page
    assert not [a for a in ADDRESSES if a in page]
    assert ("BNG Centro" in page) is (role in MAY_READ)
    assert ("Ver registros de conexão" in page) is (role in MAY_READ)
    assert SessionRead.objects.count() == 0


def test_without_a_session_a_contract_is_offline(staff, maria):
    assert "Offline" in text_of(staff("agent").get(page_of(maria)))


def test_a_session_that_went_quiet_is_not_called_online(staff, maria, nas, now):
    rows.live(maria, nas, now, updated_at=now - timedelta(minutes=16))
    page = text_of(staff("agent").get(page_of(maria)))
    assert "Talvez online" in page
    assert "Online desde" not in page


@pytest.mark.parametrize(
    "known, words",
    [
        ({}, "desde o login"),
        ({"ordered": True}, "só confirmado pelo roteador"),
        ({"ordered": True, "verified": True}, "o roteador mostra"),
        ({"applied_state": None}, "não se sabe"),
    ],
)
def test_how_the_state_is_known_is_said(staff, maria, nas, now, known, words):
    more = {"applied_at": now - rows.HOUR} if known.pop("ordered", False) else {}
    if known.pop("verified", False):
        more["verified_at"] = now - rows.MINUTE
    rows.live(maria, nas, now, **known, **more)
    assert words in text_of(staff("network").get(page_of(maria)))


@pytest.mark.parametrize("role", ROLES)
def test_records_are_for_those_who_may_and_the_look_is_kept(staff, maria, online, now, role):
    answer = staff(role).post(page_of(maria), asked(now))
    if role not in MAY_READ:
        assert answer.status_code == 403
        assert SessionRead.objects.count() == 0
        return
    assert all(address in text_of(answer) for address in ADDRESSES)
    (kept,) = SessionRead.objects.all()
    assert (kept.who, kept.contract_id, kept.reason) == (role.title(), maria.pk, "ofício 12/2026")
    assert kept.provider_id == maria.provider_id
    assert kept.asked.startswith("history ")


@pytest.mark.parametrize(
    "wrong", [{"motivo": ""}, {"mes": "2019-01"}, {"mes": "x"}, {"pagina": "-1"}, {"pagina": "x"}]
)
def test_without_a_reason_or_with_nonsense_nothing_is_shown(staff, maria, online, now, wrong):
    answer = staff("manager").post(page_of(maria), asked(now, **wrong))
    assert answer.status_code == 422
    assert rows.IPV4 not in text_of(answer)
    assert SessionRead.objects.count() == 0


def test_the_history_is_read_month_by_month(staff, maria, nas, now):
    zone = ZoneInfo("America/Fortaleza")
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for stopped, name in ((first, "first-second"), (first - timedelta(seconds=1), "last-second")):
        rows.ended(maria, nas, started_at=stopped - rows.HOUR, stopped_at=stopped, username=name)
    client = staff("manager")
    this = text_of(client.post(page_of(maria), asked(now)))
    before = text_of(client.post(page_of(maria), asked(first - timedelta(days=1))))
    assert ("first-second" in this, "last-second" in this) == (True, False)
    assert ("first-second" in before, "last-second" in before) == (False, True)


def test_long_histories_come_in_pages_each_of_which_is_kept(staff, maria, nas, now):
    for n in range(60):
        at = now - timedelta(seconds=61 - n)
        rows.ended(maria, nas, started_at=at - rows.HOUR, stopped_at=at, username=f"login-{n:02}")
    client = staff("manager")
    one = text_of(client.post(page_of(maria), asked(now)))
    two = text_of(client.post(page_of(maria), asked(now, pagina="2")))
    assert ("Página seguinte" in one, "Página seguinte" in two) == (True, False)
    assert ("login-59" in one, "login-00" in one) == (True, False)
    assert ("login-59" in two, "login-00" in two) == (False, True)
    assert SessionRead.objects.count() == 2


# Who had an address


def test_who_had_an_address_at_an_instant(staff, maria, provider, nas, now):
    bruno = people.contract(
        people.subscriber(provider, "Bruno Lima", 9001), 9001, since=people.days_ago(now, 90)
    )
    rows.ended(bruno, nas, started_at=now - 10 * rows.HOUR, stopped_at=now - 5 * rows.HOUR)
    rows.live(maria, nas, now)
    client = staff("manager")
    then = text_of(client.post(SEARCH, question(now - 7 * rows.HOUR)))
    today = text_of(client.post(SEARCH, question(now - rows.HOUR)))
    between = text_of(client.post(SEARCH, question(now - 4 * rows.HOUR)))
    assert ("Bruno Lima" in then, "Maria" in then) == (True, False)
    assert ("Bruno Lima" in today, "Maria" in today) == (False, True)
    assert "Ninguém, que se saiba" in between
    kept = SessionRead.objects.order_by("id")
    assert [(r.contract_id, r.reason) for r in kept] == [(None, "0001234-55.2026.8.06")] * 3
    assert kept[0].asked.startswith(f"address {rows.IPV4} at ")


@pytest.mark.parametrize(
    "address, found",
    [
        ("2001:db8:1:2::99", True),
        ("2001:db8:7:ab::1", True),
        ("2001:db8:7::/56", True),
        ("2001:db8:7:3::/64", True),
        ("2001:db8::/32", True),
        ("2001:db8:1:3::1", False),
        ("100.64.3.3", False),
    ],
)
def test_prefixes_hold_the_addresses_in_them(staff, maria, online, now, address, found):
    answer = text_of(staff("network").post(SEARCH, question(now - rows.MINUTE, address)))
    assert ("Maria" in answer) is found


@pytest.mark.parametrize(
    "wrong",
    [
        {"referencia": ""},
        {"referencia": " "},
        {"endereco": "100.64.3"},
        {"endereco": "100.64.0.0/16"},
        {"endereco": "2001:db8::/20"},
        {"endereco": "'; --"},
        {"quando": ""},
        {"quando": "ontem"},
        {"quando": "2999-01-01T00:00"},
    ],
)
def test_without_a_reference_or_with_nonsense_there_is_no_answer(staff, maria, online, now, wrong):
    answer = staff("manager").post(SEARCH, question(now - rows.MINUTE) | wrong)
    assert answer.status_code == 422
    assert "Maria" not in text_of(answer)
    assert SessionRead.objects.count() == 0


def test_sessions_of_another_provider_are_not_found_by_address(staff, maria, online, now):
    from django.test import Client

    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    client = Client()
    client.force_login(people.staff(other, "manager").user, "django.contrib.auth.backends.ModelBackend")
    answer = text_of(client.post(SEARCH, question(now - rows.MINUTE)))
    assert "Ninguém, que se saiba" in answer


def test_a_session_without_a_contract_is_found_all_the_same(staff, nas, now):
    rows.ended(None, nas, started_at=now - rows.HOUR, stopped_at=now, username="nobody-known")
    answer = text_of(staff("manager").post(SEARCH, question(now - rows.MINUTE)))
    assert "login sem contrato" in answer
    assert "nobody-known" in answer


# Who looked


def test_a_manager_sees_who_looked(staff, maria, online, now):
    network = staff("network")
    network.post(page_of(maria), asked(now))
    network.post(SEARCH, question(now - rows.MINUTE))
    page = text_of(staff("manager").get("/console/rede/consultas/"))
    assert "Network" in page
    assert "ofício 12/2026" in page
    assert f"Quem tinha {rows.IPV4} em" in page


@pytest.mark.parametrize("role", ROLES)
def test_roles_of_the_pages(staff, provider, role):
    client = staff(role)
    assert client.get(SEARCH).status_code == (200 if role in MAY_READ else 403)
    assert client.get("/console/rede/consultas/").status_code == (200 if role == "manager" else 403)


def test_no_address_is_in_any_line_of_the_log(staff, maria, online, now, caplog):
    with caplog.at_level(logging.DEBUG):
        client = staff("manager")
        client.get(page_of(maria))
        client.post(page_of(maria), asked(now))
        for form in (question(now - rows.MINUTE), question(now, endereco="100.64.3.2/8")):
            client.post(SEARCH, form)
        client.get(SEARCH + "x")
    lines = [r.getMessage() for r in caplog.records if not r.name.startswith("django.db")]
    assert not [line for line in lines if any(a in line for a in (*ADDRESSES, "100.64"))]
