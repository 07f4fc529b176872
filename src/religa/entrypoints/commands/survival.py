"""`religa survival`: the export from which a second RADIUS answers while the database is away."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import psycopg

from religa import wiring

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(short_help="The export for a second RADIUS, while the database is away.")
def survival() -> None:
    """The export from which a second RADIUS answers while the database is away. docs/operators/survival.md"""


@survival.command()
@click.option("--to", "folder", type=_FOLDER, required=True, help="Where the second server reads it.")
@click.option("--url", help="Address of the database as religa_survival.  [default: RELIGA_SURVIVAL_URL]")
@click.option(
    "--anyway", is_flag=True, help="Also if it holds less than half of the log-ins of the last one."
)
def export(folder: Path, url: str | None, anyway: bool) -> None:
    """Replace the export in FOLDER, whole or not at all. The passwords of all subscribers and routers are in it."""
    url = url or os.environ.get("RELIGA_SURVIVAL_URL")
    if not url:
        raise click.UsageError("which database? Give --url, or set RELIGA_SURVIVAL_URL.")
    try:
        made = wiring.survival().write(database_url=url, folder=folder, anyway=anyway)
    except (wiring.survival().Shrunk, psycopg.Error) as why:
        raise click.ClickException(f"The last export was kept: {str(why).strip()}") from why
    click.echo(
        f"{made.path}: {made.logins} log-ins as of {made.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    )
    click.echo(
        "The passwords of all subscribers and routers are in it (mode 0600): keep it on this machine.",
        err=True,
    )


@survival.command()
@click.argument("folder", type=_FOLDER)
@click.option("--max-age", default=24.0, show_default=True, help="Hours.")
def check(folder: Path, max_age: float) -> None:
    """Say how old the export in FOLDER is; exit code 1 if there is none or it is too old. For monitoring."""
    try:
        found = wiring.survival().read(folder)
    except wiring.survival().Unreadable as why:
        click.echo(f"NO EXPORT: {why}")
        sys.exit(1)
    age = datetime.now(UTC) - found.made_at
    old = age > timedelta(hours=max_age)
    click.echo(
        f"{'TOO OLD' if old else 'OK'}: {found.logins} log-ins, {age.total_seconds() / 3600:.1f} hours old"
    )
    sys.exit(1 if old else 0)
