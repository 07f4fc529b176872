"""Claims, ways and what becomes of what was claimed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from religa.actions.messages import fallback, outbox, send
from religa.domain.facts import Evidence
from religa.ports import NotSent, Sent
from religa.ports.messages import Unknown
from religa.records import outbox as rows
from religa.records import pace, raw
from religa.records.models import Message, MessageEvent
from religa.wording import Receipt

from .. import world
from . import town
from .town import Channels

SECOND = timedelta(seconds=1)


@pytest.fixture
def provider(db):
    return world.provider()


@pytest.fixture
def bruno(provider):
    """Bruno's invoice is late, and his notice is queued; he has e-mail and a phone."""
    contract = world.billed(provider, "bruno", "F1")
    town.phone(contract, "5585991234567")
    world.play(world.NOTIFIED - SECOND)
    engine_only(world.NOTIFIED)
    return contract


def engine_only(at):
    from religa.actions import engine

    engine.turn(at=at)


def say(contract, kind="answer", at=world.NOTIFIED):
    outbox.tell(contract_id=contract, kind=kind, at=at, say=lambda m: Receipt("Oi", "oi"))


def events(kind="debt_notice"):
    found = MessageEvent.objects.filter(message__kind=kind).order_by("id")
    return list(found.values_list("channel", "state"))


def test_what_is_queued_proves_nothing_and_what_is_sent_starts_the_clock(bruno):
    assert town.evidence(bruno) == ()
    town.empty(Channels(), world.NOTIFIED + 5 * SECOND)
    assert town.evidence(bruno) == ((world.NOTIFIED + 5 * SECOND, Evidence.SENT),)
    assert events() == [("email", "queued"), ("email", "sent")]


def test_a_channel_that_refuses_hands_over_to_the_next_and_the_evidence_is_that_one_s(provider):
    contract = world.billed(provider, "davi", "F2")
    town.phone(contract, "5585991234567")
    say(contract)
    say(contract, kind="receipt")
    town.empty(Channels().refuse("email"), world.NOTIFIED)
    assert town.messages(contract, "receipt") == [
        ("email", "a@example.org", "failed"), ("sms", "5585991234567", "sent"),
    ]  # fmt: skip
    assert town.messages(contract, "answer") == [
        ("email", "a@example.org", "failed")
    ]  # only to whoever asked
    assert Message.objects.get(kind="receipt", channel="sms").parent.channel == "email"


def test_a_notice_that_no_channel_takes_is_failed_and_given_again_on_another_day(bruno):
    town.empty(Channels().refuse("email", "sms"), world.NOTIFIED)
    assert [m[::2] for m in town.messages(bruno, "debt_notice")] == [("email", "failed"), ("sms", "failed")]
    assert town.evidence(bruno) == ((world.NOTIFIED, Evidence.FAILED),)
    world.play(world.NOTIFIED + timedelta(days=1))
    assert world.count("SELECT count(*) FROM notice WHERE kind = 'debt_notice'") == 2


def test_who_has_no_address_fails_with_that_reason(provider):
    contract = world.billed(provider, "eva", "F3")
    town.email(contract, "")
    say(contract)
    town.empty(Channels(), world.NOTIFIED)
    assert Message.objects.get(kind="answer").error == "the subscriber has no address"


def test_what_may_pass_is_tried_again_later_and_not_for_ever(bruno):
    channels = Channels(does={"email": lambda m: NotSent("busy", permanent=False, retry_after=120)}).refuse(
        "sms"
    )
    assert town.empty(channels, world.NOTIFIED) == 1
    assert town.empty(channels, world.NOTIFIED + 119 * SECOND) == 0
    for minutes in range(2, 60):
        town.empty(channels, world.NOTIFIED + timedelta(minutes=minutes))
    first = Message.objects.filter(kind="debt_notice").earliest("id")
    assert (first.state, first.attempts) == ("failed", 5)
    assert town.messages(bruno, "debt_notice")[1:] == [("sms", "5585991234567", "failed")]


def test_an_unknown_outcome_is_not_sent_again_and_proves_nothing(bruno):
    channels = Channels(does={"email": lambda m: Unknown("no answer")})
    assert town.empty(channels, world.NOTIFIED) == 1
    assert town.messages(bruno, "debt_notice") == [("email", "a@example.org", "unknown")]
    assert town.evidence(bruno) == ()


