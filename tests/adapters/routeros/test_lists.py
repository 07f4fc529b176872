"""Walled by the session's address in a firewall list; only entries that bear our comment are ever removed."""

from collections.abc import Callable

import pytest

from religa.domain.facts import Access
from religa.ports import Applied, Change, Changed, Missing, NotOurs, OwnEntry, Unchanged

from .town import ENTRIES, SECRETS, Town, wanted


def test_a_walled_login_has_its_address_in_the_list_and_keeps_its_session(listed: Town):
    before = listed.box.rows(SECRETS)
    address = listed.address("bruno")
    assert listed.wall("bruno") == [Applied((Change(Changed.LIST_ENTRY, "", address),))]
    assert listed.blocked() == {address: "religa:2"}
    assert listed.box.rows(SECRETS) == before and listed.address("bruno") == address
    assert listed.state("bruno").access is Access.WALLED
    assert listed.states().entries == (OwnEntry(2, address, "isp-blocked"),)


def test_the_entry_is_added_once_however_often_it_is_applied(listed: Town):
    listed.wall("bruno")
    for _ in range(3):
        assert listed.wall("bruno") == [Unchanged()]
    assert listed.written() == ["/ip/firewall/address-list/add"]


def test_a_restore_removes_the_entry(listed: Town):
    listed.wall("bruno", "ana")
    listed.restore("bruno")
    assert listed.blocked() == {listed.address("ana"): "religa:1"}
    assert listed.state("bruno").access is Access.FULL


@pytest.mark.parametrize("access", [Access.REDUCED, Access.CLOSED])
def test_an_access_other_than_walled_removes_the_entry(listed: Town, access: Access):
    listed.wall("bruno")
    listed.want("bruno", access=access)
    assert listed.blocked() == {} and listed.state("bruno").access is access


def test_foreign_entries_are_left_alone(listed: Town):
    address = listed.address("bruno")
    for comment in ("viruses", "religa", "religa:2 and a note", "isp:2"):
        listed.box.add(ENTRIES, list=f"other {comment}", address=address, comment=comment)
    foreign = listed.box.rows(ENTRIES)
    listed.wall("bruno")
    assert len(listed.box.rows(ENTRIES)) == len(foreign) + 1
    listed.restore("bruno")
    assert listed.box.rows(ENTRIES) == foreign


def test_an_address_that_somebody_else_has_listed_is_not_listed_again(listed: Town):
    listed.box.add(ENTRIES, list="isp-blocked", address=listed.address("bruno"), comment="by hand")
    assert listed.wall("bruno") == [Unchanged()]
    assert listed.blocked() == {listed.address("bruno"): "by hand"}


def test_a_restore_says_that_somebody_else_still_blocks_the_address(listed: Town):
    listed.box.add(ENTRIES, list="isp-blocked", address=listed.address("bruno"), comment="by hand")
    assert listed.restore("bruno") == [NotOurs((Changed.LIST_ENTRY,))]
    assert listed.blocked() == {listed.address("bruno"): "by hand"}


def test_who_redials_to_another_address_takes_the_entry_along(listed: Town):
    old = listed.address("bruno")
    listed.wall("bruno")
    redial(listed, "bruno")
    listed.wall("bruno")
    assert listed.address("bruno") != old
    assert listed.blocked() == {listed.address("bruno"): "religa:2"}


def test_who_gets_the_address_of_a_walled_one_is_not_walled_with_it(listed: Town):
    listed.wall("bruno")
    old = listed.address("bruno")
    hang_up(listed, "bruno")
    listed.box.add(SECRETS, name="elisa", profile="PLANO 300M", remote_address=old)
    listed.box.dial("elisa")
    listed.restore("elisa")
    assert listed.blocked() == {} and listed.state("elisa").access is Access.FULL


def test_an_entry_left_at_the_address_of_another_walled_login_changes_hands(listed: Town):
    listed.wall("bruno")
    old = listed.address("bruno")
    hang_up(listed, "bruno")
    listed.box.add(SECRETS, name="elisa", profile="PLANO 300M", remote_address=old)
    listed.wall("elisa", key=5)
    assert listed.blocked() == {old: "religa:5"}
    listed.restore("elisa", key=5)
    assert listed.blocked() == {}


