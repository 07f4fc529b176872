"""Authorisations per second, and the CPU that one costs, against plain FreeRADIUS tables in the same run.

    .venv/bin/python benchmarks/authorisation.py [--contracts 100000] [--requests 20000] [--rounds 5]

Two FreeRADIUS ask one PostgreSQL: ours with deploy/freeradius (routers from the database, signed replies), and one with
Debian's stock queries over the stock tables (check, reply, groups; a fixed router, unsigned replies), which hold the
same logins in the same states. The same requests go to both in turn, from the same client on the same machine; medians
of the rounds. CPU is what the kernel counted for the server's threads and for its backends in PostgreSQL; the client's
is not in it. The goal is at most 0.8 of what the plain tables cost. Reading Debian's queries needs root.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import plain_tables
import psycopg

from religa.adapters.freeradius import programs
from religa.adapters.freeradius.client import Accepted, Client
from religa.adapters.freeradius.server import RADDB, Server
from religa.adapters.postgres.server import Server as Postgres

GOAL = 0.8
SECRET = "a secret of the benchmark"
PASSWORD = "of-a-benchmark"
ROLES = ("religa_radius", "stock")
WALLED, TRUSTED = 6, 2  # in a hundred


@dataclass
class Cost:
    """What one round showed: microseconds of CPU and requests per second."""

    per_second: float
    radiusd: float
    postgres: float

    @property
    def total(self) -> float:
        return self.radiusd + self.postgres


@dataclass
class Side:
    """One of the two: its server, and as whom that asks PostgreSQL."""

    name: str
    role: str
    server: Server
    rounds: list[Cost] = field(default_factory=list)

    def median(self, what: Callable[[Cost], float]) -> float:
        return statistics.median(what(cost) for cost in self.rounds)


def main() -> int:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="religa-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database(folder, options) as url, sides(folder, url) as (stock, ours):
            check_that_both_say_the_same(stock, ours, options.contracts)
            requests = write_requests(folder, options)
            for side in (stock, ours):
                measure(side, url, requests, options)  # warms caches and connections
            for _ in range(options.rounds):
                for side in (stock, ours):
                    side.rounds.append(measure(side, url, requests, options))
            ratio = report(stock, ours, url, options)
    return 0 if ratio <= GOAL else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=20_000, help="per round and side")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parallel", type=int, default=64, help="requests under way at a time")
    parser.add_argument("--postgres", choices=("wheel", "debian"), default="wheel")
    return parser.parse_args()


# The database: the same logins twice


@contextmanager
def database(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    settings = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
    server = Postgres(folder=folder / "postgres", source=options.postgres, options=settings)
    say(f"Starting PostgreSQL and loading {options.contracts:,} contracts")
    server.start()
    try:
        server.create_database("religa")
        url = server.url(database="religa")
        load(url, options.contracts)
        yield url
    finally:
        server.stop()


def load(url: str, contracts: int) -> None:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "religa.project.settings"}
    import django

    from religa.entrypoints.commands import preparation

    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute(f"CREATE ROLE stock LOGIN PASSWORD '{PASSWORD}'")
        preparation.prepare(admin_url=url, passwords={"religa_radius": PASSWORD}, say=lambda line: None)
        django.setup()
        make_the_first()
        for statement in (*multiplied(contracts), *plain_tables.tables()):
            superuser.execute(statement)
        superuser.execute("VACUUM ANALYZE")
        superuser.execute("CHECKPOINT")


def make_the_first() -> None:
    """One contract by the models; the others are copies of its rows, whatever columns they have."""
    from religa.records.models import AccessRecord, Contract, Nas, Plan, Provider, Subscriber

    provider = Provider.objects.create(name="Religa Net", cnpj="12ABC34501DE35", zone="America/Fortaleza")
    plan = Plan.objects.create(
        provider=provider, external_id="p", name="p", down_kbps=600_000, up_kbps=300_000
    )
    person = Subscriber.objects.create(
        id=1, provider=provider, external_id="1", kind="person", document="11144477735", name="Ana"
    )
    contract = Contract.objects.create(
        id=1, provider=provider, subscriber=person, plan=plan, external_id="1", since=date(2024, 1, 10)
    )
    AccessRecord.objects.create(id=1, contract=contract, username="login1")
    Nas.objects.create(id=1, name="bng", address="127.0.0.1")


def multiplied(contracts: int) -> Iterator[str]:
    """Statements: `contracts` of them, 6 in a hundred walled, 2 trusted, the rest in full access."""
    numbered = "'external_id', i::text"
    copies = {
        "subscriber": numbered,
        "contract": f"{numbered}, 'subscriber_id', i",
        "access_record": "'contract_id', i, 'username', 'login' || i",
    }
    for table, changes in copies.items():
        yield (
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT made.* FROM {table} first,"
            f" generate_series(2, {contracts}) i,"
            f" jsonb_populate_record(first, jsonb_build_object('id', i, {changes})) made WHERE first.id = 1"
        )
    yield "INSERT INTO radius_secret.network_password SELECT id, 'senha' || id, NULL, 'clear' FROM access_record"
    yield f"INSERT INTO radius_secret.nas_secret VALUES (1, '{SECRET}')"
    yield (
        "UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked'"
        f" WHERE contract_id % 100 < {WALLED}"
    )
    yield (
        "UPDATE contract_access SET status = 'trusted', until = now() + interval '2 days', access_then = 'walled'"
        f" WHERE contract_id % 100 BETWEEN {WALLED} AND {WALLED + TRUSTED - 1}"
    )


# The two servers


@contextmanager
def sides(folder: Path, url: str) -> Iterator[tuple[Side, Side]]:
    plain = plain_tables.raddb(folder / "stock-raddb", SECRET)
    stock = Side("plain tables", "stock", server(folder / "stock", url, "stock", plain))
    ours = Side("religa", "religa_radius", server(folder / "ours", url, "religa_radius", RADDB))
    try:
        for side in (stock, ours):
            side.server.start()
        yield stock, ours
    finally:
        for side in (stock, ours):
            side.server.stop()


def server(folder: Path, url: str, role: str, raddb: Path, *, threads: int | None = None) -> Server:
    address = url.partition("@")[2]
    auth_port, acct_port = udp_ports()
    return Server(
        folder=folder,
        database_url=f"postgresql://{role}:{PASSWORD}@{address}",
        auth_port=auth_port,
        acct_port=acct_port,
        raddb=raddb,
        threads=threads,
    )


def udp_ports() -> tuple[int, int]:
    with socket.socket(type=socket.SOCK_DGRAM) as one, socket.socket(type=socket.SOCK_DGRAM) as two:
        for probe in (one, two):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def check_that_both_say_the_same(stock: Side, ours: Side, contracts: int) -> None:
    """A comparison of different work would be worth nothing."""
    for number in (1, 7, 50, 101, 106, contracts):
        said = []
        for side in (stock, ours):
            client = Client(
                auth_port=side.server.auth_port, acct_port=0, secret=SECRET, source="127.0.0.1", seconds=5
            )
            answer = client.ask(username=f"login{number}", password=f"senha{number}")
            if not isinstance(answer, Accepted):
                sys.exit(f"{side.name} does not accept login {number}: {answer}")
            names = ("Mikrotik-Address-List", "Mikrotik-Rate-Limit", "Acct-Interim-Interval")
            said.append((*map(answer.text, names), answer.text("Session-Timeout") is not None))
        if said[0] != said[1]:
            sys.exit(f"login {number} is answered differently: {said}")


# The measuring


def write_requests(folder: Path, options: argparse.Namespace) -> Path:
    """The same logins, in the same random order, for both sides and all rounds."""
    numbers = random.Random(1)
    path = folder / "requests"
    with path.open("w") as file:
        for _ in range(options.requests):
            number = numbers.randint(1, options.contracts)
            file.write(f'User-Name = "login{number}"\nUser-Password = "senha{number}"\n\n')
    (folder / "secret").write_text(SECRET)
    return path


def measure(side: Side, url: str, requests: Path, options: argparse.Namespace) -> Cost:
    pid = side.server.pid
    assert pid is not None
    with psycopg.connect(url, autocommit=True) as watching:
        radiusd, postgres = cpu([pid]), cpu(backends(watching, side.role))
        start = time.perf_counter()
        send(side, requests, options)
        seconds = time.perf_counter() - start
        radiusd_after, postgres_after = cpu([pid]), cpu(backends(watching, side.role))
    return Cost(
        per_second=options.requests / seconds,
        radiusd=spent(radiusd, radiusd_after) / options.requests,
        postgres=spent(postgres, postgres_after) / options.requests,
    )


def send(side: Side, requests: Path, options: argparse.Namespace) -> None:
    command = [str(programs.find().client), "-q", "-s", "-d", str(RADDB), "-p", str(options.parallel)]
    command += ["-t", "5", "-r", "1", "-f", str(requests), "-S", str(requests.parent / "secret")]
    done = subprocess.run(
        [*command, f"127.0.0.1:{side.server.auth_port}", "auth"], capture_output=True, text=True
    )
    accepted = re.search(r"Accepted\s*:\s*(\d+)", done.stdout)
    if accepted is None or int(accepted[1]) != options.requests:
        sys.exit(f"{side.name} did not accept every request:\n{done.stdout}{done.stderr}")


def backends(watching: psycopg.Connection, role: str) -> list[int]:
    rows = watching.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", (role,)).fetchall()
    return [pid for (pid,) in rows]


def cpu(processes: list[int]) -> dict[str, float]:
    """Microseconds on a processor, by thread."""
    found = {}
    for pid in processes:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found[thread.name] = int((thread / "schedstat").read_text().split()[0]) / 1000
    return found


def spent(before: dict[str, float], after: dict[str, float]) -> float:
    return sum(value - before.get(thread, 0.0) for thread, value in after.items())


def report(stock: Side, ours: Side, url: str, options: argparse.Namespace) -> float:
    with psycopg.connect(url) as connection:
        version = connection.info.server_version // 10_000
    freeradius = subprocess.run([programs.find().server, "-v"], capture_output=True, text=True).stdout
    say(
        f"\n{options.contracts:,} contracts, {options.rounds} rounds of {options.requests:,}, PostgreSQL {version},"
    )
    say(f"{freeradius.splitlines()[0].partition(',')[0]}, {os.cpu_count()} cores of {processor()}\n")
    say("                  auth/s   radiusd us   PostgreSQL us   total us")
    for side in (stock, ours):
        rate, radiusd = side.median(lambda c: c.per_second), side.median(lambda c: c.radiusd)
        postgres, total = side.median(lambda c: c.postgres), side.median(lambda c: c.total)
        say(f"{side.name:15}  {rate:7.0f}   {radiusd:10.0f}   {postgres:13.0f}   {total:8.0f}")
    ratios = [b.total / a.total for a, b in zip(stock.rounds, ours.rounds, strict=True)]
    ratio = statistics.median(ratios)
    say(
        f"\nCPU per authorisation: {ratio:.2f} of plain tables (rounds {min(ratios):.2f} to {max(ratios):.2f});"
    )
    say(f"goal {GOAL}: {'reached' if ratio <= GOAL else 'MISSED'}")
    return ratio


def processor() -> str:
    names = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return names[0] if names else platform.machine()


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
