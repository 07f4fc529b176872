"""Walled by the profile of the secret, and back to exactly what was there."""

import pytest

from religa.domain.facts import Access
from religa.ports import Applied, Change, Changed, Missing, NotOurs, RouterRefused, Unchanged

from .town import SECRETS, SESSIONS, Town


def test_a_walled_login_has_the_walled_profile_and_its_session_is_ended(town: Town):
    address = town.address("bruno")
    (outcome,) = town.wall("bruno")
    assert outcome == Applied(
        (
            Change(Changed.PROFILE, "PLANO 600M", "isp-blocked"),
            Change(Changed.SESSION, address, ""),
        )
    )
    assert town.secret("bruno")["profile"] == "isp-blocked"
    assert town.secret("bruno")["comment"] == "rua 7, casa 2 religa:2:walled:PLANO%20600M"
    assert town.sessions("bruno") == []


def test_the_redial_comes_up_in_the_walled_profile(town: Town):
    town.box.redials = True
    town.wall("bruno")
    assert town.box.profile_in_force("bruno") == "isp-blocked"
    assert town.box.profile_in_force("ana") == "PLANO 300M"


@pytest.mark.parametrize("access", [Access.WALLED, Access.REDUCED, Access.CLOSED])
@pytest.mark.parametrize("login", ["ana", "bruno", "carla", "dora"])
def test_a_restore_gives_back_exactly_what_was_there(town: Town, login: str, access: Access):
    before = town.box.rows(SECRETS)
    town.box.redials = True
    (changed,) = town.want(login, access=access)
    assert isinstance(changed, Applied) and town.box.rows(SECRETS) != before
    (restored,) = town.restore(login)
    assert isinstance(restored, Applied)
    assert town.box.rows(SECRETS) == before
    assert town.state(login).access is Access.FULL


def test_the_restored_session_comes_up_in_the_old_profile(town: Town):
    town.box.redials = True
    town.wall("bruno")
    town.restore("bruno")
    assert town.box.profile_in_force("bruno") == "PLANO 600M"


def test_every_way_through_the_four_accesses_ends_where_it_began(town: Town):
    before = town.box.rows(SECRETS)
    for access in (
        Access.CLOSED,
        Access.WALLED,
        Access.REDUCED,
        Access.WALLED,
        Access.CLOSED,
        Access.REDUCED,
    ):
        (outcome,) = town.want("bruno", access=access)
        assert isinstance(outcome, Applied)
        assert town.state("bruno").access is access
    town.restore("bruno")
    assert town.box.rows(SECRETS) == before


def test_the_same_wish_again_writes_nothing(town: Town):
    for access in (Access.WALLED, Access.REDUCED, Access.CLOSED, Access.FULL):
        town.want("bruno", access=access)
        town.box.forget()
        assert town.want("bruno", access=access) == [Unchanged()]
        assert town.written() == []


def test_closed_disables_the_secret_and_ends_the_session(town: Town):
    (outcome,) = town.close("ana")
    assert isinstance(outcome, Applied)
    assert town.secret("ana")["disabled"] == "true" and town.secret("ana")["profile"] == "PLANO 300M"
    assert town.sessions("ana") == [] and town.box.dial("ana") is None


def test_reduced_has_its_own_profile(town: Town):
    town.want("ana", access=Access.REDUCED)
    assert town.secret("ana")["profile"] == "isp-reduced"
    assert town.state("ana").access is Access.REDUCED


def test_a_session_that_may_stay_is_not_ended(town: Town):
    (outcome,) = town.wall("ana", drop_session=False)
    assert outcome == Applied((Change(Changed.PROFILE, "PLANO 300M", "isp-blocked"),))
    assert len(town.sessions("ana")) == 1 and town.written() == ["/ppp/secret/set"]


def test_closed_ends_the_session_whatever_was_asked(town: Town):
    town.close("ana", drop_session=False)
    assert town.sessions("ana") == []


def test_somebody_without_a_session_costs_one_write(town: Town):
    town.wall("dora")
    assert town.written() == ["/ppp/secret/set"]


def test_a_login_that_the_router_does_not_know_is_missing(town: Town):
    before = town.box.rows(SECRETS)
    outcomes = town.wall("nobody", "ana")
    assert outcomes[0] == Missing() and isinstance(outcomes[1], Applied)
    assert len(town.box.rows(SECRETS)) == len(before)


def test_a_login_disabled_by_hand_stays_disabled_and_is_said(town: Town):
    town.box.add(SECRETS, name="elisa", profile="PLANO 300M", disabled="yes")
    assert town.restore("elisa") == [NotOurs((Changed.DISABLED,))]
    assert town.written() == [] and town.secret("elisa")["disabled"] == "true"


def test_closing_what_somebody_else_closed_leaves_no_mark(town: Town):
    town.box.add(SECRETS, name="elisa", profile="PLANO 300M", disabled="yes")
    assert town.close("elisa") == [Unchanged()]
    assert town.restore("elisa") == [NotOurs((Changed.DISABLED,))] and town.written() == []


