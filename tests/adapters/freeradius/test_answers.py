"""What the network hears, asked with a real client: each access, each kind of router, and when it changes."""

import time

import pytest

from radius import Radius
from religa.adapters.freeradius.client import Accepted, Rejected

from .town import Town

DAY = 86_400


@pytest.fixture(scope="module", autouse=True)
def routers(town: Town) -> None:
    town.nas("127.0.1.1", vendor="accel")
    town.nas("127.0.1.2", vendor="generic")
    town.nas("127.0.1.3", vendor="a-vendor-nobody-wrote-templates-for")


def accepted(answer) -> Accepted:
    assert isinstance(answer, Accepted), answer
    return answer


def test_full_access_is_the_speed_of_the_plan_without_an_end(town: Town, radius: Radius):
    answer = accepted(radius.ask(town.login()))
    assert answer.text("Class") == "st=active"
    assert answer.text("Mikrotik-Address-List") == "isp-active"
    assert answer.text("Mikrotik-Rate-Limit") == "300000k/600000k"
    assert answer.text("Session-Timeout") is None
    assert answer.number("Acct-Interim-Interval") == 300


def test_the_wall_is_an_accept_that_asks_again_after_half_an_hour(town: Town, radius: Radius):
    bruno = town.login()
    town.decide(bruno, "walled")
    answer = accepted(radius.ask(bruno))
    assert answer.text("Class") == "st=blocked"
    assert answer.text("Mikrotik-Address-List") == "isp-blocked"
    assert answer.text("Mikrotik-Rate-Limit") == "512k/512k"
    assert answer.number("Session-Timeout") == 1800


def test_reduced_access_is_slow_and_open(town: Town, radius: Radius):
    bruno = town.login()
    town.decide(bruno, "reduced", seconds=5 * DAY, then="walled")
    answer = accepted(radius.ask(bruno))
    assert answer.text("Class") == "st=reduced"
    assert answer.text("Mikrotik-Address-List") == "isp-active"
    assert answer.text("Mikrotik-Rate-Limit") == "1024k/1024k"
    assert 5 * DAY - 10 <= answer.number("Session-Timeout") <= 5 * DAY


def test_every_change_shows_on_the_very_next_request(town: Town, radius: Radius):
    carla = town.login()
    town.decide(carla, "walled")
    assert accepted(radius.ask(carla)).text("Class") == "st=blocked"
    town.decide(carla, "full", status="trusted", seconds=3 * DAY, then="walled")
    trusted = accepted(radius.ask(carla))
    assert trusted.text("Class").startswith("st=trust:")
    assert trusted.text("Mikrotik-Address-List") == "isp-active"
    assert 3 * DAY - 10 <= trusted.number("Session-Timeout") <= 3 * DAY
    town.decide(carla, "walled")  # revoked
    assert accepted(radius.ask(carla)).number("Session-Timeout") == 1800
    town.decide(carla, "full")  # paid
    paid = accepted(radius.ask(carla))
    assert (paid.text("Class"), paid.text("Session-Timeout")) == ("st=active", None)


def test_what_is_rolled_back_changes_nothing(town: Town, radius: Radius):
    ana = town.login()
    town.sql("BEGIN")
    town.decide(ana, "walled")
    meanwhile = accepted(radius.ask(ana))
    town.sql("ROLLBACK")
    assert meanwhile.text("Class") == accepted(radius.ask(ana)).text("Class") == "st=active"


def test_trust_ends_by_itself_with_nothing_of_ours_running(town: Town, radius: Radius):
    carla = town.login()
    town.decide(carla, "full", status="trusted", seconds=2, then="walled")
    trusted = accepted(radius.ask(carla))
    assert trusted.text("Class").startswith("st=trust:")
    assert 1 <= trusted.number("Session-Timeout") <= 2
    time.sleep(2.1)
    over = accepted(radius.ask(carla))
    assert over.text("Class") == "st=blocked"
    assert over.text("Mikrotik-Address-List") == "isp-blocked"


def test_closed_is_refused_with_the_right_password(town: Town, radius: Radius):
    ended = town.login()
    town.decide(ended, "closed")
    assert isinstance(radius.ask(ended), Rejected)


def test_accel_hears_its_rates_down_first_and_the_wall_as_a_pool(town: Town, radius: Radius):
    bruno = town.login(ipv4="10.9.8.7")
    full = accepted(radius.ask(bruno, source="127.0.1.1"))
    assert full.text("Filter-Id") == "600000/300000"
    assert full.text("Framed-IP-Address") == "10.9.8.7"
    town.decide(bruno, "walled")
    walled = accepted(radius.ask(bruno, source="127.0.1.1"))
    assert (walled.text("Filter-Id"), walled.text("Framed-Pool")) == ("512/512", "isp-blocked")
    assert walled.text("Framed-IP-Address") is None
    assert walled.text("Mikrotik-Address-List") is None


