"""The whole way: a decision is committed, the reconciler gives the order, the router obeys, and the house sees it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from religa.actions import open_pay_window
from religa.actions.carry_out import Done
from religa.records import network_secrets

from .lab import NAS_SECRET, Client, Lab, eventually
from .test_router import OPEN, reach

WALL = ("EHOSTUNREACH", "EACCES", "EACCES")
PAGE = "http://internet.example/"


@contextlib.contextmanager
def reconciler(lab: Lab) -> Iterator[None]:
    with lab.religa("reconcile"):
        asked = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'religa_network'"
        assert eventually(lambda: lab.sql(asked)[0][0] >= 2, seconds=15), lab.log("reconcile")
        yield


def decided(lab: Lab, client: Client, access: str, **more) -> None:
    """As evaluation commits it: the row, and the word to whoever listens."""
    client.decide(access, **more)
    lab.sql("SELECT pg_notify('religa_access', %s)", str(client.contract))


@pytest.fixture
def ana(lab: Lab) -> Client:
    """Ana is online."""
    made = lab.client()
    made.dial()
    return made


def test_blocked_and_restored_on_the_same_session_in_both_families(lab: Lab, ana: Client):
    number = ana.session()["id"]
    with reconciler(lab):
        assert reach(ana) == (OPEN, OPEN, OPEN)
        decided(lab, ana, "walled")
        assert eventually(lambda: reach(ana) == WALL), lab.log("reconcile")
        page = lab.fetch(ana, PAGE)
        assert page.status == 302 and page.location.endswith("/bloqueio/")
        assert lab.fetch(ana, "https://internet.example/").exit == 7  # refused at once
        assert eventually(lambda: ana.live() == "walled")
        decided(lab, ana, "full")
        assert eventually(lambda: reach(ana) == (OPEN, OPEN, OPEN))
        assert eventually(lambda: ana.live() == "full")
    session = ana.session()
    assert (session["id"], session["timeout"]) == (number, 2_073_600)  # the wall's half hour is gone with it
    took = lab.sql("SELECT kind, outcome FROM coa_log WHERE contract_id = %s ORDER BY id", ana.contract)
    assert took == [("coa", "applied")] * 2


def test_trust_opens_the_session_and_ends_with_every_process_of_ours_stopped(lab: Lab):
    bruno = lab.client(access="walled")
    number = bruno.dial()["id"]
    with reconciler(lab):
        decided(lab, bruno, "full", seconds=4.0, then="walled")
        assert eventually(lambda: reach(bruno) == (OPEN, OPEN, OPEN), seconds=3)
        assert bruno.session()["id"] == number
    # From here on only FreeRADIUS and PostgreSQL run.
    assert eventually(lambda: [s for s in lab.nas.sessions() if s["list"] == "isp-blocked"], seconds=10)
    assert reach(bruno) == WALL


def test_a_window_to_pay_opens_the_same_session_and_closes_by_itself(lab: Lab):
    import people

    contract = people.blocked(lab.provider, lab.now, number=lab.number())
    people.play(lab.now)
    carla = lab.client(contract)
    number = carla.dial()["id"]
    assert reach(carla) == WALL
    with reconciler(lab):
        done = open_pay_window.open_window(contract_id=carla.contract, at=lab.now)
        assert isinstance(done, Done)
        assert eventually(lambda: reach(carla) == (OPEN, OPEN, OPEN))
        session = carla.session()
        assert (
            session["id"] == number and 880 <= session["timeout"] <= 900
        )  # a quarter of an hour, at the router
        # Rows are aged, the clock is not moved: the window now ends in three seconds.
        lab.sql(
            "UPDATE contract_access SET until = now() + interval '3 s' WHERE contract_id = %s", carla.contract
        )
        assert eventually(lambda: carla.session()["timeout"] <= 3)
    assert eventually(lambda: reach(carla) == WALL, seconds=10)


def test_a_dead_router_is_healed_when_it_is_back(lab: Lab, ana: Client):
    lab.nas.behave(mode="silent")
    with reconciler(lab):
        decided(lab, ana, "walled")
        pending = "SELECT push_tries > 0 AND push_outcome = 'silent' FROM session_live WHERE contract_id = %s"
        assert eventually(lambda: lab.sql(pending, ana.contract) == [(True,)], seconds=10)
        assert reach(ana) == (OPEN, OPEN, OPEN)  # the network lags; the decision does not
        lab.nas.behave(mode="normal")
        assert eventually(lambda: reach(ana) == WALL, seconds=15)
        assert eventually(lambda: ana.live() == "walled")


def test_a_refusal_that_was_half_applied_ends_in_a_redial_with_the_right_answer(lab: Lab, ana: Client):
    number = ana.session()["id"]
    lab.nas.behave(mode="half")
    with reconciler(lab):
        decided(lab, ana, "walled")
        assert eventually(
            lambda: _outcomes(lab, ana)[:2] == [("coa", "refused"), ("disconnect", "disconnected")],
            seconds=10,
        )
        lab.nas.behave(mode="normal")
        assert eventually(lambda: [s for s in lab.nas.sessions() if s["list"] == "isp-blocked"], seconds=10)
        assert reach(ana) == WALL
        assert eventually(lambda: ana.live() == "walled")
    assert ana.session()["id"] != number


def test_a_wrong_secret_changes_nothing_until_it_is_mended(lab: Lab, ana: Client):
    network_secrets.set_nas_secret(nas_id=lab.nas_id, secret="not what the router has")
    try:
        with reconciler(lab):
            decided(lab, ana, "walled")
            assert eventually(lambda: ("coa", "silent") in _outcomes(lab, ana), seconds=10)
            assert reach(ana) == (OPEN, OPEN, OPEN)
    finally:
        network_secrets.set_nas_secret(nas_id=lab.nas_id, secret=NAS_SECRET)
    lab.sql("UPDATE session_live SET push_after = NULL")
    with reconciler(lab):
        assert eventually(lambda: reach(ana) == WALL, seconds=10)


def test_what_was_changed_by_hand_is_found_and_healed(lab: Lab, ana: Client):
    """Nobody said anything: the row was changed in the database, past every action."""
    with reconciler(lab):
        ana.decide("walled")
        assert eventually(lambda: reach(ana) == WALL, seconds=10)
        ana.decide("full")
        assert eventually(lambda: reach(ana) == (OPEN, OPEN, OPEN), seconds=10)


def test_an_ended_contract_is_disconnected_and_stays_out(lab: Lab, ana: Client):
    with reconciler(lab):
        decided(lab, ana, "closed")
        assert eventually(lambda: not lab.nas.sessions())
        assert "error" in ana.dial()


def _outcomes(lab: Lab, client: Client) -> list[tuple[str, str]]:
    return lab.sql("SELECT kind, outcome FROM coa_log WHERE contract_id = %s ORDER BY id", client.contract)
