"""Routers that answer by a script, for the demo and for tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from religa.domain.pushing import Acknowledged, Outcome
from religa.ports import Order

Script = Callable[[Order], Outcome]
_ACKNOWLEDGED = (Acknowledged(took_ms=1.0),)


class ScriptedRouters:
    """Port `DynamicAuthorization`. `script`: outcomes in the order of the orders (the last one stays), or a function.

    `sent` holds every order, in order.
    """

    def __init__(self, script: Script | Sequence[Outcome] = _ACKNOWLEDGED) -> None:
        self._script, self.sent, self.closed = script, list[Order](), False
        self.ignored = 0

    async def send(self, order: Order) -> Outcome:
        self.sent.append(order)
        if callable(self._script):
            return self._script(order)
        return self._script[min(len(self.sent), len(self._script)) - 1]

    async def close(self) -> None:
        self.closed = True