def test_what_a_dead_sender_had_in_hand_is_not_sent_again(bruno):
    [lane] = rows.lanes(world.NOTIFIED)
    rows.claim(lane, at=world.NOTIFIED, limit=10)
    assert send.give_up_forgotten(at=world.NOTIFIED + timedelta(minutes=9)) == 0
    assert send.give_up_forgotten(at=world.NOTIFIED + timedelta(minutes=11)) == 1
    channels = Channels()
    town.empty(channels, world.NOTIFIED + timedelta(minutes=12))
    assert channels.sent == []


def test_whoever_waits_for_an_answer_goes_before_letters(bruno):
    say(bruno)
    channels = Channels()
    send.send_queued(channel_for=channels, at=world.NOTIFIED, limit=1)
    assert [m.kind for m in channels.sent] == ["answer"]


def test_a_pace_holds_for_all_processes_together(provider):
    contract = world.contract(provider)
    for _ in range(5):
        say(contract)
    at = world.NOTIFIED
    pace.set_pace(provider_id=provider.pk, channel="email", per_second=Decimal(2), at=at)
    channels = Channels()
    sent = [send.send_queued(channel_for=channels, at=at + n * SECOND / 2) for n in range(1, 6)]
    assert sent == [1, 1, 1, 1, 1]
    assert len({m.id for m in channels.sent}) == 5


def test_tokens_that_nobody_needed_are_given_back_up_to_one_second_s_worth(provider):
    contract = world.contract(provider)
    at = world.NOTIFIED
    pace.set_pace(provider_id=provider.pk, channel="email", per_second=Decimal(3), at=at)
    for _ in range(9):
        say(contract)
    later = at + timedelta(hours=1)
    assert [send.send_queued(channel_for=Channels(), at=later, limit=n) for n in (2, 9, 9)] == [2, 1, 0]


def test_several_are_sent_side_by_side_and_each_once(provider):
    contract = world.contract(provider)
    for _ in range(40):
        say(contract)
    channels = Channels()
    assert send.send_queued(channel_for=channels, at=world.NOTIFIED, at_once=8) == 40
    assert len({m.id for m in channels.sent}) == 40
    assert Message.objects.filter(state="sent").count() == 40


def test_a_notice_whose_debt_was_paid_while_it_waited_is_not_sent(bruno):
    from religa.actions import record_payment
    from religa.domain.facts import Method

    at = world.NOTIFIED + SECOND
    record_payment.record(
        contract_id=bruno, payment_id="E1", amount=200_00, method=Method.PIX, paid_at=at, at=at
    )
    town.empty(Channels(), at + SECOND)
    assert town.the("debt_notice").state == "withdrawn"
    assert town.the("debt_notice").error == "nothing of it is owed any more"
    assert town.the("debt_notice").contact_day is None


def test_where_a_channel_is_silent_the_next_is_tried_once(bruno, monkeypatch):
    monkeypatch.setattr(fallback, "REPORTING", ("email",))
    say(bruno, kind="receipt")
    town.empty(Channels(), world.NOTIFIED)
    later = world.NOTIFIED + timedelta(hours=5)
    assert fallback.go_on_where_silent(at=world.NOTIFIED + timedelta(hours=3)) == 0
    assert fallback.go_on_where_silent(at=later) == 2  # the notice, too
    assert fallback.go_on_where_silent(at=later) == 0
    town.empty(Channels(does={"sms": lambda m: Sent("s", delivered=True)}), later)
    assert town.messages(bruno, "receipt")[1] == ("sms", "5585991234567", "sent")
    assert raw.rows("SELECT state FROM message_event WHERE channel = 'sms' AND message_id ="
        " (SELECT id FROM message WHERE channel = 'sms' AND kind = 'receipt') ORDER BY id") == [
        ("queued",), ("sent",), ("delivered",),
    ]  # fmt: skip


def test_a_log_in_code_goes_before_letters_too(bruno):
    from religa.actions import login_code

    login_code.send(document="11144477735", at=world.NOTIFIED)
    channels = Channels()
    send.send_queued(channel_for=channels, at=world.NOTIFIED, limit=1)
    assert [m.kind for m in channels.sent if m.channel == "sms"] == ["code"]
