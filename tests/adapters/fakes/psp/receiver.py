"""Somebody whom the fake PSP calls: keeps what came, answers as told."""

import json
import threading
from typing import Any

from religa.adapters.fakes.psp import wire


class Receiver:
    """`answers`: statuses of the next calls, then 200; 0 is silence."""

    def __init__(self) -> None:
        self.calls: list[wire.Request] = []
        self.answers: list[int] = []
        self._came = threading.Condition()

    def __enter__(self) -> "Receiver":
        self._server = wire.Server(self._take)
        self._server.start()
        self.url = f"http://127.0.0.1:{self._server.port}/hook/segredo"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    def _take(self, call: wire.Request) -> wire.Answer:
        with self._came:
            self.calls.append(call)
            self._came.notify_all()
            status = self.answers.pop(0) if self.answers else 200
        return wire.Answer(status) if status else wire.NEVER

    def wait(self, count: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.calls) >= count, 10), f"{len(self.calls)} calls came"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(call.body) for call in self.calls]

    @property
    def told(self) -> list[str]:
        """endToEndIds in the order in which they were told."""
        lists = [body["pix"] if isinstance(body, dict) else body for body in self.bodies]
        return [pix["endToEndId"] for told in lists for pix in told]
