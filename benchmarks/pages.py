"""What pages and the sweeper ask, on a provider of 1,000,000 contracts: time, pages of the database, whole tables read.

    .venv/bin/python benchmarks/pages.py [--contracts 1000000] [--late 100000] [--plans]

A throw-away PostgreSQL on this machine (the wheel's, fsync off), filled by `benchmarks/loop.py` with names,
phones and log-ins. Every statement that a question sends is explained by PostgreSQL's
own auto_explain while it runs; a table read as a whole is named if it has more than 10,000 rows.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import loop
import psycopg

from religa.entrypoints.commands import database

MANY = 10_000

FILL = """
UPDATE subscriber SET name = (ARRAY['Maria','José','Ana','João','Francisca','Antônio','Luiza','Pedro'])[1 + id %% 8]
       || ' ' || (ARRAY['Silva','Souza','Lima','Rocha','Araújo','Ferreira','Gomes'])[1 + id %% 7]
       || ' ' || md5(id::text), document = lpad(id::text, 11, '0'), email = 'p' || id || '@example.org';
INSERT INTO subscriber_phone (subscriber_id, number, position, whatsapp)
SELECT id, '85' || lpad(id::text, 9, '9'), 1, false FROM subscriber;
UPDATE contract SET address = 'Rua ' || md5((id %% 5000)::text) || ', ' || id %% 900;
INSERT INTO access_record (contract_id, username, enabled, pool, ipv6_prefix_pool, ipv6_pd_pool, extra_replies)
SELECT id, 'user' || id, true, '', '', '', '[]' FROM contract;
UPDATE contract_access a SET next_look_at = '2026-12-16 03:00+00' FROM invoice i
 WHERE i.contract_id = a.contract_id AND i.due_date > '2026-12-01'
"""


@dataclass
class Asked:
    """What one question cost: the best of some times in milliseconds, pages, and tables read as a whole."""

    milliseconds: float
    statements: int
    pages: int
    whole: set[str] = field(default_factory=set)
    plans: list[Any] = field(default_factory=list)


def questions(contract: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every kind of question, by the door that asks it. `contract`: one that is blocked."""
    from religa.actions.look import look
    from religa.records import locks, models, queries, raw
    from religa.records.loaded import WHOLE_HISTORY
    from religa.records.queries import portal

    at, mine = loop.at("2026-11-30 09:30"), [raw.rows("SELECT id FROM provider")[0][0]]
    found = models.Contract.objects.select_related("subscriber__provider").get(pk=contract)
    document, name = found.subscriber.document, found.subscriber.name

    yield "portal: log-in by document", lambda: portal.reach_of(document)
    yield "portal: contracts of a person", lambda: portal.contracts_of(found.subscriber)
    yield "portal: home", lambda: look(contract_id=contract, at=at)
    yield "portal: invoices", lambda: portal.invoices(found)
    yield "portal: letters", lambda: portal.letters(found)
    yield "console: overview", lambda: queries.counts_by_status(mine[0])
    yield "console: find by name", lambda: queries.search(name, provider_ids=mine)
    yield "console: find a common name", lambda: queries.search("maria silva", provider_ids=mine)
    yield "console: find by document", lambda: queries.search(document, provider_ids=mine)
    yield (
        "console: find by phone",
        lambda: queries.search("85" + str(contract).rjust(9, "9"), provider_ids=mine),
    )
    yield "console: find by log-in", lambda: queries.search(f"user{contract}", provider_ids=mine)
    yield "console: find nobody", lambda: queries.search("xyzzy nobody", provider_ids=mine)
    yield "console: contract page", lambda: look(contract_id=contract, at=at, ask=WHOLE_HISTORY)
    yield "console: contract head", lambda: queries.head(contract)
    yield "console: contract invoices", lambda: queries.invoices_of(contract)
    yield "console: contract history", lambda: queries.history(contract)
    yield "console: chain of changes", lambda: queries.chain_of(contract)
    yield "console: runs", lambda: queries.block_runs(mine[0])
    yield "console: contracts of a run", lambda: queries.run_contracts(1)
    yield "console: outbox", lambda: queries.outbox(mine)
    yield "console: failures", lambda: queries.failures(mine)
    yield "sweeper: nothing due", lambda: locks.claim_due(loop.at("2026-11-30 07:00"), 1000)
    yield "sweeper: a batch due", lambda: locks.claim_due(loop.at("2027-11-30 07:00"), 1000)
    yield "sweeper: restores first", lambda: locks.claim_due_improving(loop.at("2026-11-30 07:00"), 1000)


class Watched:
    """Hears what auto_explain says of this connection's statements."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.heard: list[Any] = []
        connection.add_notice_handler(self._hear)

    def _hear(self, notice: psycopg.errors.Diagnostic) -> None:
        _, _, plan = (notice.message_primary or "").partition("plan:\n")
        if plan:
            self.heard.append(json.loads(plan))


def nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def ask(question: Callable[[], object], watched: Watched, rounds: int) -> Asked:
    from django.db import transaction

    times = []
    for _ in range(rounds):
        watched.heard.clear()
        started = time.perf_counter()
        with transaction.atomic():
            question()
            transaction.set_rollback(True)
        times.append((time.perf_counter() - started) * 1000)
    plans = [heard["Plan"] for heard in watched.heard]
    asked = Asked(statistics.median(times), len(plans), 0, plans=watched.heard[:])
    for plan in plans:
        asked.pages += plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
        asked.whole |= {
            n["Relation Name"]
            for n in nodes(plan)
            if n["Node Type"] == "Seq Scan" and n["Actual Rows"] + n.get("Rows Removed by Filter", 0) > MANY
        }
    return asked


def fill(contracts: int, late: int) -> None:
    from religa.actions import engine
    from religa.records import raw

    loop.build(contracts, late)
    for statement in FILL.split(";\n"):
        raw.run(statement)
    engine.turn(at=loop.at("2026-11-30 09:00"))


def explained(admin: str) -> None:
    """Every later connection explains what it runs."""
    with psycopg.connect(admin, autocommit=True) as connection:
        name = connection.info.dbname
        for setting in (
            "session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on", "auto_explain.log_buffers = on", "auto_explain.log_format = json",
            "auto_explain.log_timing = off", "auto_explain.log_level = notice",
        ):  # fmt: skip
            connection.execute(f"ALTER DATABASE {name} SET {setting}")
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contracts", type=int, default=1_000_000)
    parser.add_argument("--late", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plans", action="store_true", help="print each plan, too")
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; {chosen.contracts} contracts, {chosen.late} late")
    with database.thrown_away() as addresses:
        from django.db import connection

        started = time.perf_counter()
        fill(chosen.contracts, chosen.late)
        explained(addresses.admin)
        print(f"filled in {time.perf_counter() - started:.0f} s\n")
        connection.close()
        connection.ensure_connection()
        watched = Watched(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(contract_id) FROM contract_access WHERE access = 'walled'")
            [contract] = cursor.fetchone()
        for name, question in questions(contract):
            asked = ask(question, watched, chosen.rounds)
            whole = f"   reads whole: {', '.join(sorted(asked.whole))}" if asked.whole else ""
            print(
                f"{name:32} {asked.milliseconds:8.1f} ms {asked.statements:4} statements {asked.pages:7} pages{whole}"
            )
            if chosen.plans:
                print(json.dumps(asked.plans, indent=1))


if __name__ == "__main__":
    main()
