"""The octets of an order and of its answer, by pyrad: attributes by name, signatures, Error-Cause.

Orders carry Message-Authenticator and Event-Timestamp (RFC 5176 sections 3.3 and 6.3). Answers need not be signed
beyond the Response Authenticator: accel-ppp's are not.
"""

from __future__ import annotations

import contextlib
import logging
import re
import struct
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from pyrad import packet as radius
from pyrad.dictionary import Dictionary

from religa.domain.pushing import Kind
from religa.ports import Order

OWN = Path(__file__).with_name("dictionary")
FREERADIUS = Path("/usr/share/freeradius")  # Debian's package freeradius-common
_ERROR_CAUSE = 101
_CODES = {Kind.COA: radius.CoARequest, Kind.DISCONNECT: radius.DisconnectRequest}
_ACK = {Kind.COA: radius.CoAACK, Kind.DISCONNECT: radius.DisconnectACK}
_NAK = {Kind.COA: radius.CoANAK, Kind.DISCONNECT: radius.DisconnectNAK}
_ATTRIBUTE = re.compile(r"^ATTRIBUTE\s+(\S+)\s", re.MULTILINE)

logging.getLogger("pyrad").setLevel(logging.ERROR)  # it warns of each word of a dictionary that it cannot use


class CannotEncode(ValueError):
    """An attribute that no dictionary knows, or a value that is none of its type."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request on its way, with what is needed to know its answer."""

    kind: Kind
    octets: bytes
    request: radius.CoAPacket


@dataclass(frozen=True, slots=True)
class Answer:
    """A verified answer; `cause` is the Error-Cause of a refusal."""

    acknowledged: bool
    cause: int | None


def encode(order: Order, identifier: int, at: datetime) -> Sent:
    """The request as it goes out. Raises `CannotEncode`."""
    made = radius.CoAPacket(
        code=_CODES[order.kind],
        id=identifier,
        secret=order.secret.encode(),
        dict=dictionary_for(frozenset(_plain(name) for name, _ in order.attributes)),
        message_authenticator=True,
    )
    for name, value in order.attributes:
        _add(made, name, value)
    _add(made, "Event-Timestamp", str(int(at.timestamp())))
    try:
        return Sent(order.kind, made.RequestPacket(), made)
    except (
        struct.error,
        radius.PacketError,
    ) as problem:  # a word of FreeRADIUS's own that has no place in a packet
        names = ", ".join(name for name, _ in order.attributes)
        raise CannotEncode(f"no packet can hold {names}: {problem}") from problem


@lru_cache(maxsize=4096)
def _attribute(words: Dictionary, name: str, value: str) -> tuple[int | tuple[int, int], list[bytes]]:
    """Number (vendor and number) and octets of an attribute. Most are the same for thousands of sessions."""
    alone = radius.Packet(id=0, dict=words)
    try:
        definition = words.attributes[_plain(name)]
        alone.AddAttribute(name, int(value) if definition.type in ("integer", "date") else _octets(value))
    except (KeyError, ValueError, TypeError, OverflowError, radius.PacketError) as problem:
        raise CannotEncode(f"{name} = {value!r}: {problem}") from problem
    if definition.type == "string" and len(value.encode()) > 247:
        raise CannotEncode(f"{name}: {len(value.encode())} octets are too long for an attribute")
    [(number, octets)] = dict.items(alone)
    return number, list(octets)


def _add(made: radius.CoAPacket, name: str, value: str) -> None:
    number, octets = _attribute(made.dict, name, value)
    OrderedDict.__setitem__(made, number, [*dict.get(made, number, ()), *octets])


def _octets(value: str) -> str | bytes:
    """Octets are written as in FreeRADIUS: ``0x`` and hexadecimal."""
    return bytes.fromhex(value[2:]) if re.fullmatch(r"0x([0-9A-Fa-f]{2})+", value) else value


def _plain(name: str) -> str:
    return name.partition(":")[0]


def decode(octets: bytes, sent: Sent) -> Answer | None:
    """The answer to a request; None for octets that are none: malformed, unsigned, of another request, replayed."""
    try:
        reply = radius.Packet(packet=octets, dict=sent.request.dict)
        reply.secret, reply.request_authenticator = sent.request.secret, sent.request.authenticator
        if reply.code not in (_ACK[sent.kind], _NAK[sent.kind]) or not sent.request.VerifyReply(
            reply, octets
        ):
            return None
        return Answer(reply.code == _ACK[sent.kind], _cause_of(reply))
    except Exception:  # whatever strange octets do to a parser, they change nothing
        return None


def _cause_of(reply: radius.Packet) -> int | None:
    found = dict.get(reply, _ERROR_CAUSE)  # by number: pyrad's own look-up goes by name
    return int.from_bytes(found[0], "big") if found else None


@cache
def dictionary_for(names: frozenset[str]) -> Dictionary:
    """Our own attributes, and those of FreeRADIUS's dictionaries that define one of `names`."""
    found = Dictionary(str(OWN))
    for path in _files_of(name for name in names if name not in found.attributes):
        with contextlib.suppress(
            Exception
        ):  # pyrad cannot read some of them; the attribute is then not known
            found.ReadDictionary(str(path))
    return found


def _files_of(names: Iterable[str]) -> list[Path]:
    where = _where_defined()
    return sorted({where[name] for name in names if name in where})


@cache
def _where_defined() -> dict[str, Path]:
    """Each attribute that FreeRADIUS knows, and the file in which it is defined."""
    return {
        name: path
        for path in sorted(FREERADIUS.glob("dictionary.*"))
        for name in _ATTRIBUTE.findall(path.read_text(errors="replace"))
    }
