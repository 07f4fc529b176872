"""A second server goes on from an export while the database is away: leniently, and never by throwing anybody out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from radius import ROLE, ROLE_PASSWORD, SECRET, Login, Radius, make_server
from religa.adapters.freeradius import survival
from religa.adapters.freeradius.client import Accepted, Acknowledged, Client, NoAnswer, Rejected
from religa.adapters.freeradius.server import DEPLOY, SURVIVAL, Server
from religa.adapters.postgres.server import Server as Postgres

from .test_outages import copy_database
from .town import Town

DAY = 86_400
SEEN = 3.5  # seconds until a new export is seen: a connection lives two, and is looked at once a second
LIMITS = {"RELIGA_SURVIVAL_REFUSE": str(DAY), "RELIGA_SURVIVAL_SILENT": str(30 * DAY)}


# Only here: another test has that router, too.
OVER_IPV6 = f"""
    INSERT INTO nas (name, address, vendor, identifier, enabled, coa_port, settings)
    VALUES ('six', '::1', 'mikrotik', '', true, 3799, '{{}}') ON CONFLICT DO NOTHING;
    INSERT INTO radius_secret.nas_secret SELECT id, '{SECRET}' FROM nas WHERE address = '::1' ON CONFLICT DO NOTHING;
"""


@dataclass
class Site:
    """A PostgreSQL that may be stopped, an export of it, and a second server that reads both."""

    postgres: Postgres
    second: Radius
    folder: Path
    logins: dict[str, Login]

    @property
    def export_url(self) -> str:
        return self.postgres.url(database="site", user="religa_survival", password="of-a-test")

    def export(self) -> survival.Export:
        return survival.write(database_url=self.export_url, folder=self.folder)

    def ask(self, name: str, *, password: str = "segredo", **how):
        login = self.logins[name]
        return self.second.router(how.pop("source", "127.0.0.1"), seconds=4.0).ask(
            username=how.pop("username", login.username), password=password, **how
        )

    def accepted(self, name: str, **how) -> Accepted:
        answer = self.ask(name, **how)
        assert isinstance(answer, Accepted), answer
        return answer

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.postgres.url(database="site"), autocommit=True) as connection:
            connection.execute(statement)

    def age(self, seconds: int) -> None:
        """Makes the export so much older; as another file, as an export would."""
        copy = self.folder / "older"
        shutil.copy(self.folder / survival.NAME, copy)
        with sqlite3.connect(copy) as file:
            file.execute("UPDATE export SET made_at = made_at - ?", [seconds])
        file.close()
        os.replace(copy, self.folder / survival.NAME)


@pytest.fixture(scope="module")
def site(town: Town, tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("survival")
    logins = {
        "ana": town.login("ana@site", ipv4="203.0.113.77"),
        "bruno": town.login("bruno@site"),
        "ended": town.login("ended@site"),
        "off": town.login("off@site", enabled=False),
        "joão": town.login("joão@site"),
        "hash": town.login("hash@site", password=None),
    }
    town.keep_password(logins["hash"].record, hash="{clear}segredo", scheme="ssha")
    town.decide(logins["bruno"], "walled")
    town.decide(logins["ended"], "closed")
    town.nas("127.0.77.0/24", vendor="accel")
    town.nas("127.0.77.9/32", vendor="generic", secret="of its own")
    source = os.environ.get("RELIGA_TEST_POSTGRES", "wheel")
    postgres = Postgres(folder=folder / "postgres", durable=False, source=source)
    postgres.start()
    postgres.create_database("site")
    copy_database(town.url, postgres.url(database="site"), source)
    with psycopg.connect(postgres.url(database="site"), autocommit=True) as superuser:
        superuser.execute("ALTER ROLE religa_survival LOGIN PASSWORD 'of-a-test'")
        superuser.execute(OVER_IPV6)
    server = make_second(folder, postgres)
    server.start()
    yield Site(postgres, Radius(server), folder / "export", logins)
    server.stop()
    postgres.stop()


def make_second(folder: Path, postgres: Postgres, name: str = "second", **more: str) -> Server:
    role_url = f"postgresql://{ROLE}:{ROLE_PASSWORD}@127.0.0.1:{postgres.port}/site"
    environment = {"RELIGA_SURVIVAL_FOLDER": str(folder / "export"), **LIMITS}
    return make_server(folder / name, role_url, raddb=SURVIVAL, environment=environment, **more)


@pytest.fixture
def alone(site: Site) -> Iterator[Site]:
    """The second server with a fresh export; the database has just gone."""
    site.postgres.start()
    site.export()
    time.sleep(SEEN)
    assert until(lambda: isinstance(site.ask("ana"), Accepted))
    site.postgres.stop()
    assert until(lambda: is_from_the_export(site))
    yield site
    site.postgres.start()


def said(answer: Accepted) -> list[tuple[str, str]]:
    """All but the signature, which differs with each request."""
    return [(name, value) for name, value in answer.attributes if name != "Message-Authenticator"]


def is_from_the_export(site: Site) -> bool:
    answer = site.ask("ana")
    return isinstance(answer, Accepted) and answer.number("Session-Timeout") == 3600


def until(holds: Callable[[], bool], seconds: float = 25.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def test_with_the_database_it_answers_as_the_first_server(site: Site, radius: Radius):
    for name in ("ana", "bruno"):
        assert said(site.accepted(name)) == said(radius.ask(site.logins[name]))
    assert site.accepted("bruno").text("Class") == "st=blocked"
    assert isinstance(site.ask("ended"), Rejected)
    assert isinstance(site.ask("ana", password="errada"), Rejected)
    packet = {"Acct-Status-Type": "Start", "User-Name": "ana@site", "Acct-Session-Id": "second"}
    assert isinstance(site.second.router().account(packet), Acknowledged)


def test_a_power_cut_leaves_the_second_server_and_nobody_in_the_wall(site: Site, tmp_path):
    """Everything was down; this server came back first, without a database, with the export on its disk."""
    site.export()
    server = make_second(site.folder.parent, site.postgres, name="after the cut")
    site.postgres.stop()
    server.start()
    back = Site(site.postgres, Radius(server), site.folder, site.logins)
    try:
        walled = back.accepted("bruno")
        assert walled.text("Mikrotik-Address-List") == "isp-active"
        assert walled.text("Mikrotik-Rate-Limit") == "300000k/600000k"
        assert walled.number("Session-Timeout") == 3600
        assert walled.signed
        assert back.accepted("ana").text("Framed-IP-Address") == "203.0.113.77"
        ended = back.ask("ended")
        assert isinstance(ended, Rejected) and ended.signed
        site.postgres.start()
        assert until(lambda: back.accepted("bruno").text("Class") == "st=blocked")
        assert back.accepted("bruno").number("Session-Timeout") == 1800
    finally:
        server.stop()
        site.postgres.start()


def test_alone_it_compares_passwords_however_they_come(alone: Site):
    for method in ("pap", "chap", "mschap"):
        assert alone.accepted("bruno", method=method).number("Session-Timeout") == 3600
    assert isinstance(alone.ask("hash"), Accepted)


def test_alone_it_says_nothing_to_whom_it_does_not_know(alone: Site):
    """The export may be old: the password may have changed, the subscriber may be new."""
    assert isinstance(alone.ask("ana", password="errada"), NoAnswer)
    assert isinstance(alone.ask("ana", password="errada", method="chap"), NoAnswer)
    assert isinstance(alone.ask("ana", username="nova@site"), NoAnswer)
    assert isinstance(alone.ask("off"), NoAnswer)


def test_alone_it_knows_names_with_accents_in_both_encodings(alone: Site):
    assert isinstance(alone.ask("joão"), Accepted)
    assert isinstance(alone.ask("joão", username="joão@site".encode("latin-1")), Accepted)


def test_alone_it_knows_the_routers_and_the_narrowest_network_wins(alone: Site):
    assert alone.accepted("ana", source="127.0.77.1").text("Filter-Id") == "600000/300000"
    own = alone.second.router("127.0.77.9", secret="of its own").ask(username="ana@site", password="segredo")
    assert isinstance(own, Accepted) and own.text("Filter-Id") == "isp-active"
    assert isinstance(
        alone.second.router("127.0.77.9", secret=SECRET, seconds=1).ask(
            username="ana@site", password="segredo"
        ),
        NoAnswer,
    )
    assert isinstance(alone.ask("ana", source="127.0.99.1"), NoAnswer)


def test_alone_it_knows_routers_by_ipv6(alone: Site):
    server = make_second(alone.folder.parent, alone.postgres, name="six", address="::1")
    server.start()
    try:
        router = Client(
            auth_port=server.auth_port, acct_port=0, server="::1", source="::1", secret=SECRET, seconds=4.0
        )
        answer = router.ask(username="ana@site", password="segredo")
        assert isinstance(answer, Accepted) and answer.number("Session-Timeout") == 3600
    finally:
        server.stop()


def test_alone_it_answers_no_accounting(alone: Site):
    packet = {"Acct-Status-Type": "Start", "User-Name": "ana@site", "Acct-Session-Id": "alone"}
    assert isinstance(alone.second.router(seconds=1).account(packet), NoAnswer)


def test_its_class_says_full_because_the_router_enforces_full(alone: Site):
    """So the drift of whoever should be walled shows with the first interim update after the database's return."""
    assert alone.accepted("bruno").text("Class") == "st=active"


