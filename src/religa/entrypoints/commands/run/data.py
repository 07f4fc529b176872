"""The database of one run, and what is in it before the first page."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from religa import wiring
from religa.entrypoints.commands import database, home, main, preparation
from religa.entrypoints.commands.run.children import RELIGA, Places
from religa.entrypoints.commands.run.options import CannotStart, Options, Say, say_port
from religa.entrypoints.commands.run.supervisor import mark


@dataclass(frozen=True, kw_only=True)
class Database:
    """The database that this run uses; `watch` brings an embedded server back when it has died."""

    app_url: str
    radius_url: str | None
    network_url: str | None
    retention_url: str | None
    ours: bool
    watch: Callable[[], None] = lambda: None


@contextlib.contextmanager
def opened(options: Options, *, say: Say) -> Iterator[Database]:
    """DATABASE_URL's database as it is, or the embedded one, started and prepared."""
    if given := os.environ.get("DATABASE_URL"):
        _update_given(given, migrate=options.migrate, say=say)
        radius_url = os.environ.get("RELIGA_RADIUS_URL")
        if radius_url is None:
            say("RADIUS stays off: RELIGA_RADIUS_URL does not say how it reaches the database.")
        network_url = os.environ.get("RELIGA_NETWORK_URL")
        if network_url is None:
            say("The reconciler stays off: RELIGA_NETWORK_URL does not say how it reaches the database.")
        retention_url = os.environ.get("RELIGA_RETENTION_URL")
        if retention_url is None:
            say("Nothing is purged: RELIGA_RETENTION_URL does not say how the purge reaches the database.")
        yield Database(
            app_url=given,
            radius_url=radius_url,
            network_url=network_url,
            retention_url=retention_url,
            ours=False,
        )
        return
    server = wiring.embedded_postgres(folder=home.folder() / "postgres", port=options.database_port)
    say("Starting PostgreSQL")
    with database.running(server, say=say) as addresses:
        say_port("PostgreSQL", wanted=options.database_port, has=server.port, say=say)
        yield Database(
            app_url=addresses.app,
            radius_url=addresses.radius,
            network_url=addresses.network,
            retention_url=addresses.retention,
            ours=True,
            watch=lambda: _bring_back(server, say),
        )


def _bring_back(server: database.Server, say: Say) -> None:
    if server.is_running():
        return
    say("PostgreSQL has died; starting it again")
    try:
        server.start()
    except RuntimeError as problem:  # a full disk, say: the next tick tries again
        say(str(problem))
        time.sleep(5)


def _update_given(url: str, *, migrate: bool, say: Say) -> None:
    if migrate:
        preparation.prepare(admin_url=os.environ.get("RELIGA_OWNER_URL") or url, passwords={}, say=say)
    elif preparation.pending(database_url=url):
        raise CannotStart(
            "migrations are pending in the database of DATABASE_URL: add --migrate to apply them."
        )


def environment_of(options: Options, used: Database, places: Places) -> dict[str, str]:
    """What every process of this run gets to know."""
    demo = {} if places.bank_port is None else {"RELIGA_DEMO_BANK": f"http://127.0.0.1:{places.bank_port}"}
    return {
        **demo,
        "RELIGA_SECRET_KEY": home.secret("secret_key") * 4,
        **preparation.environment(used.app_url),
        **mark(home.folder()),
        "RELIGA_HOME": str(home.folder()),
    }


def with_demo(options: Options, used: Database) -> bool:
    return used.ours if options.demo is None else options.demo


def seed(options: Options, used: Database, environment: dict[str, str], *, say: Say) -> str:
    """What `religa demo` says, the log-ins among it. An embedded database is seeded once."""
    if not with_demo(options, used) or not main.exists("demo"):
        return ""
    kept = home.folder() / "postgres" / "demo.txt"
    if used.ours and kept.exists():
        return kept.read_text()
    say("Making the demo provider")
    done = subprocess.run([*RELIGA, "demo"], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotStart(f"religa demo failed:\n{done.stderr}")
    if used.ours:
        with open(os.open(kept, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(done.stdout)
    return done.stdout
