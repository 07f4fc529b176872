"""Channels opened, changed and closed: what is written down, what is sealed, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import people
from religa import wiring
from religa.actions import save_channel
from religa.actions.save_channel import Author, NotSaved, Saved, Typed
from religa.domain.message_channels import ChannelFault, MessageChannel
from religa.records import channels
from religa.records.models import ChannelSecret, MessageChannelChange
from religa.records.models import MessageChannel as Row

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TOKEN = "um-token-da-meta"
WHATSAPP = MessageChannel(
    "WhatsApp", "whatsapp_cloud", "whatsapp", settings={"phone_number_id": "106540352242922"}
)
SECRETS = {"access_token": f" {TOKEN}\n", "app_secret": "segredo"}


@pytest.fixture
def by():
    return Author("Helena", AT, people.provider(AT).pk)


def opened(by, channel=WHATSAPP, secrets=SECRETS):
    answer = save_channel.create(Typed(channel, secrets, wiring.new_push_key), by=by)
    assert isinstance(answer, Saved), answer
    return answer.channel_id


def faults(answer):
    assert isinstance(answer, NotSaved)
    return [(p.fault, p.field) for p in answer.problems]


def changes():
    return list(MessageChannelChange.objects.order_by("pk").values_list("what", flat=True))


def test_a_new_channel_gets_the_secrets_that_we_choose_and_keeps_the_typed_ones_sealed(by):
    number = opened(by)
    clear = channels.clear_secrets(number)
    assert (
        set(clear) == {"hook", "verify_token", "access_token", "app_secret"}
        and clear["access_token"] == TOKEN
    )
    assert len(clear["hook"]) > 40 and clear["hook"] != clear["verify_token"]
    assert channels.of_hook(clear["hook"]).id == number
    assert all(TOKEN.encode() not in bytes(s.sealed) for s in ChannelSecret.objects.all())
    assert changes() == ["created", "secret_set", "secret_set"]


def test_a_channel_of_web_push_gets_its_key_once(by):
    push = MessageChannel("Push", "web_push", "push", settings={"contact": "noc@provedor.test"})
    number = opened(by, push, {})
    before = channels.clear_secrets(number)
    answer = save_channel.change(number, Typed(push, {}, wiring.new_push_key), by=by)
    assert answer == Saved(number) and channels.clear_secrets(number) == before
    assert set(before) == {"vapid_key"}


def test_without_its_secrets_nothing_is_opened(by):
    answer = save_channel.create(Typed(WHATSAPP, {"access_token": "   "}), by=by)
    assert (ChannelFault.SECRET_MISSING, "access_token") in faults(answer)
    assert not Row.objects.exists() and changes() == []


def test_a_change_leaves_what_was_before_and_what_is_now_and_no_secret(by):
    number = opened(by)
    templates = {"code": {"name": "codigo", "language": "", "parameters": ["code"], "code_button": True}}
    new = MessageChannel(
        "WhatsApp",
        "whatsapp_cloud",
        "whatsapp",
        cost_tenths=37,
        settings=WHATSAPP.settings | {"templates": templates},
    )
    assert save_channel.change(number, Typed(new, {"app_secret": "outro"}), by=by) == Saved(number)
    detail = MessageChannelChange.objects.get(what="changed").detail
    assert detail == {"cost_tenths": [0, 37], "templates": [None, templates]}
    clear = channels.clear_secrets(number)
    assert (clear["app_secret"], clear["access_token"]) == ("outro", TOKEN)


def test_saving_the_same_again_writes_nothing_down(by):
    number = opened(by)
    save_channel.change(number, Typed(WHATSAPP), by=by)
    assert changes() == ["created", "secret_set", "secret_set"]


def test_addresses_are_written_down_without_what_may_be_a_key(by):
    first = MessageChannel(
        "SMS", "http_gateway", "sms", settings={"url": "https://g.test/sms?key=abc", "body_kind": "none"}
    )
    number = opened(by, first, {})
    second = MessageChannel(
        "SMS", "http_gateway", "sms", settings={"url": "https://h.test/sms?key=abc", "body_kind": "none"}
    )
    save_channel.change(number, Typed(second), by=by)
    assert "abc" not in str(MessageChannelChange.objects.get(what="changed").detail)


def test_a_name_is_one_channels_and_a_kind_stays(by):
    number = opened(by)
    assert faults(save_channel.create(Typed(WHATSAPP, SECRETS), by=by)) == [(ChannelFault.NAME_TAKEN, "name")]
    other = MessageChannel("WhatsApp", "apprise", "whatsapp")
    assert faults(save_channel.change(number, Typed(other, {"url": "json://h"}), by=by)) == [
        (ChannelFault.MEDIUM_UNFIT, "medium")
    ]


def test_a_closed_channel_has_no_secrets_no_address_and_no_way_back(by):
    number = opened(by)
    hook = channels.clear_secrets(number)["hook"]
    assert save_channel.close(number, by=by) == Saved(number)
    assert set(channels.clear_secrets(number).values()) == {""}
    assert channels.of_hook(hook) is None and channels.of_hook("") is None
    for answer in (
        save_channel.close(number, by=by),
        save_channel.change(number, Typed(WHATSAPP, SECRETS), by=by),
        save_channel.replace_address(number, by=by),
    ):
        assert faults(answer) == [(ChannelFault.GONE, "")]


def test_another_address_ends_the_one_before(by):
    number = opened(by)
    before = channels.clear_secrets(number)
    assert save_channel.replace_address(number, by=by) == Saved(number)
    after = channels.clear_secrets(number)
    assert channels.of_hook(before["hook"]) is None and channels.of_hook(after["hook"]).id == number
    assert after["access_token"] == before["access_token"]


def test_another_providers_channel_cannot_be_touched(by):
    number = opened(by)
    stranger = Author("Eve", AT, by.provider_id + 1)
    for answer in (
        save_channel.close(number, by=stranger),
        save_channel.change(number, Typed(WHATSAPP, SECRETS), by=stranger),
        save_channel.replace_address(number, by=stranger),
    ):
        assert faults(answer) == [(ChannelFault.GONE, "")]
    assert channels.get(number).name == "WhatsApp"
