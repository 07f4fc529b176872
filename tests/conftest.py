"""One throw-away PostgreSQL for the whole test run; each worker has its own database, cloned from one.

``RELIGA_TEST_POSTGRES=debian`` runs the same tests on Debian's newest PostgreSQL instead of the wheel's.
"""

import fcntl
import functools
import gc
import itertools
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
import pytest
from django.conf import settings
from psycopg._preparing import PrepareManager

import emptying
from religa.adapters.postgres import databases
from religa.adapters.postgres.server import Server

os.environ["DJANGO_SETTINGS_MODULE"] = "religa.project.settings"
os.environ.pop("DATABASE_URL", None)  # whatever is there, no test may touch it
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs a loop
TEMPLATE = "religa_template"
# Tests connect as the superuser; these are for those that try what each role may do.
ROLE_PASSWORDS = dict.fromkeys(
    ("religa_owner", "religa_app", "religa_radius", "religa_retention", "religa_network", "religa_survival"),
    "of-a-test",
)
# A browser sees nothing of the server's version that the tests of the pages do not.
IN_A_BROWSER = {"browser", "context", "page"}
NEED_DATABASE = {"db", "transactional_db", "live_server", "clone_database", "postgres_server"}


def pytest_configure(config: pytest.Config) -> None:
    gc.disable()  # until all tests are collected
    config.addinivalue_line("markers", "database: uses PostgreSQL (set by itself)")
    if not hasattr(config, "workerinput"):
        os.environ["RELIGA_TEST_FOLDER"] = tempfile.mkdtemp(prefix="religa-tests-", dir=_roomy_memory())
        Path(os.environ["RELIGA_TEST_FOLDER"]).chmod(0o755)
        # A terminated run stops its server, too.
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    django.setup()
    emptying.use_for_tests_that_commit()
    _keep_plans()
    settings.WHITENOISE_AUTOREFRESH = True  # else every test client reads all static files first
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests alone


def _roomy_memory() -> str | None:
    """A folder in memory for the server that all share, which makes and drops databases; None where there is no room."""
    there = os.path.ismount("/dev/shm") and shutil.disk_usage("/dev/shm").free > 8 << 30
    return "/dev/shm" if there else None


def _keep_plans() -> None:
    """Each test ends with ROLLBACK, after which psycopg forgets what it has prepared: the same statements would be
    planned again in every test."""
    discards, clears = (
        PrepareManager._should_discard,
        re.compile(rb"^(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b").match,
    )
    PrepareManager._should_discard = lambda self, prep, results: discards(self, prep, results, clears)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop("RELIGA_TEST_FOLDER"))
        _server(folder).stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if (item.get_closest_marker("django_db") or NEED_DATABASE & used) and not IN_A_BROWSER & used:
            item.add_marker("database")


def pytest_collection_finish() -> None:
    gc.freeze()  # thousands of tests are there to stay, and are not looked through again and again
    gc.enable()


@pytest.fixture(scope="session")
def require() -> Callable[[object, str, str], None]:
    """`require(condition, what, debian_package)`: a missing piece that root could install is a failure."""

    def check(there: object, what: str, debian_package: str) -> None:
        if there:
            return
        sentence = f"{what} is missing: apt-get install {debian_package}"
        (pytest.fail if os.geteuid() == 0 and shutil.which("apt-get") else pytest.skip)(sentence)

    return check


@pytest.fixture(scope="session")
def postgres_server() -> Server:
    """The running server of this test run. Its own kind of faults are tested on other servers."""
    server = _server(Path(os.environ["RELIGA_TEST_FOLDER"]))
    server.start()
    return server


@pytest.fixture(scope="session")
def database_template(postgres_server: Server, django_test_environment: None, django_db_blocker) -> str:
    """The name of a database with all migrations done; made once, by the first worker that asks."""
    done = postgres_server.folder.parent / "template.done"
    with open(postgres_server.folder.parent / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _migrate_template(postgres_server, django_db_blocker)
            done.touch()
    return TEMPLATE


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: Server, database_template: str, django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's: a clone takes 0.1 s where migrations take seconds."""
    name = f"religa_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    databases.create(
        server_url=postgres_server.url(database="postgres"), name=name, template=database_template
    )
    with django_db_blocker.unblock():
        _point_django_at(postgres_server.url(database=name))
        yield
        _close_connections()


_numbers = itertools.count()


@pytest.fixture
def clone_database(postgres_server: Server, database_template: str) -> Iterator[Callable[[], str]]:
    """Makes a database of its own, migrated, for tests with several processes; returns its address."""
    made: list[str] = []
    server_url = postgres_server.url(database="postgres")

    def clone() -> str:
        name = f"clone_{os.getpid()}_{next(_numbers)}"
        databases.create(server_url=server_url, name=name, template=database_template)
        made.append(name)
        return postgres_server.url(database=name)

    yield clone
    for name in made:
        databases.drop(server_url=server_url, name=name)


@functools.cache  # one lease per process
def _server(folder: Path) -> Server:
    source = os.environ.get("RELIGA_TEST_POSTGRES", "wheel")
    return Server(
        folder=folder / "postgres", durable=False, source=source, options={"max_connections": "200"}
    )


def _migrate_template(server: Server, django_db_blocker) -> None:
    """As in production: a superuser prepares, the owner migrates and grants."""
    from django.core.management import call_command
    from django.db import connection

    from religa.records import setup

    databases.create(server_url=server.url(database="postgres"), name=TEMPLATE)
    with psycopg.connect(server.url(database=TEMPLATE), autocommit=True) as superuser:
        assert isinstance(setup.prepare(superuser, passwords=ROLE_PASSWORDS), setup.Ready)
    owner = server.url(database=TEMPLATE, user=setup.OWNER, password=ROLE_PASSWORDS[setup.OWNER])
    with django_db_blocker.unblock():
        _point_django_at(owner)
        call_command("migrate", interactive=False, verbosity=0)
        connection.ensure_connection()
        setup.finish(connection.connection)
        _close_connections()


def _point_django_at(url: str) -> None:
    from django.db import connection

    address = urlsplit(url)
    connection.close()
    connection.settings_dict.update(
        NAME=address.path[1:],
        USER=address.username,
        PASSWORD=address.password,
        HOST=address.hostname,
        PORT=address.port,
    )


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
