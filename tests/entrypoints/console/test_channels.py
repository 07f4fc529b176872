"""Canais: set up, tested and watched in the console, without a secret on any page."""

from __future__ import annotations

import pytest

import people
from religa.actions.messages import receive_callback
from religa.adapters.fakes import cloud_api
from religa.adapters.fakes.cloud_api import FakeCloudApi
from religa.adapters.fakes.mail_sink import MailSink
from religa.records import channels, locks
from religa.records.models import MessageChannel, MessageChannelChange

from ..reading import text_of

pytestmark = pytest.mark.django_db
OWN = {"name": "WhatsApp da cobrança", "position": "1", "cost": "0,037", "per_second": "20"}
SECRETS = {"access_token": "um-token-da-meta", "app_secret": "segredo-do-aplicativo"}
PHONE = "(85) 98888-7777"


@pytest.fixture(scope="module")
def running():
    with FakeCloudApi() as fake:
        yield fake


@pytest.fixture
def meta(running):
    running.behave()
    return running


@pytest.fixture
def typed(meta):
    return OWN | SECRETS | {
        "medium": "whatsapp", "phone_number_id": meta.phone_number_id, "base_url": meta.root,
        "templates": "code = codigo pt_BR code code_button", "version": "",
    }  # fmt: skip


@pytest.fixture
def manager(staff):
    return staff("manager")


@pytest.fixture
def channel(manager, typed) -> MessageChannel:
    answer = manager.post("/console/canais/novo/whatsapp_cloud/", typed)
    assert answer.status_code == 302, text_of(answer)
    return MessageChannel.objects.get()


def test_without_any_channel_the_page_says_what_that_means(manager):
    assert "sem aviso comprovado ninguém é bloqueado" in text_of(manager.get("/console/canais/"))


def test_a_channel_is_set_up_and_listed_with_cost_and_limit(manager, channel):
    assert (channel.cost_tenths, channel.per_second, channel.medium) == (37, 20, "whatsapp")
    assert channel.settings["templates"]["code"]["code_button"] is True
    page = text_of(manager.get("/console/canais/"))
    assert (
        "WhatsApp da cobrança" in page
        and "R$ 0,037" in page
        and "20 por segundo" in page
        and "em uso" in page
    )
    assert "Sem canal para SMS, e-mail" in page


def test_no_page_shows_a_secret_and_a_form_left_empty_keeps_it(manager, channel, typed):
    for path in ("", "mudar/", "fechar/"):
        page = manager.get(f"/console/canais/{channel.pk}/{path}").content.decode()
        assert not any(clear in page for clear in channels.clear_secrets(channel.pk).values())
    changed = typed | {"cost": "0,04", "access_token": "", "app_secret": ""}
    assert manager.post(f"/console/canais/{channel.pk}/mudar/", changed).status_code == 302
    assert channels.clear_secrets(channel.pk)["access_token"] == SECRETS["access_token"]
    assert channels.get(channel.pk).cost_tenths == 40


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(manager, typed):
    wrong = typed | {"name": "", "cost": "caro", "templates": "???", "phone_number_id": "", "per_second": "x"}
    answer = manager.post("/console/canais/novo/whatsapp_cloud/", wrong)
    page = text_of(answer)
    assert answer.status_code == 422 and "Escreva um valor em reais" in page and "Não entendi a linha" in page
    assert not MessageChannel.objects.exists()
    answer = manager.post("/console/canais/novo/whatsapp_cloud/", typed | {"phone_number_id": "", "name": ""})
    assert "Escreva um nome" in text_of(answer) and "Preencha este campo" in text_of(answer)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("smtp", {"medium": "email", "host": "mail.test", "sender": "a@b.test", "security": "tls", "port": "465"}),
        (
            "http_gateway",
            {
                "medium": "sms", "url": "https://g.test/sms", "method": "POST", "body_kind": "json", "token": "t",
                "headers": "Authorization: Bearer {{token}}\r\nX-A: b", "body": '{"to": "{{to}}"}', "repeatable": "on",
                "cb_delivered": "DELIVRD\r\nentregue",
            },
        ),
        ("web_push", {"medium": "push", "contact": "noc@b.test"}),
    ],
)  # fmt: skip
def test_each_kind_is_set_up_shown_and_saved_again_as_it_is(manager, kind, more):
    assert manager.get(f"/console/canais/novo/{kind}/").status_code == 200
    answer = manager.post(f"/console/canais/novo/{kind}/", OWN | more)
    assert answer.status_code == 302, text_of(answer)
    row = MessageChannel.objects.get()
    form = manager.get(f"/console/canais/{row.pk}/mudar/").context["form"]
    again = {n: v for n in form.fields if (v := form[n].value()) not in (None, False)} | {
        "medium": row.medium
    }
    assert manager.post(f"/console/canais/{row.pk}/mudar/", again).status_code == 302
    assert MessageChannel.objects.get().settings == row.settings
    assert not MessageChannelChange.objects.filter(what="changed").exists()
    assert "ainda não pode enviar" not in text_of(manager.get(f"/console/canais/{row.pk}/"))


def test_a_test_message_goes_to_the_number_that_was_typed_and_is_written_down_without_it(
    manager, channel, meta
):
    page = text_of(manager.post(f"/console/canais/{channel.pk}/testar/", {"address": PHONE}))
    assert "O canal aceitou a mensagem" in page
    [body] = meta.taken
    assert body["to"] == "5585988887777" and body["template"]["name"] == "religa_test"
    written = MessageChannelChange.objects.get(what="tested")
    assert written.detail == {"outcome": "sent"} and written.author == "Manager"