@pytest.mark.parametrize("source", ["127.0.1.2", "127.0.1.3"], ids=["generic", "unknown vendor"])
def test_any_other_router_hears_the_name_of_a_filter(town: Town, radius: Radius, source: str):
    bruno = town.login()
    assert accepted(radius.ask(bruno, source=source)).text("Filter-Id") == "isp-active"
    town.decide(bruno, "walled")
    walled = accepted(radius.ask(bruno, source=source))
    assert (walled.text("Filter-Id"), walled.number("Session-Timeout")) == ("isp-blocked", 1800)


def test_addresses_and_pools_stay_the_same_in_the_wall(town: Town, radius: Radius):
    ana = town.login(ipv4="203.0.113.9", ipv6_prefix_pool="v6-lan", ipv6_pd_pool="v6-pd")
    open_ = accepted(radius.ask(ana))
    town.decide(ana, "walled")
    walled = accepted(radius.ask(ana))
    for name, value in {
        "Framed-IP-Address": "203.0.113.9",
        "Framed-IPv6-Pool": "v6-lan",
        "Mikrotik-Delegated-IPv6-Pool": "v6-pd",
    }.items():
        assert open_.text(name) == walled.text(name) == value
    assert accepted(radius.ask(town.login(pool="residencial"))).text("Framed-Pool") == "residencial"


def test_rates_and_burst_of_the_login_go_before_those_of_the_plan(town: Town, radius: Radius):
    own = town.login(down_kbps=50_000, up_kbps=20_000)
    assert accepted(radius.ask(own)).text("Mikrotik-Rate-Limit") == "20000k/50000k"
    burst = town.login(
        burst_down_kbps=800_000,
        burst_up_kbps=400_000,
        burst_threshold_down_kbps=500_000,
        burst_threshold_up_kbps=200_000,
        burst_seconds=8,
    )
    expected = "300000k/600000k 400000k/800000k 200000k/500000k 8/8"
    assert accepted(radius.ask(burst)).text("Mikrotik-Rate-Limit") == expected


def test_without_plan_and_rate_no_rate_is_sent_but_the_list_is(town: Town, radius: Radius):
    answer = accepted(radius.ask(town.login(plan=None)))
    assert answer.text("Mikrotik-Rate-Limit") is None
    assert answer.text("Mikrotik-Address-List") == "isp-active"


def test_extra_attributes_are_sent_and_cannot_contradict_the_decision(town: Town, radius: Radius):
    extra = [
        ["Framed-Route", "+=", "198.51.100.0/28 203.0.113.9"],
        ["Framed-Route", "+=", "198.51.100.16/28 203.0.113.9"],
        ["Mikrotik-Group", ":=", 'a "quoted" \\ name'],
        ["Session-Timeout", ":=", "99999999"],
        ["mikrotik-address-list", "+=", "vip"],
        ["Filter-Id", ":=", "vip"],
        ["class", ":=", "st=active"],
        ["Religa-Clear-Password", ":=", "another"],
        ["Auth-Type", ":=", "Accept"],
        ["no such form", ":=", "x"],
        "nonsense",
    ]
    ana = town.login(extra_replies=extra)
    open_ = accepted(radius.ask(ana))
    routes = [value for name, value in open_.attributes if name == "Framed-Route"]
    assert routes == ['"198.51.100.0/28 203.0.113.9"', '"198.51.100.16/28 203.0.113.9"']
    assert open_.text("Mikrotik-Group") == 'a "quoted" \\ name'
    assert open_.text("Session-Timeout") is None
    for decided in ("Class", "Mikrotik-Address-List"):
        assert [name for name, _ in open_.attributes].count(decided) == 1
    elsewhere = accepted(radius.ask(ana, source="127.0.1.3"))
    assert [value for name, value in elsewhere.attributes if name == "Filter-Id"] == ['"isp-active"']
    town.decide(ana, "walled")
    walled = accepted(radius.ask(ana))
    assert walled.text("Mikrotik-Address-List") == "isp-blocked"
    assert walled.text("Mikrotik-Group") is None
    assert walled.text("Framed-Route") == "198.51.100.0/28 203.0.113.9"
    assert isinstance(radius.router().ask(username=ana.username, password="another"), Rejected)


def test_a_command_in_backquotes_is_text(town: Town, radius: Radius, tmp_path):
    harm = tmp_path / "harm"
    ana = town.login(extra_replies=[["Mikrotik-Group", ":=", f"`/usr/bin/touch {harm}`"]])
    assert accepted(radius.ask(ana)).text("Mikrotik-Group") == f"`/usr/bin/touch {harm}`"
    assert not harm.exists()


def test_a_reply_is_signed(town: Town, radius: Radius):
    assert accepted(radius.ask(town.login())).signed
