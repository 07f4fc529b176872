"""A router that tells of many sessions at once: RFC 2866 over UDP, packets made before the clock starts."""

from __future__ import annotations

import hashlib
import select
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

KINDS = {"Start": 1, "Interim-Update": 3, "Stop": 2}
_ANSWER = 5
_PATIENCE = 3.0  # seconds until a packet is sent again, as a router does
_SOCKETS = 8  # an identifier is one octet, so one socket has at most 256 packets under way


@dataclass(frozen=True)
class Packet:
    kind: str
    session: str
    username: str
    ipv4: int
    lasted: int
    octets: int

    def encoded(self, identifier: int, secret: bytes) -> bytes:
        attributes = b"".join(
            (
                _number(40, KINDS[self.kind]),
                _text(1, self.username),
                _text(44, self.session),
                _number(8, self.ipv4),
                _text(87, "ether1"),
                _text(31, "AA:BB:CC:00:00:00"),
                _text(30, "isp"),
                _text(25, "st=active"),
                _number(46, self.lasted),
                _number(42, self.octets),
                _number(43, self.octets),
                *([_number(49, 1)] if self.kind == "Stop" else []),
            )
        )
        head = struct.pack("!BBH", 4, identifier, 20 + len(attributes))
        return head + hashlib.md5(head + bytes(16) + attributes + secret).digest() + attributes


def _number(attribute: int, value: int) -> bytes:
    return struct.pack("!BBI", attribute, 6, value & 0xFFFFFFFF)


def _text(attribute: int, value: str) -> bytes:
    octets = value.encode()
    return struct.pack("!BB", attribute, 2 + len(octets)) + octets


class _Line:
    """One socket and what is under way on it."""

    def __init__(self, port: int, packets: list[bytes], secret: bytes) -> None:
        self._secret = secret
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.connect(("127.0.0.1", port))
        self._waiting: Iterator[bytes] = iter(packets)
        self.under_way: dict[int, tuple[bytes, float]] = {}

    def send_next(self) -> None:
        packet = next(self._waiting, None)
        if packet is not None:
            self.under_way[packet[1]] = (packet, time.perf_counter())
            self.socket.send(packet)

    def receive(self) -> None:
        answer = self.socket.recv(4096)
        packet, _ = self.under_way.get(answer[1], (None, 0.0))
        if packet and self._answers(answer, packet):
            del self.under_way[answer[1]]
            self.send_next()

    def _answers(self, answer: bytes, packet: bytes) -> bool:
        """The second answer to a repeated packet must not count for the next one with its number."""
        signed = answer[:4] + packet[4:20] + answer[20:] + self._secret
        return answer[0] == _ANSWER and hashlib.md5(signed).digest() == answer[4:20]

    def repeat(self) -> None:
        now = time.perf_counter()
        for identifier, (packet, sent) in self.under_way.items():
            if now - sent > _PATIENCE:
                self.socket.send(packet)
                self.under_way[identifier] = (packet, now)


def send(packets: list[Packet], *, port: int, secret: bytes, parallel: int) -> float:
    """Seconds until every packet was answered."""
    shares = [packets[start::_SOCKETS] for start in range(_SOCKETS)]
    lines = [
        _Line(port, [one.encoded(place % 256, secret) for place, one in enumerate(share)], secret)
        for share in shares
    ]
    by_number = {line.socket.fileno(): line for line in lines}
    poll = select.poll()
    for number in by_number:
        poll.register(number, select.POLLIN)
    start = time.perf_counter()
    for line in lines:
        for _ in range(max(1, parallel // _SOCKETS)):
            line.send_next()
    while any(line.under_way for line in lines):
        heard = poll.poll(500)
        for number, _ in heard:
            by_number[number].receive()
        if not heard:
            for line in lines:
                line.repeat()
    seconds = time.perf_counter() - start
    for line in lines:
        line.socket.close()
    return seconds
