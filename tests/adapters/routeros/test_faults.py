"""Whatever the router does, each log-in gets an outcome, in bounded time, and the next call goes on from there."""

import socket
import ssl
import time
from collections.abc import Callable

import pytest

from religa.adapters.fakes.routeros import RouterOs
from religa.domain.facts import Access
from religa.ports import Applied, Change, Changed, RouterRefused, RouterStates, Unchanged, Unreachable

from .town import ENTRIES, SECRET_SET, SECRETS, Town, wanted

PASSWORD = "correct horse"


def test_a_refused_login_is_a_refusal_and_names_no_password(town: Town):
    town.box.password = PASSWORD
    (outcome,) = town.wall("ana")
    assert outcome == RouterRefused("invalid user name or password (6)")
    assert town.router.states() == outcome == town.router.release()
    town.box.password = "pw"
    assert isinstance(town.wall("ana")[0], Applied)


@pytest.mark.parametrize("kind", ["trap", "fatal", "cut", "hang", "garbage"])
@pytest.mark.parametrize("command", ["/login", "/ppp/secret/print", SECRET_SET])
def test_no_outcome_holds_the_password(kind, command: str):
    with RouterOs(password=PASSWORD) as box:
        box.add(SECRETS, name="ana", password="network secret")
        box.fail(kind, command)
        town = Town(box, answer_seconds=0.1)
        said = repr((town.wall("ana"), town.router.states(), town.router.release()))
    assert PASSWORD not in said and "network secret" not in said
    assert PASSWORD not in repr(town.router._settings)


def test_passwords_of_secrets_are_never_asked_for(town: Town):
    town.wall("ana")
    prints = [one for one in town.box.sentences if one.command == "/ppp/secret/print"]
    assert prints and all("password" not in one.attributes[".proplist"] for one in prints)


def test_a_trap_on_one_does_not_stop_the_others(town: Town):
    town.box.fail("trap", SECRET_SET, where={"name": "bruno"}, message=b"not enough permissions (9)")
    ana, bruno, carla = town.wall("ana", "bruno", "carla")
    assert isinstance(ana, Applied) and isinstance(carla, Applied)
    assert bruno == RouterRefused("not enough permissions (9)")
    assert len(town.sessions("bruno")) == 1, "its session was not ended: nothing had changed"


def test_a_refusal_in_another_alphabet_is_still_a_refusal(town: Town):
    town.box.fail("trap", SECRET_SET, where={"name": "bruno"}, message=b"falha: n\xe3o")
    bruno, ana = town.wall("bruno", "ana")
    assert bruno == RouterRefused("falha: n\\xe3o") and isinstance(ana, Applied)
    assert town.box.logins == 1


def test_a_read_that_is_refused_writes_nothing(town: Town):
    town.box.fail("trap", "/ppp/active/print", message=b"not enough permissions (9)")
    assert town.wall("ana", "bruno") == [RouterRefused("not enough permissions (9)")] * 2
    assert town.written() == []


def test_who_cannot_be_looked_up_again_is_not_called_done(town: Town):
    town.box.fail("trap", "/ppp/active/print", after=1, message=b"busy", times=1)
    bruno, dora = town.router.apply(
        [wanted("bruno", Access.WALLED), wanted("dora", Access.WALLED, drop_session=False)]
    )
    assert isinstance(bruno, RouterRefused) and isinstance(dora, Applied)
    assert isinstance(town.wall("bruno")[0], Applied) and town.sessions("bruno") == []


def test_a_session_that_ended_by_itself_is_no_refusal(town: Town):
    town.box.fail("trap", "/ppp/active/remove", message=b"no such item (4)")
    assert isinstance(town.wall("ana")[0], Applied)


def test_a_session_that_could_not_be_ended_is_ended_by_the_next_call(town: Town):
    town.box.fail("trap", "/ppp/active/remove", message=b"busy", times=1)
    (outcome,) = town.wall("ana")
    assert outcome == RouterRefused("busy", (Change(Changed.PROFILE, "PLANO 300M", "isp-blocked"),))
    assert town.state("ana").outdated
    town.wall("ana")
    assert town.sessions("ana") == [] and town.wall("ana") == [Unchanged()]


