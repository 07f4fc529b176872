"""Which contract has a source address, at 100,000 live sessions: what the block page asks with every visit.

    .venv/bin/python benchmarks/who.py [--sessions 100000] [--rounds 1000] [--plans]

A throw-away PostgreSQL on this machine (the wheel's, fsync off). Execution time by EXPLAIN ANALYZE (planning is done once
for each connection: statements are prepared), and from Python with everything between.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import psycopg

from religa.entrypoints.commands import database

FILL = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_by)
VALUES ('Net', '', '12ABC34501DE35', '', 'America/Recife', '', '', '[]', '', '', '', '', '', '');
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT min(id), 'S', 'person', '11144477735', 'Ana', '', 'pt-br' FROM provider;
INSERT INTO contract (provider_id, subscriber_id, external_id, segment, since, address, city, uf, ibge_code, rgc_exempt,
                      terminated_by)
SELECT s.provider_id, s.id, n, 'home', '2024-01-10', '', '', '', '', false, ''
  FROM subscriber s, generate_series(1, {sessions}) n
"""


def _prefix(start: str, number: int, bits: int) -> str:
    return f"{IPv6Address(int(IPv6Address(start)) + (number << (128 - bits)))}/{bits}"


def fill(connection: psycopg.Connection, sessions: int) -> None:
    """A session for every contract, each with an IPv4 address, a framed /64 and a delegated /56."""
    for statement in FILL.format(sessions=sessions).split(";\n"):
        connection.execute(statement)
    contracts = [row[0] for row in connection.execute("SELECT id FROM contract ORDER BY id")]
    columns = ("unique_id, session_id, username, contract_id, nas_port, calling_station, called_station, framed_ipv4,"
               " framed_ipv6_prefix, delegated_ipv6_prefix, applied_state, started_at, updated_at, octets_in, octets_out")  # fmt: skip
    now = connection.execute("SELECT now()").fetchone()[0]
    with connection.cursor().copy(f"COPY session_live ({columns}) FROM STDIN") as copy:
        for n, contract in enumerate(contracts):
            copy.write_row((f"u{n}", f"s{n}", f"n{n}", contract, "", "", "", _ipv4(n), _framed(n), _delegated(n), "full",
                            now, now, 0, 0))  # fmt: skip
    connection.execute(
        "CREATE INDEX IF NOT EXISTS session_live_framed_ipv6 ON session_live USING gist (framed_ipv6_prefix inet_ops)"
    )
    connection.execute("VACUUM ANALYZE")


def _ipv4(n: int) -> str:
    return str(IPv4Address("100.64.0.0") + n)


def _framed(n: int) -> str:
    return _prefix("2001:db8:1::", n, 64)


def _delegated(n: int) -> str:
    return _prefix("2001:db9::", n, 56)


KINDS = {"IPv4": _ipv4, "IPv6, framed prefix": _framed, "IPv6, delegated prefix": _delegated}


def explain(connection: psycopg.Connection, address: str, at: datetime) -> tuple[float, list[str]]:
    """Milliseconds of execution, the best of five, and the plan's lines."""
    from religa.records.queries import who

    found = ip_address(address)
    statement = who._WHO.format(sessions=who._BY_IPV4 if found.version == 4 else who._BY_IPV6)
    values = {"address": address, "since": at - who.HEARD_WITHIN, "at": at}
    best, lines = 1e9, []
    for _ in range(5):
        lines = [
            row[0] for row in psycopg.ClientCursor(connection).execute(f"EXPLAIN ANALYZE {statement}", values)
        ]
        best = min(best, float(lines[-1].split()[2]))
    return best, lines


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--plans", action="store_true", help="print each plan, too")
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; {chosen.sessions} live sessions")
    with database.thrown_away() as addresses, psycopg.connect(addresses.admin, autocommit=True) as admin:
        fill(admin, chosen.sessions)
        from religa.records import locks
        from religa.records.queries.who import who_has

        at = locks.database_now()
        for name, address_of in KINDS.items():
            asked = [address_of(n * 7919 % chosen.sessions).partition("/")[0] for n in range(chosen.rounds)]
            best, lines = explain(admin, asked[0], at)
            times = []
            for address in asked:
                started = time.perf_counter()
                assert who_has(ip_address(address), at=at) is not None, address
                times.append((time.perf_counter() - started) * 1000)
            times.sort()
            print(f"{name:24} EXPLAIN {best:6.3f} ms   from Python: median {statistics.median(times):.3f} ms,"
                  f" p99 {times[int(len(times) * 0.99)]:.3f} ms")  # fmt: skip
            if chosen.plans:
                print("\n".join(lines))


if __name__ == "__main__":
    main()
