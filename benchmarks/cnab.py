"""A return file of 100,000 settlements comes into the books of a provider of 200,000 contracts.

    .venv/bin/python benchmarks/cnab.py [--contracts 200000] [--records 100000] [--processes 2] [--profile]

A throw-away PostgreSQL on this machine (the wheel's, fsync off). Every contract has an invoice and its boleto, each
record of the file (Itaú, 400 columns, in no order) is of another contract. One payer in ten is late, and is thanked.
The goal is 20 s. CPU is what the kernel counted for this process and for the server's together.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import os
import platform
import pstats
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from loop import _stat, at, build, measured

from religa.entrypoints.commands import database

GOAL = 20.0
LATE = 10  # one in so many
READ_AT, PAID_ON = at("2026-11-24 07:30"), date(2026, 11, 23)
CHARGES = """
    INSERT INTO payment_account (provider_id, name, kind, profile, pix_key, client_id, agency, number, covenant, settings,
                                 reported_by, collects, hook_check, hook_addresses, hook_relay_url, certificate_subject,
                                 since, author)
    SELECT id, 'Itaú', 'bank_files', '341', '', '', '0111', '12345-0', '', '{}', 'religa', false, 'secret', '[]', '', '',
           '2026-01-01', '' FROM provider;
    INSERT INTO charge (provider_id, invoice_id, kind, status, account, nosso_numero, copy_paste, amount, due_date,
                        revision, created_at, payload)
    SELECT provider_id, id, 'boleto', 'active', 'itau', '109/' || lpad(external_id, 8, '0') || '-0', '', 9990, due_date,
           0, issued_at, '{}' FROM invoice;
    UPDATE contract_access SET next_look_at = NULL WHERE contract_id NOT IN (
        SELECT contract_id FROM invoice WHERE due_date = '2026-11-10')
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--contracts", type=int, default=200_000)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--profile", action="store_true", help="where the time goes, of the import alone")
    args = parser.parse_args()
    with database.thrown_away() as addresses:
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        prepare(args.contracts, addresses.admin)
        run(args)


def prepare(contracts: int, admin: str) -> None:
    from django.db import connection

    from religa.actions.sweep import sweep

    started = time.perf_counter()
    build(contracts, contracts // LATE)
    with connection.cursor() as cursor:
        for statement in CHARGES.split(";\n"):
            cursor.execute(statement)
    with psycopg.connect(admin, autocommit=True) as owner:  # the application's role may not
        owner.execute("VACUUM ANALYZE")
    sweep(at=at("2026-11-24 07:00"))
    print(f"built {contracts} contracts with their boletos in {time.perf_counter() - started:.0f} s\n")


@contextlib.contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor | None]:
    if processes == 1:
        yield None
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), database.set_up_django) as pool:
        list(pool.map(time.sleep, [0.5] * processes))  # all have started
        yield pool


def run(args: argparse.Namespace) -> None:
    from religa import wiring
    from religa.actions.money.import_file import import_file
    from religa.ports.bank_files import BankFile
    from religa.records.models import Provider

    provider = Provider.objects.get()
    cost, file = measured(lambda: wiring.bank_files().read(_file(args.contracts, args.records)))
    assert isinstance(file, BankFile), file
    print(f"written and read by columns      {cost}")
    told: dict[str, Any] = {
        "provider_id": provider.pk,
        "name": "bench.ret",
        "author": "benchmark",
        "at": READ_AT,
    }
    profiler = cProfile.Profile()
    with _pool(1 if args.profile else args.processes) as pool:
        helpers = list(pool._processes) if pool else []
        before = sum(_stat(pid)[0] for pid in helpers)
        if args.profile:
            profiler.enable()
        cost, done = measured(lambda: import_file(file, pool=pool, **told))
        profiler.disable()
        helped = sum(_stat(pid)[0] for pid in helpers) - before
    if args.profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    print(
        f"into the books                   {cost} and {helped:.2f} s helpers;   {args.records / cost.wall:6.0f}/s"
    )
    print(f"    {done}")
    print(f"    goal {GOAL:.0f} s: {'reached' if cost.wall <= GOAL else 'MISSED'}")
    cost, done = measured(lambda: import_file(file, **told))
    print(f"the same file again              {cost}   {type(done).__name__}")


def _file(contracts: int, records: int) -> bytes:
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from cnab_files import Boleto, octets, written

    numbers = random.Random(1).sample(range(1, contracts + 1), records)
    late = contracts // LATE
    titles = [
        Boleto(
            f"{n:08d}",
            paid=102_32 if n <= late else 99_90,
            interest=2_42 if n <= late else 0,
            paid_on=PAID_ON,
        )
        for n in numbers
    ]
    return octets(written("341", "cnab400", *titles))


if __name__ == "__main__":
    main()
