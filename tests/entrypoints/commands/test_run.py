"""`religa run` as an operator sees it: real processes, a real database, pages over HTTP."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import psycopg
import pytest

from religa import wiring
from religa.adapters.postgres.server import Server, free_port
from religa.entrypoints.commands.run import packages
from religa.entrypoints.commands.run.supervisor import _marked

# One worker runs them all: they share one Religa.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("religa run")]
COMMAND = [sys.executable, "-u", "-m", "religa.entrypoints.commands.main", "run", "--no-apt"]


class Run:
    """One `religa run` and what it has said so far."""

    started: ClassVar[list[Run]] = []

    def __init__(self, home: Path, *arguments: str, **environment: str) -> None:
        self.home = home
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [*COMMAND, "--port", str(free_port()), "--database-port", str(free_port()), *arguments],
            env={**_without_database_url(), "RELIGA_HOME": str(home), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        Run.started.append(self)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines += [""]
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, words: str) -> str:
        wait_until(lambda: words in self.said or self.process.poll() is not None)
        assert words in self.said
        return next(line for line in self.lines if words in line)

    @property
    def page(self) -> str:
        return self.wait_for("Religa is running").split()[-1]

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self.reader.join()
        return code


def _without_database_url() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "RELIGA_RUN")}


def wait_until(condition: Callable[[], object], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def status_of(page: str) -> int | None:
    """The HTTP status of a page that every Religa has; None while nobody answers."""
    try:
        with urllib.request.urlopen(f"{page}admin/login/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def processes_of(home: Path, words: str) -> set[int]:
    """The processes of this installation whose command line has `words`."""
    return {pid for pid in _marked(home) if words.encode() in _command_line(pid)}


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return b""


def postmaster(home: Path) -> int:
    living = Server(folder=home / "postgres").postmaster()
    return living.pid if living else 0


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="religa-run-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def religa(home: Path) -> Run:
    """One running Religa for the tests that leave it running."""
    run = Run(home)
    assert run.page
    return run


@pytest.fixture(scope="module", autouse=True)
def end_what_failing_tests_left(home: Path) -> Iterator[None]:
    yield
    for run in Run.started:
        if run.process.poll() is None:
            run.end()


def test_pages_answer_and_the_worker_works(religa, home):
    assert status_of(religa.page) == 200
    wait_until(lambda: processes_of(home, "procrastinate worker"))


def test_passwords_are_random_and_nobody_else_may_read_them(religa, home):
    for path in (home / "secrets.json", home / "postgres" / "secrets.json", home / "postgres" / "password"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert len(path.read_text()) > 16


def test_processes_connect_as_the_role_that_owns_nothing(religa, home):
    environment = Path(f"/proc/{min(processes_of(home, 'granian'))}/environ").read_bytes().split(b"\0")
    url = next(line for line in environment if line.startswith(b"DATABASE_URL=")).decode().partition("=")[2]
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("religa_app",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE django_session")


@pytest.mark.parametrize("words", ["granian", "procrastinate worker"])
def test_a_killed_process_is_back_soon_with_nothing_left_of_the_old_one(religa, home, words):
    wait_until(lambda: processes_of(home, words))
    before = processes_of(home, words)
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: processes_of(home, words) and not before & processes_of(home, words))
    wait_until(lambda: status_of(religa.page) == 200)


def test_a_killed_database_is_back_soon_and_pages_with_it(religa, home):
    before = postmaster(home)
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: postmaster(home) not in (0, before))
    wait_until(lambda: status_of(religa.page) == 200)
    religa.wait_for("PostgreSQL has died; starting it again")


def test_a_second_run_in_the_same_folder_is_refused(religa, home):
    second = Run(home)
    assert second.process.wait(timeout=60) == 1
    second.reader.join()
    assert f"already runs in {home} (process {religa.process.pid})" in second.said


def test_a_command_uses_the_running_database_and_leaves_it_running(religa, home):
    before = postmaster(home)
    code = "from religa.entrypoints.commands import database\nwith database.provided() as url: print(url)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**_without_database_url(), "RELIGA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "postgresql://religa_app:" in done.stdout
    assert postmaster(home) == before


# From here on each test runs its own, and every end is looked at: nothing may remain.


@pytest.fixture
def quiet(religa: Run, home: Path) -> Path:
    """The folder of a Religa that ran before and does not run now."""
    if religa.process.poll() is None:
        end_and_look(religa, signal.SIGINT)
    return home


def end_and_look(run: Run, number: signal.Signals) -> None:
    page = run.page
    assert status_of(page) == 200
    assert run.end(number) == 0
    assert set(_marked(run.home)) == set()
    assert postmaster(run.home) == 0
    assert status_of(page) is None


def test_after_a_killed_run_the_next_attaches_to_the_database_and_ends_the_rest(quiet):
    killed = Run(quiet)
    assert status_of(killed.page) == 200
    database, web = postmaster(quiet), processes_of(quiet, "granian")
    killed.end(signal.SIGKILL)
    assert postmaster(quiet) == database
    assert web <= set(_marked(quiet))

    run = Run(quiet)
    run.wait_for("An earlier Religa was killed")
    assert status_of(run.page) == 200
    assert postmaster(quiet) == database
    assert not web & set(_marked(quiet))
    end_and_look(run, signal.SIGTERM)


def test_a_taken_port_is_said_and_the_next_free_one_used(quiet, postgres_server):
    taken = postgres_server.port
    run = Run(quiet, "--port", str(taken), "--database-port", str(taken))
    assert status_of(run.page) == 200
    assert f"Port {taken} is taken: PostgreSQL uses" in run.said
    assert f"Port {taken} is taken: the web server uses" in run.said
    end_and_look(run, signal.SIGHUP)


def test_a_given_database_is_migrated_only_when_told(home, postgres_server, tmp_path):
    postgres_server.create_database("given")
    url = postgres_server.url(database="given")
    refused = Run(tmp_path, DATABASE_URL=url)
    assert refused.process.wait(timeout=60) == 1
    refused.reader.join()
    assert "migrations are pending" in refused.said and "--migrate" in refused.said

    run = Run(tmp_path, "--migrate", DATABASE_URL=url)
    assert status_of(run.page) == 200
    assert "demo" not in run.said.lower()
    end_and_look(run, signal.SIGTERM)
    assert not (tmp_path / "postgres").exists()
    assert postgres_server.postmaster() is not None, "it is not ours to stop"


def test_missing_packages_are_named_and_not_installed_when_told_not_to(monkeypatch):
    monkeypatch.setattr(wiring, "missing_radius_packages", lambda: ("freeradius",))
    said: list[str] = []
    assert packages.ensure(may_install=False, say=said.append) is False
    assert said == ["RADIUS stays off, the rest runs. Missing Debian packages: apt-get install freeradius"]


def test_nothing_is_said_when_no_package_is_missing(monkeypatch):
    monkeypatch.setattr(wiring, "missing_radius_packages", tuple)
    said: list[str] = []
    assert packages.ensure(may_install=True, say=said.append) is True
    assert said == []