def test_an_old_export_refuses_nobody_and_a_very_old_one_is_silent(alone: Site):
    assert isinstance(alone.ask("ended"), Rejected)
    alone.age(2 * DAY)
    time.sleep(SEEN)
    assert isinstance(alone.ask("ended"), NoAnswer)
    assert isinstance(alone.ask("ana"), Accepted)
    alone.age(31 * DAY)
    time.sleep(SEEN)
    assert isinstance(alone.ask("ana"), NoAnswer)


def test_a_new_export_is_seen_without_a_restart_and_half_a_one_never(alone: Site):
    (alone.folder / f"{survival.NAME}.draft").write_bytes(b"SQLite format 3\x00 and then the power went")
    assert isinstance(alone.ask("ana"), Accepted)
    alone.postgres.start()
    alone.sql("UPDATE access_record SET username = 'ana2@site' WHERE username = 'ana@site'")
    try:
        alone.export()
        alone.postgres.stop()
        time.sleep(SEEN)
        assert isinstance(alone.ask("ana", username="ana2@site"), Accepted)
        assert isinstance(alone.ask("ana", username="ana@site"), NoAnswer)
    finally:
        alone.postgres.start()
        alone.sql("UPDATE access_record SET username = 'ana@site' WHERE username = 'ana2@site'")


