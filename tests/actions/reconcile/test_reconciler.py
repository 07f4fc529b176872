"""Sessions come to agree with their rows: at once where it is heard, by themselves where it is not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from religa.actions import nas_tests, record_payment, release_network
from religa.actions.messages.send import send_queued
from religa.adapters.fakes.outbox import Outbox
from religa.adapters.fakes.router import FakeRouter, running
from religa.domain.facts import Method
from religa.records import raw

from .. import world
from .network import SECRET, Running, eventually, log, nas, once, plan, session, set_access

pytestmark = pytest.mark.django_db(transaction=True)
WALL = {"Mikrotik-Address-List": "isp-blocked", "Mikrotik-Rate-Limit": "512k/512k", "Session-Timeout": "1800"}
OPEN = {
    "Mikrotik-Address-List": "isp-active",
    "Mikrotik-Rate-Limit": "300000k/600000k",
    "Session-Timeout": "2073600",
}


@pytest.fixture
def router() -> Iterator[FakeRouter]:
    with running(FakeRouter(SECRET)) as made:
        yield made


@pytest.fixture
def provider():
    return world.provider()


@pytest.fixture
def bruno(provider) -> int:
    return world.contract(provider, plan=plan(provider))


def told(router: FakeRouter, number: str) -> dict[str, str]:
    """What the router was told last of a session, without what names it."""
    state = router.sessions[number].state
    return {name: state[name] for name in OPEN if name in state}


def test_a_block_and_a_restore_reach_the_running_session(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: live.applied == "walled")
        assert told(router, live.number) == WALL
        set_access(bruno, "full")
        assert eventually(lambda: live.applied == "full")
        # The wall's timeout is cleared with it: who has paid is not dropped half an hour later.
        assert told(router, live.number) == OPEN
    assert log() == [("coa", "walled", "applied", None), ("coa", "full", "applied", None)]
    assert [s for _, s, _ in router.heard] == [live.number] * 2


def test_a_payment_opens_the_session_that_was_blocked_for_it(router: FakeRouter, provider):
    carla = world.contract(provider, "carla", plan=plan(provider))
    invoice = world.bill(carla)
    world.play(world.BLOCKED)
    assert world.row(carla)[0] == "walled"
    live = session(carla, nas(router), router, applied="walled")
    with Running() as at_work:
        paid = world.at("2026-12-01 10:00")
        record_payment.record(
            contract_id=carla,
            payment_id="E1",
            amount=200_00,
            method=Method.PIX,
            paid_at=paid,
            at=paid,
            invoice=invoice,
        )
        assert eventually(lambda: live.applied == "full")
        sample = at_work.telling.registry.get_sample_value
        assert sample("religa_payment_to_online_seconds_count") == 1
    assert told(router, live.number)["Mikrotik-Address-List"] == "isp-active"


def test_what_nobody_was_told_of_is_found(router: FakeRouter, bruno: int):
    """A row changed by hand, without a NOTIFY."""
    live = session(bruno, nas(router), router)
    with Running():
        assert eventually(lambda: log() == [])
        raw.run("UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked'")
        assert eventually(lambda: live.applied == "walled")


def test_trust_goes_out_with_its_end_and_comes_back_by_itself(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router, applied="walled")
    with Running():
        set_access(bruno, "full", then="walled", seconds=4)
        assert eventually(lambda: live.applied == "full")
        assert 1 <= int(told(router, live.number)["Session-Timeout"]) <= 4
        assert live.row("applied_until IS NOT NULL") == (True,)
        # Nothing more is decided; the row itself says what follows.
        assert eventually(lambda: live.applied == "walled", within=8)
    assert told(router, live.number) == WALL


def test_who_pays_during_trust_keeps_the_session_beyond_its_end(router: FakeRouter, bruno: int):
    """The access stays full; only the end at the router has to go."""
    live = session(bruno, nas(router), router, applied="full", until=datetime.now(UTC) + timedelta(days=2))
    with Running():
        set_access(bruno, "full")
        assert eventually(lambda: live.row("applied_until IS NULL") == (True,))
    assert told(router, live.number)["Session-Timeout"] == "2073600"


def test_a_closed_contract_is_disconnected(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    with Running():
        set_access(bruno, "closed")
        assert eventually(lambda: not router.sessions[live.number].is_up)
        assert eventually(lambda: log() == [("disconnect", "closed", "disconnected", None)])
    assert live.row("push_after > now()") == (True,)  # the Stop will tell


def test_restores_go_before_blocks(router: FakeRouter, provider):
    of = plan(provider)
    bng = nas(router, coa_window=1)
    blocked = [world.contract(provider, plan=of) for _ in range(10)]
    restored = [world.contract(provider, plan=of) for _ in range(3)]
    for contract in blocked:
        session(contract, bng, router)
        raw.run("UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked'"
                " WHERE contract_id = %s", [contract])  # fmt: skip
    numbers = {session(contract, bng, router, applied="walled").number for contract in restored}
    assert once() == 13
    assert {number for _, number, _ in router.heard[:3]} == numbers


def test_an_unknown_session_is_closed_and_its_next_interim_opens_it_again(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), None)  # the router does not have it
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: live.row("1") is None)
    assert log() == [("coa", "walled", "gone", 503)]
    assert raw.rows("SELECT terminate_cause FROM session_log") == [("Context-Not-Found",)]


def test_a_refusal_of_the_way_leads_to_a_disconnect(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    router.behaviour.refuse = 401
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: len(log()) == 2)
    assert log() == [("coa", "walled", "refused", 401), ("disconnect", "walled", "disconnected", None)]
    assert not router.sessions[live.number].is_up


def test_a_refusal_without_a_cause_may_be_half_applied_and_is_not_taken_for_nothing(
    router: FakeRouter, bruno: int
):
    live = session(bruno, nas(router), router)
    router.behaviour.refuse, router.behaviour.half = 0, True
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: len(log()) == 2)
    assert log() == [("coa", "walled", "refused", None), ("disconnect", "walled", "disconnected", None)]
    assert live.applied == "full"  # not known to be anything else


@pytest.mark.parametrize("cause", [403, 501])
def test_what_only_a_person_can_mend_raises_an_alarm(router: FakeRouter, bruno: int, cause: int):
    bng = nas(router)
    live = session(bruno, bng, router)
    router.behaviour.refuse = cause
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: raw.rows("SELECT alarm FROM nas_health WHERE nas_id = %s", [bng]))
        assert eventually(lambda: len(log()) == 1)
    assert raw.rows("SELECT alarm, alarm_at IS NOT NULL FROM nas_health") == [(f"NAK {cause}", True)]
    assert live.row("push_tries, push_after > now() + interval '4 minutes'") == (1, True)


def test_a_busy_router_is_asked_again_a_little_later(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    router.behaviour.refuse = 506
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: len(log()) == 1)
        router.behaviour.refuse = None
        assert eventually(lambda: live.applied == "walled")
    assert live.row("push_tries") == (0,)


def test_a_dead_router_delays_nobody_and_is_healed_when_it_is_back(router: FakeRouter, provider):
    of = plan(provider)
    alive, dead = nas(router), None
    with running(FakeRouter(SECRET), address="127.0.0.2") as other:
        dead = nas(other, address="127.0.0.2")
        other.behaviour.silent = True
        here = [session(world.contract(provider, plan=of), alive, router) for _ in range(20)]
        there = [
            session(world.contract(provider, plan=of), dead, other, address="127.0.0.2") for _ in range(20)
        ]
        with Running() as at_work:
            raw.run(
                "UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked'"
            )
            raw.run("SELECT pg_notify('religa_access', '')")
            assert eventually(lambda: all(live.applied == "walled" for live in here))
            assert eventually(
                lambda: (
                    raw.rows("SELECT silent_since IS NOT NULL FROM nas_health WHERE nas_id = %s", [dead])
                    == [(True,)]
                )
            )
            assert all(live.drifts for live in there)  # pending, and shown as such
            other.behaviour.silent = False
            for lane in at_work.reconciler._lanes.values():
                lane.next_probe = 0.0  # the half minute has passed
            raw.run("UPDATE session_live SET push_after = NULL")
            assert eventually(lambda: all(live.applied == "walled" for live in there), within=10)
            assert eventually(
                lambda: raw.rows("SELECT silent_since FROM nas_health WHERE nas_id = %s", [dead]) == [(None,)]
            )


def test_a_wrong_secret_is_silence_and_cannot_be_told_from_it(router: FakeRouter, bruno: int):
    session(bruno, nas(router, secret="another one"), router)
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: [o for _, _, o, _ in log()] == ["silent"])
    assert router.heard == [] and router.dropped >= 1


def test_an_acknowledgement_that_is_not_obeyed_is_contradicted_and_ends_in_a_disconnect(
    router: FakeRouter, bruno: int
):
    """A kind of router that shows its state by Class; its interims say that nothing has changed."""
    raw.run("UPDATE radius.vendor SET shown_by = 'class' WHERE vendor = 'mikrotik'")
    live = session(bruno, nas(router), router)
    router.behaviour.disobey = True
    with Running():
        set_access(bruno, "walled")
        for times in (1, 2):
            assert eventually(lambda: live.applied == "walled")
            interim(live, "st=active")
            assert eventually(lambda times=times: live.row("contradicted") == (times,))
        assert eventually(lambda: not router.sessions[live.number].is_up)
        # The router obeys a moment before its answer is kept.
        assert eventually(lambda: [kind for kind, *_ in log()] == ["coa", "coa", "disconnect"])
    raw.run("UPDATE radius.vendor SET shown_by = '' WHERE vendor = 'mikrotik'")


def test_a_state_that_is_seen_in_force_is_verified(router: FakeRouter, bruno: int):
    raw.run("UPDATE radius.vendor SET shown_by = 'class' WHERE vendor = 'mikrotik'")
    live = session(bruno, nas(router), router)
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: live.applied == "walled")
    assert live.row("verified_at") == (None,)
    interim(live, "st=blocked")
    raw.run("UPDATE radius.vendor SET shown_by = '' WHERE vendor = 'mikrotik'")
    assert live.row("verified_at IS NOT NULL, contradicted") == (True, 0)


def interim(live, state: str) -> None:
    """What the router says of the session, ten seconds after it was last told something."""
    raw.run("UPDATE session_live SET applied_at = applied_at - interval '10 s' WHERE id = %s", [live.key])
    [(nas_id, username)] = [live.row("nas_id, username")]
    raw.run("UPDATE session_live SET unique_id = md5(concat_ws('|', nas_id::text, %s::text, %s::text)) WHERE id = %s",
            [live.number.encode().hex(), username.encode().hex(), live.key])  # fmt: skip
    raw.rows(
        "SELECT radius.account('Interim-Update', %s, %s, %s, '127.0.0.1', '', '', '', '', '', '', %s, '', '3600', '0',"
        " '1', '0', '1', '0', '')",
        [live.number.encode().hex(), username.encode().hex(), str(nas_id), state.encode().hex()],
    )


def test_a_router_in_shadow_is_told_nothing_and_shows_what_it_would_be_told(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router, shadow=True), router)
    with Running():
        set_access(bruno, "walled")
        assert eventually(lambda: live.row("push_outcome") == ("shadow",))
    assert (router.heard, log()) == ([], [])
    assert live.drifts


def test_sessions_that_were_not_heard_of_lately_are_left_alone(router: FakeRouter, bruno: int):
    session(bruno, nas(router), router, heard="20 minutes")
    set_access(bruno, "walled")
    assert once() == 0
    assert router.heard == []


def test_a_session_in_an_unknown_state_counts_as_open(router: FakeRouter, provider, bruno: int):
    bng = nas(router)
    session(bruno, bng, router, applied=None)
    assert once() == 0  # nobody is bothered on the day of the change-over
    set_access(bruno, "walled")
    assert once() == 1


def test_a_kind_that_knows_disconnect_alone_is_never_dropped_for_an_end(router: FakeRouter, bruno: int):
    live = session(
        bruno, nas(router, vendor="disconnect"), router, until=datetime.now(UTC) + timedelta(days=1)
    )
    with Running():
        set_access(bruno, "full")
        assert eventually(lambda: live.row("applied_until") == (None,))
        assert router.heard == []
        set_access(bruno, "walled")
        assert eventually(lambda: not router.sessions[live.number].is_up)
    assert [kind for kind, *_ in log()] == ["disconnect"]


def test_the_last_of_two_changes_wins_however_quickly_they_come(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    router.behaviour.delay = 0.05
    with Running(timeout=1.0):
        set_access(bruno, "walled")
        assert eventually(lambda: router.heard)  # the order is under way
        for access in ("full", "walled", "full"):
            set_access(bruno, access)
        assert eventually(lambda: told(router, live.number).get("Mikrotik-Address-List") == "isp-active")
        assert eventually(lambda: live.applied == "full" and not live.drifts)
    assert len(router.heard) <= 4


def test_it_goes_on_when_the_database_was_away(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    with Running():
        assert eventually(lambda: connections_of_the_reconciler() >= 2)
        raw.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'religa_network'")
        set_access(bruno, "walled")
        assert eventually(lambda: live.applied == "walled", within=10)


def connections_of_the_reconciler() -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'religa_network'"
    return int(raw.rows(query)[0][0])


def test_what_was_answered_before_the_stop_is_kept(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router)
    router.behaviour.delay = 0.1
    with contextlib.suppress(Exception), Running(timeout=1.0):
        set_access(bruno, "walled")
        assert eventually(lambda: router.heard)
    assert live.applied in ("walled", "full")
    assert live.applied == "walled" or live.drifts  # never lost: kept, or found again


def test_a_router_is_tested_when_a_page_asks(router: FakeRouter, provider):
    bng = nas(router, provider=provider)
    with Running():
        assert eventually(lambda: connections_of_the_reconciler() >= 2)
        nas_tests.ask(nas_id=bng, by="Ivo", at=datetime.now(UTC))
        query = "SELECT error_cause FROM nas_test WHERE answered_at IS NOT NULL"
        assert eventually(lambda: raw.rows(query), within=15) == [
            (503,)
        ]  # the word may come before we listen


def test_the_whole_network_is_let_go_and_taken_back(router: FakeRouter, bruno: int):
    live = session(bruno, nas(router), router, applied="walled")
    set_access(bruno, "walled")
    with Running():
        release_network.release(by="Helena", at=datetime.now(UTC), reason="virada")
        assert eventually(lambda: live.applied == "full")
        assert told(router, live.number) == OPEN
        release_network.enforce(by="Helena", at=datetime.now(UTC))
        assert eventually(lambda: live.applied == "walled")


def test_that_the_internet_is_back_is_said_when_it_is(router: FakeRouter, provider):
    carla = world.contract(provider, "carla", plan=plan(provider))
    invoice = world.bill(carla)
    world.play(world.BLOCKED)
    live = session(carla, nas(router), router, applied="walled")
    at = world.at("2026-12-01 10:00")
    record_payment.record(
        contract_id=carla,
        payment_id="E1",
        amount=200_00,
        method=Method.PIX,
        paid_at=at,
        at=at,
        invoice=invoice,
    )
    state = "SELECT state FROM message WHERE kind = 'restored'"
    send_queued(channel_for=lambda name: Outbox(), at=at)
    assert raw.rows(state) == [("queued",)]
    with Running():
        assert eventually(lambda: live.applied == "full")
    send_queued(channel_for=lambda name: Outbox(), at=at)
    assert raw.rows(state) == [("sent",)]
