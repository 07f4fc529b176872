"""How many subscribers' main pages a second, and how long each takes, as the number of contracts grows.

    .venv/bin/python benchmarks/portal.py [--contracts 100000] [--seconds 20] [--visitors 2000] [--workers 2]

A throw-away PostgreSQL (the wheel's, fsync off) and granian as `religa run` starts it, on this machine, together with
the generator of the load: a process of its own that holds connections open and reads whole answers. Half of the
visitors are blocked, a quarter late, a quarter up to date; each request is of another visitor. First every connection
asks again as soon as it is answered (saturated); then requests come at a fixed rate, and their time counts from the
instant at which they were due, so that waiting in line is not hidden.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import selectors
import socket
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from religa.entrypoints.commands import database
from religa.entrypoints.commands.run import children
from religa.entrypoints.commands.run.ports import free_port

BUILD = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_at, first_run_approved_by)
VALUES ('Ponte Fibra Telecomunicações Ltda', 'Ponte Fibra', '11222333000181', 'Rua 1', 'America/Fortaleza', 'CE', '2304400',
        '[{"number": "0800 591 0000", "hours": "24 horas, todos os dias"}]', 'oi@ponte.example', '', 'Ponte Fibra', '',
        '', '2020-01-01', 'benchmark');
INSERT INTO plan (provider_id, external_id, name, price, down_kbps, up_kbps)
SELECT id, 'P1', 'Fibra 500 Mega', 9990, 500000, 250000 FROM provider;
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT (SELECT id FROM provider), n, 'person', lpad(n::text, 11, '0'), 'Pessoa ' || n, 'p' || n || '@example.org',
       'pt-br' FROM generate_series(1, {n}) n;
INSERT INTO contract (provider_id, subscriber_id, plan_id, external_id, segment, since, address, city, uf, ibge_code,
                      rgc_exempt, terminated_by)
SELECT s.provider_id, s.id, (SELECT id FROM plan), s.external_id, 'home', current_date - 700, 'Rua ' || s.id, '', 'CE',
       '2304400', false, '' FROM subscriber s;
INSERT INTO invoice (provider_id, contract_id, subscriber_id, external_id, reference, issued_at, due_date, fine_pct,
                     interest_pct_month, spared, at_rest, fiscal_document)
SELECT provider_id, id, subscriber_id, external_id, to_char(now(), 'YYYY-MM'), now() - interval '50 days',
       current_date - CASE id % 4 WHEN 0 THEN -9 WHEN 1 THEN 5 ELSE 40 END, 200, 100, false, false, '' FROM contract;
INSERT INTO invoice_line (invoice_id, contract_id, position, amount, suspendable, shared, description)
SELECT id, contract_id, 0, 9990, true, false, '' FROM invoice;
INSERT INTO notice (contract_id, kind, sent_at, opens_at, automatic, author, invoice_count)
SELECT contract_id, kind, now() - days * interval '1 day', now() - interval '15 days', true, '', 1
  FROM invoice, (VALUES ('debt_notice', 35), ('block_warning', 13)) k(kind, days) WHERE due_date < current_date - 9;
INSERT INTO notice_invoice (notice_id, invoice_id, position)
SELECT n.id, i.id, 0 FROM notice n JOIN invoice i ON i.contract_id = n.contract_id;
INSERT INTO delivery_event (notice_id, at, evidence, detail) SELECT id, sent_at, 'delivered', '' FROM notice;
INSERT INTO suspension (contract_id, opened_at, late_at_opening, imported, author)
SELECT contract_id, now() - interval '10 days', 9990, false, '' FROM invoice WHERE due_date < current_date - 9;
INSERT INTO suspension_invoice (suspension_id, invoice_id, position)
SELECT s.id, i.id, 0 FROM suspension s JOIN invoice i ON i.contract_id = s.contract_id;
UPDATE contract_access a SET next_look_at = now() + interval '1 day',
       access = CASE WHEN contract_id % 4 > 1 THEN 'walled' ELSE 'full' END,
       access_then = CASE WHEN contract_id % 4 > 1 THEN 'walled' ELSE 'full' END,
       status = CASE contract_id % 4 WHEN 0 THEN 'current' WHEN 1 THEN 'late' ELSE 'blocked' END,
       why = CASE contract_id % 4 WHEN 0 THEN 'nothing_late' ELSE 'debt' END
"""
VISIT = """
INSERT INTO portal_session (subscriber_id, digest, since, seen_at, ends_at, device, proof)
SELECT c.subscriber_id, %s, now(), now(), now() + interval '2 hours', 'android', 'code' FROM contract c WHERE c.id = %s
"""


@dataclass
class Load:
    """What came of some requests: times in seconds, answers that were not the page, bytes."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    size: int = 0

    def said(self) -> str:
        ordered = sorted(self.times)
        at = {p: ordered[min(len(ordered) - 1, int(len(ordered) * p / 100))] * 1000 for p in (50, 95, 99)}
        return (
            f"{len(ordered) / self.seconds:7.1f} requests/s   p50 {at[50]:6.1f}  p95 {at[95]:6.1f}  p99 {at[99]:6.1f} ms"
            f"   longest {ordered[-1] * 1000:.0f} ms   {self.wrong} wrong   {self.size // max(1, len(ordered))} bytes each"
        )


class Connection:
    """One open connection: a request at a time, its answer read to the end by Content-Length or its last chunk."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.due = 0.0
        self.heard = bytearray()

    def ask(self, request: bytes, due: float) -> None:
        self.due, self.heard = due, bytearray()
        self.socket.sendall(request)

    def listen(self) -> bool:
        """Reads what there is; whether the answer is whole."""
        self.heard += self.socket.recv(65536)
        head, mark, body = bytes(self.heard).partition(b"\r\n\r\n")
        if not mark:
            return False
        length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        return len(body) >= int(length[0].split(b":")[1]) if length else body.endswith(b"0\r\n\r\n")

    def is_the_page(self) -> bool:
        """Whether the answer is a 200 that says how the contract stands; of a compressed one only its head is read."""
        head, _, body = bytes(self.heard).partition(b"\r\n\r\n")
        said = b"content-encoding: gzip" in head.lower() or b'<h1 id="agora">' in body
        return head.startswith(b"HTTP/1.1 200") and said