def test_an_address_that_went_from_one_walled_login_to_another_stays_listed_once(listed: Town):
    listed.wall("bruno")
    old = listed.address("bruno")
    hang_up(listed, "bruno")
    listed.box.add(SECRETS, name="dora2", profile="PLANO 300M", remote_address=old)
    listed.wall("bruno", "dora2")
    assert listed.blocked() == {old: "religa:99"}


def test_an_address_given_back_by_one_and_taken_by_another_in_one_call_is_listed_for_the_other(listed: Town):
    listed.wall("bruno")
    old = listed.address("bruno")
    hang_up(listed, "bruno")
    listed.box.add(SECRETS, name="elisa", profile="PLANO 300M", remote_address=old)
    outcomes = listed.router.apply([wanted("bruno", Access.FULL), wanted("elisa", Access.WALLED, key=5)])
    assert [type(one) for one in outcomes] == [Applied, Applied]
    assert listed.blocked() == {old: "religa:5"}


def test_an_entry_that_is_switched_off_blocks_nobody(listed: Town):
    listed.box.add(ENTRIES, list="isp-blocked", address=listed.address("bruno"), disabled="yes")
    assert listed.state("bruno").access is Access.FULL
    assert listed.restore("bruno") == [Unchanged()]


def test_after_a_reboot_nothing_is_listed_but_fixed_addresses(listed: Town):
    listed.wall("bruno", "carla")
    assert len(listed.blocked()) == 2
    listed.box.reboot()
    outcomes = listed.wall("bruno", "carla")
    assert isinstance(outcomes[0], Applied) and outcomes[1] == Unchanged()
    assert listed.blocked() == {"10.9.0.3": "religa:3"}


def test_a_fixed_address_is_walled_before_its_owner_dials(listed: Town):
    hang_up(listed, "carla")
    listed.wall("carla")
    assert listed.blocked() == {"10.9.0.3": "religa:3"}
    assert listed.state("carla").access is Access.WALLED and not listed.state("carla").online


def test_a_login_that_is_gone_leaves_no_entry(listed: Town):
    listed.wall("carla")
    listed.box.erase(SECRETS, listed.secret("carla")[".id"])
    assert listed.restore("carla") == [Missing((Change(Changed.LIST_ENTRY, "10.9.0.3", ""),))]
    assert listed.blocked() == {}


def test_an_entry_of_ours_that_was_switched_off_is_made_anew(listed: Town):
    listed.wall("bruno")
    (entry,) = listed.box.rows(ENTRIES, list="isp-blocked")
    listed.box.amend(ENTRIES, entry[".id"], disabled="yes")
    listed.wall("bruno")
    assert listed.box.row(ENTRIES, list="isp-blocked")["disabled"] == "false"


def test_both_ways_wall_a_running_session_at_once_and_the_next_dial_by_profile(
    town_with: Callable[..., Town],
):
    town = town_with(way="both")
    town.wall("bruno", drop_session=False)
    assert town.secret("bruno")["profile"] == "isp-blocked"
    assert town.blocked() == {town.address("bruno"): "religa:2"}
    before = town.secret("bruno")
    assert town.wall("bruno", drop_session=False) == [Unchanged()] and town.secret("bruno") == before


def test_both_ways_list_no_address_whose_session_is_about_to_end(town_with: Callable[..., Town]):
    town = town_with(way="both")
    town.wall("bruno", "carla")
    assert town.blocked() == {"10.9.0.3": "religa:3"}


def test_entries_that_the_router_made_for_a_profile_are_not_touched(town_with: Callable[..., Town]):
    town = town_with(way="both")
    town.box.redials = True
    town.wall("bruno")
    assert town.wall("bruno") == [Unchanged()]
    (entry,) = town.box.rows(ENTRIES, address=town.address("bruno"))
    assert entry["dynamic"] == "true"
    assert isinstance(town.restore("bruno")[0], Applied)
    assert town.box.rows(ENTRIES) == []


def test_another_way_takes_back_what_the_former_one_did(town: Town, listed: Town):
    before = town.box.rows(SECRETS)
    town.wall("bruno")
    town.box.dial("bruno")
    listed.wall("bruno")
    assert listed.box.rows(SECRETS) == before
    town.box.dial("bruno")
    listed.wall("bruno")
    town.wall("bruno")
    assert town.blocked() == {} and town.secret("bruno")["profile"] == "isp-blocked"


def redial(town: Town, login: str) -> None:
    hang_up(town, login)
    town.box.dial(login)


def hang_up(town: Town, login: str) -> None:
    for session in town.sessions(login):
        town.box.erase("/ppp/active", session[".id"])
