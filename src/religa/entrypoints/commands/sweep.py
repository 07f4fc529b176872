"""`religa sweep`: the process that does what is due by itself."""

from __future__ import annotations

import logging

import click
from django.db import OperationalError, close_old_connections

from religa.actions import engine
from religa.entrypoints.commands import stopping
from religa.entrypoints.common.banks import ask_before_blocks
from religa.records import locks

logger = logging.getLogger(__name__)
_POLL = 0.5  # seconds; a trust that ends is walled by RADIUS itself, so this delays only what people see
_AFTER_TROUBLE = 2.0


@click.command(short_help="The process that does what time brings.")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def sweep(once: bool) -> None:
    """Do what is due: notices, first blocks through the guard, ends of trust, broken promises.

    Any number of sweepers may run side by side. Stop with Ctrl-C; nothing is left half done.
    """
    stop = stopping.until_told()
    while not stop.is_set():
        wait = _POLL if _turn() else _AFTER_TROUBLE
        if once:
            break
        stop.wait(wait)


def _turn() -> bool:
    """One turn; False where the database was away (it comes back, and nothing was lost)."""
    try:
        done = engine.turn(at=locks.database_now(), ask_banks=ask_before_blocks)
    except OperationalError as why:
        logger.warning("the database does not answer: %s", why)
        close_old_connections()
        return False
    for run in done.runs:
        if run.held:
            click.echo(f"run {run.run_id} held: {run.held} (religa runs approve {run.run_id})")
        elif run.opened or run.dropped:
            click.echo(f"{run.opened} blocks opened, {run.dropped} dropped")
        elif run.waiting:
            click.echo(f"{run.waiting} blocks wait: a bank does not give its list", err=True)
    if done.swept.set_aside:
        click.echo(f"set aside: contracts {', '.join(map(str, done.swept.set_aside))}", err=True)
    return True
