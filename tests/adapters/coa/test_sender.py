"""Orders and their outcomes: what every peer must be understood to say."""

import asyncio
import socket
import time
from datetime import UTC, datetime

import pytest

import aside
from radius import SECRET, free_udp_ports
from religa.adapters.coa import Sender, packets
from religa.adapters.fakes.router import FakeRouter
from religa.domain.pushing import Acknowledged, Kind, NoAnswer, NotSent, Refused

from .conftest import order, send

KINDS = (Kind.COA, Kind.DISCONNECT)


def cause_of(outcome: object) -> int | None:
    assert isinstance(outcome, Refused), outcome
    return outcome.cause


@pytest.mark.parametrize("kind", KINDS)
class TestFreeRadiusAsTheRouter:
    """An independent peer keeps the wire format honest."""

    def test_an_order_is_acknowledged(self, freeradius: int, kind: Kind):
        (outcome,) = send(order(freeradius, kind))
        assert isinstance(outcome, Acknowledged) and 0 < outcome.took_ms < 200

    def test_a_refusal_says_why(self, freeradius: int, kind: Kind):
        outcomes = send(*(order(freeradius, kind, User_Name=n) for n in ("unknown", "unable", "unexplained")))
        assert [cause_of(o) for o in outcomes] == [503, 401, None]

    def test_silence_ends_after_all_tries_and_no_sooner(self, freeradius: int, kind: Kind):
        begun = time.monotonic()
        (outcome,) = send(order(freeradius, kind, User_Name="ignored"), timeout=0.2, tries=3)
        assert outcome == NoAnswer()
        assert 0.55 < time.monotonic() - begun < 1.5

    def test_another_secret_is_silence(self, freeradius: int, kind: Kind):
        assert send(order(freeradius, kind, secret="another one")) == [NoAnswer()]


@pytest.mark.parametrize("kind", KINDS)
def test_the_fake_answers_like_the_real_one(router: FakeRouter, kind: Kind):
    """Each order names another session: the same order from the same port within a second would be a repetition, and
    is answered as before (RFC 5176, section 2.3)."""
    (outcome,) = send(order(router.port, kind, User_Name="first"))
    assert isinstance(outcome, Acknowledged)
    router.behaviour.refuse, router.behaviour.coa_only = 503, False
    assert cause_of(send(order(router.port, kind, User_Name="second"))[0]) == 503
    router.behaviour.refuse = 0
    assert cause_of(send(order(router.port, kind, User_Name="third"))[0]) is None
    router.behaviour.silent = True
    assert send(order(router.port, kind, User_Name="fourth")) == [NoAnswer()]
    router.behaviour.silent = False
    assert send(order(router.port, kind, secret="another one")) == [NoAnswer()]


def test_an_order_arrives_as_it_was_given_signed_and_dated(router: FakeRouter):
    given = {"Mikrotik_Address_List": "isp-active", "Mikrotik_Rate_Limit": "300000k/600000k"}
    send(order(router.port, **given))
    [(kind, session, told)] = router.heard
    assert (kind, session) == ("coa", "80000001")
    assert told["Mikrotik-Address-List"] == "isp-active" and told["Mikrotik-Rate-Limit"] == "300000k/600000k"
    assert told["Session-Timeout"] == "1800" and told["Framed-IP-Address"] == "100.64.1.2"
    assert abs(int(told["Event-Timestamp"]) - time.time()) < 5


def test_attributes_of_freeradius_dictionaries_and_tags_are_known(router: FakeRouter):
    outcomes = send(
        order(
            router.port,
            **{"Redback-Nas-Real-Port": "1"} if False else {"ERX_Service_Activate:1": "ISP-ACTIVE(1,2)"},
        ),
        order(router.port, Cisco_AVPair="subscriber:command=activate-service"),
        order(router.port, WISPr_Redirection_URL="http://portal.example/"),  # only FreeRADIUS knows this one
    )
    assert all(isinstance(outcome, Acknowledged) for outcome in outcomes), outcomes


@pytest.mark.parametrize(
    "wrong", [{"No_Such_Attribute": "1"}, {"Session_Timeout": "soon"}, {"Framed_IP_Address": "100.64.1"},
              {"Filter_Id": "x" * 254}],
)  # fmt: skip
def test_what_cannot_be_written_is_not_sent_and_says_what(router: FakeRouter, wrong: dict[str, str]):
    (outcome,) = send(order(router.port, **wrong))
    assert isinstance(outcome, NotSent) and next(iter(wrong)).replace("_", "-") in outcome.error
    assert router.heard == []


