"""Which routers are heard: those of the database, as it is now."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from radius import SECRET, Radius, free_udp_ports
from religa.adapters.freeradius.client import Accepted, Acknowledged, Client, NoAnswer
from religa.adapters.freeradius.server import Server

from .town import Town


def test_a_new_router_is_answered_without_a_restart(town: Town, radius: Radius):
    ana = town.login()
    before = radius.router("127.0.2.1", seconds=0.5)
    assert isinstance(before.ask(username=ana.username, password="segredo"), NoAnswer)
    town.nas("127.0.2.1")
    assert isinstance(radius.ask(ana, source="127.0.2.1"), Accepted)


def test_many_routers_at_once_are_all_answered(town: Town, radius: Radius):
    """As after a restart of ours, when each of them is new."""
    ana = town.login()
    sources = [f"127.0.3.{n}" for n in range(1, 21)]
    for source in sources:
        town.nas(source)

    def answered(source: str) -> bool:
        router = radius.router(source, seconds=2)
        return isinstance(router.ask(username=ana.username, password="segredo"), Accepted)

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(answered, sources))


def test_a_switched_off_router_and_a_stranger_hear_nothing(town: Town, radius: Radius):
    ana = town.login()
    town.nas("127.0.2.2", enabled=False)
    for source in ("127.0.2.2", "127.0.2.3"):
        silent = radius.router(source, seconds=0.5)
        assert isinstance(silent.ask(username=ana.username, password="segredo"), NoAnswer), source


def test_a_router_with_another_secret_gets_no_answer_that_it_could_trust(town: Town, radius: Radius):
    ana = town.login()
    liar = radius.router(secret="another secret", seconds=0.5)
    assert not isinstance(liar.ask(username=ana.username, password="segredo"), Accepted)


ODD = [
    "with blanks",
    'a "quote"',
    "an 'apostrophe'",
    "back\\slash",
    "%{User-Name}",
    "`id`",
    "#$ENV{HOME}${run_dir}!",
]


@pytest.mark.parametrize("number, secret", list(enumerate(ODD, start=1)), ids=ODD)
def test_a_secret_is_taken_exactly(town: Town, radius: Radius, number: int, secret: str):
    ana, source = town.login(), f"127.0.4.{number}"
    town.nas(source, secret=secret)
    answer = radius.router(source, secret=secret).ask(username=ana.username, password="segredo")
    assert isinstance(answer, Accepted)


def test_the_narrowest_network_is_the_router(town: Town, radius: Radius):
    ana = town.login()
    town.nas("127.0.5.0/24", vendor="generic", secret="of the network")
    town.nas("127.0.5.7", vendor="accel")
    wide = radius.router("127.0.5.8", secret="of the network").ask(username=ana.username, password="segredo")
    narrow = radius.ask(ana, source="127.0.5.7")
    assert isinstance(wide, Accepted)
    assert isinstance(narrow, Accepted)
    assert (wide.text("Filter-Id"), narrow.text("Filter-Id")) == ("isp-active", "600000/300000")


def test_a_router_with_an_ipv6_address_is_a_router_like_any_other(town: Town, role_url: str, tmp_path):
    ana = town.login()
    town.nas("::1")
    auth_port, acct_port = free_udp_ports(2)
    server = Server(
        folder=tmp_path, database_url=role_url, address="::1", auth_port=auth_port, acct_port=acct_port
    )
    server.start()
    try:
        router = Client(server="::1", auth_port=auth_port, acct_port=acct_port, secret=SECRET, seconds=3)
        assert isinstance(router.ask(username=ana.username, password="segredo"), Accepted)
        packet = {"Acct-Status-Type": "Start", "User-Name": ana.username, "Acct-Session-Id": "over IPv6"}
        assert isinstance(router.account(packet), Acknowledged)
    finally:
        server.stop()
    assert town.sql("SELECT host(nas_address) FROM session_live WHERE session_id = 'over IPv6'") == [("::1",)]


def test_a_router_that_signs_is_heard_only_signed(town: Town, radius: Radius):
    ana = town.login()
    town.nas("127.0.2.4", settings={"require_message_authenticator": True})
    router = radius.router("127.0.2.4", seconds=0.5)
    assert isinstance(router.ask(username=ana.username, password="segredo"), NoAnswer)
    signed = router.ask(
        username=ana.username, password="segredo", attributes={"Message-Authenticator": "0x00"}
    )
    assert isinstance(signed, Accepted)


def test_the_secret_of_the_tests_is_kept_apart_from_the_list(town: Town):
    assert town.sql("SELECT 1 FROM nas t WHERE t::text LIKE %s", f"%{SECRET}%") == []
