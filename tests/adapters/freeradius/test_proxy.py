"""In front of another RADIUS: it says who comes in, we lay the wall and the end of trust over its answer."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from radius import ROLE, ROLE_PASSWORD, Login, Radius, make_server
from religa.adapters.freeradius.client import Accepted, Acknowledged, NoAnswer, Rejected
from religa.adapters.freeradius.server import DEPLOY, PROXY
from religa.adapters.postgres.server import Server as Postgres

from .old_system import CLASS, SERVICE, OldSystem
from .test_outages import copy_database
from .town import Town

NAMES = {"ana@velho": {}, "bruno@velho": {}, "carla@velho": {}, "curta@velho": {"Session-Timeout": "600"}, "longa@velho": {"Session-Timeout": "999999"},
         "semclasse@velho": {"Class": ""}, "classelonga@velho": {"Class": "0x" + "ab" * 230}, "estranha@velho": {}, "mac@velho": {}}  # fmt: skip
SESSION = {"NAS-IP-Address": "127.0.0.1", "Calling-Station-Id": "AA:BB:CC:00:11:22"}
HOUR = 3600


@dataclass
class Proxied:
    """The town, a proxy that asks it, and the old system behind."""

    town: Town
    radius: Radius
    old: OldSystem
    logins: dict[str, Login]
    postgres: Postgres | None = None

    def ask(self, name: str, *, source: str = "127.0.0.1", **request):
        return self.radius.router(source).ask(username=name, password="segredo", **request)

    def accepted(self, name: str, **request) -> Accepted:
        answer = self.ask(name, **request)
        assert isinstance(answer, Accepted), answer
        return answer

    def decide(self, name: str, access: str, **how) -> None:
        self.town.decide(self.logins[name], access, **how)

    def account(self, name: str, session: str, kind: str = "Start", **more):
        packet = {"Acct-Status-Type": kind, "User-Name": name, "Acct-Session-Id": session, **SESSION, **more}
        return self.radius.router().account(packet)

    def recorded(self, session: str) -> list[tuple]:
        query = "SELECT username, applied_state FROM session_live WHERE session_id = %s"
        return self.town.sql(query, session)


@pytest.fixture(scope="module")
def proxied(town: Town, role_url: str, tmp_path_factory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("proxied")
    old = OldSystem(folder / "old", NAMES)
    old.server.start()
    proxy = make_server(folder / "proxy", role_url, raddb=PROXY, environment=old.environment)
    proxy.start()
    town.nas("127.0.9.1", vendor="accel")
    logins = {
        name: town.login(name, mac="AA:BB:CC:DD:EE:FF" if name == "mac@velho" else None)
        for name in NAMES
        if name != "estranha@velho"
    }
    yield Proxied(town, Radius(proxy), old, logins)
    proxy.stop()
    old.server.stop()


def values(answer: Accepted, name: str) -> list[str]:
    return [value for found, value in answer.attributes if found == name]


def is_unaltered(answer: Accepted) -> bool:
    got = sorted((n, v.strip('"')) for n, v in answer.attributes if n != "Message-Authenticator")
    return got == sorted({**SERVICE, "Class": CLASS}.items())


def test_full_access_without_an_end_is_the_old_answer_unaltered_and_signed(proxied: Proxied):
    answer = proxied.accepted("ana@velho")
    assert is_unaltered(answer), answer.attributes
    assert answer.signed


def test_who_is_unknown_to_us_gets_the_old_answer(proxied: Proxied):
    assert is_unaltered(proxied.accepted("estranha@velho"))


def test_the_old_system_is_asked_signed_and_by_which_router(proxied: Proxied):
    proxied.accepted("ana@velho")
    asked = proxied.old.heard()[-1]
    assert "Message-Authenticator" in asked
    assert asked["NAS-IP-Address"] == "127.0.0.1"


def test_chap_passes_through(proxied: Proxied):
    assert is_unaltered(proxied.accepted("ana@velho", method="chap"))


def test_the_wall_is_ours_and_the_addresses_are_theirs(proxied: Proxied):
    proxied.decide("bruno@velho", "walled")
    answer = proxied.accepted("bruno@velho")
    for name in ("Framed-IP-Address", "Framed-Pool", "Delegated-IPv6-Prefix", "Acct-Interim-Interval"):
        assert values(answer, name) == [v if v[0].isdigit() else f'"{v}"' for v in [SERVICE[name]]], name
    assert values(answer, "Mikrotik-Address-List") == ['"isp-blocked"']
    assert values(answer, "Mikrotik-Rate-Limit") == ['"512k/512k"']
    assert values(answer, "Session-Timeout") == ["1800"]
    assert values(answer, "Filter-Id") == values(answer, "Cisco-AVPair") == []
    assert len(values(answer, "Class")) == 1
    assert answer.signed and len(values(answer, "Message-Authenticator")) == 1
    proxied.decide("bruno@velho", "full")  # paid
    assert is_unaltered(proxied.accepted("bruno@velho"))


def test_reduced_is_slow_and_open(proxied: Proxied):
    proxied.decide("bruno@velho", "reduced")
    answer = proxied.accepted("bruno@velho")
    assert values(answer, "Mikrotik-Address-List") == ['"isp-active"']
    assert values(answer, "Mikrotik-Rate-Limit") == ['"1024k/1024k"']
    assert values(answer, "Framed-IP-Address") == ["10.7.7.7"]
    assert values(answer, "Session-Timeout") == values(answer, "Filter-Id") == []


def test_a_wall_that_is_a_pool_leaves_no_address_of_theirs(proxied: Proxied):
    proxied.decide("bruno@velho", "walled")
    answer = proxied.accepted("bruno@velho", source="127.0.9.1")
    assert values(answer, "Framed-Pool") == ['"isp-blocked"']
    assert values(answer, "Filter-Id") == ['"512/512"']
    assert values(answer, "Framed-IP-Address") == values(answer, "Delegated-IPv6-Prefix") == []


def test_the_wall_does_not_ask_for_the_mac_address(proxied: Proxied):
    """Whom the old system lets in with another device must not thereby leave the wall."""
    proxied.decide("mac@velho", "walled")
    answer = proxied.accepted("mac@velho", attributes={"Calling-Station-Id": "00:00:00:00:00:01"})
    assert values(answer, "Mikrotik-Address-List") == ['"isp-blocked"']
    assert values(answer, "Framed-IP-Address") == ["10.7.7.7"]


@pytest.mark.parametrize(
    "name, least, most", [("carla@velho", 7190, 7200), ("curta@velho", 600, 600), ("longa@velho", 7190, 7200)]
)
def test_trust_ends_at_the_earlier_of_both_ends(proxied: Proxied, name: str, least: int, most: int):
    proxied.decide(name, "full", status="trusted", seconds=2 * HOUR, then="walled")
    answer = proxied.accepted(name)
    (seconds,) = values(answer, "Session-Timeout")
    assert least <= int(seconds) <= most
    assert len(values(answer, "Class")) == 1
    assert values(answer, "Class")[0].startswith("0x" + b"st=trust".hex())
    assert values(answer, "Class")[0].endswith("3b" + CLASS[2:])
    for same in ("Mikrotik-Rate-Limit", "Mikrotik-Address-List", "Filter-Id", "Framed-IP-Address"):
        assert [v.strip('"') for v in values(answer, same)] == [SERVICE[same]]


def test_a_refusal_of_the_old_system_stays_a_refusal(proxied: Proxied):
    proxied.decide("bruno@velho", "walled")
    answer = proxied.radius.router().ask(username="bruno@velho", password="errada")
    assert isinstance(answer, Rejected)
    assert answer.signed


def test_who_is_closed_is_the_old_systems_word(proxied: Proxied):
    proxied.decide("bruno@velho", "closed")
    assert is_unaltered(proxied.accepted("bruno@velho"))


def test_a_router_that_is_not_on_the_list_hears_nothing(proxied: Proxied):
    assert isinstance(
        proxied.radius.router("127.0.9.99", seconds=1).ask(username="ana@velho", password="segredo"), NoAnswer
    )


def test_what_a_proxy_in_between_adds_comes_back(proxied: Proxied):
    answer = proxied.accepted("ana@velho", attributes={"Proxy-State": "0x6d696e65"})
    assert values(answer, "Proxy-State") == ["0x6d696e65"]


def class_of(answer: Accepted) -> str:
    (value,) = values(answer, "Class")
    return value


def test_accounting_is_kept_by_both_and_each_gets_its_own_class_back(proxied: Proxied):
    proxied.decide("bruno@velho", "walled")
    answer = proxied.account("bruno@velho", "both", Class=class_of(proxied.accepted("bruno@velho")))
    assert isinstance(answer, Acknowledged)
    assert proxied.recorded("both") == [("bruno@velho", "walled")]
    assert [p["Class"] for p in proxied.old.told("both")] == [CLASS]


def test_a_session_let_in_unaltered_is_one_without_our_wall(proxied: Proxied):
    assert isinstance(
        proxied.account("ana@velho", "plain", Class=class_of(proxied.accepted("ana@velho"))), Acknowledged
    )
    assert proxied.recorded("plain") == [("ana@velho", "full")]
    assert [p["Class"] for p in proxied.old.told("plain")] == [CLASS]


def test_without_a_class_of_theirs_ours_is_kept_from_them(proxied: Proxied):
    proxied.decide("semclasse@velho", "walled")
    ours = class_of(proxied.accepted("semclasse@velho"))
    assert ours == "0x" + b"st=blocked".hex()
    proxied.account("semclasse@velho", "ours alone", Class=ours)
    assert proxied.recorded("ours alone") == [("semclasse@velho", "walled")]
    assert [p.get("Class") for p in proxied.old.told("ours alone")] == [None]


def test_a_class_of_theirs_too_long_to_be_joined_goes_alone(proxied: Proxied):
    proxied.decide("classelonga@velho", "walled")
    assert class_of(proxied.accepted("classelonga@velho")) == NAMES["classelonga@velho"]["Class"]


def test_the_switch_lets_the_old_answers_pass_unaltered(proxied: Proxied):
    proxied.decide("bruno@velho", "walled")
    proxied.decide("carla@velho", "full", status="trusted", seconds=HOUR, then="walled")
    proxied.town.release(True)
    try:
        assert is_unaltered(proxied.accepted("bruno@velho"))
        assert is_unaltered(proxied.accepted("carla@velho"))
    finally:
        proxied.town.release(False)
    assert values(proxied.accepted("bruno@velho"), "Session-Timeout") == ["1800"]


def test_a_silent_old_system_is_silence_and_our_record_goes_on(town: Town, role_url: str, tmp_path):
    old = OldSystem(tmp_path / "old", NAMES)
    proxy = make_server(tmp_path / "proxy", role_url, raddb=PROXY, environment=old.environment)
    silent = Proxied(town, Radius(proxy), old, {"ana@velho": town.login()})
    name = silent.logins["ana@velho"].username
    proxy.start()
    try:
        patient = silent.radius.router(seconds=9.0)  # longer than the proxy itself waits
        assert isinstance(patient.ask(username=name, password="segredo"), NoAnswer)
        for number in range(3):  # also when it has been given up for dead
            assert isinstance(silent.account(name, f"silent {number}"), NoAnswer)
            assert silent.recorded(f"silent {number}") == [(name, "full")]
        old.server.start()
        assert until(lambda: isinstance(silent.ask("ana@velho"), Accepted), seconds=30)
        assert until(lambda: isinstance(silent.account(name, "back"), Acknowledged), seconds=30)
    finally:
        proxy.stop()
        old.server.stop()


@pytest.fixture
def away(proxied: Proxied, tmp_path) -> Iterator[Proxied]:
    """A proxy with a database of its own, which has seen a walled subscriber; it looks routers up each second."""
    source = os.environ.get("RELIGA_TEST_POSTGRES", "wheel")
    postgres = Postgres(folder=tmp_path / "postgres", durable=False, source=source)
    postgres.start()
    postgres.create_database("away")
    proxied.decide("bruno@velho", "walled")
    copy_database(proxied.town.url, postgres.url(database="away"), source)
    role_url = postgres.url(database="away", user=ROLE, password=ROLE_PASSWORD)
    raddb = looking_up_each_second(tmp_path)
    proxy = make_server(tmp_path / "proxy", role_url, raddb=raddb, environment=proxied.old.environment)
    proxy.start()
    found = Proxied(proxied.town, Radius(proxy), proxied.old, proxied.logins, postgres)
    assert is_walled(found.accepted("bruno@velho"))
    yield found
    proxy.stop()
    postgres.stop()


def looking_up_each_second(folder: Path) -> Path:
    shutil.copytree(DEPLOY, folder / "deploy")
    raddb = folder / "deploy" / PROXY.name
    clients = raddb / "clients.conf"
    clients.write_text(clients.read_text().replace("lifetime = 120", "lifetime = 1"))
    return raddb


def is_walled(answer: Accepted) -> bool:
    return values(answer, "Session-Timeout") == ["1800"]


def test_without_our_database_the_old_system_goes_on_unaltered(away: Proxied):
    assert away.postgres
    away.postgres.stop()
    before = len(away.old.told("without us"))
    for _ in range(3):
        time.sleep(1.1)  # the router has to be looked up again
        assert is_unaltered(away.accepted("bruno@velho"))
        assert isinstance(away.account("bruno@velho", "without us"), Acknowledged)
    assert len(away.old.told("without us")) == before + 3
    stranger = away.radius.router("127.0.9.77", seconds=1)
    assert isinstance(stranger.ask(username="bruno@velho", password="segredo"), NoAnswer)
    away.postgres.start()
    assert until(lambda: is_walled(away.accepted("bruno@velho")))
    assert isinstance(away.account("bruno@velho", "with us"), Acknowledged)


def test_a_frozen_database_delays_the_old_answer_at_first_only(away: Proxied):
    """Each connection has to be given up once; then only one log-in in five seconds waits for a new one."""
    assert away.postgres
    postmaster = away.postgres.postmaster()
    assert postmaster
    children = Path(f"/proc/{postmaster.pid}/task/{postmaster.pid}/children").read_text().split()
    frozen = [postmaster.pid, *map(int, children)]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        assert until(lambda: is_soon(away))
        assert all(is_soon(away) for _ in range(3))
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert until(lambda: is_walled(away.accepted("bruno@velho")))


def is_soon(proxied: Proxied) -> bool:
    started = time.monotonic()
    answer = proxied.ask("bruno@velho")
    return isinstance(answer, Accepted) and is_unaltered(answer) and time.monotonic() - started < 1


def until(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True
