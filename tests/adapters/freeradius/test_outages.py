"""When the database is away nobody is refused: routers hear nothing, and are answered again once it is back."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from radius import ROLE, ROLE_PASSWORD, Login, Radius, make_server
from religa.adapters.freeradius.client import Accepted, Acknowledged, NoAnswer
from religa.adapters.freeradius.server import Server
from religa.adapters.postgres import binaries
from religa.adapters.postgres.server import Server as Postgres
from religa.records import setup

from .town import Town

WITHIN = 15.0  # seconds: the stock pause of 30 s between two tries to connect would be longer


@dataclass
class Site:
    """A PostgreSQL that may be stopped, with a copy of the town, and a FreeRADIUS that asks it."""

    postgres: Postgres
    server: Server
    ana: Login
    url: str

    def answer(self, *, seconds: float = 1.0):
        return (
            Radius(self.server)
            .router(seconds=seconds)
            .ask(username=self.ana.username, password=self.ana.password)
        )

    def is_answered_again(self) -> bool:
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            if isinstance(self.answer(), Accepted):
                return True
        return False


@pytest.fixture(scope="module")
def site(town: Town, tmp_path_factory) -> Iterator[Site]:
    ana = town.login()
    folder = tmp_path_factory.mktemp("site")
    source = os.environ.get("RELIGA_TEST_POSTGRES", "wheel")
    postgres = Postgres(folder=folder / "postgres", durable=False, source=source)
    postgres.start()
    postgres.create_database("site")
    url = postgres.url(database="site")
    copy_database(town.url, url, source)
    server = make_server(folder / "radius", postgres.url(database="site", user=ROLE, password=ROLE_PASSWORD))
    server.start()
    yield Site(postgres, server, ana, url)
    server.stop()
    postgres.stop()


def copy_database(old: str, new: str, source: str) -> None:
    programs = binaries.choose(found=binaries.find_all(), source=source, data_major=None)
    with psycopg.connect(new, autocommit=True) as superuser:
        setup.prepare(superuser, passwords={ROLE: ROLE_PASSWORD})
    dump = subprocess.run([programs.program("pg_dump"), old], capture_output=True, check=True)
    command = [programs.program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", new]
    # The schema `public` is there already, and a dump may say so again.
    statements = dump.stdout.replace(b"CREATE SCHEMA public;", b"")
    done = subprocess.run(command, input=statements, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_a_stopped_database_is_silence_and_its_return_is_noticed(site: Site):
    assert isinstance(site.answer(), Accepted)
    site.postgres.stop()
    try:
        assert isinstance(site.answer(), NoAnswer)
        stranger = Radius(site.server).router().ask(username="nobody", password="x")
        assert isinstance(stranger, NoAnswer)
        packet = {"Acct-Status-Type": "Start", "User-Name": site.ana.username, "Acct-Session-Id": "outage"}
        assert isinstance(Radius(site.server).router(seconds=1).account(packet), NoAnswer)
    finally:
        site.postgres.start()
    assert site.is_answered_again()


def test_a_migration_that_defines_the_functions_anew_is_not_noticed(site: Site):
    """Its connections hold the question of a log-in prepared."""
    assert site.is_answered_again()
    with psycopg.connect(site.url, autocommit=True) as connection:
        connection.execute("SET ROLE religa_owner")
        setup.finish(connection)
    for _ in range(10):  # whichever of its connections is asked
        assert isinstance(site.answer(), Accepted)


def test_it_starts_while_the_database_is_away_and_answers_when_that_comes(site: Site, tmp_path):
    role_url = site.postgres.url(database="site", user=ROLE, password=ROLE_PASSWORD)
    site.postgres.stop()
    second = make_server(tmp_path / "radius", role_url)
    try:
        second.start()
        waiting = Site(site.postgres, second, site.ana, site.url)
        assert isinstance(waiting.answer(), NoAnswer)
        site.postgres.start()
        assert waiting.is_answered_again()
    finally:
        site.postgres.start()
        second.stop()


def test_a_locked_table_is_silence_and_does_not_keep_the_others_waiting(site: Site):
    assert site.is_answered_again()
    impatient, patient = (Radius(site.server).router(seconds=seconds) for seconds in (0.2, 10.0))
    packet = {"Acct-Status-Type": "Start", "User-Name": site.ana.username, "Acct-Session-Id": "meanwhile"}

    def log_in(_: int):
        return impatient.ask(username=site.ana.username, password=site.ana.password)

    with psycopg.connect(site.url) as migration:
        migration.execute("LOCK TABLE contract_access IN ACCESS EXCLUSIVE MODE")
        with ThreadPoolExecutor(8) as threads:  # more log-ins than the server has threads: all of those wait
            assert all(isinstance(answer, NoAnswer) for answer in threads.map(log_in, range(40)))
        assert isinstance(patient.account(packet), Acknowledged)
        assert isinstance(site.answer(seconds=5.0), NoAnswer)
        migration.rollback()
    assert site.is_answered_again()


def test_a_frozen_database_is_silence_and_not_a_refusal(site: Site):
    assert site.is_answered_again()
    postmaster = site.postgres.postmaster()
    assert postmaster is not None
    with psycopg.connect(site.url, autocommit=True) as watching:
        query = "SELECT pid FROM pg_stat_activity WHERE usename = 'religa_radius'"
        backends = [pid for (pid,) in watching.execute(query)]
    assert backends
    frozen = [postmaster.pid, *backends]  # the first, so that nobody gets a fresh backend
    try:
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        assert isinstance(site.answer(seconds=2.0), NoAnswer)
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert site.is_answered_again()
