"""What routers tell of sessions: late, twice and out of order, and the rows are right all the same."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg

from radius import Radius

from .sessions import Session
from .town import Town

STOP = """SELECT radius.account('Stop', %(session)s, %(user)s, '1', '127.0.0.1', '', '', '', '', '', '', '', '', '60', '0',
                                '1', '0', '1', '0', 'User-Request')"""


def test_a_session_is_born_counted_and_kept_in_the_log(session: Session, radius: Radius):
    answer = radius.ask(session.login)
    known = {
        "Framed_IP_Address": "100.64.3.2",
        "Calling_Station_Id": "AA:BB:CC:00:11:22",
        "NAS_Port_Id": "ether2",
    }
    state = "0x" + answer.text("Class").encode().hex()
    session.tell("Start", Class=state, Delegated_IPv6_Prefix="2001:db8:7::/56", **known)
    columns = "contract_id, host(framed_ipv4), delegated_ipv6_prefix::text, applied_state, nas_port, calling_station"
    expected = (
        session.login.contract,
        "100.64.3.2",
        "2001:db8:7::/56",
        "full",
        "ether2",
        "AA:BB:CC:00:11:22",
    )
    assert session.live(columns) == expected
    assert session.live("nas_id IS NOT NULL, host(nas_address)") == (True, "127.0.0.1")

    session.tell("Interim-Update", Acct_Session_Time=300, Acct_Input_Octets=1000, Acct_Output_Octets=5,
                 Acct_Output_Gigawords=1, Class=state, **known)  # fmt: skip
    assert session.live("octets_in, octets_out") == (1000, 4294967301)

    session.tell("Stop", Acct_Session_Time=400, Acct_Input_Octets=1500, Acct_Output_Octets=9,
                 Acct_Output_Gigawords=1, Acct_Terminate_Cause="User-Request", **known)  # fmt: skip
    assert session.live() == (0,)
    assert session.logged("octets_in, octets_out, terminate_cause, applied_state, contract_id") == [
        (1500, 4294967305, "User-Request", "full", session.login.contract)
    ]


def test_packets_that_come_twice_count_once(session: Session):
    for _ in range(2):
        session.tell("Start", Framed_IP_Address="100.64.3.3")
    for _ in range(2):
        session.tell("Interim-Update", Acct_Session_Time=1, Acct_Input_Octets=10)
    assert session.live() == (1,)
    for _ in range(2):
        session.tell("Stop", Acct_Session_Time=2, Acct_Input_Octets=20)
    assert session.live() == (0,)
    assert session.logged("octets_in") == [(20,)]


def test_two_stops_at_once_are_written_once(town: Town, role_url: str):
    """As when a router repeats to a second server what the first has not answered yet."""
    login = town.login()
    with (
        psycopg.connect(role_url, autocommit=True) as one,
        psycopg.connect(role_url, autocommit=True) as other,
    ):
        both = Barrier(2)

        def stop(connection: psycopg.Connection, number: str) -> None:
            both.wait()
            connection.execute(
                STOP, {"session": number.encode().hex(), "user": login.username.encode().hex()}
            )

        with ThreadPoolExecutor(2) as threads:
            for number in (f"race {n}" for n in range(100)):
                list(threads.map(stop, (one, other), (number, number)))
    assert town.sql("SELECT count(*) FROM session_log WHERE session_id LIKE %s", "race %") == [(100,)]


def test_a_late_interim_does_not_bring_a_session_back(session: Session):
    session.tell("Start", Acct_Delay_Time=900)
    session.tell("Stop", Acct_Session_Time=600, Acct_Input_Octets=20, Acct_Delay_Time=300)
    session.tell("Interim-Update", Acct_Session_Time=300, Acct_Input_Octets=10, Acct_Delay_Time=600)
    session.tell("Start", Acct_Delay_Time=901)
    assert session.live() == (0,)
    assert session.logged("octets_in") == [(20,)]


def test_counters_never_go_back(session: Session):
    session.tell("Start")
    session.tell("Interim-Update", Acct_Session_Time=2, Acct_Input_Octets=500)
    session.tell("Interim-Update", Acct_Session_Time=1, Acct_Input_Octets=400)
    assert session.live("octets_in") == (500,)


def test_an_interim_tells_what_a_lost_start_did_not(session: Session):
    session.tell("Interim-Update", Acct_Session_Time=120, Framed_IP_Address="100.64.3.4")
    lasted = "extract(epoch FROM now() - started_at) BETWEEN 119 AND 130"
    assert session.live(f"host(framed_ipv4), {lasted}, contract_id") == (
        "100.64.3.4",
        True,
        session.login.contract,
    )


def test_a_stop_alone_is_kept_for_the_law(session: Session):
    session.tell(
        "Stop", Acct_Session_Time=60, Framed_IP_Address="100.64.3.5", Acct_Terminate_Cause="Lost-Carrier"
    )
    assert session.live() == (0,)
    assert session.logged("host(framed_ipv4), terminate_cause") == [("100.64.3.5", "Lost-Carrier")]


def test_a_router_that_counts_anew_after_a_restart_opens_another_session(town: Town, session: Session):
    session.tell("Start", Framed_IP_Address="100.64.3.6")
    town.sql(
        "UPDATE session_live SET started_at = started_at - interval '1 day',"
        " updated_at = updated_at - interval '1 hour' WHERE session_id = %s",
        session.number,
    )
    session.tell("Start", Framed_IP_Address="100.64.3.7")
    assert session.live("host(framed_ipv4)") == ("100.64.3.7",)
    assert session.logged("host(framed_ipv4), terminate_cause") == [("100.64.3.6", "Lost-Stop")]
    session.tell("Stop", Acct_Session_Time=0)
    session.tell("Start", Acct_Delay_Time=0, Framed_IP_Address="100.64.3.8")
    assert len(session.logged("id")) == 2


def test_the_class_says_in_which_state_the_session_was_let_in(town: Town, radius: Radius):
    bruno = town.login()
    for access, then in (("walled", None), ("reduced", None), ("full", "walled")):
        town.decide(bruno, access, seconds=3600 if then else None, then=then)
        session = Session(town, radius, bruno, f"class-{access}")
        session.tell("Start", Class="0x" + radius.ask(bruno).text("Class").encode().hex())
        assert session.live("applied_state, applied_at = started_at") == (access, True)
    foreign = Session(town, radius, bruno, "class-foreign")
    foreign.tell("Start", Class="0xdeadbeef00")
    assert foreign.live("applied_state, applied_at") == (None, None)


def test_names_of_ports_in_any_octets_are_kept(session: Session):
    session.tell(
        "Start", **{"Attr-87": "0x" + "Saída São José".encode("cp1252").hex(), "Attr-30": "0x6162006364"}
    )
    assert session.live("nas_port") == ("Saída São José",)


def test_numbers_out_of_reason_are_taken_as_far_as_they_make_sense(session: Session):
    most = 4294967295
    session.tell("Start", Acct_Delay_Time=most)
    session.tell("Interim-Update", Acct_Session_Time=most, Acct_Input_Octets=most, Acct_Input_Gigawords=most)
    assert session.live("now() - started_at < interval '2 days'") == (True,)
    session.tell("Stop", Acct_Session_Time=most)
    assert session.live() == (0,)


def test_prefixes_are_kept_without_the_bits_that_do_not_count(session: Session):
    session.tell("Start", Framed_IPv6_Prefix="2001:db8:5:1::7/64", Delegated_IPv6_Prefix="2001:db8:500::1/56")
    prefixes = "framed_ipv6_prefix::text, delegated_ipv6_prefix::text"
    assert session.live(prefixes) == ("2001:db8:5:1::/64", "2001:db8:500::/56")
    session.tell("Interim-Update", Acct_Session_Time=1)
    assert session.live(prefixes) == ("2001:db8:5:1::/64", "2001:db8:500::/56")
    session.tell("Stop", Acct_Session_Time=2, Delegated_IPv6_Prefix="2001:db8:600::/56")
    assert session.logged(prefixes) == [("2001:db8:5:1::/64", "2001:db8:600::/56")]


def test_a_stop_brings_addresses_and_octets_that_nothing_told_before(session: Session):
    session.tell("Start")
    session.tell("Stop", Acct_Session_Time=9, Acct_Input_Octets=7, Framed_IP_Address="100.64.3.9")
    columns = "host(framed_ipv4), octets_in, updated_at = stopped_at"
    assert session.logged(columns) == [("100.64.3.9", 7, True)]


def test_a_class_with_an_end_says_until_when(town: Town, radius: Radius):
    carla = town.login()
    town.decide(carla, "full", status="trusted", seconds=3600, then="walled")
    session = Session(town, radius, carla, "class-end")
    session.tell("Start", Class=radius.ask(carla).text("Class"))
    (until,) = town.sql("SELECT until FROM contract_access WHERE contract_id = %s", carla.contract)[0]
    applied, ends = session.live("applied_state, extract(epoch FROM applied_until)::float")
    assert (applied, round(ends - until.timestamp())) in (("full", 0), ("full", 1))
    assert not session.drifts()


def test_when_a_router_was_heard_of_is_kept_and_not_written_with_every_packet(town: Town, session: Session):
    heard = (
        "SELECT accounted_at FROM nas_health WHERE nas_id = (SELECT id FROM nas WHERE address = '127.0.0.1')"
    )
    session.tell("Start")
    (first,) = town.sql(heard)
    session.tell("Interim-Update", Acct_Session_Time=1)
    assert town.sql(heard) == [first]
    town.sql("UPDATE nas_health SET accounted_at = now() - interval '11 s'")
    (aged,) = town.sql(heard)
    session.tell("Interim-Update", Acct_Session_Time=2)
    (second,) = town.sql(heard)
    assert second[0] > aged[0]
