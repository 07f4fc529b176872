"""`religa run`: everything on this machine, under one supervisor, until Ctrl-C."""

import click

from religa.entrypoints.commands.run.options import Options
from religa.entrypoints.commands.run.startup import run


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address the web pages listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the web pages.")
@click.option("--database-port", default=54329, show_default=True, help="Port of the embedded PostgreSQL.")
@click.option("--radius-port", default=11812, show_default=True, help="RADIUS; accounting is one above.")
@click.option("--apt/--no-apt", default=True, help="As root, install missing Debian packages (default).")
@click.option("--demo/--no-demo", default=None, help="Seed the demo provider (default without DATABASE_URL).")
@click.option("--migrate", is_flag=True, help="With DATABASE_URL: bring its tables up to date first.")
def command(**options: object) -> None:
    """Run everything on this machine; Ctrl-C stops it.

    Database, web server, worker, sweeper, sender, collector, reconciler and RADIUS, each started again when it ends.

    A port that is taken gives way to the next free one. With DATABASE_URL that database is used as it
    is: nothing is seeded without --demo, no table is changed without --migrate.
    """
    try:
        run(Options(**options), say=click.echo)  # type: ignore[arg-type]
    except RuntimeError as problem:  # all that an operator must hear: no programs, no port, not prepared
        raise click.ClickException(str(problem)) from problem
