"""What Django looks for in a database engine."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool


def check(connection: Connection) -> None:
    """Raises where a connection of the pool is no more.

    A server that ends one says so, and closes it: then there is something to be read. Only then is it asked; to ask
    each time was a tenth of what the database did for the portal's main page.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django chooses the pool's check itself and takes no other."""

    @property
    def pool(self) -> ConnectionPool | None:
        made: ConnectionPool | None = super().pool  # type: ignore[misc]
        if made is not None and made._check is not None:
            made._check = check
        return made
