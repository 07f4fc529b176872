"""Brings a database to where this version of Religa needs it: roles, extensions, tables, grants."""

import contextlib
import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

import religa.records
from religa.records import setup

DJANGO = (sys.executable, "-m", "django")
MIGRATED_BY = ("django", "django-axes", "procrastinate")
RECORDS = Path(religa.records.__file__).parent


class NotPrepared(RuntimeError):
    """The database cannot be used; the message says what is missing and who can add it."""


class MayNot(NotPrepared):
    """The user is not allowed to prepare the database; `missing` holds the SQL for somebody who is."""

    def __init__(self, missing: setup.Missing) -> None:
        self.missing = missing
        super().__init__(
            "This database user may not prepare the database. Somebody who may should run:\n"
            + "\n".join(f"  {statement}" for statement in missing.statements)
        )


def prepare(*, admin_url: str, passwords: Mapping[str, str], say: Callable[[str], None]) -> tuple[str, ...]:
    """Do all of it, as the user of `admin_url`; roles named in `passwords` may log in afterwards.

    Tables belong to the role `religa_owner`, whoever connects. Safe to repeat. Says what was missing until now.
    """
    with _connected(admin_url) as connection:
        _check_that_all_is_known(connection)
        outcome = setup.prepare(connection, passwords=passwords)
    if isinstance(outcome, setup.Missing):
        raise MayNot(outcome)
    say("Bringing the tables up to date")
    owner_url = as_owner(admin_url)
    applied = _django("migrate", "--noinput", "--no-color", database_url=owner_url).count("... OK")
    with _connected(owner_url) as connection:
        setup.finish(connection)
    return (*outcome.did, *([f"{applied} migrations"] if applied else []))


def who_may_log_in(*, admin_url: str) -> set[str]:
    """Which of our roles exist on the server and may log in."""
    with _connected(admin_url) as connection:
        return setup.may_log_in(connection)


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.Error as why:  # an address that is none, nobody there, a wrong password
        raise NotPrepared(f"The database does not answer: {str(why).strip()}") from why
    with connection:
        yield connection


def _check_that_all_is_known(connection: psycopg.Connection) -> None:
    """Raises where another version of Religa has been: what that one changed, this one does not know how to read."""
    unknown = sorted(
        setup.migrations_of(connection) - {file.stem for file in RECORDS.glob("migrations/0*.py")}
    )
    if unknown:
        raise NotPrepared(
            "This database was prepared by another version of Religa, which has migrations that this one does not know"
            f" ({', '.join(unknown)}). Run that version, or use another database; RELIGA_HOME says where the embedded"
            " one lies. Nothing was changed."
        )


def pending(*, database_url: str) -> bool:
    """Whether this version of Religa has migrations that the database has not seen. Raises where it has seen others."""
    with _connected(database_url) as connection:
        _check_that_all_is_known(connection)
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


def as_role(url: str, role: str, password: str) -> str:
    """`url` with another log-in."""
    parts = urlsplit(url)
    places = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{quote(password, safe='')}@{places}"))


def as_owner(url: str) -> str:
    """`url`, where everything made belongs to the role that owns the tables."""
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{setup.OWNER}"


def environment(database_url: str) -> dict[str, str]:
    """What a process of Religa needs to know."""
    settings = os.environ.get("DJANGO_SETTINGS_MODULE", "religa.project.settings")
    return {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": settings}


def _django(*arguments: str, database_url: str) -> str:
    command = [*DJANGO, *arguments]
    done = subprocess.run(command, env=environment(database_url), capture_output=True, text=True)
    if done.returncode != 0:
        raise NotPrepared(f"django {arguments[0]} failed:\n{_last_lines(done.stderr)}")
    return done.stdout


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-8:])
