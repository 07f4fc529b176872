"""Which channel sends a message of which provider, and what happens where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from religa.adapters.fakes import sms_gateway
from religa.adapters.fakes.cloud_api import FakeCloudApi
from religa.adapters.fakes.mail_sink import MailSink
from religa.adapters.fakes.sms_gateway import FakeSmsGateway
from religa.entrypoints.common.channels import Channels, problem, push_key
from religa.ports.messages import NotSent, OutgoingMessage, Sent
from religa.records import channels, raw
from religa.records.models import MessageChannel

pytestmark = pytest.mark.django_db
PHONE = "5585988887777"


@pytest.fixture
def made():
    return Channels()


@pytest.fixture(scope="module")
def running():
    with FakeSmsGateway() as fake:
        yield fake


@pytest.fixture
def gateway(running):
    running.behave()
    return running


def open_channel(provider, now, kind="http_gateway", medium="sms", words=None, secrets=None, **more):
    name = more.pop("name", f"{kind} {medium} {more.get('position', 1)}")
    row = MessageChannel.objects.create(
        provider=provider, name=name, kind=kind, medium=medium, settings=words or {}, since=now, **more
    )
    for secret, clear in (secrets or {}).items():
        channels.keep_secret(channel_id=row.pk, name=secret, clear=clear, at=now, author="Helena")
    return row


def sms(provider, now, fake, **more):
    words = {**sms_gateway.SETTINGS, "url": fake.url}
    return open_channel(provider, now, words=words, secrets={"token": sms_gateway.TOKEN}, **more)


def message(provider, medium="sms", address=PHONE, **more):
    return OutgoingMessage(
        7, "debt", medium, address, "Aviso", "Olá", "pt-br", provider_id=provider.pk, **more
    )


def test_a_message_goes_by_its_providers_channel_and_keeps_a_number_of_that_channel(
    made, provider, now, gateway
):
    row = sms(provider, now, gateway)
    outcome = made.named("sms").send(message(provider))
    assert isinstance(outcome, Sent) and outcome.provider_message_id.startswith(f"{row.pk}/")
    assert [t["para"] for t in gateway.taken] == [PHONE]


def test_the_provider_is_found_by_the_message_where_it_was_not_said(made, provider, now, gateway):
    sms(provider, now, gateway)
    [(key,)] = raw.rows(
        "INSERT INTO message (provider_id, kind, channel, address, subject, text, template, template_version, language,"
        " created_at, state, attempts, error) VALUES (%s, 'debt_notice', 'sms', '', '', '', '', '', 'pt-br', now(), 'queued', 0,"
        " '') RETURNING id",
        [provider.pk],
    )
    assert isinstance(made.named("sms").send(replace(message(provider), id=key, provider_id=0)), Sent)
    assert isinstance(made.named("sms").send(replace(message(provider), id=0, provider_id=0)), NotSent)


def test_of_two_channels_of_a_medium_the_first_open_one_is_used(made, provider, now, gateway):
    first, second = sms(provider, now, gateway, position=1), sms(provider, now, gateway, position=2)
    assert channels.media(provider.pk)["sms"].id == first.pk
    MessageChannel.objects.filter(pk=first.pk).update(closed_at=now)
    outcome = made.named("sms").send(message(provider))
    assert outcome.provider_message_id.startswith(f"{second.pk}/")


def test_without_any_channel_nothing_counts_as_sent_outside_the_demo(made, provider, settings):
    settings.DEMO_BANK = settings.MAIL_SERVER = ""
    for medium in ("sms", "email", "whatsapp", "push"):
        outcome = made.named(medium).send(message(provider, medium))
        assert outcome == NotSent("there is no channel for it", permanent=True)
    settings.DEMO_BANK = "http://127.0.0.1:1"
    assert made.named("sms").send(message(provider)).delivered


def test_once_a_provider_has_a_channel_the_demo_takes_nothing_for_the_others(
    made, provider, now, settings, gateway
):
    settings.DEMO_BANK = "http://127.0.0.1:1"
    sms(provider, now, gateway)
    assert isinstance(made.named("email").send(message(provider, "email", "a@b.test")), NotSent)


def test_the_mail_server_of_the_settings_serves_who_has_no_channel_of_his_own(
    made, provider, now, settings, gateway
):
    with MailSink() as sink:
        settings.MAIL_SERVER, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.DEFAULT_FROM_EMAIL = "religa@provedor.test"
        assert isinstance(made.named("email").send(message(provider, "email", "ana@b.test")), Sent)
        assert isinstance(made.named("sms").send(message(provider)), NotSent)
        sms(provider, now, gateway)
        assert isinstance(made.named("email").send(message(provider, "email", "ana@b.test")), NotSent)
    assert [m.recipient for m in sink.taken] == ["ana@b.test"]


def test_an_adapter_is_kept_until_what_it_is_made_of_changes(made, provider, now, gateway):
    row = sms(provider, now, gateway)
    first = made.of(channels.get(row.pk))
    assert made.of(channels.get(row.pk)) is first
    channels.keep_secret(
        channel_id=row.pk, name="token", clear="outro", at=now + timedelta(seconds=1), author=""
    )
    assert made.of(channels.get(row.pk)) is not first
    assert made.named("sms").send(message(provider)) == NotSent("HTTP 401 401", permanent=True)


def test_a_channel_that_cannot_be_called_refuses_and_says_why(made, provider, now):
    row = open_channel(provider, now, "whatsapp_cloud", "whatsapp", {"phone_number_id": "123456"})
    assert problem(channels.get(row.pk)) == "there is no access token"
    outcome = made.named("whatsapp").send(message(provider, "whatsapp"))
    assert outcome == NotSent("there is no access token", permanent=True)
    assert made.reader(channels.get(row.pk)) is None


def test_who_wrote_within_a_day_is_answered_in_free_text(made, provider, now):
    with FakeCloudApi() as meta:
        words = {"phone_number_id": meta.phone_number_id, "base_url": meta.root}
        row = open_channel(
            provider,
            now,
            "whatsapp_cloud",
            "whatsapp",
            words,
            {"access_token": meta.token, "app_secret": "x"},
        )
        meta.windows.add(PHONE)
        channels.open_window(row.pk, PHONE, at=now)
        made.named("whatsapp").send(message(provider, "whatsapp"))
        channels.close_windows(at=now + timedelta(days=2))
        made.named("whatsapp").send(message(provider, "whatsapp"))
    assert [body["type"] for body in meta.taken] == ["text", "template"]


def test_a_page_subscribes_with_the_key_of_its_provider(provider, now):
    from religa import wiring

    assert push_key(provider.pk) == ""
    private = wiring.new_push_key()
    open_channel(provider, now, "web_push", "push", {"contact": "a@b.test"}, {"vapid_key": private})
    assert push_key(provider.pk) == wiring.public_push_key(private)
    assert len(push_key(provider.pk)) == 87
