"""Starting and stopping FreeRADIUS, and what it says when it cannot."""

import os
import subprocess
from pathlib import Path

import pytest

from radius import free_udp_ports, make_server
from religa.adapters.freeradius import programs
from religa.adapters.freeradius.client import Client, NoAnswer
from religa.adapters.freeradius.server import RADDB, Server, ServerFailed

NOWHERE = "postgresql://religa_radius:s3cr:t%5C@127.0.0.1:1/nowhere"


def broken_raddb(tmp_path: Path) -> Path:
    folder = tmp_path / "raddb"
    folder.mkdir()
    (folder / "dictionary").touch()
    (folder / "radiusd.conf").write_text("modules {\n  no_such_module { }\n}\nthis is not a configuration\n")
    return folder


def make(tmp_path: Path, raddb: Path = RADDB) -> Server:
    auth_port, acct_port = free_udp_ports(2)
    return Server(
        folder=tmp_path / "run", database_url=NOWHERE, auth_port=auth_port, acct_port=acct_port, raddb=raddb
    )


def test_the_shipped_configuration_is_accepted(tmp_path):
    make(tmp_path).check()


def test_a_broken_configuration_is_refused_with_what_freeradius_says(tmp_path):
    server = make(tmp_path, broken_raddb(tmp_path))
    with pytest.raises(ServerFailed, match="radiusd.conf"):
        server.check()
    with pytest.raises(ServerFailed, match="did not start"):
        server.start()
    assert server.pid is None


def test_a_folder_without_configuration_is_named(tmp_path):
    with pytest.raises(ServerFailed, match=str(tmp_path)):
        make(tmp_path, tmp_path).prepare()


def test_the_password_is_in_a_file_of_its_own_and_nowhere_else(tmp_path):
    server = make(tmp_path)
    launch = server.prepare()
    kept = server.folder / "pgpass"
    assert kept.read_text() == "*:*:*:*:s3cr\\:t\\\\\n"
    assert kept.stat().st_mode & 0o077 == 0
    assert "s3cr" not in " ".join((*launch.command, *launch.environment.values()))
    shown = subprocess.run(
        [*launch.command, "-C", "-X"],
        env={**os.environ, **launch.environment},
        capture_output=True,
        text=True,
    )
    assert "Configuration appears to be OK" in shown.stdout
    assert "s3cr" not in shown.stdout


def test_it_runs_as_the_user_who_starts_it_and_stops_when_told(tmp_path, role_url):
    server = make_server(tmp_path / "run", role_url)
    server.start()
    pid = server.pid
    assert Path(f"/proc/{pid}").stat().st_uid == os.geteuid()
    server.stop()
    assert not Path(f"/proc/{pid}").exists()
    server.stop()  # once more is harmless


def test_two_on_the_same_port_are_told_apart_at_the_start(tmp_path, radius):
    first = radius.server
    second = Server(
        folder=tmp_path / "run", database_url=NOWHERE, auth_port=first.auth_port, acct_port=first.acct_port
    )
    with pytest.raises(ServerFailed, match=str(first.auth_port)):
        second.start()


def test_nobody_there_is_no_answer():
    auth_port, acct_port = free_udp_ports(2)
    client = Client(auth_port=auth_port, acct_port=acct_port, secret="a secret", seconds=0.2)
    assert isinstance(client.ask(username="ana", password="x"), NoAnswer)


def test_a_wrong_secret_is_no_answer_and_says_so(radius, town):
    ana = town.login()
    answer = radius.router(secret="another secret", seconds=0.3).ask(
        username=ana.username, password="segredo"
    )
    assert isinstance(answer, NoAnswer)
    assert "verification failed" in answer.why


def test_missing_packages_are_named_as_debian_names_them(monkeypatch):
    monkeypatch.setattr(programs, "FOLDERS", ())
    monkeypatch.setattr(programs, "DRIVER", Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    assert programs.missing_packages() == ("freeradius", "freeradius-postgresql", "freeradius-utils")
    with pytest.raises(
        programs.Missing, match="apt-get install freeradius freeradius-postgresql freeradius-utils"
    ):
        programs.find()


def test_nothing_is_missing_here():
    assert programs.missing_packages() == ()