def test_a_run_that_is_killed_leaves_the_last_export(site: Site, tmp_path):
    """Killed while it writes; the file that readers see is the old one, whole."""
    site.export()
    before = (site.folder / survival.NAME).read_bytes()
    code = f"""
import os, signal
from pathlib import Path
from religa.adapters.freeradius import survival
survival._put = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
survival.write(database_url={site.export_url!r}, folder=Path({str(site.folder)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code])
    assert done.returncode == -9
    assert (site.folder / f"{survival.NAME}.draft").exists()
    assert (site.folder / survival.NAME).read_bytes() == before
    site.export()
    assert not (site.folder / f"{survival.NAME}.draft").exists()


def test_the_export_is_closed_to_others_and_says_what_it_is(site: Site):
    made = site.export()
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert site.folder.stat().st_mode & 0o777 == 0o700
    assert survival.read(site.folder) == survival.Export(
        path=made.path, made_at=made.made_at.replace(microsecond=0), logins=made.logins
    )
    assert made.logins > 4


def test_an_export_that_has_shrunk_does_not_replace_the_last(site: Site):
    """As from a wrong or an empty database: it would silence everybody."""
    whole = site.export()
    site.sql("UPDATE access_record SET enabled = false WHERE username <> 'bruno@site'")
    try:
        with pytest.raises(survival.Shrunk):
            site.export()
        assert survival.read(site.folder).logins == whole.logins
        assert (
            survival.write(database_url=site.export_url, folder=site.folder, anyway=True).logins
            < whole.logins
        )
    finally:
        site.sql("UPDATE access_record SET enabled = username <> 'off@site'")


def test_its_role_may_export_and_nothing_else(site: Site):
    with psycopg.connect(site.export_url, autocommit=True) as role:
        doors = role.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'radius'::regnamespace"
            " AND has_function_privilege(oid, 'EXECUTE') ORDER BY 1"
        ).fetchall()
        assert doors == [("survival_count",), ("survival_logins",), ("survival_routers",)]
        tables = role.execute(
            "SELECT count(*) FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace IN"
            " ('public'::regnamespace, 'radius'::regnamespace, to_regnamespace('radius_secret'))"
            " AND has_table_privilege(oid, 'SELECT')"
        ).fetchone()
        assert tables == (0,)
        for statement in ("SELECT radius.answer('', '', '')", "SELECT * FROM radius_secret.network_password"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role.execute(statement)


def test_the_network_role_may_not_export(role_url: str):
    with psycopg.connect(role_url) as role, pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute("SELECT * FROM radius.survival_logins('mikrotik')")


def test_the_shipped_configuration_is_accepted_without_an_export(tmp_path):
    environment = {"RELIGA_SURVIVAL_FOLDER": str(tmp_path / "none"), **LIMITS}
    make_server(
        tmp_path / "run", "postgresql://127.0.0.1:1/x", raddb=SURVIVAL, environment=environment
    ).check()
    assert (DEPLOY / "systemd" / "religa-survival-export.timer").exists()
