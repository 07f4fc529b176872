"""A router that is registered on the page is answered by a running FreeRADIUS, and hears its kind's templates."""

from __future__ import annotations

import os

import pytest
from django.db import transaction

import people
from radius import ROLE, ROLE_PASSWORD, Login, Radius, make_server
from religa.adapters.freeradius.client import Accepted, NoAnswer
from religa.records import locks, network_secrets, vendors
from religa.records.models import AccessRecord

from .console.test_routers import SECRET, TYPED
from .console.test_vendors import place, sent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def radius(postgres_server, django_db_setup, tmp_path):
    from django.db import connection

    url = postgres_server.url(database=connection.settings_dict["NAME"], user=ROLE, password=ROLE_PASSWORD)
    server = make_server(tmp_path, url)
    server.start()
    yield Radius(server)
    server.stop()


@pytest.fixture
def maria():
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    record = AccessRecord.objects.get(contract=contract)
    network_secrets.set_passwords([network_secrets.Password(record.pk, clear="segredo")])
    return contract, Login(
        username=record.username, password="segredo", contract=contract.pk, record=record.pk
    )


@pytest.fixture
def untouched(transactional_db):
    """Kinds of router are in no table that a test empties."""
    yield
    with transaction.atomic():
        for vendor in vendors.shipped().values():
            vendors.write(vendor, by="")


def test_a_new_router_is_answered_at_once_and_hears_what_its_kind_was_given(client, maria, radius, untouched):
    contract, login = maria
    client.force_login(
        people.staff(contract.provider, "network").user, "django.contrib.auth.backends.ModelBackend"
    )
    source = f"127.0.8.{os.getpid() % 200 + 1}"
    router = radius.router(source, secret=SECRET, seconds=1)
    assert isinstance(router.ask(username=login.username, password="segredo"), NoAnswer)
    assert client.post("/console/roteadores/novo/", TYPED | {"endereco": source}).status_code == 302
    walled = router.ask(username=login.username, password="segredo")
    assert isinstance(walled, Accepted)
    assert (walled.text("Mikrotik-Address-List"), walled.text("Mikrotik-Rate-Limit")) == (
        "isp-blocked",
        "512k/512k",
    )

    mikrotik = vendors.one("mikrotik")
    row = place(mikrotik, "walled", "Mikrotik-Rate-Limit")
    changed = sent(mikrotik, **{f"{row}-valor": "64k/64k"})
    assert client.post("/console/roteadores/tipos/mikrotik/mudar/", changed).status_code == 302
    assert router.ask(username=login.username, password="segredo").text("Mikrotik-Rate-Limit") == "64k/64k"
