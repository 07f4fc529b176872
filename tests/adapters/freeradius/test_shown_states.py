"""An acknowledgement is no proof: what the router shows in its interim updates is compared with it."""

import itertools

import pytest

from radius import Radius

from .sessions import ACTIVE, BLOCKED, Session
from .town import Town

_addresses = (f"127.0.8.{n}" for n in itertools.count(1))
STATE = "applied_state, contradicted, verified_at IS NOT NULL"
FULL = {"Class": ACTIVE, "Filter_Id": "isp-active"}
WALL = {"Class": BLOCKED, "Filter_Id": "isp-blocked"}


@pytest.fixture
def kinds(town: Town) -> dict[str, str]:
    """Vendors by the attribute that shows the state; `generic` shows it by Filter-Id as shipped."""
    for shown_by in ("class", ""):
        town.sql(
            "WITH made AS (INSERT INTO radius.vendor (vendor, title, shown_by, verified)"
            " VALUES (%s, 'of a test', %s, 'by it') ON CONFLICT DO NOTHING RETURNING vendor)"
            " INSERT INTO radius.reply_template (vendor, purpose, access, position, attribute, op, template, fact)"
            " SELECT m.vendor, purpose, access, position, attribute, op, template, fact"
            " FROM made m, radius.reply_template t WHERE t.vendor = 'generic'",
            f"shows-{shown_by or 'nothing'}",
            shown_by,
        )
    return {"class": "shows-class", "filter_id": "generic", "": "shows-nothing"}


@pytest.fixture
def opened(town: Town, radius: Radius, kinds: dict[str, str], request):
    """`opened(shown_by, **as_it_was_let_in)`: a session that began five minutes ago at a router of that kind."""

    def make(shown_by: str, **state) -> Session:
        address = next(_addresses)
        town.nas(address, vendor=kinds[shown_by])
        session = Session(town, radius, town.login(), f"{request.node.name} {address}", source=address)
        session.tell("Start", **state)
        session.aged(300)
        return session

    return make


@pytest.mark.parametrize("shown_by", ["class", "filter_id"])
def test_a_router_that_shows_what_was_ordered_is_believed(town: Town, opened, shown_by: str):
    session = opened(shown_by, **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    assert session.live(STATE) == ("walled", 0, False)
    session.tell("Interim-Update", Acct_Session_Time=300, **WALL)
    assert session.live(STATE) == ("walled", 0, True)
    assert not session.drifts()


@pytest.mark.parametrize("shown_by", ["class", "filter_id"])
def test_a_router_that_acknowledged_and_shows_the_old_state_drifts(town: Town, opened, shown_by: str):
    session = opened(shown_by, **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    assert not session.drifts()
    for times in (1, 2):
        session.tell("Interim-Update", Acct_Session_Time=300, **FULL)
        assert session.live(STATE) == ("full", times, False)
        assert session.drifts()
        session.ordered("walled")


@pytest.mark.parametrize("shown_by", ["class", "filter_id"])
def test_one_contradiction_is_counted_once(town: Town, opened, shown_by: str):
    session = opened(shown_by, **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    for seconds in (300, 600):
        session.tell("Interim-Update", Acct_Session_Time=seconds, **FULL)
    # From the second on it says what we hold it for.
    assert session.live(STATE) == ("full", 1, True)
    assert session.drifts()


def test_packets_that_were_on_their_way_prove_nothing(town: Town, opened):
    session = opened("class", **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled", seconds_ago=0)
    session.tell("Interim-Update", Acct_Session_Time=300, **FULL)
    session.tell("Interim-Update", Acct_Session_Time=300, **WALL)
    assert session.live(STATE) == ("walled", 0, False)
    session.ordered("walled", seconds_ago=60)
    session.tell("Interim-Update", Acct_Session_Time=300, Acct_Delay_Time=58, **FULL)
    assert session.live(STATE) == ("walled", 0, False)


def test_a_start_that_is_repeated_contradicts_nothing(town: Town, opened):
    session = opened("class", **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    session.tell("Start", Acct_Delay_Time=1, **FULL)
    assert session.live("count(*), min(contradicted)") == (1, 0)


def test_a_router_that_shows_nothing_never_contradicts(town: Town, opened):
    session = opened("", **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    session.tell("Interim-Update", Acct_Session_Time=300, **FULL)
    assert session.live(STATE) == ("walled", 0, False)


@pytest.mark.parametrize("said", [{}, {"Class": "0xdeadbeef", "Filter_Id": "of another system"}])
@pytest.mark.parametrize("shown_by", ["class", "filter_id"])
def test_what_is_not_ours_shows_nothing(town: Town, opened, shown_by: str, said: dict[str, str]):
    session = opened(shown_by, **FULL)
    town.decide(session.login, "walled")
    session.ordered("walled")
    session.tell("Interim-Update", Acct_Session_Time=300, **said)
    assert session.live(STATE) == ("walled", 0, False)


def test_the_wall_that_lets_telephony_pass_is_the_wall(town: Town, opened):
    session = opened("filter_id", **FULL)
    session.ordered("walled")
    session.tell("Interim-Update", Acct_Session_Time=300, Filter_Id="isp-blocked-voice")
    assert session.live(STATE) == ("walled", 0, True)


def test_a_session_of_which_nothing_was_known_shows_itself(town: Town, opened):
    """It began under another system, and an order was acknowledged."""
    session = opened("class")
    assert session.live("applied_state") == (None,)
    session.ordered("full")
    session.tell("Interim-Update", Acct_Session_Time=300, Class="st=trust:1900000000")
    assert session.live("applied_state, verified_at IS NOT NULL") == ("full", True)


def test_a_contradiction_wakes_the_reconciler(town: Town, opened, role_url: str):
    import psycopg

    session = opened("class", **FULL)
    session.ordered("walled")
    with psycopg.connect(town.url, autocommit=True) as listening:
        listening.execute("LISTEN religa_access")
        session.tell("Interim-Update", Acct_Session_Time=300, **FULL)
        heard = [n.payload for n in listening.notifies(timeout=2, stop_after=1)]
    assert heard == [str(session.login.contract)]