def load(port: int, requests: list[bytes], *, seconds: float, connections: int, rate: float | None) -> Load:
    """`rate` None: as fast as the connections are answered; else that many a second, evenly."""
    ready, made = selectors.DefaultSelector(), [Connection(port) for _ in range(connections)]
    free, said, sent = deque(made), Load(), 0
    for one in made:
        ready.register(one.socket, selectors.EVENT_READ, one)
    begun = now = time.perf_counter()
    while now - begun < seconds or len(free) < connections:
        while free and now - begun < seconds and (rate is None or begun + sent / rate <= now):
            due = now if rate is None else begun + sent / rate
            free.popleft().ask(requests[sent % len(requests)], due)
            sent += 1
        patience = 0.05 if rate is None else min(0.05, max(0.0, begun + sent / rate - now))
        for key, _ in ready.select(patience):
            if key.data.listen():
                said.times.append(time.perf_counter() - key.data.due)
                said.wrong += not key.data.is_the_page()
                said.size += len(key.data.heard)
                free.append(key.data)
        now = time.perf_counter()
    said.seconds = now - begun
    for one in made:
        one.socket.close()
    return said


def requests_of(visitors: list[tuple[str, int]], gzip: bool) -> list[bytes]:
    more = "Accept-Encoding: gzip\r\n" if gzip else ""
    return [
        f"GET /contrato/{contract}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}Cookie: religa_portal={key}\r\n\r\n".encode()
        for key, contract in visitors
    ]


def build(postgres: psycopg.Connection, contracts: int) -> None:
    for statement in BUILD.split(";\n"):
        postgres.execute(statement.replace("{n}", str(contracts)))
    postgres.execute("VACUUM ANALYZE")


def visitors(postgres: psycopg.Connection, contracts: int, count: int) -> list[tuple[str, int]]:
    """Sessions of contracts all over the table, the same ones in each run of a size."""
    chosen = random.Random(5).sample(range(1, contracts + 1), min(count, contracts))
    keys = [(f"visitor-{contract:036}", contract) for contract in chosen]
    for key, contract in keys:
        postgres.execute(VISIT, [hashlib.sha256(key.encode()).digest(), contract])
    postgres.execute("VACUUM ANALYZE portal_session")
    return keys


@contextmanager
def web(workers: int | None) -> Iterator[tuple[int, int]]:
    """granian as `religa run` starts it; its port and process."""
    port = free_port(18765)
    child = children.web(children.Places(web_host="127.0.0.1", web_port=port, radius_port=None))
    command = list(child.command)
    if workers:
        command += ["--workers", str(workers)]
    environment = {**os.environ, **child.environment, "RELIGA_SECRET_KEY": "of-this-benchmark-alone" * 3}
    running = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(port)


def cpu(pid: int) -> float:
    """CPU seconds of a process and its children, also of those that live."""
    ticks, found = os.sysconf("SC_CLK_TCK"), 0.0
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(place.name) == pid or int(fields[1]) == pid:
                found += (int(fields[11]) + int(fields[12])) / ticks
    return found


def measure(asked: argparse.Namespace, port: int, pid: int, postmaster: int, requests: list[bytes]) -> None:
    load(port, requests, seconds=3, connections=16, rate=None)  # plans, templates and pages get warm
    before, ours, theirs = time.process_time(), cpu(pid), cpu(postmaster)
    saturated = load(port, requests, seconds=asked.seconds, connections=16, rate=None)
    count = len(saturated.times)
    each = [(cpu(pid) - ours), (cpu(postmaster) - theirs), (time.process_time() - before)]
    print(f"saturated   {saturated.said()}")
    web_ms, database_ms, load_ms = (seconds / count * 1000 for seconds in each)
    print(
        f"CPU each    {web_ms:.2f} ms web, {database_ms:.2f} ms database, {load_ms:.2f} ms generator of the load"
    )
    print(
        f"{asked.rate:3.0f} a second {load(port, requests, seconds=asked.seconds, connections=64, rate=asked.rate).said()}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contracts", type=int, default=100_000)
    parser.add_argument("--visitors", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--workers", type=int, help="other than what `religa run` takes")
    parser.add_argument("--gzip", action="store_true", help="ask for compressed pages, as browsers do")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with database.thrown_away() as addresses, psycopg.connect(addresses.admin, autocommit=True) as postgres:
        begun = time.perf_counter()
        build(postgres, asked.contracts)
        requests = requests_of(visitors(postgres, asked.contracts, asked.visitors), asked.gzip)
        print(f"{asked.contracts} contracts, built in {time.perf_counter() - begun:.0f} s")
        backend = postgres.info.backend_pid
        postmaster = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
        with web(asked.workers) as (port, pid):
            measure(asked, port, pid, postmaster, requests)


if __name__ == "__main__":
    main()
