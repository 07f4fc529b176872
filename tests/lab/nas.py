"""A router of the lab: logs subscribers in, tells of them, walls them in its own nft sets, obeys CoA and Disconnect.

Run in the BNG's namespace: ``nas.py CONFIG`` (JSON, see `Config`). It is led over a unix socket, one JSON object a line
in and one out (`Nas.do`). What it does with a CoA is our reading of RFC 5176 and of RouterOS's manual; what it cannot
show is how a real router differs.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pyrad import packet
from pyrad.dictionary import Dictionary

DICTIONARY = Dictionary(str(Path(__file__).with_name("dictionary")))
SETS = {
    "isp-blocked": "isp_blocked",
    "isp-blocked-voice": "isp_blocked_voice",
}  # deploy/walled-garden/bng/linux.nft
ASKS_FOR, ENDS = ("User-Name", "Acct-Session-Id", "Framed-IP-Address"), {"user": 1, "timeout": 5, "admin": 6}
CHANGEABLE = {"Mikrotik-Address-List", "Mikrotik-Rate-Limit", "Session-Timeout", "Class", "Filter-Id"}
NOT_FOUND, UNSUPPORTED, MISSING, WRONG_NAS, SEVERAL = 503, 401, 402, 403, 508


@dataclass(frozen=True)
class Config:
    """`secret` is for all that is asked and heard; `control` the path of the unix socket."""

    address: str
    server: str
    auth_port: int
    acct_port: int
    secret: str
    control: str
    coa_port: int = 3799
    identifier: str = "lab-bng"
    redial_seconds: float = 0.2


@dataclass
class Session:
    """One session of one subscriber. `addresses`: IPv4, framed prefix, delegated prefix."""

    id: str
    username: str
    password: str
    addresses: tuple[str, str, str]
    address_list: str = ""
    rate: str = ""
    klass: list[bytes] = field(default_factory=list)
    timeout: int | None = None
    started: float = field(default_factory=time.monotonic)
    end: asyncio.TimerHandle | None = None

    def shown(self) -> dict[str, Any]:
        state = self.klass[0].decode(errors="replace") if self.klass else ""
        return {"id": self.id, "username": self.username, "ipv4": self.addresses[0], "list": self.address_list,
                "rate": self.rate, "class": state, "timeout": self.timeout}  # fmt: skip


@dataclass
class Behaviour:
    """How CoA is answered: `mode` is ``normal``, ``silent``, ``half`` (applies what it can, then NAK without a cause) or
    ``nak`` with `error_cause`; `secret`, if set, is another one than Religa's."""

    mode: str = "normal"
    error_cause: int | None = None
    secret: str = ""
    answers_after: float = 0.0


class Refused(Exception):
    """NAK with this Error-Cause, or without one."""

    def __init__(self, cause: int | None) -> None:
        self.cause = cause


