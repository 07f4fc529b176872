#!/usr/bin/env python3
"""From the bank's webhook to the router's acknowledgement, a burst of events, charges made, and nothing lost or twice.

    .venv/bin/python benchmarks/money.py [--payments 10000] [--only charges,steady,question,burst]
    .venv/bin/python benchmarks/money.py --only charges,chaos

Everything on this machine, each its own process: PostgreSQL (the wheel's; fsync off, but not for `chaos`), the web server, `religa collect`,
the reconciler, the fake PSP, and FreeRADIUS as the router that acknowledges. Every contract is walled for one late
invoice and has a live session. `chaos`: 30 % of the events twice, 10 % never, in another order, while web server,
collector and PostgreSQL are killed with SIGKILL; in the end the books are compared with what was paid.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import network
import psycopg

from religa import wiring
from religa.entrypoints.commands import database
from religa.entrypoints.commands.run.ports import free_port

KEY = "pagamentos@religa.example"
BUILD = (
    network.BUILD.split("UPDATE contract_access SET next_look_at")[0]
    + """
INSERT INTO invoice (provider_id, contract_id, subscriber_id, external_id, reference, issued_at, due_date, fine_pct,
                     interest_pct_month, spared, at_rest, fiscal_document)
SELECT provider_id, id, subscriber_id, external_id, '', now() - interval '50 days', current_date - 40, 200, 100, false,
       false, '' FROM contract;
INSERT INTO invoice_line (invoice_id, contract_id, position, amount, suspendable, shared, description)
SELECT id, contract_id, 0, 9990, true, false, '' FROM invoice;
INSERT INTO notice (contract_id, kind, sent_at, opens_at, automatic, author, invoice_count)
SELECT contract_id, 'debt_notice', now() - interval '35 days', now() - interval '15 days', true, '', 1 FROM invoice;
INSERT INTO notice_invoice (notice_id, invoice_id, position)
SELECT n.id, i.id, 0 FROM notice n JOIN invoice i ON i.contract_id = n.contract_id;
INSERT INTO delivery_event (notice_id, at, evidence, detail) SELECT id, sent_at, 'delivered', '' FROM notice;
INSERT INTO suspension (contract_id, opened_at, late_at_opening, imported, author)
SELECT contract_id, now() - interval '10 days', 9990, false, '' FROM invoice;
INSERT INTO suspension_invoice (suspension_id, invoice_id, position)
SELECT s.id, i.id, 0 FROM suspension s JOIN invoice i ON i.contract_id = s.contract_id;
UPDATE contract_access SET next_look_at = NULL, access = 'walled', access_then = 'walled', status = 'blocked', why = 'debt';
UPDATE session_live SET applied_state = 'walled'
"""
)
CHARGES = """
INSERT INTO charge (provider_id, invoice_id, kind, status, account, payment_account_id, scope, txid, amount, expires_at,
                    revision, created_at, try_at, copy_paste, payload)
SELECT i.provider_id, i.id, 'pix_cob', 'new', '', a.id, 'everything', 'religabenchmark' || lpad(i.id::text, 14, '0'),
       10400, now() + interval '1 day', 0, now(), now(), '', '{}'
  FROM invoice i, payment_account a ORDER BY i.id LIMIT %s
