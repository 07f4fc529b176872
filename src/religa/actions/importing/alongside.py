"""Lets the database look after foreign keys while Python judges: both take long, and each would wait for the other.

Foreign keys are checked row by row when a transaction ends (they are deferred). After a large import that is millions
of rows. Here the end is brought forward, one key at a time, while the connection has nothing else to do.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

import psycopg
from django.db import connection
from psycopg import sql

from religa.records import raw

# What an import fills by set, the largest first. Tables that deeds write first and complete later are not among them.
_FILLED = (
    "invoice", "charge", "invoice_line", "allocation", "payment", "contract", "contract_access", "access_record",
    "subscriber", "subscriber_phone",
)  # fmt: skip
_PAUSE = 0.005  # seconds in which whoever waits for the connection gets it
_KEYS = """
    SELECT conname FROM unnest(%s::text[]) WITH ORDINALITY AS f(name, place)
      JOIN pg_constraint ON conrelid = to_regclass(f.name) AND contype = 'f' AND condeferred ORDER BY place, conname
"""


class ForeignKeys:
    """A second thread on the import's own connection; psycopg lets one statement in after the other.

    What is not reached is checked at the commit. A row that breaks a key spoils the transaction: its error is the one
    that is raised, not those that follow from it.
    """

    def __init__(self) -> None:
        self._names = [name for (name,) in raw.rows(_KEYS, [list(_FILLED)])]
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._running: Future[None] | None = None

    def __enter__(self) -> ForeignKeys:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown()
        self._settle()

    def check_meanwhile(self) -> None:
        """From here on nothing is asked of the database for a while."""
        self._settle()
        self._running = self._thread.submit(self._check, connection.connection)

    def _settle(self) -> None:
        if self._running is not None:
            with connection.wrap_database_errors:
                self._running.result()

    def _check(self, shared: psycopg.Connection[raw.Row]) -> None:
        """One key after the other, until somebody else wants the connection."""
        while self._names and not shared.lock.locked():
            shared.execute(sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(sql.Identifier(self._names.pop(0))))
            time.sleep(_PAUSE)
