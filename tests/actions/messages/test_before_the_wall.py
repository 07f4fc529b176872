"""The word that a contract is blocked goes out before its wall, and the wall does not wait for it for long."""

from datetime import UTC, datetime, timedelta

import pytest

from religa.actions import hold
from religa.domain.facts import Method
from religa.records import raw
from religa.records.models import Message, SessionLive

from .. import world
from . import town
from .town import Channels

MINUTE = timedelta(minutes=1)


@pytest.fixture
def carla(db):
    """Carla's block has opened a moment ago, by the clock that the reconciler reads; her session is open."""
    contract = world.billed(world.provider(), "carla", "F1")
    town.turn(Channels(), world.BLOCKED - MINUTE)
    from religa.actions import engine

    engine.turn(at=world.BLOCKED)
    raw.run("UPDATE contract_access SET changed_at = now() WHERE contract_id = %s", [contract])
    Message.objects.filter(kind="blocked").update(created_at=datetime.now(UTC) + timedelta(seconds=1))
    SessionLive.objects.create(
        unique_id="s1", session_id="s1", username="carla", contract_id=contract, started_at=world.BLOCKED,
        updated_at=datetime.now(UTC), octets_in=0, octets_out=0, applied_state="full",
    )  # fmt: skip
    return contract


def drifts(contract: int) -> bool:
    return raw.rows("SELECT drifts FROM radius.live WHERE contract_id = %s", [contract])[0][0]


def test_the_block_is_in_the_books_and_its_word_is_queued_with_it(carla):
    assert world.row(carla)[0] == "walled"
    assert town.messages(carla, "blocked") == [("email", "a@example.org", "queued")]


def test_the_order_to_the_router_waits_until_the_channel_has_the_word(carla):
    assert not drifts(carla)
    channels = Channels()
    town.empty(channels, world.BLOCKED)
    assert [m.kind for m in channels.sent] == ["blocked"]
    assert drifts(carla)


def test_it_waits_a_minute_and_no_longer(carla):
    raw.run("UPDATE contract_access SET changed_at = now() - interval '59 s'")
    assert not drifts(carla)
    raw.run("UPDATE contract_access SET changed_at = now() - interval '61 s'")
    assert drifts(carla)


def test_a_channel_that_refuses_does_not_keep_the_wall_open(carla):
    town.empty(Channels().refuse("email"), world.BLOCKED)
    assert drifts(carla)


def test_a_wall_that_was_there_before_does_not_wait(carla):
    town.empty(Channels(), world.BLOCKED)
    SessionLive.objects.update(applied_state="walled")
    assert not drifts(carla)
    SessionLive.objects.update(applied_state="full")  # dialled in anew, on a router that did not hear of it
    assert drifts(carla)


def test_who_pays_while_the_word_waits_is_not_told_that_he_is_blocked(carla):
    from religa.actions import record_payment

    at = world.BLOCKED + timedelta(seconds=5)
    record_payment.record(
        contract_id=carla, payment_id="E1", amount=200_00, method=Method.PIX, paid_at=at, at=at
    )
    channels = Channels()
    town.empty(channels, at)
    assert [m.kind for m in channels.sent] == ["restored"]
    assert [(m.state, m.error) for m in Message.objects.filter(kind="blocked")] == [
        ("withdrawn", "not so any more")
    ]


def test_nothing_is_said_where_the_guard_holds_the_block(db):
    provider = world.provider()
    contract = world.billed(provider, "bruno", "F1")
    town.turn(Channels(), world.BLOCKED - MINUTE)
    raw.run("UPDATE provider SET first_run_approved_at = NULL")  # the first run is held for a person
    town.turn(Channels(), world.BLOCKED)
    assert world.row(contract)[:2] == ("full", "held")
    assert Message.objects.filter(kind="blocked").count() == 0


def test_a_hold_tells_that_the_internet_is_back_and_its_end_that_it_is_not(carla):
    channels = Channels()
    town.empty(channels, world.BLOCKED)
    SessionLive.objects.all().delete()
    noon = world.at("2026-12-01 12:00")
    hold.hold(
        contract_id=carla, until=noon, reason="ouvidoria", at=world.at("2026-12-01 10:00"), author="Ana"
    )
    town.empty(channels, world.at("2026-12-01 10:00"))
    town.turn(channels, noon)
    assert [m.kind for m in channels.sent][-3:] == ["blocked", "restored", "blocked"]
    assert "Sua internet" in channels.sent[-2].text
