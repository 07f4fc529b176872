"""At most one collection message a day for each subscriber, in contact hours."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from religa.actions import engine
from religa.domain.facts import Evidence
from religa.records.models import Contract, Message, MessageNotice

from .. import world
from . import town
from .town import Channels

DAY = timedelta(days=1)


@pytest.fixture
def provider(db):
    return world.provider()


def second_contract(provider, first: int) -> int:
    """Another contract of the same subscriber."""
    contract = world.contract(provider, "other holder")
    [(subscriber,)] = Contract.objects.filter(pk=first).values_list("subscriber_id")
    Contract.objects.filter(pk=contract).update(subscriber_id=subscriber)
    return contract


@pytest.fixture
def two(provider):
    """Two contracts of one company, each with its own invoice of the same day."""
    first = world.billed(provider, "padaria", "F1")
    second = second_contract(provider, first)
    world.bill(second, "F2")
    return first, second


def days_of(subscriber_of: int) -> list[date]:
    [(subscriber,)] = Contract.objects.filter(pk=subscriber_of).values_list("subscriber_id")
    return list(
        Message.objects.filter(subscriber_id=subscriber, contact_day__isnull=False)
        .order_by("contact_day")
        .values_list("contact_day", flat=True)
    )


def test_one_message_gives_the_notices_of_all_contracts_of_a_subscriber(two):
    channels = Channels()
    town.turn(channels, world.NOTIFIED)
    notice = town.the("debt_notice")
    assert [m.kind for m in channels.sent] == ["reminder", "reminder", "debt_notice"]
    assert MessageNotice.objects.filter(message=notice).count() == 1
    assert notice.text.count("conta de novembro") == 2
    for contract in two:
        assert [e for _, e in town.evidence(contract)] == [Evidence.SENT]


def test_both_are_blocked_on_their_one_notice_and_each_is_told(two):
    channels = Channels()
    town.turn(channels, world.BLOCKED)
    assert [world.row(contract)[0] for contract in two] == ["walled", "walled"]
    assert [m.kind for m in channels.sent].count("blocked") == 2  # of access, each of its own
    assert len(days_of(two[0])) == len(set(days_of(two[0]))) == 4


def test_what_cannot_be_said_in_one_waits_for_the_next_day(provider):
    first = world.billed(provider, "padaria", "F1")
    second = second_contract(provider, first)
    world.bill(second, "F2", due=date(2026, 11, 16))
    channels = Channels()
    town.turn(channels, world.NOTIFIED)  # the 11th: a notice of F1, and F2's reminder of five days before
    assert [m.kind for m in channels.sent][-1] == "debt_notice"
    assert town.the("debt_notice").contact_day == date(2026, 11, 11)
    town.turn(channels, world.NOTIFIED + DAY)
    assert [m.kind for m in channels.sent][-1] == "reminder"
    assert len(days_of(first)) == len(set(days_of(first)))


def test_a_warning_goes_before_a_notice_on_the_same_day(provider):
    first = world.billed(provider, "padaria", "F1")  # warned on Friday the 27th
    second = second_contract(provider, first)
    world.bill(second, "F2", due=date(2026, 11, 26))  # notified on the 27th
    channels = Channels()
    town.turn(channels, world.at("2026-11-30 08:00"))
    days = dict(
        Message.objects.filter(created_at__gte=world.at("2026-11-27")).values_list("kind", "contact_day")
    )
    assert days == {"block_warning": date(2026, 11, 27), "debt_notice": date(2026, 11, 28)}


def test_the_database_itself_refuses_a_second_one_on_a_day(two):
    town.turn(Channels(), world.NOTIFIED)
    notice = town.the("debt_notice")
    with pytest.raises(IntegrityError, match="message_one_collection_a_day"), transaction.atomic():
        Message.objects.filter(kind="reminder").update(contact_day=notice.contact_day)


def test_what_waited_in_the_queue_until_evening_goes_out_the_next_morning(provider):
    contract = world.billed(provider, "bruno", "F1")
    world.play(world.NOTIFIED - DAY)
    engine.turn(at=world.NOTIFIED)
    channels = Channels()
    town.empty(channels, world.at("2026-11-11 19:00"))
    assert channels.sent == []
    notice = town.the("debt_notice")
    assert (notice.state, notice.attempts) == ("queued", 0)
    assert (notice.send_after, notice.contact_day) == (world.at("2026-11-12 09:00"), date(2026, 11, 12))
    town.turn(channels, world.at("2026-11-12 09:00"))
    assert town.evidence(contract) == ((world.at("2026-11-12 09:00"), Evidence.SENT),)


def test_a_warning_that_waited_until_the_block_is_left_out(provider):
    world.billed(provider, "bruno", "F1")
    world.play(world.at("2026-11-27 08:59"))
    engine.turn(at=world.at("2026-11-27 09:00"))
    channels = Channels()
    town.empty(channels, world.BLOCKED)
    assert channels.sent == []
    assert (town.the("block_warning").state, town.the("block_warning").error) == (
        "withdrawn", "too late to be of use",
    )  # fmt: skip


def test_answers_and_news_of_access_are_exempt(provider):
    from religa.actions import unlock_on_trust
    from religa.domain.facts import UnlockKind
    from religa.domain.trust import Request

    contract = world.billed(provider, "carla", "F1")
    channels = Channels()
    town.turn(channels, world.BLOCKED)
    unlock_on_trust.unlock(contract_id=contract, request=Request(UnlockKind.PROMISE), at=world.BLOCKED)
    town.empty(channels, world.BLOCKED)
    assert [m.kind for m in channels.sent][-2:] == ["blocked", "trust"]
    assert Message.objects.filter(kind__in=("blocked", "trust"), contact_day__isnull=False).count() == 0
