"""A router that takes orders (RFC 5176) and keeps sessions, for tests, benchmarks and demonstrations.

It speaks the real protocol over UDP and checks signatures; what it does wrong, it does when told: silence, refusals
with or without a cause, half an order, an acknowledgement that is not obeyed. It plays in a thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pyrad import packet as radius
from pyrad.dictionary import Dictionary

_DICTIONARY = Path(__file__).parents[1] / "coa" / "dictionary"
_ANSWERS = {
    radius.CoARequest: (radius.CoAACK, radius.CoANAK),
    radius.DisconnectRequest: (radius.DisconnectACK, radius.DisconnectNAK),
}
NOT_FOUND = 503


@dataclass(slots=True)
class Kept:
    """A session as the router has it: what it was told last, by attribute."""

    state: dict[str, str] = field(default_factory=dict)
    is_up: bool = True


@dataclass
class Behaviour:
    """What goes wrong. `refuse` is an Error-Cause (0: none is given), `coa_only` leaves disconnects alone."""

    silent: bool = False
    refuse: int | None = None
    coa_only: bool = True
    half: bool = False
    disobey: bool = False
    delay: float = 0.0


class FakeRouter(asyncio.DatagramProtocol):
    """Knows its sessions by Acct-Session-Id; with `any_session` it takes orders for every one."""

    def __init__(self, secret: str, *, any_session: bool = False) -> None:
        self.sessions: dict[str, Kept] = {}
        self.behaviour = Behaviour()
        self.heard: list[tuple[str, str, dict[str, str]]] = []  # kind, session, attributes
        self.dropped = 0
        self.port = 0
        self._secret = secret.encode()
        self._any = any_session
        self._dictionary = Dictionary(str(_DICTIONARY))
        self._answered: dict[bytes, bytes] = {}

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            request = radius.CoAPacket(packet=data, secret=self._secret, dict=self._dictionary)
            good = request.code in _ANSWERS and request.VerifyCoARequest() and _is_signed(request)
        except Exception:
            good = False
        if not good or self.behaviour.silent:
            self.dropped += 1
            return
        key = data[:20]
        if key not in self._answered:  # a repetition gets the same answer, and does nothing again
            self._answered[key] = self._answer(request)
        reply = self._answered[key]
        assert self._transport is not None
        if self.behaviour.delay:
            asyncio.get_running_loop().call_later(self.behaviour.delay, self._transport.sendto, reply, addr)
        else:
            self._transport.sendto(reply, addr)

    def _answer(self, request: radius.CoAPacket) -> bytes:
        ack, nak = _ANSWERS[request.code]
        cause = self._carry_out(request)
        reply = request.CreateReply()
        reply.code = ack if cause is None else nak
        if cause:
            reply.AddAttribute("Error-Cause", cause)
        return bytes(reply.ReplyPacket())

    def _carry_out(self, request: radius.CoAPacket) -> int | None:
        """None: done. Otherwise the Error-Cause, 0 for none."""
        told = {str(name): str(request[name][0]) for name in request.keys()}  # noqa: SIM118
        name = told.get("Acct-Session-Id", "")
        is_coa = request.code == radius.CoARequest
        self.heard.append(("coa" if is_coa else "disconnect", name, told))
        refuse = self.behaviour.refuse
        if refuse is not None and (is_coa or not self.behaviour.coa_only):
            if self.behaviour.half and name in self.sessions:
                self.sessions[name].state.update(told)
            return refuse
        kept = self.sessions.setdefault(name, Kept()) if self._any else self.sessions.get(name)
        if kept is None or not kept.is_up:
            return NOT_FOUND
        if is_coa and not self.behaviour.disobey:
            kept.state.update(told)
        elif not is_coa:
            kept.is_up = False
        return None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.DatagramTransport | None = cast(asyncio.DatagramTransport, transport)
        self.port = transport.get_extra_info("sockname")[1]


def _is_signed(request: radius.CoAPacket) -> bool:
    """As a careful router: Message-Authenticator is asked for, and has to be right."""
    return bool(request.message_authenticator) and bool(request.verify_message_authenticator())


@contextlib.contextmanager
def running(router: FakeRouter, *, address: str = "127.0.0.1", port: int = 0) -> Iterator[FakeRouter]:
    """The router, listening at `address`; its port is then known."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = loop.create_datagram_endpoint(lambda: router, local_addr=(address, port))
    transport, _ = asyncio.run_coroutine_threadsafe(opened, loop).result()
    try:
        yield router
    finally:
        loop.call_soon_threadsafe(transport.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
