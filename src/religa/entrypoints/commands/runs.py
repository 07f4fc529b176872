"""`religa runs`: what the mass-block guard holds, and its release by a named person."""

from __future__ import annotations

import sys

import click

from religa.actions import approve_run
from religa.records import locks, raw
from religa.wording import Language, guard_reason


@click.group(short_help="What the mass-block guard holds, and its release.")
def runs() -> None:
    """Runs of first blocks: list them, and release those that the guard holds."""


_LIST = """
    SELECT id, started_at, state, reason, budget, proposed, opened, dropped, held, approved_by
      FROM block_run ORDER BY id DESC LIMIT %s
"""


@runs.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
def list_runs(limit: int) -> None:
    """The latest runs; a held one names its reason."""
    found = raw.rows(_LIST, [limit])
    if not found:
        click.echo("There have been no runs of blocks yet.")
    for key, started, state, reason, budget, proposed, opened, dropped, held, by in found:
        says = f"{state} by {by}" if by else state
        waiting = f"  waiting {held}" if state == "held" else ""
        click.echo(
            f"{key:>6}  {started:%Y-%m-%d %H:%M} UTC  {says:<24} budget {budget}  proposed {proposed}"
            f"  opened {opened}  dropped {dropped}{waiting}"
        )
        if state == "held":
            click.echo(
                f"        because {guard_reason(reason, Language.EN)}: religa runs approve {key} --by NAME"
            )


@runs.command()
@click.argument("run_id", type=int)
@click.option("--by", required=True, help="Who releases it; the name stays with the run.")
def approve(run_id: int, by: str) -> None:
    """Release a held run; its blocks open at the next slot, each decided again."""
    answer = approve_run.approve(run_id=run_id, by=by, at=locks.database_now())
    if isinstance(answer, approve_run.NotHeld):
        click.echo(f"Run {run_id} is not held.", err=True)
        sys.exit(1)
    click.echo(f"Run {run_id} released by {by}: {answer.candidates} blocks open at the next slot.")
