"""By push: which words, to which device, in which order, and what happens where the browser is gone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from religa import wiring
from religa.actions import portal_sessions, push_subscriptions
from religa.actions.messages import outbox
from religa.adapters.fakes.push_service import FakePushService
from religa.records import channels, push, raw, reach
from religa.records.models import Message, MessageChannel, PushSubscription

from .. import world
from . import town
from .town import Channels

pytestmark = pytest.mark.django_db
AT = world.NOTIFIED
LATER = AT + timedelta(minutes=5)


@pytest.fixture(scope="module")
def running():
    with FakePushService() as fake:
        yield fake


@pytest.fixture
def device(running):
    running.behave()
    return running


@pytest.fixture
def provider(db):
    return world.provider()


@pytest.fixture
def bruno(provider):
    return world.contract(provider, "bruno")


class Media(Channels):
    """The real adapter for push, and the others as they are told."""

    def __call__(self, name):
        return self.adapter if name == "push" else self


def open_channels(provider, device, *media):
    key = wiring.new_push_key()
    device.server_key = wiring.public_push_key(key)
    kinds = {"push": "web_push", "email": "smtp", "sms": "http_gateway"}
    for position, medium in enumerate(media, start=1):
        row = MessageChannel.objects.create(
            provider=provider, name=medium, kind=kinds[medium], medium=medium, since=AT, position=position
        )
        if medium == "push":
            channels.keep_secret(
                channel_id=row.pk, name=channels.VAPID_KEY, clear=key, at=AT, author="Helena"
            )
    sides = Media()
    sides.adapter = wiring.message_channel(
        kind="web_push", medium="push", settings={"contact": "noc@provedor.test"}, secrets={"vapid_key": key},
        marks=(b"k" * 32,), services=(device.host,),
    )  # fmt: skip
    return sides


def switch_on(contract, device, text="", at=AT):
    """The subscriber of a contract switches notices on, on a new device; gives his session."""
    [(subscriber, provider)] = raw.rows(
        "SELECT subscriber_id, provider_id FROM contract WHERE id = %s", [contract]
    )
    portal_sessions.begin(
        subscriber_id=subscriber, proof="code", device="android", stays=timedelta(hours=2), at=at
    )
    [(session,)] = raw.rows("SELECT max(id) FROM portal_session")
    assert push_subscriptions.switch_on(
        provider_id=provider, subscriber_id=subscriber, session_id=session, device="android",
        subscription=text or device.subscription(), at=at,
    )  # fmt: skip
    return subscriber, session


def elsewhere(device, end):
    return json.dumps(json.loads(device.subscription()) | {"endpoint": f"{device.root}/send/{end}"})


def tell(contract, at=AT):
    said = {"valor": "R$ 99,90", "situacao": "A sua internet está normal."}
    outbox.tell(contract_id=contract, kind="receipt", at=at, say=lambda moments: said)


def living():
    return PushSubscription.objects.filter(ended_at__isnull=True).count()


def why():
    return PushSubscription.objects.order_by("id").values_list("why", flat=True)[0]


def test_the_browser_reads_the_push_text_of_a_message(provider, bruno, device):
    sides = open_channels(provider, device, "push", "email")
    switch_on(bruno, device)
    tell(bruno)
    town.empty(sides, LATER)
    body = "Recebemos o seu pagamento de R$ 99,90. Obrigado!"
    assert device.read == [{"title": "Religa Net Ltda", "body": body, "kind": "receipt"}]
    name = push.name_of(PushSubscription.objects.get().pk)
    assert town.messages(bruno, "receipt") == [("push", name, "sent")] and sides.sent == []


def test_where_a_device_is_written_to_is_kept_sealed_alone_and_not_after_its_end(provider, bruno, device):
    open_channels(provider, device, "push")
    subscriber, session = switch_on(bruno, device)
    tell(bruno)
    auth = json.loads(device.subscription())["keys"]["auth"].encode()
    for table in ("message", "push_subscription"):
        [(row,)] = raw.rows(f"SELECT t::text FROM {table} t")
        assert device.host not in row and auth.hex() not in row and auth.decode() not in row
    portal_sessions.end(subscriber_id=subscriber, session_id=session, at=LATER)
    ended = PushSubscription.objects.get()
    assert (ended.why, ended.ended_at, ended.sealed) == ("signed_out", LATER, None)


def test_after_another_medium_a_push_message_says_only_that_there_is_something(provider, bruno, device):
    sides = open_channels(provider, device, "email", "push").refuse("email")
    switch_on(bruno, device)
    tell(bruno)
    town.empty(sides, LATER)
    [shown] = device.read
    assert shown["body"] == "Há um aviso novo para você na Central do Assinante."
    assert [(c, s) for c, _, s in town.messages(bruno, "receipt")] == [("email", "failed"), ("push", "sent")]
    assert Message.objects.latest("id").text == shown["body"]


def test_a_browser_that_is_gone_is_told_no_more_and_the_message_goes_on(provider, bruno, device):
    sides = open_channels(provider, device, "push", "email")
    switch_on(bruno, device)
    device.gone = True
    tell(bruno)
    town.empty(sides, LATER)
    assert [(c, s) for c, _, s in town.messages(bruno, "receipt")] == [("push", "failed"), ("email", "sent")]
    assert (why(), living()) == ("gone", 0)
    tell(bruno, LATER)
    assert Message.objects.latest("id").channel == "email"


def test_a_no_that_is_not_the_browsers_ends_nothing(provider, bruno, device):
    """403: the key does not fit, which is ours to mend."""
    sides = open_channels(provider, device, "push", "email")
    device.server_key = wiring.public_push_key(wiring.new_push_key())
    switch_on(bruno, device)
    tell(bruno)
    town.empty(sides, LATER)
    assert [c for c, _, _ in town.messages(bruno, "receipt")] == ["push", "email"] and living() == 1


def test_what_waits_for_a_device_that_has_signed_out_goes_by_another_way(provider, bruno, device):
    sides = open_channels(provider, device, "push", "email")
    subscriber, _ = switch_on(bruno, device)
    tell(bruno)
    portal_sessions.end_all(subscriber_id=subscriber, at=LATER)
    town.empty(sides, LATER)
    assert device.read == [] and [m.channel for m in sides.sent] == ["email"]


def test_a_browser_belongs_to_whoever_came_last_and_reads_nothing_of_the_one_before(provider, bruno, device):
    sides = open_channels(provider, device, "push", "email")
    switch_on(bruno, device)
    tell(bruno)
    carla = world.contract(provider, "carla")
    switch_on(carla, device, at=LATER)
    town.empty(sides, LATER)
    assert device.read == [] and (why(), living()) == ("replaced", 1)
    assert reach.people_of([bruno])[bruno].devices == ()


def test_the_last_device_is_told_and_the_next_one_where_it_is_gone(provider, bruno, device):
    open_channels(provider, device, "push")
    switch_on(bruno, device, elsewhere(device, "old"))
    switch_on(bruno, device)
    newest, oldest = PushSubscription.objects.order_by("-id").values_list("id", flat=True)
    assert reach.people_of([bruno])[bruno].devices == (push.name_of(newest), push.name_of(oldest))


def test_switching_on_again_is_one_subscription(provider, bruno, device):
    open_channels(provider, device, "push")
    switch_on(bruno, device)
    switch_on(bruno, device)
    assert PushSubscription.objects.count() == 1


def test_a_subscription_goes_with_the_channel_whose_key_it_belongs_to(provider, bruno, device):
    open_channels(provider, device, "push", "email")
    switch_on(bruno, device)
    MessageChannel.objects.filter(medium="push").update(closed_at=LATER, name="former")
    open_channels(provider, device, "push")
    assert reach.people_of([bruno])[bruno].devices == ()


def test_who_logs_in_again_stays_told_and_somebody_else_is_not(provider, bruno, device):
    open_channels(provider, device, "push")
    subscriber, session = switch_on(bruno, device)
    again = {"proof": "code", "device": "android", "stays": timedelta(hours=2), "at": LATER}
    portal_sessions.begin(subscriber_id=subscriber, after=session, **again)
    portal_sessions.end(subscriber_id=subscriber, session_id=session, at=LATER)
    kept = PushSubscription.objects.get()
    assert kept.ended_at is None and kept.portal_session_id > session
    [(other,)] = raw.rows("SELECT subscriber_id FROM contract WHERE id = %s", [world.contract(provider)])
    portal_sessions.begin(subscriber_id=other, after=kept.portal_session_id, **again)
    assert (why(), living()) == ("replaced", 0)


def test_one_session_that_is_over_by_itself_can_still_be_signed_out(provider, bruno, device):
    open_channels(provider, device, "push")
    subscriber, session = switch_on(bruno, device)
    much_later = AT + timedelta(days=3)
    portal_sessions.end_all(subscriber_id=subscriber, at=much_later, but=session)
    assert living() == 1
    portal_sessions.end_all(subscriber_id=subscriber, at=much_later)
    assert living() == 0


def test_without_a_push_channel_and_for_what_is_no_subscription_nothing_is_kept(provider, bruno, device):
    whole = {"provider_id": provider.pk, "subscriber_id": 1, "session_id": 1, "device": "mac", "at": AT}
    assert not push_subscriptions.switch_on(subscription=device.subscription(), **whole)
    open_channels(provider, device, "push")
    assert not push_subscriptions.switch_on(subscription="{}", **whole)
