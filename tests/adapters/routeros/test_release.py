"""The way back in one call: what we changed is as it was, what is anybody else's was not touched."""

from collections.abc import Callable

from religa.domain.facts import Access
from religa.ports import Applied, Change, Changed, Released, RouterRefused, Unreachable

from .town import ENTRIES, PROFILES, SECRET_SET, SECRETS, SESSIONS, Town


def everything(town: Town) -> dict[str, list[dict[str, str]]]:
    return {menu: town.box.rows(menu) for menu in (SECRETS, PROFILES, ENTRIES, "/queue/simple")}


def test_a_release_gives_the_router_back_as_it_was(town_with: Callable[..., Town]):
    by_profile, by_list = town_with(), town_with(way="address_list")
    town = by_profile
    town.box.redials = True
    town.box.add(SECRETS, name="by hand", profile="isp-blocked", comment="religa told me so")
    town.box.add(SECRETS, name="off", profile="PLANO 300M", disabled="yes")
    town.box.add(ENTRIES, list="isp-blocked", address="10.1.1.1", comment="religa:x")
    town.box.add(ENTRIES, list="isp-blocked", address="10.1.1.2")
    town.box.add(ENTRIES, list="vip", address=town.address("carla"), comment="mine")
    town.box.add("/queue/simple", name="ana", target="10.0.0.1", comment="religa:1")
    before = everything(town)
    by_profile.wall("bruno")
    by_profile.close("dora")
    by_profile.want("ana", access=Access.REDUCED)
    by_list.wall("carla")
    assert everything(town) != before
    released = by_profile.router.release()
    assert isinstance(released, Released)
    assert {login: type(how) for login, how in released.outcomes} == dict.fromkeys(
        ("bruno", "dora", "ana", "carla"), Applied
    )
    assert everything(town) == before
    assert town.box.profile_in_force("bruno") == "PLANO 600M"


def test_a_second_release_finds_nothing(town: Town):
    town.wall("bruno")
    town.router.release()
    town.box.forget()
    assert town.router.release() == Released(())
    assert town.written() == []


def test_a_release_may_leave_sessions_alone(town: Town):
    town.wall("bruno")
    town.box.dial("bruno")
    sessions = town.box.rows(SESSIONS)
    assert town.router.release(drop_sessions=False) == Released(
        (("bruno", Applied((Change(Changed.PROFILE, "isp-blocked", "PLANO 600M"),))),)
    )
    assert town.box.rows(SESSIONS) == sessions


def test_a_release_needs_neither_our_database_nor_the_names_of_today(town_with: Callable[..., Town]):
    old = town_with(way="both", blocked_list="old-list")
    before = everything(old)
    old.wall("bruno", "carla")
    old.box.dial("carla")
    old.wall("carla")
    assert old.box.rows(ENTRIES, list="old-list")
    released = town_with().router.release()
    assert isinstance(released, Released)
    assert [login for login, _ in released.outcomes] == ["bruno", "carla"], "each is told once"
    assert everything(old) == before


def test_entries_of_logins_that_are_gone_are_released(listed: Town):
    listed.wall("carla")
    listed.box.erase(SECRETS, listed.secret("carla")[".id"])
    for session in listed.sessions("carla"):
        listed.box.erase(SESSIONS, session[".id"])
    change = Change(Changed.LIST_ENTRY, "10.9.0.3", "")
    assert listed.router.release() == Released((("10.9.0.3", Applied((change,))),))
    assert listed.blocked() == {}


def test_one_refusal_does_not_stop_a_release(town: Town):
    town.wall("ana", "bruno", "dora")
    town.box.fail("trap", SECRET_SET, where={"name": "bruno"}, message=b"no")
    released = town.router.release()
    assert isinstance(released, Released)
    outcomes = dict(released.outcomes)
    assert outcomes["bruno"] == RouterRefused("no")
    assert isinstance(outcomes["ana"], Applied) and isinstance(outcomes["dora"], Applied)
    assert town.secret("dora")["profile"] == "PLANO 300M"


def test_a_release_that_was_cut_off_says_so_and_the_next_finishes(town_with: Callable[..., Town]):
    town, listed = town_with(in_flight=1), town_with(way="address_list")
    before = everything(town)
    town.wall("ana", "bruno")
    listed.wall("carla")
    town.box.fail("cut", SECRET_SET, after=1, times=1)
    released = town.router.release()
    assert isinstance(released, Released)
    assert {type(how) for _, how in released.outcomes} == {Unreachable}
    assert town.blocked(), "after a loss nothing more was tried"
    town.router.release()
    assert everything(town) == before
