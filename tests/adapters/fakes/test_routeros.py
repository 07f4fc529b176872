"""The router of the tests, asked by the library as it is published: it has to be one that others could talk to."""

from collections.abc import Iterator

import pytest
from routeros_api import RouterOsApiPool, exceptions, query

from religa.adapters.fakes.routeros import RouterOs
from religa.adapters.fakes.routeros_words import Sentence, encoded, matches, parsed


@pytest.fixture
def box() -> Iterator[RouterOs]:
    with RouterOs() as box:
        box.add("/ppp/profile", name="slow", address_list="isp-blocked")
        yield box


@pytest.fixture
def api(box: RouterOs) -> Iterator[object]:
    pool = RouterOsApiPool(box.host, box.username, box.password, port=box.port, plaintext_login=True)
    yield pool.get_api()
    pool.disconnect()


@pytest.mark.parametrize("length", [0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000])
def test_words_of_any_length_come_and_go(api, box: RouterOs, length: int):
    text = "x" * length
    api.get_resource("/queue/simple").add(name="q", target=text or "none")
    assert api.get_resource("/queue/simple").get()[0]["target"] == (text or "none")


def test_the_longest_lengths_have_the_octets_of_the_manual():
    assert encoded(b"x" * 0x81)[:2] == b"\x80\x81"
    assert encoded(b"x" * 0x4000)[:3] == b"\xc0\x40\x00"
    assert encoded(b"x" * 0x200000)[:4] == b"\xe0\x20\x00\x00"


def test_items_are_added_found_set_switched_and_removed(api, box: RouterOs):
    queues = api.get_resource("/queue/simple")
    id = queues.add(name="ana", target="10.0.0.1/32").done_message["ret"]
    queues.set(id=id, max_limit="1M/1M")
    queues.call("disable", {"id": id})
    assert queues.get(name="ana") == [
        {"id": id, "name": "ana", "target": "10.0.0.1/32", "max-limit": "1M/1M", "disabled": "true"}
    ]
    queues.call("enable", {"id": id})
    assert box.row("/queue/simple")["disabled"] == "false"
    queues.remove(id=id)
    assert queues.get() == [] and box.rows("/queue/simple") == []


def test_a_list_of_properties_limits_what_is_printed(api, box: RouterOs):
    box.add("/ppp/secret", name="ana", password="secret")
    rows = api.get_resource("/ppp/secret").call("print", {"proplist": ".id,name"})
    assert [sorted(row) for row in rows] == [["id", "name"]]


def test_queries_combine_as_in_the_manual(api, box: RouterOs):
    for name in ("ana", "bruno", "carla"):
        box.add("/ppp/secret", name=name)
    either = query.OrQuery(query.IsEqualQuery("name", "ana"), query.IsEqualQuery("name", "carla"))
    rows = api.get_resource("/ppp/secret").call("print", additional_queries=(either,))
    assert [row["name"] for row in rows] == ["ana", "carla"]


@pytest.mark.parametrize(
    ("queries", "found"),
    [
        ((), True),
        (("name=ana",), True),
        (("=name=ana",), True),
        (("name=bruno",), False),
        (("name",), True),
        (("comment",), False),
        (("-comment",), True),
        (("name=bruno", "#!"), True),
        (("name=ana", "profile=x", "#&"), False),
        (("name=ana", "profile=x", "#|"), True),
        (("name=ana", "profile=x"), False),
    ],
)
def test_a_row_matches_its_queries(queries: tuple[str, ...], found: bool):
    assert matches({"name": "ana", "profile": "default"}, queries) is found


@pytest.mark.parametrize(
    ("menu", "verb", "arguments", "message"),
    [
        ("/ppp/secret", "set", {"id": "*FFFF", "profile": "slow"}, b"no such item"),
        (
            "/ppp/secret",
            "add",
            {"name": "x", "profile": "none"},
            b"input does not match any value of profile",
        ),
        ("/ppp/secret", "add", {"name": "ana"}, b"failure: secret with the same name already exists"),
        ("/ppp/secret", "add", {"name": "x", "colour": "red"}, b"unknown parameter colour"),
        ("/ppp/secret", "set", {"id": "*3", "comment": ""}, b"unknown parameter =comment"),
        ("/ppp/active", "add", {"name": "ana"}, b"no such command"),
        ("/system/reboot", "x", {}, b"no such command prefix"),
    ],
)
def test_what_makes_no_sense_is_trapped(api, box: RouterOs, menu: str, verb: str, arguments, message: bytes):
    assert box.add("/ppp/secret", name="ana") == "*3"
    with pytest.raises(exceptions.RouterOsApiCommunicationError) as refused:
        api.get_resource(menu).call(verb, arguments)
    assert refused.value.original_message == message
    assert api.get_resource("/ppp/secret").get(), "the connection goes on"


def test_a_wrong_password_is_refused(box: RouterOs):
    pool = RouterOsApiPool(box.host, box.username, "wrong", port=box.port, plaintext_login=True)
    with pytest.raises(exceptions.RouterOsApiCommunicationError, match="invalid user name or password"):
        pool.get_api()


def test_a_session_has_the_profile_of_its_dial_and_the_entry_that_it_brings(api, box: RouterOs):
    box.add("/ppp/secret", name="ana", profile="slow")
    address = box.dial("ana")
    entry = box.row("/ip/firewall/address-list")
    assert (entry["list"], entry["address"], entry["dynamic"]) == ("isp-blocked", address, "true")
    with pytest.raises(exceptions.RouterOsApiCommunicationError, match="dynamic"):
        api.get_resource("/ip/firewall/address-list").remove(id=entry[".id"])
    secret = box.row("/ppp/secret")[".id"]
    api.get_resource("/ppp/secret").set(id=secret, profile="default")
    assert box.profile_in_force("ana") == "slow"
    api.get_resource("/ppp/active").remove(id=box.row("/ppp/active")[".id"])
    assert box.rows("/ip/firewall/address-list") == [] and box.profile_in_force("ana") is None
    box.dial("ana")
    assert box.profile_in_force("ana") == "default"


def test_a_disabled_or_unknown_login_is_not_let_in(box: RouterOs):
    box.add("/ppp/secret", name="ana", disabled="yes")
    assert box.dial("ana") is None and box.dial("nobody") is None


def test_before_the_login_nothing_is_answered(box: RouterOs):
    import socket

    with socket.create_connection((box.host, box.port), timeout=2) as plain:
        plain.sendall(encoded(b"/ppp/secret/print") + b"\0")
        assert b"not logged in" in plain.recv(1000)


def test_a_sentence_is_taken_apart():
    said = parsed(["/ppp/secret/set", "=.id=*1", "=comment=a=b", "?name=x", ".tag=7", "=bare"])
    assert said == Sentence("/ppp/secret/set", {".id": "*1", "comment": "a=b", "=bare": ""}, ("name=x",), "7")
