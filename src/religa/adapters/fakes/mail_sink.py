"""A mail server that keeps what it gets and delivers nothing (RFC 5321, as much as a client of ours uses)."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from dataclasses import dataclass, field
from typing import Self

_PATH = re.compile(rb"<([^>]*)>")


@dataclass(frozen=True)
class Mail:
    """One mail as it came: the envelope, and the text in octets."""

    sender: str
    recipient: str
    text: bytes


@dataclass
class MailSink:
    """`taken`: in order. `to`: replies to a recipient of that name (before the @) instead of a yes, `once`: the same
    for the next mail alone. `cut`: closes the connection in place of the next `cut` last words, after the text; the
    mail is kept. `connections`: how many came.
    """

    taken: list[Mail] = field(default_factory=list)
    to: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    speaks_dsn: bool = False
    parameters: list[str] = field(default_factory=list)
    connections: int = 0
    sessions: set[_Session] = field(default_factory=set)

    def __enter__(self) -> Self:
        handler = type("Session", (_Session,), {"owner": self})
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def behave(self) -> None:
        """From now on nothing goes wrong, and nothing is known of before."""
        for kept in (self.taken, self.to, self.once, self.parameters):
            kept.clear()
        self.cut, self.speaks_dsn = 0, False

    def hang_up(self) -> None:
        """Closes the connections that are kept, as servers do."""
        for session in list(self.sessions):
            session.connection.shutdown(socket.SHUT_RDWR)

    @property
    def host(self) -> str:
        return "127.0.0.1"

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    owner: MailSink
    sender = recipient = ""

    def handle(self) -> None:
        self.owner.connections += 1
        self.owner.sessions.add(self)
        try:
            self._say("220 sink ready")
            while (line := self.rfile.readline(4096)) and self._obey(line.strip()):
                pass
        except OSError:
            return
        finally:
            self.owner.sessions.discard(self)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _obey(self, line: bytes) -> bool:
        """False: the connection ends."""
        verb = line[:4].upper()
        if verb == b"DATA":
            return self._data()
        if verb == b"QUIT":
            self._say("221 bye")
            return False
        self._say(self._reply(verb, line))
        return True

    def _reply(self, verb: bytes, line: bytes) -> str:
        if verb == b"EHLO":
            return (
                "250-sink\r\n250-DSN\r\n250 8BITMIME" if self.owner.speaks_dsn else "250-sink\r\n250 8BITMIME"
            )
        path = _PATH.search(line)
        if verb == b"MAIL" and path:
            self.sender, self.recipient = path[1].decode(), ""
            return "250 2.1.0 ok"
        if verb == b"RCPT" and path:
            return self._recipient(path[1].decode(), line[path.end() :].decode().strip())
        return "250 ok" if verb in (b"HELO", b"RSET", b"NOOP") else "500 5.5.1 what?"

    def _recipient(self, address: str, parameters: str) -> str:
        self.owner.parameters.append(parameters)
        name = address.partition("@")[0]
        refusal = self.owner.once.pop(name, None) or self.owner.to.get(name)
        if refusal:
            return refusal
        self.recipient = address
        return "250 2.1.5 ok"

    def _data(self) -> bool:
        if not self.recipient:
            self._say("503 5.5.1 to whom?")
            return True
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline(65536)) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        self.owner.taken.append(Mail(self.sender, self.recipient, b"".join(lines)))
        if self.owner.cut:
            self.owner.cut -= 1
            return False
        self._say("250 2.0.0 kept")
        return True
