"""Accounting packets per second, and the CPU that one costs: Start, Interim-Update and Stop.

    .venv/bin/python benchmarks/accounting.py [--sessions 100000] [--packets 20000] [--rounds 3] [--commits shipped]

A real FreeRADIUS with deploy/freeradius and a PostgreSQL that writes to the disk (fsync on), with so many live sessions
and a year of closed ones. The client is on the same machine, its packets are made before the clock starts, and each is
repeated until it is answered: what is counted is written. CPU is what the kernel counted for the server's threads and
for its backends in PostgreSQL; neither the client's nor that of PostgreSQL's own writers is in it.

`--commits` says which packets are answered only when they are on the disk: `shipped` (Stop, On and Off), `all`, `none`.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from accounting_client import KINDS, Packet, send
from authorisation import PASSWORD, backends, cpu, make_the_first, multiplied, processor, say, server, spent

from religa.adapters.freeradius import programs
from religa.adapters.freeradius.server import RADDB, Server
from religa.adapters.postgres.server import Server as Postgres

GOAL = 1800
SECRET = "a secret of the benchmark"
ROLE = "religa_radius"
COMMITS = {
    "shipped": None,
    "all": "'on'",
    "none": "'off'",
}


@dataclass
class Cost:
    """What one round showed: packets per second and microseconds of CPU for one."""

    per_second: float
    radiusd: float
    postgres: float


def main() -> int:
    options = read_options()
    with tempfile.TemporaryDirectory(prefix="religa-benchmark-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with database(folder, options) as url:
            asked = server(folder / "radius", url, ROLE, RADDB, threads=options.threads)
            asked.start()
            try:
                rounds = [play(number, asked, url, options) for number in range(options.rounds + 1)][1:]
            finally:
                asked.stop()
            return report(rounds, url, options)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=100_000, help="that are live all the time")
    parser.add_argument("--packets", type=int, default=20_000, help="of each kind and round")
    parser.add_argument("--rounds", type=int, default=3, help="after one that warms up")
    parser.add_argument("--parallel", type=int, default=64, help="packets under way at a time")
    parser.add_argument("--commits", choices=COMMITS, default="shipped")
    parser.add_argument("--threads", type=int, help="of FreeRADIUS; else as religa starts it")
    parser.add_argument("--postgres", choices=("wheel", "debian"), default="wheel")
    return parser.parse_args()


# The database: everybody is online, and was so every month of the last year


@contextmanager
def database(folder: Path, options: argparse.Namespace) -> Iterator[str]:
    settings = {"shared_buffers": "1GB", "max_wal_size": "8GB"}
    postgres = Postgres(folder=folder / "postgres", source=options.postgres, options=settings)
    say(f"Starting PostgreSQL and loading {options.sessions:,} sessions")
    postgres.start()
    try:
        postgres.create_database("religa")
        url = postgres.url(database="religa")
        load(url, options)
        yield url
    finally:
        postgres.stop()


def load(url: str, options: argparse.Namespace) -> None:
    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "religa.project.settings"}
    import django

    from religa.entrypoints.commands import preparation

    preparation.prepare(admin_url=url, passwords={ROLE: PASSWORD}, say=lambda line: None)
    django.setup()
    make_the_first()
    with psycopg.connect(url, autocommit=True) as superuser:
        for statement in (*multiplied(options.sessions), *online(options.sessions)):
            superuser.execute(statement)
        if commits := COMMITS[options.commits]:
            superuser.execute(
                "CREATE OR REPLACE FUNCTION radius.commits(kind text) RETURNS text LANGUAGE sql IMMUTABLE"
                f" PARALLEL SAFE RETURN {commits}"
            )
        superuser.execute("VACUUM ANALYZE")
        superuser.execute("CHECKPOINT")


def online(sessions: int) -> Iterator[str]:
    """Statements: a live session for each log-in, and one that is over for each of the last twelve months."""
    columns = (
        "unique_id, session_id, username, contract_id, nas_id, nas_address, calling_station, called_station, nas_port,"
        " framed_ipv4, delegated_ipv6_prefix, applied_state, octets_in, octets_out, applied_at, started_at, updated_at"
    )
    values = (
        "SELECT md5(concat_ws('|', '1', encode(s.id::bytea, 'hex'), encode(('login' || i)::bytea, 'hex'))), s.id,"
        " 'login' || i, i, 1, '127.0.0.1'::inet, 'AA:BB:CC:00:00:00', 'isp', 'ether1', '100.64.0.0'::inet + i,"
        " set_masklen(('2001:db8::'::inet + i::bigint * 4294967296)::inet, 96)::cidr, 'full', 0, 0"
    )
    yield "SELECT make_session_partition((current_date - make_interval(months => m))::date) FROM generate_series(0, 12) m"
    yield (
        f"INSERT INTO session_live ({columns}) {values}, now() - interval '1 hour', now() - interval '1 hour', now()"
        f" FROM generate_series(1, {sessions}) i, LATERAL (SELECT 's' || i AS id) s"
    )
    for month in range(1, 13):
        then = f"now() - interval '{month} months'"
        yield (
            f"INSERT INTO session_log ({columns}, stopped_at) {values}, {then}, {then}, {then}, {then}"
            f" FROM generate_series(1, {sessions}) i, LATERAL (SELECT '{month}s' || i AS id) s"
        )


# The measuring


def play(number: int, asked: Server, url: str, options: argparse.Namespace) -> dict[str, Cost]:
    """Starts of new sessions, interims of the live ones, then the Stops of the new ones."""
    return {kind: measure(packets_of(kind, number, options), asked, url, options) for kind in KINDS}


def packets_of(kind: str, number: int, options: argparse.Namespace) -> list[Packet]:
    chosen = random.Random(number).sample(range(1, options.sessions + 1), options.packets)
    return [packet_of(kind, number, login, place) for place, login in enumerate(chosen)]


def packet_of(kind: str, number: int, login: int, place: int) -> Packet:
    known = kind == "Interim-Update"
    lasted, octets = {
        "Start": (0, 0),
        "Interim-Update": (3600 + number, number * 10**6),
        "Stop": (60, 10**6),
    }[kind]
    return Packet(
        kind=kind,
        session=f"s{login}" if known else f"n{number}-{place}",
        username=f"login{login}",
        ipv4=int.from_bytes(bytes((100, 64, 0, 0))) + login,
        lasted=lasted,
        octets=octets + login,
    )


def measure(packets: list[Packet], asked: Server, url: str, options: argparse.Namespace) -> Cost:
    pid = asked.pid
    assert pid is not None
    with psycopg.connect(url, autocommit=True) as watching:
        radiusd, postgres = cpu([pid]), cpu(backends(watching, ROLE))
        seconds = send(packets, port=asked.acct_port, secret=SECRET.encode(), parallel=options.parallel)
        radiusd_after, postgres_after = cpu([pid]), cpu(backends(watching, ROLE))
    return Cost(
        per_second=len(packets) / seconds,
        radiusd=spent(radiusd, radiusd_after) / len(packets),
        postgres=spent(postgres, postgres_after) / len(packets),
    )


def report(rounds: list[dict[str, Cost]], url: str, options: argparse.Namespace) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        version = connection.info.server_version // 10_000
        fsync = connection.execute("SHOW fsync").fetchone()
        say(
            f"\n{options.sessions:,} live sessions, {12 * options.sessions:,} closed ones, fsync {fsync and fsync[0]};"
        )
        freeradius = subprocess.run([programs.find().server, "-v"], capture_output=True, text=True).stdout
        say(
            f"{options.rounds} rounds of {options.packets:,}, commits: {options.commits}, PostgreSQL {version},"
        )
        say(f"{freeradius.splitlines()[0].partition(',')[0]}, {os.cpu_count()} cores of {processor()}\n")
        say("                packets/s  (slowest, quickest)   radiusd us   PostgreSQL us")
        worst = min(line(kind, [one[kind] for one in rounds]) for kind in KINDS)
        show_health(connection)
    say(f"\ngoal {GOAL} packets/s: {'reached' if worst >= GOAL else 'MISSED'}")
    return 0 if worst >= GOAL else 1


def line(kind: str, costs: list[Cost]) -> float:
    rates = [cost.per_second for cost in costs]
    radiusd, postgres = (
        statistics.median(values) for values in zip(*((c.radiusd, c.postgres) for c in costs), strict=True)
    )
    middle = statistics.median(rates)
    say(
        f"{kind:15} {middle:9.0f}  ({min(rates):7.0f}, {max(rates):8.0f})   {radiusd:10.0f}   {postgres:13.0f}"
    )
    return middle


def show_health(connection: psycopg.Connection) -> None:
    updated, hot = connection.execute(
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'session_live'"
    ).fetchone() or (0, 0)
    say(f"\nupdates of session_live that moved no index (HOT): {hot:,} of {updated:,}")
    live = connection.execute("SELECT count(*) FROM session_live").fetchone()
    say(f"live sessions at the end: {live[0] if live else 0:,}")


if __name__ == "__main__":
    sys.exit(main())
