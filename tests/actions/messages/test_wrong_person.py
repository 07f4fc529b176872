"""Somebody says that he is not the subscriber."""

from datetime import timedelta

import pytest

from religa.actions.messages import outbox, wrong_person
from religa.domain.facts import Evidence
from religa.records.models import Message, SubscriberPhone
from religa.records.reach import reopen
from religa.wording import Receipt

from .. import world
from . import town
from .town import Channels

NUMBER, OTHER = "5585991234567", "5585998765432"
HOUR = timedelta(hours=1)


@pytest.fixture
def carla(db, monkeypatch):
    """Carla was notified by WhatsApp alone, and is blocked."""
    from religa.records import reach

    monkeypatch.setattr(reach, "SHIPPED", ("whatsapp", "sms"))
    contract = world.billed(world.provider(), "carla", "F1")
    town.email(contract, "")
    town.phone(contract, NUMBER, whatsapp=True)
    town.turn(Channels(), world.BLOCKED)
    assert world.row(contract)[0] == "walled"
    return contract


def mark(number=NUMBER, at=world.BLOCKED + HOUR):
    return wrong_person.mark(number, channel="whatsapp", at=at)


def test_the_evidence_is_taken_away_and_the_block_is_lifted(carla):
    assert mark() == wrong_person.Marked((SubscriberPhone.objects.get().subscriber_id,), (carla,))
    assert town.evidence(carla)[-1] == (world.BLOCKED + HOUR, Evidence.WITHDRAWN)
    assert world.row(carla)[:2] == ("full", "late")
    assert SubscriberPhone.objects.get().wrong_at == world.BLOCKED + HOUR


def test_nothing_more_goes_there_but_the_reply(carla):
    mark()
    say = {"at": world.BLOCKED + HOUR, "say": lambda m: Receipt("Oi", "oi")}
    Message.objects.filter(state="queued").update(state="withdrawn")
    outbox.tell(contract_id=carla, kind="receipt", **say)
    channels = Channels()
    town.empty(channels, world.BLOCKED + HOUR)
    assert channels.sent == []
    assert Message.objects.get(kind="receipt").address == ""
    outbox.tell(contract_id=carla, kind="answer", **say)
    Message.objects.filter(kind="answer").update(address=NUMBER, channel="whatsapp")
    town.empty(channels, world.BLOCKED + HOUR)
    assert [m.address for m in channels.sent] == [NUMBER]


def test_said_twice_it_is_done_once(carla):
    mark()
    before = town.evidence(carla)
    assert mark(at=world.BLOCKED + 2 * HOUR).contracts == ()
    assert town.evidence(carla) == before


def test_what_another_channel_proves_stands(carla):
    town.phone(carla, OTHER, whatsapp=True, position=2)
    notice = Message.objects.get(kind="debt_notice")
    from religa.actions.messages import fallback

    fallback.go_on([notice.pk], at=world.NOTIFIED)
    town.empty(Channels(), world.NOTIFIED + HOUR)
    mark()
    assert town.evidence(carla) == ((world.NOTIFIED + HOUR, Evidence.SENT),)
    assert world.row(carla)[0] == "walled"


def test_what_was_queued_to_the_number_goes_to_another(carla):
    town.phone(carla, OTHER, whatsapp=True, position=2)
    outbox.tell(contract_id=carla, kind="receipt", at=world.BLOCKED, say=lambda m: Receipt("Oi", "oi"))
    assert town.messages(carla, "receipt")[-1][1] == NUMBER
    mark()
    assert town.messages(carla, "receipt") == [("sms", NUMBER, "failed"), ("sms", OTHER, "queued")]


def test_a_number_of_nobody_is_closed_all_the_same(carla):
    assert mark("5511900000000") == wrong_person.UnknownNumber()
    assert reopen("5511900000000", by="Ana", at=world.BLOCKED + HOUR) == 1
    assert reopen("5511900000000", by="Ana", at=world.BLOCKED + HOUR) == 0
