"""HTTP/1.1 for the fake PSP: one asyncio protocol in a thread of its own, connections kept open.

Written for speed: a benchmark asks it on the machine that it measures. It takes what clients of API Pix send (a body
with Content-Length) and refuses the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

MAX_HEAD, MAX_BODY = 32_768, 1_048_576
JSON, PROBLEM, HTML = "application/json", "application/problem+json", "text/html; charset=utf-8"
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, slots=True)
class Request:
    """`path` and `query` as on the wire; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True)) if self.query else {}

    def json(self) -> Any:
        """Raises `ValueError` for anything else. Numbers with a point stay text: no money becomes a float."""
        return json.loads(self.body, parse_float=str)


@dataclass(frozen=True, slots=True)
class Answer:
    """`after_ms`: how late it is sent; None: never."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    after_ms: int | None = 0

    def octets(self) -> bytes:
        head = f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Other')}\r\n"
        if self.status != 204:
            head += f"Content-Length: {len(self.body)}\r\n"
        if self.body:
            head += f"Content-Type: {self.content_type}\r\n"
        for name, value in self.headers:
            head += f"{name}: {value}\r\n"
        return head.encode("latin-1", "replace") + b"\r\n" + self.body


NEVER = Answer(0, after_ms=None)
Handler = Callable[[Request], Answer]


def json_answer(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


class NotHttp(Exception):
    """The octets are no request that is taken here; `answer` says so, then the connection ends."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.answer = Answer(status, why.encode(), "text/plain; charset=utf-8", (("Connection", "close"),))


def request_from(octets: bytearray) -> Request | None:
    """The first whole request, taken off `octets`; None while it is incomplete. Raises `NotHttp`."""
    end = octets.find(b"\r\n\r\n")
    if end < 0 or end > MAX_HEAD:
        if len(octets) > MAX_HEAD:
            raise NotHttp(431, "the head of the request is too long")
        return None
    first, *lines = octets[:end].decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    size = _size(headers)
    if len(octets) < end + 4 + size:
        return None
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NotHttp(400, "the first line is not one of HTTP/1.1")
    body = bytes(octets[end + 4 : end + 4 + size])
    del octets[: end + 4 + size]
    path, _, query = words[1].partition("?")
    return Request(words[0], path, query, headers, body)


def _size(headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise NotHttp(411, "a body needs a Content-Length")
    said = headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()):
        raise NotHttp(400, "Content-Length is not a number")
    if int(said) > MAX_BODY:
        raise NotHttp(413, "the body is larger than 1 MiB")
    return int(said)


class _Connection(asyncio.Protocol):
    """One at a time and in order: what follows a late answer waits for it."""

    transport: asyncio.Transport

    def __init__(self, handler: Handler, opened: set[_Connection]) -> None:
        self.handler, self.opened = handler, opened
        self.octets, self.waiting = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.opened.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.opened.discard(self)

    def data_received(self, data: bytes) -> None:
        self.octets += data
        self._go_on()

    def _go_on(self) -> None:
        try:
            while not self.waiting and (request := request_from(self.octets)) is not None:
                self._answer(request)
        except NotHttp as problem:
            self.transport.write(problem.answer.octets())
            self.transport.close()

    def _answer(self, request: Request) -> None:
        answer = self.handler(request)
        closes = request.headers.get("connection", "").lower() == "close"
        if answer.after_ms == 0:
            self._send(answer, closes)
            return
        self.waiting = True
        if answer.after_ms is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(answer.after_ms / 1000, self._late, answer, closes)

    def _late(self, answer: Answer, closes: bool) -> None:
        self.waiting = False
        self._send(answer, closes)
        self._go_on()

    def _send(self, answer: Answer, closes: bool) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer.octets())
            if closes:
                self.transport.close()


@dataclass
class Server:
    """Answers on `host`:`port` (0: one that is free) from `start` to `stop`. `tls`: of a server, with `verify_mode` for
    certificates of clients. `handler` runs in the server's own thread, one request at a time."""

    handler: Handler
    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop, init=False)
    _opened: set[_Connection] = field(default_factory=set, init=False)

    def start(self) -> None:
        """Raises `OSError` if the port is taken."""
        listening: Future[int] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="fake-psp", daemon=True)
        self._thread.start()
        self.port = listening.result()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join()

    def _run(self, listening: Future[int]) -> None:
        # All in the thread: a browser test has a loop of its own in the thread that starts us.
        with contextlib.closing(self._loop):
            try:
                self._server = self._loop.run_until_complete(self._listen())
            except OSError as taken:
                listening.set_exception(taken)
                return
            listening.set_result(self._server.sockets[0].getsockname()[1])
            self._loop.run_forever()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(
            lambda: _Connection(self.handler, self._opened), self.host, self.port, ssl=self.tls, backlog=512
        )

    def _end(self) -> None:
        self._server.close()
        for connection in list(self._opened):
            connection.transport.abort()
        self._loop.call_soon(self._loop.stop)
