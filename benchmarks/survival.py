"""The export for the server that survives the database: how long it takes, how large it is, how quickly it is read.

    .venv/bin/python benchmarks/survival.py [--contracts 100000] [--requests 10000]

The same contracts as in authorisation.py. The second server answers first from the database, then, when that has been
stopped, from the export; then a new export is put in place under load of nobody, and the time until it is seen is taken.
Beside it what the other way would cost: FreeRADIUS's own `users` file with as many entries, read anew by a HUP. Nobody is
walled in what is sent, so that every request is an Accept.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import authorisation
import psycopg
from authorisation import PASSWORD, SECRET, say

from religa.adapters.freeradius import survival
from religa.adapters.freeradius.client import Accepted, Client
from religa.adapters.freeradius.server import SURVIVAL, Server
from religa.adapters.postgres.server import Server as Postgres

# FreeRADIUS tells a changed file by the second in which it was written, and loads no module anew that is two seconds old.
SETTLED = 4
PATIENCE = 60  # seconds for a new file to be seen
LIMITS = {"RELIGA_SURVIVAL_REFUSE": "86400", "RELIGA_SURVIVAL_SILENT": "2592000"}
USERS = """
prefix = /usr
libdir = /usr/lib/freeradius
run_dir = $ENV{RELIGA_RADIUS_RUN}
logdir = ${run_dir}
db_dir = ${run_dir}
name = users
proxy_requests = no
max_requests = 65536
log {
  destination = stdout
}
client us {
  ipaddr = 127.0.0.1
  secret = "SECRET"
}
modules {
  pap {
  }
  files {
    usersfile = ${confdir}/users
  }
}
server users {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = $ENV{RELIGA_RADIUS_AUTH_PORT}
  }
  authorize {
    files
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
  }
}
"""


def main() -> int:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="religa-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        requests = authorisation.write_requests(folder, options)
        with postgres(folder, options) as server:
            measure_export(folder, server)
            measure_answers(folder, server, requests, options)
        measure_users_file(folder, requests, options)
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--parallel", type=int, default=64, help="requests under way at a time")
    parser.add_argument("--postgres", choices=("wheel", "debian"), default="wheel")
    return parser.parse_args()


@contextmanager
def postgres(folder: Path, options: argparse.Namespace) -> Iterator[Postgres]:
    settings = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
    server = Postgres(folder=folder / "postgres", source=options.postgres, options=settings)
    say(f"Starting PostgreSQL and loading {options.contracts:,} contracts")
    server.start()
    try:
        server.create_database("religa")
        authorisation.load(server.url(database="religa"), options.contracts)
        with psycopg.connect(server.url(database="religa"), autocommit=True) as superuser:
            superuser.execute(f"ALTER ROLE religa_survival LOGIN PASSWORD '{PASSWORD}'")
        yield server
    finally:
        server.stop()


def export(folder: Path, server: Postgres) -> survival.Export:
    url = server.url(database="religa", user="religa_survival", password=PASSWORD)
    return survival.write(database_url=url, folder=folder / "export")


def measure_export(folder: Path, server: Postgres) -> None:
    for which in ("first", "second"):
        seconds = timed(lambda: export(folder, server))
        size = (folder / "export" / survival.NAME).stat().st_size / 1e6
        say(
            f"{which} export: {seconds:.1f} s, {survival.read(folder / 'export').logins:,} log-ins, {size:.1f} MB"
        )


def measure_answers(folder: Path, server: Postgres, requests: Path, options: argparse.Namespace) -> None:
    ports = authorisation.udp_ports()
    second = Server(
        folder=folder / "second",
        database_url=server.url(database="religa", user="religa_radius", password=PASSWORD),
        auth_port=ports[0],
        acct_port=ports[1],
        raddb=SURVIVAL,
        environment={"RELIGA_SURVIVAL_FOLDER": str(folder / "export"), **LIMITS},
    )
    side = authorisation.Side("second server", "religa_radius", second)
    second.start()
    try:
        authorisation.send(side, requests, options)
        rate(side, requests, options, "from the database")
        server.stop()
        say(f"first answer alone: {until_accepted(second, 'login1', 'senha1'):.2f} s after the stop")
        rate(side, requests, options, "from the export")
        server.start()
        with psycopg.connect(server.url(database="religa"), autocommit=True) as superuser:
            superuser.execute("UPDATE access_record SET username = 'novo' WHERE username = 'login1'")
        export(folder, server)
        server.stop()
        say(
            f"a new export was seen after {until_accepted(second, 'novo', 'senha1'):.1f} s, memory {memory(second)} MB"
        )
    finally:
        second.stop()


def rate(side: authorisation.Side, requests: Path, options: argparse.Namespace, what: str) -> None:
    pid = side.server.pid
    assert pid
    before = authorisation.cpu([pid])
    seconds = timed(lambda: authorisation.send(side, requests, options))
    cost = authorisation.spent(before, authorisation.cpu([pid])) / options.requests
    say(f"{what}: {options.requests / seconds:,.0f} log-ins/s, {cost:.0f} us of CPU each in FreeRADIUS")


def measure_users_file(folder: Path, requests: Path, options: argparse.Namespace) -> None:
    raddb = folder / "users-raddb"
    raddb.mkdir()
    (raddb / "dictionary").touch()
    (raddb / "radiusd.conf").write_text(USERS.replace("SECRET", SECRET))
    write_users(raddb / "users", options.contracts)
    auth_port, acct_port = authorisation.udp_ports()
    server = Server(
        folder=folder / "users",
        database_url="postgresql://x",
        auth_port=auth_port,
        acct_port=acct_port,
        raddb=raddb,
    )
    say(
        f"\nthe users file: {(raddb / 'users').stat().st_size / 1e6:.1f} MB, start {timed(server.start):.1f} s"
    )
    try:
        side = authorisation.Side("users", "", server)
        rate(side, requests, options, "from the users file")
        time.sleep(SETTLED)
        write_users(raddb / "users", options.contracts, more="novo")
        assert server.pid
        os.kill(server.pid, signal.SIGHUP)
        say(
            f"after a HUP seen after {until_accepted(server, 'novo', 'senha1'):.1f} s, memory {memory(server)} MB"
        )
    finally:
        server.stop()


def write_users(path: Path, contracts: int, more: str = "") -> None:
    entry = '{} Cleartext-Password := "senha{}"\n\tMikrotik-Rate-Limit = "300000k/600000k",\n\tMikrotik-Address-List = "isp-active"\n\n'
    with path.open("w") as file:
        file.writelines(entry.format(f"login{number}", number) for number in range(1, contracts + 1))
        if more:
            file.write(entry.format(more, 1))


def until_accepted(server: Server, username: str, password: str) -> float:
    client = Client(auth_port=server.auth_port, acct_port=0, secret=SECRET, source="127.0.0.1", seconds=3)

    def ask() -> None:
        deadline = time.monotonic() + PATIENCE
        while not isinstance(client.ask(username=username, password=password), Accepted):
            if time.monotonic() > deadline:
                raise SystemExit(f"{username} was not accepted within {PATIENCE} s")
            time.sleep(0.05)

    return timed(ask)


def memory(server: Server) -> int:
    text = Path(f"/proc/{server.pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


def timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