@pytest.mark.parametrize(
    ("fault", "said"),
    [(131026, "O canal recusou"), (130429, "Tente mais tarde"), (None, "pode ter enviado ou não")],
)
def test_a_test_says_how_it_went(manager, channel, meta, fault, said):
    meta.faults.append(cloud_api.error(fault) if fault else cloud_api.Answer(500, b""))
    page = text_of(manager.post(f"/console/canais/{channel.pk}/testar/", {"address": PHONE}))
    assert said in page and (fault is None or str(fault) in page)


def test_ten_tests_an_hour_are_enough(manager, channel, meta):
    for _ in range(11):
        manager.post(f"/console/canais/{channel.pk}/testar/", {"address": PHONE})
    assert len(meta.taken) == 10
    assert manager.post(f"/console/canais/{channel.pk}/testar/", {"address": ""}).status_code == 422


def test_a_test_by_mail_goes_to_an_address(manager):
    with MailSink() as sink:
        words = {"medium": "email", "host": "127.0.0.1", "port": str(sink.port), "sender": "a@b.test"}
        manager.post("/console/canais/novo/smtp/", OWN | words | {"security": "none"})
        row = MessageChannel.objects.get()
        page = text_of(manager.post(f"/console/canais/{row.pk}/testar/", {"address": "helena@provedor.test"}))
    assert "O canal aceitou" in page and [m.recipient for m in sink.taken] == ["helena@provedor.test"]


def test_the_address_for_callbacks_is_shown_on_demand_and_written_down(manager, channel, settings):
    settings.PORTAL_URL = "https://central.provedor.test"
    hook = channels.clear_secrets(channel.pk)["hook"]
    page = manager.post(f"/console/canais/{channel.pk}/retorno/", {"acao": "mostrar"}).content.decode()
    assert f"https://central.provedor.test/hooks/mensagens/{hook}" in page
    assert channels.clear_secrets(channel.pk)["verify_token"] in page
    manager.post(f"/console/canais/{channel.pk}/retorno/", {"acao": "trocar"})
    assert channels.clear_secrets(channel.pk)["hook"] != hook
    written = list(MessageChannelChange.objects.order_by("pk").values_list("what", flat=True))
    assert written[-2:] == ["address_shown", "address_replaced"]


def test_refused_posts_are_seen(manager, channel):
    at = locks.database_now()
    for _ in range(3):
        receive_callback.refuse(
            channels.get(channel.pk), why="wrong_signature", address="198.51.100.9", at=at
        )
    assert "3: assinatura errada" in text_of(manager.get(f"/console/canais/{channel.pk}/"))
    assert "3 recusados hoje" in text_of(manager.get("/console/canais/"))


def test_a_closed_channel_stays_to_be_read(manager, channel):
    manager.post(f"/console/canais/{channel.pk}/fechar/")
    page = manager.get(f"/console/canais/{channel.pk}/")
    assert page.status_code == 200 and "Fechado em" in text_of(page) and "Enviar teste" not in text_of(page)
    for path in ("mudar/", "fechar/"):
        assert manager.get(f"/console/canais/{channel.pk}/{path}").status_code == 404
    assert manager.post(f"/console/canais/{channel.pk}/testar/", {"address": PHONE}).status_code == 404


def test_only_a_manager_changes_and_an_agent_does_not_even_read(staff, channel):
    for role in ("finance", "network"):
        client = staff(role)
        assert client.get(f"/console/canais/{channel.pk}/").status_code == 200
        for path in ("mudar/", "fechar/"):
            assert client.get(f"/console/canais/{channel.pk}/{path}").status_code == 403
        for path in ("testar/", "retorno/"):
            assert client.post(f"/console/canais/{channel.pk}/{path}").status_code == 403
    assert staff("agent").get("/console/canais/").status_code == 403


def test_another_providers_channel_is_not_found(manager, channel, now):
    from religa.records.models import Provider

    other = Provider.objects.create(name="Outro", cnpj=people.cnpj(77), zone="America/Fortaleza")
    MessageChannel.objects.filter(pk=channel.pk).update(provider_id=other.pk)
    for path in ("", "mudar/", "fechar/"):
        assert manager.get(f"/console/canais/{channel.pk}/{path}").status_code == 404
    for path in ("testar/", "retorno/", "mudar/", "fechar/"):
        assert manager.post(f"/console/canais/{channel.pk}/{path}", {"address": PHONE}).status_code == 404
    assert not MessageChannelChange.objects.filter(what__in=("tested", "closed", "address_shown")).exists()
    assert manager.get(f"/console/canais/{2**63}/").status_code == 404


def test_looking_changes_nothing(manager, channel, tables):
    before = tables()
    for path in (
        "",
        "novo/",
        "novo/smtp/",
        f"{channel.pk}/",
        f"{channel.pk}/mudar/",
        f"{channel.pk}/fechar/",
    ):
        assert manager.get(f"/console/canais/{path}").status_code == 200
    for path in ("testar/", "retorno/"):
        assert manager.get(f"/console/canais/{channel.pk}/{path}").status_code == 405
    assert tables() == before
