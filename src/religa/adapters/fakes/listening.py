"""What the fakes of message platforms share: HTTP on a real socket, and faults on demand."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Self

from religa.adapters.fakes.psp.wire import Answer, Request, Server


class Nonsense(Answer):
    """Octets that are no HTTP: the request was read, and its answer is lost."""

    def octets(self) -> bytes:
        return b"\x00\x01\r\n\r\n"


LOST = Nonsense(200)


@dataclass
class Listening:
    """A platform on this machine, from `with` to its end. `faults`: answers that take the place of the next ones;
    with `does_it_first` what was asked is done before (an answer that is lost on its way back)."""

    faults: list[Answer] = field(default_factory=list)
    does_it_first: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._server = Server(self._handle)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def root(self) -> str:
        return f"http://{self._server.host}:{self._server.port}"

    def behave(self) -> None:
        """From now on nothing goes wrong, and nothing is known of before."""
        self.faults.clear()
        self.does_it_first = False
        self.forget()

    def forget(self) -> None:
        raise NotImplementedError

    def _handle(self, request: Request) -> Answer:
        with self.lock:
            fault = self.faults.pop(0) if self.faults else None
            if fault is None:
                return self.answer(request)
            if self.does_it_first:
                self.answer(request)
            return fault

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError
