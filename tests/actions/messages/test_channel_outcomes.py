"""From a channel's answer, and from what its platform says later, to what is proven of a notice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from religa.actions import engine
from religa.actions.messages import receipts, send
from religa.ports.messages import Channel, NotSent, Receipt, ReceiptState, Sent, Unknown
from religa.records.models import DeliveryEvent, Message

from .. import world

pytestmark = pytest.mark.django_db
LATER = world.NOTIFIED + timedelta(minutes=20)


class Saying(Channel):
    """A channel that answers what it is told to, and counts."""

    name = "email"

    def __init__(self, outcome):
        self.outcome, self.sent = outcome, []

    def send(self, message):
        self.sent.append(message)
        if isinstance(self.outcome, Sent):
            return Sent(f"{self.outcome.provider_message_id}/{message.id}")
        return self.outcome


@pytest.fixture
def bruno(db):
    """Bruno's invoice is late, and his notice waits to be sent."""
    return world.billed(world.provider(), "bruno", "F1")


def told(channel):
    engine.play_through(until=world.NOTIFIED, channel_for=lambda name: channel)
    return Message.objects.get(kind="debt_notice")


def proven():
    return list(DeliveryEvent.objects.order_by("pk").values_list("evidence", flat=True))


def test_a_message_whose_answer_was_lost_proves_nothing_and_is_never_sent_again(bruno):
    channel = Saying(Unknown("ReadTimeout"))
    message = told(channel)
    assert (message.state, message.error) == ("unknown", "ReadTimeout")
    sent = [m.id for m in channel.sent]
    assert send.send_queued(channel_for=lambda name: channel, at=LATER) == 0
    assert [m.id for m in channel.sent] == sent and "delivered" not in proven()


def test_a_message_that_was_not_taken_for_now_is_tried_again(bruno):
    channel = Saying(NotSent("429", permanent=False, retry_after=30))
    message = told(channel)
    assert message.state in ("queued", "failed") and message.attempts >= 1 and "sent" not in proven()


def test_the_provider_goes_along_with_each_message(bruno):
    channel = Saying(Sent("1/1001"))
    message = told(channel)
    assert {m.provider_id for m in channel.sent} == {message.provider_id}


def test_a_receipt_of_delivery_is_evidence_of_the_notice_and_a_strange_one_of_nothing(bruno):
    message = told(Saying(Sent("1")))
    number = f"1/{message.pk}"
    assert message.provider_message_id == number and "delivered" not in proven()
    strange = Receipt(message.channel, f"2/{message.pk}", ReceiptState.DELIVERED, LATER)
    assert receipts.learn([strange], at=LATER) == 0 and "delivered" not in proven()
    receipt = Receipt(message.channel, number, ReceiptState.DELIVERED, LATER)
    assert receipts.learn([receipt], at=LATER) == 1
    assert "delivered" in proven()
