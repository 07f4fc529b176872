"""Brings a database to where this version of Religa needs it: roles, extensions, tables, grants."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

import religa.records
from religa.records import setup

DJANGO = (sys.executable, "-m", "django")
MIGRATED_BY = ("django", "django-axes", "procrastinate")
RECORDS = Path(religa.records.__file__).parent


class NotPrepared(RuntimeError):
    """The database cannot be used; the message says what is missing and who can add it."""


def prepare(*, admin_url: str, passwords: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Do all of it, as the user of `admin_url`; roles named in `passwords` may log in afterwards.

    Tables belong to the role `religa_owner`, whoever connects. Safe to repeat.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        outcome = setup.prepare(connection, passwords=passwords)
    if isinstance(outcome, setup.Missing):
        raise NotPrepared(
            "This database user may not prepare the database. Somebody who may should run:\n"
            + "\n".join(f"  {statement}" for statement in outcome.statements)
        )
    say("Bringing the tables up to date")
    owner_url = as_owner(admin_url)
    _django("migrate", "--noinput", "--verbosity", "0", database_url=owner_url)
    with psycopg.connect(owner_url, autocommit=True) as connection:
        setup.grant(connection)


def pending(*, database_url: str) -> bool:
    """Whether this version of Religa has migrations that the database has not seen."""
    command = [*DJANGO, "migrate", "--check"]
    done = subprocess.run(command, env=environment(database_url), capture_output=True, text=True)
    if done.returncode not in (0, 1) or "Traceback" in done.stderr:
        raise NotPrepared(f"The database does not answer:\n{_last_lines(done.stderr)}")
    return done.returncode == 1


def fingerprint(passwords: Mapping[str, str]) -> str:
    """Differs whenever `prepare` would find something to do; cheap, so that a second start is quick."""
    digest = hashlib.sha256(repr(sorted(passwords.items())).encode())
    for name in MIGRATED_BY:
        digest.update(importlib.metadata.version(name).encode())
    for path in sorted(
        [RECORDS / "setup.py", *RECORDS.glob("migrations/*.py"), *RECORDS.glob("sql/**/*.sql")]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def as_owner(url: str) -> str:
    """`url`, where everything made belongs to the role that owns the tables."""
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{setup.OWNER}"


def environment(database_url: str) -> dict[str, str]:
    """What a process of Religa needs to know."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "religa.project.settings")
    return {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": settings}


def _django(*arguments: str, database_url: str) -> None:
    command = [*DJANGO, *arguments]
    done = subprocess.run(command, env=environment(database_url), capture_output=True, text=True)
    if done.returncode != 0:
        raise NotPrepared(f"django {arguments[0]} failed:\n{_last_lines(done.stderr)}")


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])
