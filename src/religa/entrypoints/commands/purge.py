"""`religa purge`: takes what may not be kept any longer, as the role that alone may delete it."""

from __future__ import annotations

import os

import click
import psycopg

from religa.entrypoints.commands.database import RETENTION_URL
from religa.records import retention
from religa.records.retention import Old

_TITLES = {
    "session_log_default": "sessions outside of any month",
    "coa_log": "orders to routers",
    "session_read": "readers of connection records",
    "address_check": "new addresses that a code was sent to",
}


@click.command(short_help="Delete records whose time is over.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and delete nothing.")
def purge(dry_run: bool) -> None:
    """Delete connection records and orders after 13 months, and the list of who read them after 5 years.

    The worker does the same every night. Needs the role religa_retention: RELIGA_RETENTION_URL, or the embedded
    database.
    """
    url = os.environ.get(RETENTION_URL)
    if not url:
        raise click.UsageError(f"set {RETENTION_URL}: the address of the database as religa_retention.")
    with psycopg.connect(url, autocommit=True) as connection:
        at = retention.database_now(connection)
        found = (retention.look if dry_run else retention.purge)(connection, at=at)
    for line in _lines(found):
        click.echo(line)
    click.echo(_sum(found, dry_run))


def _lines(found: Old) -> list[str]:
    months = [f"  sessions of {month:%Y-%m}" for month in found.months]
    return [*months, *(f"  {count} {_TITLES[table]}" for table, count in found.rows.items() if count)]


def _sum(found: Old, dry_run: bool) -> str:
    if not found:
        return "Nothing is too old."
    return "This would go; nothing was deleted." if dry_run else "Deleted."