def test_a_closed_port_and_no_route_are_outcomes_and_no_errors():
    (closed,) = free_udp_ports(1)
    assert send(order(closed)) == [NoAnswer()]
    (unroutable,) = send(order(3799, address="2001:db8::1"))
    assert isinstance(unroutable, NotSent | NoAnswer)
    one = order(3799)
    (elsewhere,) = send(type(one)(one.kind, one.address, one.port, one.secret, one.attributes, "192.0.2.77"))
    assert isinstance(elsewhere, NotSent)


def test_an_order_comes_from_the_address_that_was_asked_for(router: FakeRouter):
    one = order(router.port)
    (outcome,) = send(type(one)(one.kind, one.address, one.port, one.secret, one.attributes, "127.0.0.77"))
    assert isinstance(outcome, Acknowledged)


def test_a_repetition_is_the_same_octets_and_is_carried_out_once():
    """The first copy is lost on the way."""
    with socket.socket(type=socket.SOCK_DGRAM) as lossy:
        lossy.bind(("127.0.0.1", 0))
        lossy.settimeout(3)
        assert send(order(lossy.getsockname()[1]), tries=3) == [NoAnswer()]
        assert len({lossy.recv(4096) for _ in range(3)}) == 1


def test_a_thousand_orders_share_256_identifiers(router: FakeRouter):
    orders = [order(router.port, Acct_Session_Id=f"{n:08x}") for n in range(1000)]
    outcomes = send(*orders, timeout=2.0)
    assert all(isinstance(outcome, Acknowledged) for outcome in outcomes)
    assert len({session for _, session, _ in router.heard}) == 1000


@pytest.mark.parametrize("damage", ["cut", "bit", "code", "foreign", "noise", "empty"])
def test_what_is_no_answer_changes_nothing_and_is_counted(damage: str):
    """Malformed, unsigned, foreign and replayed packets: the order goes on waiting for a real answer."""

    async def story() -> tuple[object, int]:
        loop = asyncio.get_running_loop()
        sender = Sender(timeout=0.2, tries=1)

        class Peer(asyncio.DatagramProtocol):
            def connection_made(self, transport):
                self.transport = transport

            def datagram_received(self, data, addr):
                self.transport.sendto(damaged(data, damage), addr)

        transport, _ = await loop.create_datagram_endpoint(Peer, local_addr=("127.0.0.1", 0))
        outcome = await sender.send(order(transport.get_extra_info("sockname")[1]))
        ignored = sender.ignored
        await sender.close()
        transport.close()
        return outcome, ignored

    assert aside.run(story()) == (NoAnswer(), 1)


def damaged(request: bytes, how: str) -> bytes:
    from pyrad.packet import CoAPacket

    asked = CoAPacket(packet=request, secret=SECRET.encode(), dict=packets.dictionary_for(frozenset()))
    reply = asked.CreateReply()
    if how == "foreign":
        reply.secret = b"another one"
    if how == "code":
        reply.code = 5
    octets = bytearray(reply.ReplyPacket())
    if how == "bit":
        octets[7] ^= 1
    return {"cut": bytes(octets[:19]), "noise": b"\x2c" + request[1:2] + b"\xff" * 60, "empty": b"x"}.get(
        how, bytes(octets)
    )


def test_a_request_is_the_one_that_pyrad_would_make(router: FakeRouter):
    """Octet by octet, but for Message-Authenticator, which both sides put first."""
    from pyrad.packet import CoAPacket

    told = {
        "Mikrotik_Address_List": "isp-active",
        "ERX_Service_Activate:1": "ISP(1)",
        "Filter_Id": "0x416e61",
    }
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    one = order(router.port, **told)
    words = packets.dictionary_for(frozenset(name.partition(":")[0] for name, _ in one.attributes))
    theirs = CoAPacket(code=43, id=7, secret=SECRET.encode(), dict=words, message_authenticator=True)
    for name, value in one.attributes:
        number = words.attributes[name.partition(":")[0]].type == "integer"
        theirs.AddAttribute(name, int(value) if number else value.replace("0x416e61", "Ana"))
    theirs.AddAttribute("Event-Timestamp", int(at.timestamp()))
    assert packets.encode(one, 7, at).octets == theirs.RequestPacket()


def test_a_request_that_no_packet_holds_is_not_sent(router: FakeRouter):
    one = order(router.port)
    many = one.attributes + (("Filter-Id", "x" * 253),) * 16
    (outcome,) = send(type(one)(one.kind, one.address, one.port, one.secret, many))
    assert isinstance(outcome, NotSent) and router.heard == []
