"""The sweeper and the guard on a provider of 100,000 contracts: wall time and CPU of client and database.

    .venv/bin/python benchmarks/loop.py [--contracts 100000] [--blocks 10000]

A throw-away PostgreSQL on this machine (the wheel's, fsync off). Of the contracts, `--blocks` have an invoice of
10 November 2026 that was notified on the 11th, so that their block is due on Monday the 30th at 09:00; the others
have an invoice that is not due yet. CPU is what the kernel counted for this process and for the server's together.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from religa.entrypoints.commands import database

T = TypeVar("T")
ZONE = ZoneInfo("America/Fortaleza")
TICKS = os.sysconf("SC_CLK_TCK")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@dataclass(frozen=True)
class Cost:
    wall: float
    client: float
    server: float

    @property
    def cpu(self) -> float:
        return self.client + self.server

    def __str__(self) -> str:
        parts = f"{self.client:6.2f} s client + {self.server:6.2f} s database"
        return f"{self.wall:7.2f} s wall, {parts} = {self.cpu:6.2f} s CPU"


def measured(work: Callable[[], T]) -> tuple[Cost, T]:
    wall, client, server = time.perf_counter(), time.process_time(), server_cpu()
    result = work()
    return Cost(time.perf_counter() - wall, time.process_time() - client, server_cpu() - server), result


def server_cpu() -> float:
    """CPU seconds of every living PostgreSQL process of this machine that serves our connection's cluster."""
    from religa.records import raw

    [(backend,)] = raw.rows("SELECT pg_backend_pid()")
    postmaster = _stat(backend)[1]
    family = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return sum(_stat(pid)[0] for pid in family if pid == postmaster or _stat(pid)[1] == postmaster)


def _stat(pid: int) -> tuple[float, int]:
    """CPU seconds and parent of a process; a process that is gone used nothing."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[1])


BUILD = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_at, first_run_approved_by)
VALUES ('Provedor', '', '11222333000181', 'Rua 1', 'America/Fortaleza', 'CE', '2304400', '[]', '', '', '', '', '',
        '2020-01-01', 'benchmark');
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT (SELECT id FROM provider), n, 'person', '11144477735', 'Pessoa ' || n, 'p@example.org', 'pt-br'
  FROM generate_series(1, %(n)s) n;
INSERT INTO contract (provider_id, subscriber_id, external_id, segment, since, address, city, uf, ibge_code, rgc_exempt,
                      terminated_by)
SELECT provider_id, id, external_id, 'home', '2024-01-10', '', '', 'CE', '2304400', false, '' FROM subscriber;
INSERT INTO invoice (provider_id, contract_id, subscriber_id, external_id, reference, issued_at, due_date, fine_pct,
                     interest_pct_month, spared, at_rest, fiscal_document)
SELECT provider_id, id, subscriber_id, external_id, '2026-11', '2026-11-01 11:00+00',
       CASE WHEN external_id::int <= %(late)s THEN '2026-11-10'::date ELSE '2026-12-15'::date END,
       200, 100, false, false, ''
  FROM contract;
INSERT INTO invoice_line (invoice_id, contract_id, position, amount, suspendable, shared, description)
SELECT id, contract_id, 0, 9990, true, false, '' FROM invoice;
INSERT INTO notice (contract_id, kind, sent_at, opens_at, automatic, author, invoice_count)
SELECT contract_id, k.kind, k.at::timestamptz, '2026-11-30 12:00+00', true, '', 1 FROM invoice,
       (VALUES ('debt_notice', '2026-11-11 12:00+00'), ('block_warning', '2026-11-27 12:00+00')) k(kind, at)
 WHERE due_date = '2026-11-10';
INSERT INTO notice_invoice (notice_id, invoice_id, position)
SELECT n.id, i.id, 0 FROM notice n JOIN invoice i ON i.contract_id = n.contract_id;
INSERT INTO delivery_event (notice_id, at, evidence, detail) SELECT id, sent_at, 'delivered', '' FROM notice;
UPDATE contract_access SET next_look_at = '2026-11-30 11:00+00'
"""


def build(contracts: int, late: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in BUILD.split(";\n"):
            cursor.execute(statement, {"n": contracts, "late": late} if "%(" in statement else None)
    connection.connection.execute("VACUUM ANALYZE") if connection.get_autocommit() else None


def run(contracts: int, blocks: int) -> None:
    from religa.actions import engine
    from religa.actions.guard.run import run_guard
    from religa.actions.sweep import sweep
    from religa.records import raw

    wall = time.perf_counter()
    build(contracts, blocks)
    print(
        f"built {contracts} contracts, {blocks} about to be blocked, in {time.perf_counter() - wall:.0f} s\n"
    )
    before, slot = at("2026-11-30 08:00"), at("2026-11-30 09:00")
    cost, swept = measured(lambda: sweep(at=before))
    print(f"every contract read, decided, written   {cost}   {swept.looked_at / cost.wall:6.0f}/s")
    cost, _ = measured(lambda: engine.turn(at=before))
    print(f"a turn with nothing due                 {cost}")
    cost, swept = measured(lambda: sweep(at=slot))
    print(f"{swept.proposed} blocks proposed                   {cost}")
    cost, runs = measured(lambda: run_guard(at=slot))
    opened = raw.rows("SELECT count(*) FROM suspension WHERE closed_at IS NULL")[0][0]
    walled = raw.rows("SELECT count(*) FROM contract_access WHERE access = 'walled'")[0][0]
    print(f"{opened} admitted and opened               {cost}   ({walled} rows walled)")
    changes = raw.rows("SELECT count(*) FROM access_change")[0][0]
    cost, done = measured(lambda: engine.turn(at=slot))
    again = raw.rows("SELECT count(*) FROM access_change")[0][0]
    print(f"the next turn, nothing due              {cost}   ({again - changes} changes)")
    raw.run("UPDATE contract_access SET next_look_at = %s WHERE contract_id %% 100 = 0", [slot])
    cost, swept = measured(lambda: sweep(at=slot))
    print(f"a sweep in which 1 % are due            {cost}   ({swept.looked_at} looked at)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--blocks", type=int, default=10_000)
    chosen = parser.parse_args()
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    with database.thrown_away():
        run(chosen.contracts, chosen.blocks)


if __name__ == "__main__":
    main()