"""


_TABLES = (
    "provider_event",
    "provider_event_todo",
    "refused_event",
    "payment",
    "unidentified_payment",
    "coa_log",
)


@dataclass
class Bench:
    server: Any
    at: database.Addresses
    postgres: psycopg.Connection
    psp: httpx.Client
    web: str
    children: dict[str, subprocess.Popen]
    commands: dict[str, tuple[list[str], dict[str, str]]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        command, environment = self.commands[name]
        self.children[name] = subprocess.Popen(command, env={**os.environ, **environment})

    def supervise(self) -> None:
        """As `./run` does: what has ended is started again."""
        for name, child in self.children.items():
            if child.poll() is not None:
                self.start(name)

    def one(self, query: str, *parameters: object) -> Any:
        return self.postgres.execute(query, parameters or None).fetchone()[0]

    def until(self, query: str, wanted: int, patience: float = 600) -> float:
        end = time.perf_counter() + patience
        while self.one(query) < wanted:
            self.supervise()
            if time.perf_counter() > end:
                counts = ", ".join(f"{t}: {self.one(f'SELECT count(*) FROM {t}')}" for t in _TABLES)
                raise SystemExit(
                    f"still {self.one(query)} of {wanted}: {query}\n{counts}\n{self.psp.get('/_fake/deliveries').text}"
                )
            time.sleep(0.05)
        return time.perf_counter()

    def cpu(self) -> dict[str, float]:
        found = {
            name: network.stat(child.pid)[0] + _children(child.pid) for name, child in self.children.items()
        }
        postmaster = network.stat(self.postgres.info.backend_pid)[1]
        return found | {"database": network.stat(postmaster)[0] + _children(postmaster)}

    def said_cpu(self, before: dict[str, float], count: int) -> str:
        spent = {name: now - before.get(name, 0) for name, now in self.cpu().items()}
        total = sum(spent.values())
        parts = ", ".join(
            f"{name} {s:.1f} s ({s / total:.0%})" for name, s in sorted(spent.items(), key=lambda i: -i[1])
        )
        return f"    CPU {total:.1f} s, {total / count * 1000:.2f} ms a payment: {parts}"


def _children(pid: int) -> float:
    family = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return sum(network.stat(p)[0] for p in family if network.stat(p)[1] == pid)


# -- what is measured ---------------------------------------------------------------------------------------------


def charges(bench: Bench, payments: int) -> None:
    """New charges on their way: made at the bank by the collector."""
    before, begun = bench.cpu(), time.perf_counter()
    bench.postgres.execute(CHARGES, [payments])
    wall = bench.until("SELECT count(*) FROM charge WHERE status = 'active'", payments) - begun
    print(
        f"{payments} charges made in {wall:.1f} s: {payments / wall:.0f}/s; goal 50/s {network.said(payments / wall >= 50)}"
    )
    print(bench.said_cpu(before, payments), flush=True)


def unpaid(bench: Bench, count: int) -> list[str]:
    query = "SELECT txid FROM charge WHERE status = 'active' ORDER BY id LIMIT %s"
    return [txid for (txid,) in bench.postgres.execute(query, [count])]


def steady(bench: Bench, payments: int) -> None:
    """20 payments a second for a minute: from the bank's call to the acknowledgement that is kept."""
    count = min(1200, payments // 4)
    some, before, since = (
        unpaid(bench, count),
        bench.cpu(),
        bench.one("SELECT coalesce(max(id), 0) FROM coa_log"),
    )
    begun = time.perf_counter()
    for n, txid in enumerate(some):
        time.sleep(max(0.0, begun + n / 20 - time.perf_counter()))
        bench.psp.post("/_fake/pay", json={"txid": txid}).raise_for_status()
    bench.until(f"SELECT count(*) FROM coa_log WHERE id > {since} AND outcome = 'applied'", count, 60)
    waits = latencies(bench, since)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"{count} payments at 20/s, webhook received to acknowledgement kept: p50 {p50:.1f} ms, p99 {p99:.1f} ms,"
          f" most {waits[-1]:.1f} ms; goal p99 50 ms {network.said(p99 <= 50)}")  # fmt: skip
    print(bench.said_cpu(before, count), flush=True)
    stages(bench, since)


def latencies(bench: Bench, since: int) -> list[float]:
    """Milliseconds from the event's arrival to its session's acknowledgement, for each payment."""
    rows = bench.postgres.execute(
        "SELECT extract(epoch FROM l.at - e.received_at) * 1000 FROM coa_log l"
        " JOIN payment p ON p.contract_id = l.contract_id JOIN charge c ON c.id = p.charge_id"
        " JOIN provider_event e ON convert_from(e.body, 'UTF8') LIKE '%' || c.txid || '%'"
        f" WHERE l.id > {since} AND l.outcome = 'applied'"
        if bench.one("SELECT count(*) FROM provider_event") < 3000
        else "SELECT extract(epoch FROM l.at - e.received_at) * 1000 FROM coa_log l"
        " JOIN payment p ON p.contract_id = l.contract_id JOIN charge c ON c.id = p.charge_id"
        " JOIN (SELECT min(received_at) AS received_at, (convert_from(body, 'UTF8')::jsonb -> 'pix' -> 0 ->> 'txid') AS txid"
        "         FROM provider_event GROUP BY 2) e ON e.txid = c.txid"
        f" WHERE l.id > {since} AND l.outcome = 'applied'"
    ).fetchall()
    return sorted(float(wait) for (wait,) in rows)


