"""Integrações and Conversas: keys that are shown once, and people who asked for a person."""

from __future__ import annotations

import re

import pytest

from religa.actions.bot.make_client import digest
from religa.records.models import ApiClient, Conversation, InboundMessage, Provider

from ..reading import text_of

pytestmark = pytest.mark.django_db
TYPED = {"nome": "URA da matriz", "papel": "phone", "enderecos": "10.0.0.5\n10.1.0.0/16", "limite": "120"}


def make(client, **changes):
    return client.post("/console/integracoes/nova/", {**TYPED, **changes})


def test_a_key_is_shown_once_and_opens_the_api(staff):
    client = staff("manager")
    page = make(client, enderecos="")
    key = re.search(r'value="(rlg_[\w-]{43})"', page.content.decode())[1]
    kept = ApiClient.objects.get()
    assert bytes(kept.digest) == digest(key) and (kept.role, kept.per_minute) == ("phone", 120)
    assert "no-store" in page["Cache-Control"]
    listed = client.get("/console/integracoes/").content.decode()
    assert key not in listed and f"••••{key[-4:]}" in listed
    sent = {"headers": {"Authorization": f"Bearer {key}"}, "content_type": "application/json"}
    asked = client.post("/api/v1/contacts", {}, **sent)
    assert asked.status_code == 201


def test_networks_are_kept_as_networks(staff):
    make(staff("manager"))
    assert ApiClient.objects.get().addresses == ["10.0.0.5/32", "10.1.0.0/16"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nome": "  "}, "Escreva um nome."),
        ({"enderecos": "aqui"}, "Um endereço ou uma rede por linha"),
        ({"limite": "0"}, "de 1 a 6000"),
        ({"papel": "king"}, "papel"),
    ],
)
def test_what_is_wrong_is_said_and_no_key_is_made(staff, changes, said):
    page = make(staff("manager"), **changes)
    assert page.status_code == 422 and said in page.content.decode()
    assert not ApiClient.objects.exists()


def test_two_living_keys_do_not_share_a_name(staff):
    client = staff("manager")
    make(client)
    assert "Já há uma integração ativa" in make(client).content.decode()
    client.post(f"/console/integracoes/{ApiClient.objects.get().pk}/revogar/")
    assert make(client).status_code == 200


def test_looking_at_revoking_revokes_nothing_and_a_post_does(staff):
    client = staff("manager")
    make(client)
    one = ApiClient.objects.get()
    place = f"/console/integracoes/{one.pk}/revogar/"
    assert "deixa de valer no próximo pedido" in text_of(client.get(place))
    one.refresh_from_db()
    assert one.revoked_at is None
    assert "não vale mais" in text_of(client.post(place, follow=True))
    one.refresh_from_db()
    assert one.revoked_by and client.get(place).status_code == 404


def test_another_providers_keys_are_not_there(staff, now):
    client = staff("manager")
    theirs = Provider.objects.create(name="Outra Net", cnpj="12ABC34501DE35")
    one = ApiClient.objects.create(
        provider=theirs, name="URA alheia", role="phone", digest=b"x", ending="abcd", per_minute=1, created_at=now,
        created_by="G",
    )  # fmt: skip
    assert "URA alheia" not in text_of(client.get("/console/integracoes/"))
    assert client.post(f"/console/integracoes/{one.pk}/revogar/").status_code == 404


@pytest.fixture
def talk(maria, now):
    """Maria has asked for a person and says why."""
    made = Conversation.objects.create(
        provider=maria.provider, channel="whatsapp", sender="5581999001001", subscriber=maria.subscriber,
        contract=maria, identified_at=now, handed_over_at=now, last_at=now, expires_at=now, protocol="20261201000042",
    )  # fmt: skip
    for n, text in enumerate(("atendente", "a conta veio <b>errada</b>")):
        InboundMessage.objects.create(
            conversation=made, message_id=f"w{n}", at=now, intent="agent", text=text
        )
    return made


def test_who_waits_is_listed_with_what_he_wrote(staff, talk, maria):
    page = staff("agent").get("/console/conversas/")
    shown = text_of(page)
    assert (
        "(81) 99900-1001" in shown and "protocolo 20261201000042" in shown and maria.subscriber.name in shown
    )
    assert "a conta veio &lt;b&gt;errada&lt;/b&gt;" in page.content.decode()


def test_one_person_takes_a_talk_and_lets_it_go(staff, talk):
    client = staff("agent")
    assert "A conversa é sua" in text_of(client.post(f"/console/conversas/{talk.pk}/assumir/", follow=True))
    assert "Outra pessoa já assumiu" in text_of(
        client.post(f"/console/conversas/{talk.pk}/assumir/", follow=True)
    )
    assert "Conversa encerrada" in text_of(
        client.post(f"/console/conversas/{talk.pk}/encerrar/", follow=True)
    )
    talk.refresh_from_db()
    assert (talk.handed_over_at, talk.taken_by) == (None, "")
    assert not InboundMessage.objects.exclude(text="").exists()
    assert "Ninguém espera" in text_of(client.get("/console/conversas/"))


def test_a_talk_of_another_provider_cannot_be_taken(staff, talk):
    Conversation.objects.update(provider=Provider.objects.create(name="Outra", cnpj="12ABC34501DE35"))
    client = staff("agent")
    client.post(f"/console/conversas/{talk.pk}/assumir/")
    client.post(f"/console/conversas/{talk.pk}/encerrar/")
    talk.refresh_from_db()
    assert talk.handed_over_at is not None and talk.taken_at is None
    assert "5581999001001" not in client.get("/console/conversas/").content.decode()
