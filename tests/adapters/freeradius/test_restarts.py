"""A router that restarts has no sessions (Accounting-On, Accounting-Off): which rows that ends, and which it does not."""

import itertools

import pytest

from radius import Radius
from religa.adapters.freeradius.client import Acknowledged

from .sessions import Session
from .town import Town

_addresses = (f"127.0.6.{n}" for n in itertools.count(1))


@pytest.fixture
def source(town: Town) -> str:
    """A router of its own: a restart ends all that it has."""
    address = next(_addresses)
    town.nas(address)
    return address


@pytest.fixture
def session(town: Town, radius: Radius, source: str, request) -> Session:
    return Session(town, radius, town.login(), request.node.name, source=source)


def say(radius: Radius, source: str, kind: str, **more) -> None:
    packet = {"Acct-Status-Type": kind, **{name.replace("_", "-"): value for name, value in more.items()}}
    assert isinstance(radius.router(source).account(packet), Acknowledged)


@pytest.mark.parametrize("kind", ["Accounting-On", "Accounting-Off"])
def test_its_sessions_are_over(session: Session, radius: Radius, source: str, kind: str):
    session.tell("Start", Framed_IP_Address="100.64.6.1")
    session.aged(100)
    say(radius, source, kind)
    assert session.live() == (0,)
    # They ended when they were last heard of, as far as anybody knows.
    ended = "host(framed_ipv4), terminate_cause, stopped_at = updated_at"
    assert session.logged(ended) == [("100.64.6.1", "NAS-Reboot", True)]
    say(radius, source, kind)
    assert session.logged() == [(1,)]


def test_those_of_other_routers_go_on(town: Town, session: Session, radius: Radius, source: str):
    other = next(_addresses)
    town.nas(other)
    elsewhere = Session(town, radius, town.login(), f"{session.number} elsewhere", source=other)
    for one in (session, elsewhere):
        one.tell("Start")
    say(radius, source, "Accounting-On")
    assert (session.live(), elsewhere.live()) == ((0,), (1,))


def test_of_a_network_of_routers_only_the_one_that_restarts(town: Town, radius: Radius):
    town.nas("127.0.7.0/24")
    ana = town.login()
    one, other = (Session(town, radius, ana, f"at {n}", source=f"127.0.7.{n}") for n in (1, 2))
    for each in (one, other):
        each.tell("Start")
    say(radius, "127.0.7.1", "Accounting-Off")
    assert (one.live(), other.live()) == ((0,), (1,))


def test_a_session_that_lives_all_the_same_is_opened_again(session: Session, radius: Radius, source: str):
    """Some routers say On when only their RADIUS client restarts."""
    session.tell("Start", Class="st=blocked")
    session.aged(300)
    say(radius, source, "Accounting-On")
    session.tell("Interim-Update", Acct_Session_Time=300, Acct_Input_Octets=5, Class="st=blocked")
    assert session.live("applied_state, octets_in, contract_id") == ("walled", 5, session.login.contract)
    session.tell("Stop", Acct_Session_Time=301)
    assert session.live() == (0,)
    assert sorted(session.logged("terminate_cause")) == [("",), ("NAS-Reboot",)]


def test_an_interim_that_was_overtaken_opens_nothing(session: Session, radius: Radius, source: str):
    session.tell("Start")
    say(radius, source, "Accounting-Off")
    session.tell("Interim-Update", Acct_Session_Time=1, Acct_Delay_Time=1)
    assert session.live() == (0,)


def test_a_late_word_of_a_restart_leaves_newer_sessions_alone(
    town: Town, session: Session, radius: Radius, source: str
):
    older = Session(town, radius, town.login(), f"{session.number} older", source=source)
    older.tell("Start", Acct_Delay_Time=90)
    session.tell("Start")
    say(radius, source, "Accounting-On", Acct_Delay_Time=60)
    assert (older.live(), session.live()) == ((0,), (1,))


def test_a_restart_of_a_router_without_sessions_is_answered(radius: Radius, source: str):
    for kind in ("Accounting-On", "Accounting-Off"):
        say(radius, source, kind)


def test_a_session_of_which_nothing_is_heard_for_a_day_is_over_until_it_speaks(town: Town, session: Session):
    session.tell("Start", Framed_IP_Address="100.64.6.9")
    session.aged(100)
    town.sql("SELECT radius.close_silent(10)")
    assert session.live() == (1,)
    session.aged(90_000)
    town.sql("SELECT radius.close_silent(10)")
    assert session.live() == (0,)
    assert session.logged("terminate_cause, stopped_at < now() - interval '1 day'") == [("Silent", True)]
    session.tell("Interim-Update", Acct_Session_Time=90_100)
    assert session.live() == (1,)
