"""Which contracts are at a fault of ours, on a provider of 100,000 contracts with 100,000 sessions and their history.

    .venv/bin/python benchmarks/incidents.py [--contracts 100000] [--plans]

A throw-away PostgreSQL on this machine (the wheel's, fsync off). Four of five contracts are online, one of five was;
each has ten sessions of the past months. Says the best of five times of each question, and which tables were read as a
whole.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from religa.entrypoints.commands import database

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)

FILL = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_by)
VALUES ('Provedor', '', '11222333000181', '', 'America/Fortaleza', 'CE', '2304400', '[]', '', '', '', '', '', '');
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT 1, 'S' || n, 'person', '11144477735', 'Pessoa', '', 'pt-br' FROM generate_series(1, :n) n;
INSERT INTO contract (provider_id, subscriber_id, external_id, segment, since, address, city, uf, ibge_code, rgc_exempt,
                      terminated_by)
SELECT 1, id, 'C' || id, 'home', '2024-01-10', '', 'Cidade ' || id % 20, 'CE',
       CASE WHEN id % 3 = 0 THEN '' ELSE (2300000 + id % 20)::text END, false, '' FROM subscriber ORDER BY id;
INSERT INTO nas (provider_id, name, address, vendor, identifier, enabled, coa_port, settings)
SELECT 1, 'R' || n, ('10.0.' || n || '.1')::inet, 'mikrotik', '', true, 3799, '{}' FROM generate_series(1, 40) n;
UPDATE contract_access SET status = 'late' WHERE contract_id % 20 = 0;
SELECT make_session_partition(d::date) FROM generate_series('2026-08-01', '2026-12-01', interval '1 month') d;
INSERT INTO session_live (unique_id, session_id, username, contract_id, nas_id, started_at, updated_at, nas_port,
                          calling_station, called_station, octets_in, octets_out)
SELECT 'l' || id, 's', 'u' || id, id, 1 + id % 40, '2026-11-29', '2026-11-30', '', '', '', 0, 0
  FROM contract WHERE id % 5 > 0;
INSERT INTO session_log (unique_id, session_id, username, contract_id, nas_id, started_at, updated_at, nas_port,
                         calling_station, called_station, octets_in, octets_out, stopped_at)
SELECT 'g' || n || '-' || c.id, 's', 'u' || c.id, c.id, 1 + c.id % 40, s, s, '', '', '', 0, 0, s
  FROM contract c, generate_series(0, 9) n,
       LATERAL (SELECT timestamptz '2026-11-29' - n * interval '9 days' - c.id % 1000 * interval '1 minute' AS s) t;
INSERT INTO incident (provider_id, nas_id, ibge_code, since, reason, author, ended_by)
VALUES (1, 7, '', '2026-11-30', 'x', 'x', ''), (1, NULL, '2300004', '2026-11-30', 'x', 'x', '');
"""


def questions() -> Iterator[tuple[str, Callable[[], object]]]:
    from religa.records import facts, raw
    from religa.records.incidents import at_open
    from religa.records.queries import incidents

    keys = [key for (key,) in raw.rows("SELECT id FROM contract ORDER BY id")]
    few = keys[:: max(1, len(keys) // 500)]
    yield "one contract", lambda: incidents.faults_at(keys[5], AT)
    yield f"a batch of the guard ({len(few)})", lambda: at_open(few, AT)
    yield f"every contract ({len(keys)})", lambda: at_open(keys, AT)
    yield "late ones at a router", lambda: incidents.late_at(1, AT)
    yield "late ones in a municipality", lambda: incidents.late_at(2, AT)
    yield "the page, with its counts", lambda: incidents.people_at(1, at=AT)
    yield "the municipalities of the form", lambda: incidents.municipalities_of(1)
    yield f"loading {len(few)} contracts", lambda: facts.load(few, AT)


def best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def explain(work: Callable[[], object]) -> list[str]:
    """The plan of each statement that a question sends."""
    from religa.records import raw

    sent: list[tuple[str, Any]] = []
    real = raw.rows

    def listening(statement, parameters=()):  # type: ignore[no-untyped-def]
        sent.append((statement, parameters))
        return real(statement, parameters)

    raw.rows = listening
    try:
        work()
    finally:
        raw.rows = real
    return [line for s, p in sent for (line,) in real("EXPLAIN (ANALYZE, COSTS OFF, BUFFERS) " + s, p)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--plans", action="store_true")
    chosen = parser.parse_args()
    with database.thrown_away() as addresses:
        import psycopg

        with psycopg.connect(addresses.admin, autocommit=True) as admin:
            for statement in FILL.replace(":n", str(chosen.contracts)).split(";\n"):
                if statement.strip():
                    admin.execute(statement)
            admin.execute("VACUUM ANALYZE")
        for name, work in questions():
            plan = explain(work)
            whole = sorted({line.split(" on ")[1].split()[0] for line in plan if "Seq Scan on" in line})
            print(f"{name:40} {best(work):9.1f} ms  read as a whole: {', '.join(whole) or '-'}")
            if chosen.plans:
                print("\n".join(plan))


if __name__ == "__main__":
    main()
