"""Registering a router: checked, in one transaction, its secret never to be read back."""

from dataclasses import replace

import pytest
from django.db import connection

import people
from religa.actions import save_router
from religa.actions.save_router import NotSaved, Saved
from religa.domain.routers import Router, RouterFault
from religa.records import locks, raw, routers
from religa.records.models import Nas

pytestmark = pytest.mark.django_db
SECRET = "a long secret of a test"
ROUTER = Router(
    "BNG 1", "10.0.0.1", "mikrotik", coa_port=1700, source="10.9.0.1", coa_window=8, shadow=True, signs=True
)


@pytest.fixture
def provider(db):
    return people.provider(locks.database_now())


def save(router, provider, **more):
    return save_router.save(router=router, provider_id=provider.pk, **more)


def secret_of(nas_id):
    return raw.rows("SELECT secret FROM radius_secret.nas_secret WHERE nas_id = %s", [nas_id])


def test_a_router_is_kept_as_it_was_typed(provider):
    saved = save(ROUTER, provider, secret=SECRET)
    assert isinstance(saved, Saved) and not saved.short_secret
    found = routers.one(provider.pk, saved.nas_id)
    assert found.router == ROUTER and found.has_secret and found.vendor_title
    assert secret_of(saved.nas_id) == [(SECRET,)]


def test_the_pages_role_saves_and_cannot_read_the_secret(provider):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE religa_app")
    saved = save(ROUTER, provider, secret=SECRET)
    changed = save(
        replace(ROUTER, name="BNG 2"), provider, nas_id=saved.nas_id, secret="another secret, longer"
    )
    assert isinstance(changed, Saved) and routers.one(provider.pk, saved.nas_id).has_secret
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert secret_of(saved.nas_id) == [("another secret, longer",)]


def test_a_change_without_a_secret_keeps_it_and_other_settings(provider):
    saved = save(ROUTER, provider, secret=SECRET)
    Nas.objects.filter(pk=saved.nas_id).update(settings={"api_user": "religa"})
    save(replace(ROUTER, address="10.0.1.0/24", source=""), provider, nas_id=saved.nas_id)
    nas = Nas.objects.get(pk=saved.nas_id)
    assert secret_of(nas.pk) == [(SECRET,)] and nas.source is None
    assert nas.settings == {"api_user": "religa", "require_message_authenticator": True}


def test_a_short_secret_is_taken_and_said(provider):
    assert save(ROUTER, provider, secret="short").short_secret


def test_everything_wrong_is_said_and_nothing_is_kept(provider):
    bad = replace(ROUTER, name="", address="x", vendor="nobody", coa_port=0)
    answer = save(bad, provider)
    assert isinstance(answer, NotSaved)
    assert {p.fault for p in answer.problems} == {
        RouterFault.NO_NAME, RouterFault.ADDRESS_FORM, RouterFault.PORT_RANGE, RouterFault.SECRET_MISSING,
        RouterFault.VENDOR_UNKNOWN,
    }  # fmt: skip
    assert not Nas.objects.exists()


def test_an_address_is_one_router(provider):
    first = save(ROUTER, provider, secret=SECRET)
    assert save(ROUTER, provider, secret=SECRET).problems[0].fault is RouterFault.ADDRESS_TAKEN
    assert (
        save(replace(ROUTER, address="10.0.0.1/32"), provider, secret=SECRET).problems[0].field == "address"
    )
    assert isinstance(save(ROUTER, provider, nas_id=first.nas_id), Saved)


def test_a_race_for_an_address_ends_in_words(provider, monkeypatch):
    save(ROUTER, provider, secret=SECRET)
    monkeypatch.setattr(routers, "address_taken", lambda address, but: False)
    assert save(ROUTER, provider, secret=SECRET).problems[0].fault is RouterFault.ADDRESS_TAKEN


def test_a_router_of_another_provider_is_gone(provider):
    saved = save(ROUTER, provider, secret=SECRET)
    other = people.Provider.objects.create(name="Outra Rede", cnpj=people.cnpj(55_444_333))
    answer = save(replace(ROUTER, name="mine"), other, nas_id=saved.nas_id, secret="stolen secret, long")
    assert answer.problems[0].fault is RouterFault.GONE
    assert Nas.objects.get().name == "BNG 1" and secret_of(saved.nas_id) == [(SECRET,)]