@pytest.mark.parametrize("access", [Access.WALLED, Access.REDUCED, Access.CLOSED])
@pytest.mark.parametrize("command", [SECRET_SET, "/ppp/active/print", "/ppp/active/remove"])
@pytest.mark.parametrize("kind", ["cut", "hang", "garbage", "fatal"])
def test_cut_off_anywhere_the_next_call_finishes_and_a_restore_is_exact(
    town_with: Callable[..., Town], access: Access, command: str, kind
):
    town = town_with(answer_seconds=0.1)
    before = town.box.rows(SECRETS)
    looks = 1 if command.endswith("print") else 0  # the first look passes
    town.box.fail(kind, command, after=looks, times=1)
    (outcome,) = town.want("bruno", access=access)
    assert isinstance(outcome, Unreachable)
    assert isinstance(town.want("bruno", access=access)[0], (Applied, Unchanged))
    assert town.sessions("bruno") == [] and town.state("bruno").access is access
    assert not town.state("bruno").outdated
    town.box.fail(kind, command, after=looks, times=1)
    town.box.dial("bruno")
    town.restore("bruno")
    town.restore("bruno")
    assert town.box.rows(SECRETS) == before
    assert town.box.profile_in_force("bruno") in (None, "PLANO 600M")


def test_what_is_known_to_stand_is_told_when_the_router_is_lost(town: Town):
    town.box.fail("cut", "/ppp/active/remove")
    (outcome,) = town.wall("ana")
    assert isinstance(outcome, Unreachable)
    assert outcome.changes == (Change(Changed.PROFILE, "PLANO 300M", "isp-blocked"),)


def test_who_needed_nothing_is_unchanged_though_the_router_was_lost(town: Town):
    town.box.fail("cut", SECRET_SET)
    outcomes = town.router.apply([wanted("bruno", Access.FULL), wanted("ana", Access.WALLED)])
    assert outcomes[0] == Unchanged() and isinstance(outcomes[1], Unreachable)


def test_a_connection_cut_while_idle_is_opened_again(town: Town):
    town.wall("ana")
    town.box.cut()
    assert isinstance(town.wall("bruno")[0], Applied)
    assert town.box.logins == 2


def test_the_connection_is_kept(town: Town):
    for _ in range(3):
        town.states()
        town.wall("ana")
    assert town.box.logins == 1


def test_a_rebooted_router_is_found_again_with_what_it_kept(town: Town):
    town.wall("bruno")
    town.box.reboot()
    assert town.wall("bruno") == [Unchanged()]
    assert isinstance(town.restore("bruno")[0], Applied)
    assert town.secret("bruno")["profile"] == "PLANO 600M"


def test_a_port_where_nobody_listens_is_unreachable(town_with: Callable[..., Town]):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        town = town_with(port=nobody.getsockname()[1])
        assert [type(one) for one in town.wall("ana", "bruno")] == [Unreachable, Unreachable]
        assert isinstance(town.router.states(), Unreachable)
        assert isinstance(town.router.release(), Unreachable)


@pytest.mark.parametrize("command", ["/login", "/ppp/secret/print", SECRET_SET, "/ppp/active/remove"])
def test_a_router_that_goes_silent_costs_one_silence(town_with: Callable[..., Town], command: str):
    town = town_with(answer_seconds=0.3)
    town.box.fail("hang", command)
    since = time.monotonic()
    outcomes = town.wall("ana", "bruno", "carla", "dora")
    assert 0.25 < time.monotonic() - since < 1.2
    assert {type(one) for one in outcomes} == {Unreachable}


def test_the_end_of_the_call_comes_before_the_end_of_a_silence(town_with: Callable[..., Town]):
    town = town_with(answer_seconds=3.0, call_seconds=0.3)
    town.box.fail("hang", "/ppp/secret/print")
    since = time.monotonic()
    assert isinstance(town.router.states(), Unreachable)
    assert time.monotonic() - since < 1.5


def test_a_router_that_drips_is_left_when_the_time_is_over(town_with: Callable[..., Town]):
    town = town_with(answer_seconds=0.5, call_seconds=0.8)
    town.box.fail("drip", "/ppp/secret/print", seconds=0.05)
    since = time.monotonic()
    outcome = town.router.states()
    assert time.monotonic() - since < 1.5
    assert isinstance(outcome, Unreachable) and "time" in outcome.error


def test_a_kept_connection_that_drips_does_not_get_the_time_twice(town_with: Callable[..., Town]):
    town = town_with(answer_seconds=0.5, call_seconds=0.8)
    town.states()
    town.box.fail("drip", "/ppp/secret/print", seconds=0.05)
    since = time.monotonic()
    assert isinstance(town.router.states(), Unreachable)
    assert time.monotonic() - since < 1.5


def test_a_slow_router_is_waited_for(town_with: Callable[..., Town]):
    town = town_with(answer_seconds=1.0)
    town.box.fail("slow", SECRET_SET, seconds=0.3)
    assert isinstance(town.wall("ana")[0], Applied)


