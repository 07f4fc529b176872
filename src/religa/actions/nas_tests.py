"""Tests whether a router takes orders. The page asks; the reconciler, who alone may read secrets, carries out."""

from __future__ import annotations

import asyncio
from datetime import datetime

from django.db import transaction

from religa.domain.coa_test import NAME, Answer, Found, answer_of
from religa.domain.pushing import Kind
from religa.ports import DynamicAuthorization, Order
from religa.records import nas_tests
from religa.records.nas_tests import Connection, Waiting
from religa.records.waking import TEST, wake


def ask(*, nas_id: int, by: str, at: datetime) -> bool:
    """Asks for a test and wakes the reconciler. False: one was waiting already; that one is asked for again."""
    with transaction.atomic():
        is_new = nas_tests.ask(nas_id=nas_id, by=by, at=at)
        wake(TEST)
    return is_new


async def carry_out(sender: DynamicAuthorization, connection: Connection) -> int:
    """Takes the tests that wait, all at once, and keeps what came of each; says how many there were.

    `connection`: psycopg's `AsyncConnection` as religa_network, in autocommit: no transaction is open while routers are
    waited for. A silent router takes as long as `sender` repeats: whoever calls this each turn either awaits it, or
    starts no second one before the first has ended (a test would be sent twice, which harms nobody).
    """
    tests = await nas_tests.waiting(connection)
    await asyncio.gather(*(_carry_out(sender, connection, test) for test in tests))
    return len(tests)


async def _carry_out(sender: DynamicAuthorization, connection: Connection, test: Waiting) -> None:
    order = order_of(test)
    answer = Answer(Found.NO_ADDRESS) if order is None else answer_of(await sender.send(order))
    await nas_tests.keep(connection, test=test.test, answer=answer)


def order_of(test: Waiting) -> Order | None:
    """A change for a session that nobody has; None: nobody knows where to send it."""
    if test.address is None:
        return None
    return Order(
        kind=Kind.COA,
        address=test.address,
        port=test.port,
        secret=test.secret,
        attributes=(("User-Name", NAME), ("Acct-Session-Id", NAME)),
        source=test.source,
    )
