"""What channels say later, in any order, repeated, and before we know that we have sent."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.actions.messages import receipts, send
from religa.domain.facts import Evidence
from religa.ports.messages import Receipt, ReceiptState
from religa.records import outbox as rows
from religa.records import raw
from religa.records.models import DoNotContact, Message, MessageEvent, MessageReceipt

from .. import world
from . import town
from .town import Channels

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SENT_AT = world.NOTIFIED + SECOND
ADDRESS = "a@example.org"


@pytest.fixture
def bruno(db):
    """Bruno's notice is queued."""
    contract = world.billed(world.provider(), "bruno", "F1")
    world.play(world.NOTIFIED - SECOND)
    from religa.actions import engine

    engine.turn(at=world.NOTIFIED)
    return contract


@pytest.fixture
def sent(bruno):
    """Bruno's notice went out and nothing more is known."""
    town.empty(Channels(), SENT_AT)
    return bruno


def said(state, *, after=SECOND, of="", permanent=False, error="", **more):
    key = of or f"email-{town.the('debt_notice').pk}"
    return Receipt("email", key, ReceiptState(state), SENT_AT + after, error, permanent, **more)


def learn(*told, at=SENT_AT + DAY):
    return receipts.learn(told, at=at)


def test_a_delivery_is_evidence_from_the_instant_at_which_it_was_delivered(sent):
    assert learn(said("delivered")) == 1
    assert town.evidence(sent)[-1] == (SENT_AT + SECOND, Evidence.DELIVERED)
    assert [e.state for e in MessageEvent.objects.filter(message__kind="debt_notice").order_by("id")] == [
        "queued", "sent", "delivered",
    ]  # fmt: skip


def test_a_repeated_receipt_is_learnt_once(sent):
    assert learn(said("delivered"), said("delivered")) == 1
    assert learn(said("delivered", after=2 * SECOND)) == 0
    assert len(town.evidence(sent)) == 2


def test_a_receipt_that_comes_before_our_own_record_waits_for_it(bruno):
    key = f"email-{town.the('debt_notice').pk}"
    assert learn(said("delivered", of=key)) == 0
    assert MessageReceipt.objects.get().message_id is None
    town.empty(Channels(), SENT_AT)
    assert town.evidence(bruno)[-1][1] is Evidence.DELIVERED
    assert MessageReceipt.objects.get().message_id is not None


def test_a_receipt_of_nobody_s_message_stays_and_is_no_evidence(sent):
    assert learn(said("delivered", of="of another system")) == 0
    assert receipts.match_waiting(at=SENT_AT + DAY) == 0
    assert len(town.evidence(sent)) == 1


def test_a_number_that_could_mean_two_messages_means_none(sent):
    notice = town.the("debt_notice")
    Message.objects.filter(kind="reminder").update(
        provider_message_id=notice.provider_message_id, channel="email"
    )
    assert learn(said("failed")) == 0


def test_an_unknown_outcome_is_known_by_our_own_number(bruno):
    [lane] = rows.lanes(world.NOTIFIED)
    rows.claim(lane, at=world.NOTIFIED, limit=10)
    send.give_up_forgotten(at=world.NOTIFIED + DAY)
    key = town.the("debt_notice").pk
    assert learn(said("delivered", of="theirs", message=key)) == 1
    assert town.the("debt_notice").state == "sent"
    assert town.evidence(bruno) == ((SENT_AT + SECOND, Evidence.DELIVERED),)


def test_a_bounce_goes_on_by_the_next_channel_and_closes_an_address_that_is_no_good(sent):
    town.phone(sent, "5585991234567", whatsapp=True)
    raw.run("UPDATE message SET kind = 'receipt', notice_id = NULL WHERE kind = 'debt_notice'")
    key = f"email-{town.the('receipt').pk}"
    assert learn(said("failed", of=key, permanent=True, error="5.1.1 unknown user")) == 1
    assert town.messages(sent, "receipt") == [
        ("email", ADDRESS, "failed"),
        ("sms", "5585991234567", "queued"),
    ]
    assert list(DoNotContact.objects.values_list("channel", "address", "why")) == [
        ("email", ADDRESS, "bounced")
    ]


def test_a_bounce_known_after_the_block_opened_lifts_it_and_tells_that_the_internet_is_back(db):
    contract = world.billed(world.provider(), "carla", "F9")
    channels = Channels()
    town.turn(channels, world.BLOCKED)
    assert world.row(contract)[0] == "walled"
    notice = Message.objects.get(kind="debt_notice")
    bounce = Receipt("email", notice.provider_message_id, ReceiptState.FAILED, world.BLOCKED, "5.1.1", True)
    assert receipts.learn([bounce], at=world.BLOCKED + timedelta(hours=1)) == 1
    assert world.row(contract)[:2] == ("full", "late")
    assert Message.objects.filter(kind="restored", state="queued").count() == 1
    town.email(contract, "new@example.org")
    town.turn(channels, world.BLOCKED + DAY)
    assert Message.objects.filter(kind="debt_notice").count() == 2  # given again, to where it arrives
    assert Message.objects.filter(kind="debt_notice").latest("id").address == "new@example.org"


ORDERS = list(itertools.permutations(["sent", "delivered", "read"]))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.sampled_from(ORDERS), cut=st.integers(0, 3), repeated=st.booleans())
def test_any_order_proves_the_same(bruno, order, cut, repeated):
    """Some before our own record of sending, some after."""
    from django.db import transaction

    with transaction.atomic():
        key = f"email-{town.the('debt_notice').pk}"
        told = [said(state, of=key) for state in order]
        learn(*told[:cut])
        town.empty(Channels(), SENT_AT)
        learn(*told[cut:], *(told if repeated else []))
        assert town.evidence(bruno)[-1] == (SENT_AT + SECOND, Evidence.DELIVERED)
        states = MessageEvent.objects.filter(message__kind="debt_notice").values_list("state", flat=True)
        assert sorted(states) == ["delivered", "queued", "read", "sent"]
        transaction.set_rollback(True)