@pytest.mark.parametrize(
    "octets",
    [
        b"\xff\xfe\x00",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xf7\xff\xff\xff\xff" + b"x" * 100,
        b"\x05!trap\x00",
        b"\x05!done\x06.tag=x\x00",
        b"\x03!re\x05hello\x00",
        b"\x03!re\x00\x00\x00",
        b"\x00" * 50,
    ],
)
def test_nonsense_is_unreachable_and_the_next_call_works(town_with: Callable[..., Town], octets: bytes):
    town = town_with(answer_seconds=0.2)
    town.box.fail("garbage", "/ppp/secret/print", octets=octets, times=1)
    assert isinstance(town.router.states(), Unreachable)
    assert isinstance(town.router.states(), RouterStates)


def test_restores_are_written_before_blocks(town: Town):
    town.wall("bruno", "dora")
    town.box.forget()
    town.router.apply(
        [wanted("ana", Access.WALLED), wanted("bruno", Access.FULL), wanted("dora", Access.FULL)]
    )
    names = {row[".id"]: row["name"] for row in town.box.rows(SECRETS)}
    sets = [names[one.attributes[".id"]] for one in town.box.sentences if one.command == SECRET_SET]
    assert sets[:2] == ["bruno", "dora"] and set(sets[2:]) == {"ana"}


def test_a_router_lost_during_blocks_has_its_restores(town: Town):
    town.wall("bruno", "dora")
    town.box.fail("cut", SECRET_SET, where={"profile": "isp-blocked", "name": "ana"})
    outcomes = town.router.apply(
        [wanted("ana", Access.WALLED), wanted("bruno", Access.FULL), wanted("dora", Access.FULL)]
    )
    assert [type(one) for one in outcomes] == [Unreachable, Applied, Applied]
    assert town.secret("bruno")["profile"] == "PLANO 600M"


def test_from_closed_to_walled_counts_as_a_restore(town: Town):
    town.close("bruno")
    town.box.forget()
    town.router.apply([wanted("ana", Access.CLOSED), wanted("bruno", Access.WALLED)])
    first = next(one for one in town.box.sentences if one.command == SECRET_SET)
    assert first.attributes[".id"] == town.secret("bruno")[".id"]


def test_a_refused_wall_keeps_the_entry_that_is_there(town_with: Callable[..., Town]):
    town_with(way="address_list").wall("carla")
    town = town_with(way="both")
    town.box.fail("trap", SECRET_SET)
    assert isinstance(town.wall("carla")[0], RouterRefused)
    assert town.blocked() == {"10.9.0.3": "religa:3"}


def test_a_refused_wall_writes_nothing_more(town_with: Callable[..., Town]):
    town = town_with(way="both")
    town.box.fail("trap", SECRET_SET, where={"name": "carla"})
    town.wall("carla")
    assert town.blocked() == {} and town.written() == [SECRET_SET]


def test_a_refused_login_leaves_no_connection_behind(town: Town):
    town.box.password = PASSWORD
    town.wall("ana")
    until = time.monotonic() + 2
    while town.box.connections and time.monotonic() < until:
        time.sleep(0.01)
    assert town.box.connections == 0


def test_an_entry_that_is_refused_does_not_stop_the_others(listed: Town):
    listed.box.fail("trap", f"{ENTRIES}/add", where={"address": listed.address("ana")}, message=b"no")
    ana, bruno = listed.wall("ana", "bruno")
    assert ana == RouterRefused("no") and isinstance(bruno, Applied)


def test_an_entry_that_is_already_gone_is_no_refusal(listed: Town):
    listed.wall("bruno")
    listed.box.fail("trap", f"{ENTRIES}/remove", message=b"no such item")
    assert isinstance(listed.restore("bruno")[0], Applied)


def test_over_tls_the_router_has_to_show_its_certificate(tls: tuple[ssl.SSLContext, str], settle_box):
    context, certificate = tls
    with RouterOs(tls=context) as box:
        settle_box(box)
        assert isinstance(Town(box, tls=True, tls_ca=certificate).wall("ana")[0], Applied)
        assert isinstance(Town(box, tls=True).router.states(), Unreachable)
        assert isinstance(Town(box, answer_seconds=0.3).router.states(), Unreachable)


def test_a_certificate_for_another_name_counts_only_where_names_are_not_checked(
    tls_elsewhere: tuple[ssl.SSLContext, str], settle_box
):
    context, certificate = tls_elsewhere
    with RouterOs(tls=context) as box:
        settle_box(box)
        assert isinstance(Town(box, tls=True, tls_ca=certificate).router.states(), Unreachable)
        lax = Town(box, tls=True, tls_ca=certificate, tls_check_name=False)
        assert isinstance(lax.router.states(), RouterStates)
