"""`religa reconcile`: watches whether live sessions are in the state that their contract's row asks for.

It wakes on each change of access and looks every few seconds besides. Until the dynamic authorization client is there
(RFC 5176), a session that disagrees is reported and heals at its next log-in or Session-Timeout.
"""

from __future__ import annotations

import logging
import signal
from types import FrameType

import click
import psycopg
from django.db import OperationalError, close_old_connections, connection

from religa.records.access import CHANNEL
from religa.records.queries.drift import drifting

logger = logging.getLogger(__name__)
_LOOK_EVERY = 5.0  # seconds


class _Stopped(Exception):
    """Told to stop."""


@click.command(short_help="Report sessions that are not as they should be.")
@click.option("--once", is_flag=True, help="Look once, say what drifts, then stop.")
def reconcile(once: bool) -> None:
    """Report live sessions that are not in their contract's state."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    known: set[int] = set()
    try:
        while True:
            known = _look(known)
            if once:
                break
            _wait()
    except _Stopped:
        pass


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped


def _look(known: set[int]) -> set[int]:
    """Says which sessions have begun to drift; gives all that do."""
    try:
        found = drifting()
    except OperationalError as why:
        logger.warning("the database does not answer: %s", why)
        close_old_connections()
        return known
    for drift in found:
        if drift.session not in known:
            click.echo(f"{drift.username}: {drift.applied or 'unknown'}, should be {drift.wanted}")
    return {drift.session for drift in found}


def _wait() -> None:
    """Until access of some contract changes, or it is time to look anyway."""
    try:
        connection.ensure_connection()
        listening: psycopg.Connection = connection.connection
        listening.execute(f"LISTEN {CHANNEL}")
        for _ in listening.notifies(timeout=_LOOK_EVERY, stop_after=1):
            pass
    except (OperationalError, psycopg.OperationalError):
        close_old_connections()
        connection.close()
        signal.sigtimedwait([], _LOOK_EVERY)