class Nas(asyncio.DatagramProtocol):
    def __init__(self, config: Config) -> None:
        self.config = config
        self.sessions: dict[str, Session] = {}
        self.behaviour = Behaviour()
        self.heard: list[dict[str, Any]] = []
        self._answers: dict[tuple[Any, ...], bytes] = {}
        self._numbers = itertools.count(1)
        self._redials: set[asyncio.Task[Any]] = set()

    # -- led by the tests ------------------------------------------------------------------------------------------

    async def do(self, order: dict[str, Any]) -> Any:
        what = order.pop("do")
        return await getattr(self, f"do_{what}")(**order)

    async def do_dial(self, username: str, password: str, addresses: list[str]) -> dict[str, Any]:
        """Logs in; the session, or why there is none."""
        reply = await self._ask_in(username, password)
        if reply is None:
            return {"error": "no answer"}
        if reply.code != packet.AccessAccept:
            return {"error": "refused"}
        return (
            await self._begin(username, password, (addresses[0], addresses[1], addresses[2]), reply)
        ).shown()

    async def do_hang_up(self, username: str) -> int:
        gone = [s for s in self.sessions.values() if s.username == username]
        for session in gone:
            await self._finish(session, "user")
        return len(gone)

    async def do_interim(self, username: str = "") -> int:
        told = [s for s in self.sessions.values() if username in ("", s.username)]
        for session in told:
            await self._tell(session, "Interim-Update")
        return len(told)

    async def do_sessions(self) -> list[dict[str, Any]]:
        return [s.shown() for s in self.sessions.values()]

    async def do_behave(self, **how: Any) -> None:
        self.behaviour = Behaviour(**how)

    async def do_heard(self) -> list[dict[str, Any]]:
        heard, self.heard = self.heard, []
        return heard

    async def do_put(self, username: str, name: str) -> None:
        """Into a list by hand, as an operator would."""
        for session in [s for s in self.sessions.values() if s.username == username]:
            self._put_into(session, name)

    async def do_forget(self, username: str) -> None:
        """The session ends and its Stop is lost."""
        for session in [s for s in self.sessions.values() if s.username == username]:
            self._drop(session)

    async def do_restart(self) -> None:
        """As after a power cut: every session is gone without a word, then Accounting-On."""
        self._drop_everything()
        await self._send(self._accounting("Accounting-On"), self.config.acct_port)

    async def do_reset(self) -> None:
        """As new: nobody is dialled in or about to be, and it behaves."""
        self._drop_everything()
        self.behaviour, self.heard = Behaviour(), []

    def _drop_everything(self) -> None:
        for redial in self._redials:
            redial.cancel()
        for session in list(self.sessions.values()):
            self._drop(session)

    # -- RADIUS, asking --------------------------------------------------------------------------------------------

    async def _ask_in(self, username: str, password: str) -> packet.Packet | None:
        ask = packet.AuthPacket(secret=self.config.secret.encode(), dict=DICTIONARY, User_Name=username,
                                NAS_IP_Address=self.config.address, NAS_Identifier=self.config.identifier)  # fmt: skip
        ask.add_message_authenticator()
        ask["User-Password"] = ask.PwCrypt(password)
        return await self._send(ask, self.config.auth_port, signed=True)

    def _accounting(self, kind: str) -> packet.AcctPacket:
        return packet.AcctPacket(secret=self.config.secret.encode(), dict=DICTIONARY, Acct_Status_Type=kind,
                                 NAS_IP_Address=self.config.address,
                                 NAS_Identifier=self.config.identifier)  # fmt: skip

    async def _tell(self, session: Session, kind: str, cause: str = "") -> None:
        told = self._accounting(kind)
        told["User-Name"], told["Acct-Session-Id"] = session.username, session.id
        told["Acct-Session-Time"] = int(time.monotonic() - session.started)
        for name, value in zip(("Framed-IP-Address", "Framed-IPv6-Prefix", "Delegated-IPv6-Prefix"), session.addresses,
                               strict=True):  # fmt: skip
            if value:
                told[name] = value
        for state in session.klass:  # as it came, in every packet (RFC 2865 5.25)
            told.AddAttribute("Class", state)
        if cause:
            told["Acct-Terminate-Cause"] = ENDS[cause]
        await self._send(told, self.config.acct_port)

    async def _send(self, asked: Any, port: int, *, signed: bool = False) -> packet.Packet | None:
        return await asyncio.to_thread(self._exchange, asked, port, signed)

    def _exchange(self, asked: Any, port: int, signed: bool) -> packet.Packet | None:
        """Three tries of a second; only a reply that belongs to the request counts."""
        octets = asked.RequestPacket()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.bind((self.config.address, 0))
            wire.connect((self.config.server, port))
            wire.settimeout(1.0)
            for _ in range(3):
                with contextlib.suppress(OSError):
                    wire.send(octets)
                    reply = asked.CreateReply(packet=wire.recv(4096))
                    if asked.VerifyReply(reply, enforce_ma=signed):
                        return reply
        return None

    # -- sessions --------------------------------------------------------------------------------------------------

    async def _begin(
        self, username: str, password: str, addresses: tuple[str, str, str], reply: Any
    ) -> Session:
        framed = reply["Framed-IP-Address"][0] if "Framed-IP-Address" in reply else addresses[0]
        number = f"{next(self._numbers):08x}"
        session = Session(number, username, password, (framed, *addresses[1:]))
        session.klass = list(reply["Class"]) if "Class" in reply else []
        self.sessions[number] = session
        _nft(_elements("add", "online", session.addresses))
        self._change(session, reply)
        await self._tell(session, "Start")
        return session

    def _change(self, session: Session, told: Any) -> None:
        """What an Accept and a CoA have in common: list, rate, time left. A list stays until another is named."""
        if "Mikrotik-Address-List" in told:
            self._put_into(session, told["Mikrotik-Address-List"][0])
        if "Mikrotik-Rate-Limit" in told:
            session.rate = told["Mikrotik-Rate-Limit"][0]
        if "Session-Timeout" in told:
            self._end_after(session, told["Session-Timeout"][0])

    def _put_into(self, session: Session, name: str) -> None:
        lines = [*_elements("delete", SETS.get(session.address_list), session.addresses),
                 *_elements("add", SETS.get(name), session.addresses)]  # fmt: skip
        _nft(lines)
        session.address_list = name

    def _end_after(self, session: Session, seconds: int) -> None:
        if session.end:
            session.end.cancel()
        session.timeout = seconds
        session.end = asyncio.get_running_loop().call_later(seconds, self._time_is_up, session)

    def _time_is_up(self, session: Session) -> None:
        self._later(self._redial(session, "timeout"))

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._redials.add(task)
        task.add_done_callback(self._redials.discard)

    async def _redial(self, session: Session, cause: str) -> None:
        """The line drops, and the subscriber's router dials again, until it is let in."""
        await self._finish(session, cause)
        while True:
            await asyncio.sleep(self.config.redial_seconds)
            reply = await self._ask_in(session.username, session.password)
            if reply is not None and reply.code == packet.AccessAccept:
                await self._begin(session.username, session.password, session.addresses, reply)
                return

    async def _finish(self, session: Session, cause: str) -> None:
        self._drop(session)
        await self._tell(session, "Stop", cause)

    def _drop(self, session: Session) -> None:
        if self.sessions.pop(session.id, None) is None:
            return
        if session.end:
            session.end.cancel()
        self._put_into(session, "")
        _nft(_elements("delete", "online", session.addresses))

    # -- CoA and Disconnect ----------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, octets: bytes, sender: tuple[str, int]) -> None:
        asked = self._read(octets)
        if asked is None or self.behaviour.mode == "silent":
            self.heard.append({"from": sender[0], "answer": "none"})
            return
        key = (sender, asked.id, asked.authenticator)
        if key not in self._answers:  # a repeated request gets the same answer and does nothing more
            self._answers[key] = self._answer(asked, sender)
        loop = asyncio.get_running_loop()
        loop.call_later(self.behaviour.answers_after, self._transport.sendto, self._answers[key], sender)

    def _read(self, octets: bytes) -> packet.CoAPacket | None:
        """The request, if its authenticators are right."""
        secret = (self.behaviour.secret or self.config.secret).encode()
        try:
            asked = packet.CoAPacket(packet=octets, secret=secret, dict=DICTIONARY)
        except packet.PacketError:
            return None
        signed = "Message-Authenticator" not in asked or asked.verify_message_authenticator()
        known = asked.code in (packet.CoARequest, packet.DisconnectRequest)
        return asked if known and signed and asked.VerifyCoARequest() else None

    def _answer(self, asked: packet.CoAPacket, sender: tuple[str, int]) -> bytes:
        reply, coa = asked.CreateReply(), asked.code == packet.CoARequest
        said: dict[str, Any] = {"from": sender[0], "what": "coa" if coa else "disconnect", "answer": "ack"}
        said |= {name: str(asked[name][0]) for name in (*ASKS_FOR, *CHANGEABLE) if name in asked}
        try:
            self._obey(asked, coa)
        except Refused as no:
            reply.code = packet.CoANAK if coa else packet.DisconnectNAK
            if no.cause is not None:
                reply["Error-Cause"] = no.cause
            said |= {"answer": "nak", "error_cause": no.cause}
        self.heard.append(said)
        return reply.ReplyPacket()

    def _obey(self, asked: packet.CoAPacket, coa: bool) -> None:
        if self.behaviour.mode == "nak":
            raise Refused(self.behaviour.error_cause)
        session = self._find(asked)
        if not coa:
            self._later(self._redial(session, "admin"))
            return
        if {name for name in asked.keys() if isinstance(name, str)} - CHANGEABLE - _IDENTIFY:  # noqa: SIM118
            raise Refused(UNSUPPORTED)
        self._change(session, asked)
        if "Class" in asked:
            session.klass = list(asked["Class"])
        if self.behaviour.mode == "half":
            raise Refused(None)

    def _find(self, asked: packet.CoAPacket) -> Session:
        """The session that all identifying attributes fit."""
        if any(asked[name][0] != own for name, own in (("NAS-IP-Address", self.config.address),
                                                        ("NAS-Identifier", self.config.identifier))
               if name in asked):  # fmt: skip
            raise Refused(WRONG_NAS)
        wanted = {name: str(asked[name][0]) for name in ASKS_FOR if name in asked}
        if not wanted:
            raise Refused(MISSING)

        def fits(s: Session) -> bool:
            own = dict(zip(ASKS_FOR, (s.username, s.id, s.addresses[0]), strict=True))
            return all(own[name] == value for name, value in wanted.items())

        found = [s for s in self.sessions.values() if fits(s)]
        if len(found) != 1:
            raise Refused(SEVERAL if found else NOT_FOUND)
        return found[0]


_IDENTIFY = {
    *ASKS_FOR,
    "NAS-IP-Address",
    "NAS-Identifier",
    "Message-Authenticator",
    "Event-Timestamp",
    "Proxy-State",
}


def _elements(verb: str, name: str | None, addresses: tuple[str, ...]) -> Iterator[str]:
    """nft's lines for one name of sets, `isp_blocked` or `online`, of both families."""
    table = "lab_bng" if name == "online" else "religa_bng"
    for address in filter(None, addresses if name else ()):
        yield f"{verb} element inet {table} {name}{ip_network(address).version} {{ {address} }}"


def _nft(lines: Any) -> None:
    """All or nothing, and in force when it returns."""
    if text := "\n".join(lines):
        subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True)


async def serve(config: Config) -> None:
    nas = Nas(config)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: nas, local_addr=(config.address, config.coa_port))

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            try:
                answer = {"done": await nas.do(json.loads(line))}
            except Exception as fault:
                answer = {"fault": repr(fault)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(lead, config.control)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Config(**json.loads(Path(sys.argv[1]).read_text()))))