def test_a_login_disabled_by_hand_while_walled_gets_its_profile_back_and_stays_disabled(town: Town):
    town.box.add(SECRETS, name="elisa", profile="PLANO 300M", disabled="yes")
    town.wall("elisa")
    (outcome,) = town.restore("elisa")
    assert outcome == NotOurs((Changed.DISABLED,), (Change(Changed.PROFILE, "isp-blocked", "PLANO 300M"),))
    assert town.secret("elisa")["disabled"] == "true"


def test_a_profile_chosen_by_a_person_while_walled_is_not_undone(town: Town):
    town.wall("ana")
    _set(town, "ana", profile="PLANO 600M")
    town.restore("ana")
    assert town.secret("ana")["profile"] == "PLANO 600M" and "comment" not in town.secret("ana")


def test_a_plan_changed_by_hand_while_walled_is_walled_again_and_remembered(town: Town):
    town.wall("ana")
    _set(town, "ana", profile="PLANO 600M")
    town.wall("ana")
    assert town.secret("ana")["profile"] == "isp-blocked"
    town.restore("ana")
    assert town.secret("ana")["profile"] == "PLANO 600M"


def test_who_was_walled_by_hand_before_gets_the_profile_of_the_plan(town: Town):
    town.box.add(SECRETS, name="elisa", profile="isp-blocked")
    assert town.wall("elisa") == [Unchanged()]
    assert town.restore("elisa") == [NotOurs((Changed.PROFILE,))]
    (outcome,) = town.restore("elisa", profile="PLANO 300M")
    assert isinstance(outcome, Applied) and town.secret("elisa")["profile"] == "PLANO 300M"


def test_a_note_written_behind_our_mark_survives(town: Town):
    town.wall("bruno")
    _set(town, "bruno", comment=town.secret("bruno")["comment"] + " (ligou dia 3)")
    town.restore("bruno")
    assert town.secret("bruno")["comment"] == "rua 7, casa 2 (ligou dia 3)"


def test_without_its_mark_a_login_goes_to_the_profile_of_its_plan(town: Town):
    town.wall("bruno")
    _set(town, "bruno", comment="")
    town.restore("bruno", profile="PLANO 600M")
    assert town.secret("bruno")["profile"] == "PLANO 600M" and "comment" not in town.secret("bruno")


@pytest.mark.parametrize(
    ("login", "profile", "comment"),
    [
        ("joão da silva", "PLANO FIBRA ÚNICO 1G", "Praça é nº 5"),
        ("maria@provedor.com.br", "50%:metade = ]x[", "= ?name=ana"),
        ("a" * 300, "p" * 200, "c" * 20000),
        ("日本", "plano ✓", " two  blanks "),
        ("c\udce3o", "legado \udce7", "comment in \udce3 code page"),
    ],
)
def test_names_of_any_letters_go_there_and_back(town: Town, login: str, profile: str, comment: str):
    town.box.add("/ppp/profile", name=profile)
    town.box.add(SECRETS, name=login, profile=profile, comment=comment)
    town.box.dial(login)
    before = town.secret(login)
    town.wall(login)
    assert town.secret(login)["profile"] == "isp-blocked" and town.sessions(login) == []
    town.restore(login)
    assert town.secret(login) == before


def test_one_name_for_two_services_is_walled_for_both(town: Town):
    town.box.add(SECRETS, name="ana", service="l2tp", profile="PLANO 600M")
    before = town.box.rows(SECRETS)
    town.wall("ana")
    assert {row["profile"] for row in town.box.rows(SECRETS, name="ana")} == {"isp-blocked"}
    town.restore("ana")
    assert town.box.rows(SECRETS) == before


def test_states_tell_what_the_router_holds(town: Town):
    town.wall("bruno")
    bruno, ana = town.state("bruno"), town.state("ana")
    assert (bruno.access, bruno.profile, bruno.key, bruno.online) == (Access.WALLED, "isp-blocked", 2, False)
    assert (ana.access, ana.profile, ana.key) == (Access.FULL, "PLANO 300M", None)
    assert ana.online and ana.addresses == (town.address("ana"),)


def test_states_write_nothing(town: Town):
    town.states()
    assert town.written() == []


def test_a_profile_that_the_router_does_not_have_is_refused_in_its_words(town_with):
    town = town_with(walled_profile="not-made-yet")
    assert town.wall("ana") == [RouterRefused("input does not match any value of profile")]
    assert len(town.sessions("ana")) == 1


def test_who_redials_between_look_and_write_is_dropped_too(town: Town):
    town.box.fail("slow", "/ppp/secret/set", seconds=0.0)
    looked: list[str] = []

    def dial_late(command: str, row: dict[str, str]) -> bool:
        if command == "/ppp/secret/set" and not looked:
            looked.append(town.box.dial("dora") or "")
        return False

    town.box.faults[0].strikes = dial_late  # type: ignore[method-assign]
    (outcome,) = town.wall("dora")
    assert Change(Changed.SESSION, looked[0], "") in outcome.changes
    assert town.box.rows(SESSIONS, name="dora") == []


def _set(town: Town, login: str, **said: str) -> None:
    """A person at the router."""
    town.box.amend(SECRETS, town.secret(login)[".id"], **said)