def stages(bench: Bench, since: int) -> None:
    """Where the time of single payments goes."""
    rows = bench.postgres.execute(
        "SELECT extract(epoch FROM p.known_at - e.received_at) * 1000, extract(epoch FROM l.at - p.known_at) * 1000, l.took_ms"
        "  FROM coa_log l JOIN payment p ON p.contract_id = l.contract_id JOIN charge c ON c.id = p.charge_id"
        "  JOIN (SELECT min(received_at) AS received_at, (convert_from(body, 'UTF8')::jsonb -> 'pix' -> 0 ->> 'txid') AS txid"
        "          FROM provider_event GROUP BY 2) e ON e.txid = c.txid"
        f" WHERE l.id > {since} AND l.outcome = 'applied'"
    ).fetchall()
    middle = [sorted(float(row[n] or 0) for row in rows)[len(rows) // 2] for n in range(3)]
    print(f"    half of them: {middle[0]:.1f} ms until taken, {middle[1]:.1f} ms from there (bank asked, booked, decided,"
          f" pushed), of which the router {middle[2]:.1f} ms", flush=True)  # fmt: skip


def question(bench: Bench, payments: int) -> None:
    """What the bank's part of a payment is: asking it what is true (two questions: the Pix, and its charge)."""
    from religa.entrypoints.common.banks import BANKS
    from religa.ports.money import Hint
    from religa.records import accounts

    [account] = accounts.listening()
    bank = BANKS.of(account)
    paid = bench.postgres.execute(
        "SELECT p.external_id, c.txid FROM payment p JOIN charge c ON c.id = p.charge_id LIMIT 500"
    )
    took = []
    for payment, txid in paid.fetchall():
        begun = time.perf_counter()
        bank.truth(Hint(payment_id=payment, txid=txid))
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    print(
        f"{len(took)} questions to the bank: p50 {took[len(took) // 2]:.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms"
    )


def burst(bench: Bench, payments: int) -> None:
    """All the rest at once."""
    some = unpaid(bench, payments)
    bench.psp.put("/_fake/mischief", json={"hold": True}).raise_for_status()
    for txid in some:
        bench.psp.post("/_fake/pay", json={"txid": txid}).raise_for_status()
    asked = bench.psp.get("/_fake/deliveries").json()
    done = bench.one("SELECT count(*) FROM payment")
    before, since = bench.cpu(), bench.one("SELECT coalesce(max(id), 0) FROM coa_log")
    begun = time.perf_counter()
    bench.psp.put("/_fake/mischief", json={"hold": False}).raise_for_status()
    bench.psp.post("/_fake/deliver", json={}).raise_for_status()
    arrived = (
        bench.until(
            "SELECT count(*) FROM provider_event WHERE received_at > now() - interval '10 minutes'", len(some)
        )
        - begun
    )
    drained = bench.until("SELECT count(*) FROM payment", done + len(some)) - begun
    wall = (
        bench.until(f"SELECT count(*) FROM coa_log WHERE id > {since} AND outcome = 'applied'", len(some))
        - begun
    )
    waits = latencies(bench, since)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"burst of {len(some)}: all arrived after {arrived:.1f} s, all booked after {drained:.1f} s ({len(some) / drained:.0f}/s),"
          f" all online after {wall:.1f} s; goal 200/s {network.said(len(some) / drained >= 200)}")  # fmt: skip
    print(
        f"    event to acknowledgement: p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {waits[-1]:.0f} ms ({asked})"
    )
    print(bench.said_cpu(before, len(some)), flush=True)


def chaos(bench: Bench, payments: int) -> None:
    """Events twice, lost and out of order, while everything is killed now and then."""
    some, dice = unpaid(bench, payments), random.Random(7)
    dice.shuffle(some)
    plan = {"repeat_pct": 30, "lose_pct": 10, "reorder": 40, "retries": 20, "retry_ms": 500}
    bench.psp.put("/_fake/mischief", json=plan).raise_for_status()
    begun, killed = time.perf_counter(), []
    for n, txid in enumerate(some):
        bench.psp.post("/_fake/pay", json={"txid": txid}).raise_for_status()
        if n % (len(some) // 12) == len(some) // 24:
            name = ("web", "collector", "postgres")[len(killed) % 3]
            kill(bench, name)
            killed.append(name)
            time.sleep(2)
            bench.supervise()
    bench.psp.post("/_fake/deliver", json={}).raise_for_status()
    bench.until("SELECT count(*) FROM payment", int(len(some) * 0.85), 300)
    bench.postgres.execute("UPDATE payment_account SET polled_until = now() - interval '1 hour'")
    bench.until("SELECT count(*) FROM payment", len(some), 300)
    wall = time.perf_counter() - begun
    bench.until("SELECT -count(*)::int FROM provider_event_todo", 0, 300)
    events = bench.one("SELECT count(*) FROM provider_event")
    print(
        f"chaos: {len(some)} payments, {events} events kept, killed: {', '.join(killed)}; all booked after {wall:.0f} s"
    )
    compare(bench, some)


def kill(bench: Bench, name: str) -> None:
    if name == "postgres":
        os.kill(network.stat(bench.postgres.info.backend_pid)[1], signal.SIGKILL)
        time.sleep(1)
        bench.server.start()
        bench.postgres = _connect(bench.at.admin)
        return
    bench.children[name].kill()
    bench.children[name].wait()
    bench.start(name)


def compare(bench: Bench, some: list[str]) -> None:
    """The books against what was paid: each once, on its invoice, everybody online."""
    wrong = {
        "payments missing or twice": bench.one("SELECT count(*) FROM charge c WHERE c.txid = ANY (%s) AND"
            " (SELECT count(*) FROM payment p WHERE p.charge_id = c.id) <> 1", some),
        "principal not settled": bench.one("SELECT count(*) FROM charge c JOIN invoice_line l ON l.invoice_id = c.invoice_id"
            " WHERE c.txid = ANY (%s) AND l.amount <> (SELECT sum(a.amount) FROM allocation a WHERE a.line_id = l.id)", some),
        "money not where it was put": bench.one("SELECT count(*) FROM payment p WHERE p.amount <>"
            " coalesce((SELECT sum(CASE part WHEN 'discount' THEN -amount ELSE amount END) FROM allocation a WHERE a.payment_id = p.id), 0)"
            " + coalesce((SELECT sum(amount) FROM credit_entry e WHERE e.payment_id = p.id), 0)"),
        "still walled": bench.one("SELECT count(*) FROM charge c JOIN invoice i ON i.id = c.invoice_id JOIN contract_access a"
            " ON a.contract_id = i.contract_id WHERE c.txid = ANY (%s) AND a.access <> 'full'", some),
        "money of nobody": bench.one("SELECT count(*) FROM unidentified_payment"),
    }  # fmt: skip
    for what, count in wrong.items():
        print(f"    {what}: {count} {'' if count == 0 else 'WRONG'}")
    if any(wrong.values()):
        raise SystemExit(1)


# -- the stage ----------------------------------------------------------------------------------------------------


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


@contextmanager
def stage(contracts: int, *, durable: bool) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="religa-money-")))
        folder.chmod(0o711)
        server = wiring.embedded_postgres(folder=folder / "postgres", durable=durable)
        at = stack.enter_context(database.running(server))
        stack.enter_context(database._used(at.app))
        (folder / "peer").mkdir()
        port, _ = stack.enter_context(network.peer(folder / "peer"))
        postgres = _connect(at.admin)
        begun = time.perf_counter()
        for statement in BUILD.split(";\n"):
            text = statement.replace("%(n)s", str(contracts)).replace("%(port)s", str(port))
            text = text.replace("%(routers)s", "10").replace("%(secret)s", network.SECRET).replace("%%", "%")
            postgres.execute(text)
        postgres.execute("VACUUM ANALYZE")
        web, bank = free_port(18765), free_port(18790)
        root, page = f"http://127.0.0.1:{bank}", f"http://127.0.0.1:{web}"
        _account(root)
        print(
            f"{contracts} walled contracts with live sessions, built in {time.perf_counter() - begun:.0f} s\n"
        )
        bench = Bench(server, at, postgres, httpx.Client(base_url=root, timeout=30), page, {})
        environment = {"RELIGA_SECRET_KEY": "of-this-benchmark-alone" * 3, "RELIGA_DEMO_BANK": root}
        religa = [sys.executable, "-m", "religa.entrypoints.commands.main"]
        bench.commands = {
            "psp": ([*religa, "fake-psp", "--port", str(bank), "--key", KEY], environment),
            "web": ([sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error", "--host",
                     "127.0.0.1", "--port", str(web), "--blocking-threads", "4", "religa.project.wsgi:application"],
                    environment | {"RELIGA_DB_POOL": "4"}),
            "collector": ([*religa, "collect", "--demo-address", page], environment),
            "reconciler": ([*religa, "reconcile"], environment | {"RELIGA_NETWORK_URL": at.network}),
        }  # fmt: skip
        for name in ("psp", "web"):
            bench.start(name)
        for address in (f"{root}/_fake/deliveries", f"{page}/entrar/"):
            _wait_for(address)
        for name in ("collector", "reconciler"):
            bench.start(name)
        time.sleep(6)
        try:
            yield bench
        finally:
            for child in bench.children.values():
                child.terminate()
            for child in bench.children.values():
                child.wait(20)
            bench.postgres.close()


def _account(root: str) -> None:
    os.environ["RELIGA_SECRET_KEY"] = "of-this-benchmark-alone" * 3
    from django.conf import settings

    from religa.entrypoints.commands import demo_bank
    from religa.records import locks
    from religa.records.models import Provider

    settings.SECRET_KEY, settings.DEMO_BANK = os.environ["RELIGA_SECRET_KEY"], root
    Provider.objects.update(pix_key=KEY)
    demo_bank.account(Provider.objects.get(), locks.database_now())


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--payments", type=int, default=10_000)
    parser.add_argument("--contracts", type=int, default=20_000)
    parser.add_argument("--only", default="charges,steady,question,burst")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with stage(asked.contracts, durable="chaos" in asked.only) as bench:
        for what in asked.only.split(","):
            globals()[what](bench, asked.payments)


if __name__ == "__main__":
    main()
