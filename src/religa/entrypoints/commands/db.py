"""`religa db setup`: makes a provider's own PostgreSQL ready, or says what somebody else has to do."""

from __future__ import annotations

import os
import secrets
import sys
from urllib.parse import urlsplit

import click

from religa.entrypoints.commands import preparation
from religa.records import setup

# Who logs in besides the owner, and the setting that holds the address.
_SETTINGS = {
    setup.APP: "DATABASE_URL",
    setup.RADIUS: "RELIGA_RADIUS_URL",
    setup.NETWORK: "RELIGA_NETWORK_URL",
    setup.SURVIVAL: "RELIGA_SURVIVAL_URL",
    setup.RETENTION: "RELIGA_RETENTION_URL",
}


@click.group()
def db() -> None:
    """Prepare your own PostgreSQL. (The embedded one of ./run prepares itself.)"""


@db.command("setup")
@click.option(
    "--url",
    help="postgresql://user:password@host:port/name of a user who may create roles."
    "  [default: RELIGA_OWNER_URL, else DATABASE_URL]",
)
def set_up(url: str | None) -> None:
    """Make roles, extensions, tables and grants, or bring them up to date. Safe to repeat.

    The database itself must exist. Roles that could not log in until now get a random password, and the
    settings that name it are printed. If the user may not do all this, the SQL for somebody who may is
    printed instead, and the exit code is 1.
    """
    url = url or os.environ.get("RELIGA_OWNER_URL") or os.environ.get("DATABASE_URL")
    if not url:
        raise click.UsageError("which database? Give --url, or set RELIGA_OWNER_URL or DATABASE_URL.")
    try:
        _set_up(url)
    except preparation.NotPrepared as problem:
        raise click.ClickException(str(problem)) from problem


def _set_up(url: str) -> None:
    there = preparation.who_may_log_in(admin_url=url)
    passwords = {role: secrets.token_urlsafe(18) for role in _SETTINGS if role not in there}
    try:
        did = preparation.prepare(admin_url=url, passwords=passwords, say=click.echo)
    except preparation.MayNot as refused:
        _show_what_is_missing(refused.missing, url)
        _show_settings(passwords, url)
        sys.exit(1)
    for what in did:
        click.echo(f"  done: {what}")
    click.echo("The database is ready." if did else "Nothing was missing: the database is ready.")
    _show_settings(passwords, url)


def _show_what_is_missing(missing: setup.Missing, url: str) -> None:
    """The SQL alone goes to standard output, so that it can be kept in a file."""
    name = urlsplit(url).path.lstrip("/")
    click.echo("This database user may not prepare the database. Missing:", err=True)
    for what in missing.what:
        click.echo(f"  {what}", err=True)
    click.echo(
        f"A superuser should run this in database {name}, then run `religa db setup` again:\n", err=True
    )
    for statement in missing.statements:
        click.echo(statement)


def _show_settings(passwords: dict[str, str], url: str) -> None:
    if not passwords:
        return
    click.echo("\nReliga's settings (the passwords are not shown again):", err=True)
    for role, password in passwords.items():
        click.echo(f"  {_SETTINGS[role]}={preparation.as_role(url, role, password)}", err=True)
