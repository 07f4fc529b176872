#!/usr/bin/env python3
"""How quickly the network obeys: restores, blocks, a dead router among ten, single payments, and the question behind it.

    .venv/bin/python benchmarks/network.py [--sessions 100000] [--only restores,blocks,dead,latency,drift]

A throw-away PostgreSQL (the wheel's, fsync off unless --durable), the reconciler as its own process, and routers that
acknowledge: one FreeRADIUS as CoA server (an independent peer), on as many loopback addresses as there are routers. All
on this machine. CPU is what the kernel counted: the reconciler's, PostgreSQL's backends', and the peer's apart from them.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from religa.adapters.freeradius import programs
from religa.entrypoints.commands import database

SECRET = "a secret of the benchmark"
TICKS = os.sysconf("SC_CLK_TCK")
PEER = """
prefix = /usr
libdir = /usr/lib/freeradius
run_dir = {folder}
logdir = {folder}
name = peer
max_requests = 65536
log {{
    destination = stdout
}}
client us {{
    ipaddr = 127.0.0.0/8
    secret = "{secret}"
}}
thread pool {{
    start_servers = 2
    max_servers = 2
}}
modules {{
    always ok {{
        rcode = ok
    }}
}}
server peer {{
    listen {{
        type = coa
        ipaddr = *
        port = {port}
        virtual_server = peer
    }}
    recv-coa {{
        ok
    }}
    send-coa {{
        ok
    }}
}}
"""
BUILD = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_at, first_run_approved_by)
VALUES ('Provedor', '', '11222333000181', 'Rua 1', 'America/Fortaleza', 'CE', '2304400', '[]', '', '', '', '', '',
        '2020-01-01', 'benchmark');
INSERT INTO plan (provider_id, external_id, name, price, down_kbps, up_kbps)
SELECT id, 'p', '600 Mega', 9990, 600000, 300000 FROM provider;
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT (SELECT id FROM provider), n, 'person', '11144477735', 'Pessoa ' || n, '', 'pt-br' FROM generate_series(1, %(n)s) n;
INSERT INTO contract (provider_id, subscriber_id, plan_id, external_id, segment, since, address, city, uf, ibge_code,
                      rgc_exempt, terminated_by)
SELECT provider_id, id, (SELECT id FROM plan), external_id, 'home', '2024-01-10', '', '', 'CE', '2304400', false, ''
  FROM subscriber;
INSERT INTO access_record (contract_id, username, enabled, pool, ipv6_prefix_pool, ipv6_pd_pool, extra_replies)
SELECT id, 'user' || id, true, '', '', '', '[]' FROM contract;
INSERT INTO nas (provider_id, name, address, vendor, identifier, enabled, coa_port, coa_window, settings)
SELECT (SELECT id FROM provider), 'bng' || n, ('127.0.1.' || n)::inet, 'mikrotik', '', true, %(port)s, 64, '{}'
  FROM generate_series(1, %(routers)s) n;
INSERT INTO radius_secret.nas_secret SELECT id, '%(secret)s' FROM nas;
INSERT INTO session_live (unique_id, session_id, username, contract_id, nas_id, nas_address, nas_port, calling_station,
                          called_station, framed_ipv4, applied_state, applied_at, started_at, updated_at, octets_in, octets_out)
SELECT 'u' || c.id, to_hex(c.id), 'user' || c.id, c.id, n.id, host(n.address)::inet, '', '', '',
       '100.64.0.0'::inet + c.id, 'full', now(), now() - interval '1 hour', now(), 0, 0
  FROM contract c JOIN nas n ON n.id = (SELECT min(id) FROM nas) + c.id %% %(routers)s;
UPDATE contract_access SET next_look_at = NULL;
-- As in a provider's life: 6 in a hundred walled, 2 trusted, and their sessions so.
UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked' WHERE contract_id %% 100 < 6;
UPDATE contract_access SET status = 'trusted', until = date_trunc('second', now()) + interval '2 days', access_then = 'walled'
 WHERE contract_id %% 100 IN (6, 7);
UPDATE session_live s SET applied_state = a.access, applied_until = a.until
  FROM contract_access a WHERE a.contract_id = s.contract_id
"""


@dataclass
class Bench:
    postgres: psycopg.Connection
    reconciler: int
    peer: int

    def cpu(self) -> tuple[float, float, float]:
        """CPU seconds of reconciler, PostgreSQL and peer since they began."""
        postmaster = stat(self.postgres.info.backend_pid)[1]
        servers = sum(
            stat(int(p.name))[0]
            for p in Path("/proc").iterdir()
            if p.name.isdigit() and (stat(int(p.name))[1] == postmaster or int(p.name) == postmaster)
        )
        return stat(self.reconciler)[0], servers, stat(self.peer)[0]

    def change(self, where: str, access: str) -> list[int]:
        """In one transaction: rows as evaluation writes them, and the NOTIFY with their contracts (or without)."""
        status = {"walled": "blocked", "full": "current"}[access]
        with self.postgres.transaction():
            rows = self.postgres.execute(
                f"UPDATE contract_access SET access = '{access}', access_then = '{access}', status = '{status}',"
                f" until = NULL, changed_at = clock_timestamp() WHERE {where} RETURNING contract_id"
            ).fetchall()
            names = ",".join(str(contract) for (contract,) in rows)
            self.postgres.execute(
                "SELECT pg_notify('religa_access', %s)", [names if len(names) < 7900 else ""]
            )
        return [contract for (contract,) in rows]

    def kept(self) -> int:
        (found,) = self.postgres.execute("SELECT coalesce(max(id), 0) FROM coa_log").fetchone()
        return found

    def until_kept(self, since: int, count: int, where: str = "true") -> float:
        """Waits until so many acknowledgements are kept (with their session, in one statement); the instant."""
        query = f"SELECT count(*) FROM coa_log WHERE id > {since} AND outcome = 'applied' AND {where}"
        while self.postgres.execute(query).fetchone()[0] < count:
            time.sleep(0.02)
        return time.perf_counter()


def stat(pid: int) -> tuple[float, int]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[1])


def measured(
    bench: Bench, title: str, commit: Callable[[], int], wait: Callable[[int], float]
) -> tuple[float, float]:
    """From the commit to the last acknowledgement that is kept: wall seconds, and CPU of reconciler and database."""
    count = commit()
    before, begun = bench.cpu(), time.perf_counter()
    wall = wait(count) - begun
    own, servers, peer = (b - a for a, b in zip(before, bench.cpu(), strict=True))
    print(
        f"{title:58} {wall:6.2f} s wall, {own:5.2f} s reconciler + {servers:5.2f} s database = {own + servers:5.2f} s"
        f" CPU ({peer:.2f} s peer); {count / wall:6.0f}/s, {(own + servers) / count * 1000:.3f} ms each",
        flush=True,
    )
    return wall, own + servers


# -- what is measured ---------------------------------------------------------------------------------------------


def restores(bench: Bench) -> None:
    """5,000 that are walled, restored in one commit: acknowledged and recorded. The same again backwards, five times."""
    some = "contract_id % 100 < 6 AND contract_id <= 83400"
    found = []
    for _ in range(5):
        since = bench.kept()
        found.append(measured(bench, "5,004 restores committed together, acknowledged, kept",
                              lambda: len(bench.change(some, "full")), lambda n, s=since: bench.until_kept(s, n)))  # fmt: skip
        since = bench.kept()
        bench.until_kept(since, len(bench.change(some, "walled")))
        time.sleep(1)
    wall, cpu = statistics.median(w for w, _ in found), statistics.median(c for _, c in found)
    print(f"    goals, by the median: 1 s {said(wall <= 1)} ({wall:.2f} s); 5,000/s {said(5004 / wall >= 5000)}"
          f" ({5004 / wall:.0f}/s); 0.2 ms each {said(cpu / 5004 <= 0.0002)} ({cpu / 5.004:.3f} ms)")  # fmt: skip


def blocks(bench: Bench) -> None:
    """10,000 with live sessions, as the guard opens them: in batches of 500, each its own commit."""
    ids = [
        c for (c,) in bench.postgres.execute(
            "SELECT contract_id FROM contract_access WHERE contract_id % 100 BETWEEN 20 AND 29 ORDER BY 1 LIMIT 10000"
        )
    ]  # fmt: skip
    since = bench.kept()

    def wait(count: int) -> float:
        for n in range(0, len(ids), 500):
            bench.change(f"contract_id IN ({','.join(map(str, ids[n : n + 500]))})", "walled")
        return bench.until_kept(since, count)

    wall, cpu = measured(
        bench, f"{len(ids)} blocks in batches of 500, acknowledged, kept", lambda: len(ids), wait
    )
    print(f"    goals: 10 s {said(wall <= 10)} (aim 6 {said(wall <= 6)}); 6 CPU s {said(cpu <= 6)}"
          f" (aim 4 {said(cpu <= 4)})")  # fmt: skip


def dead(bench: Bench) -> None:
    """Some 900 on each of ten routers, all alive or one silent: how long do the nine take? A wrong secret stands for
    death: nothing distinguishes them."""
    part = "contract_id % 100 BETWEEN 40 AND 49"
    (last,) = bench.postgres.execute("SELECT max(id) FROM nas").fetchone()
    (count,) = bench.postgres.execute(
        f"SELECT count(*) FROM session_live WHERE {part} AND nas_id <> {last}"
    ).fetchone()
    walls: list[tuple[bool, float]] = []
    for n in range(6):
        silent, wanted = n >= 4, "walled" if n % 2 == 0 else "full"
        secret = "another one" if silent else SECRET
        bench.postgres.execute(
            "UPDATE radius_secret.nas_secret SET secret = %s WHERE nas_id = %s", [secret, last]
        )
        time.sleep(12)  # the reconciler reads its routers every ten seconds
        bench.postgres.execute(
            "UPDATE session_live SET push_after = NULL, push_tries = 0 WHERE push_tries > 0"
        )
        time.sleep(3)
        since = bench.kept()
        begun = time.perf_counter()
        bench.change(part, wanted)
        walls.append((silent, bench.until_kept(since, count, f"nas_id <> {last}") - begun))
    alive, with_dead = (statistics.median(w for s, w in walls if s is which) for which in (False, True))
    runs = ", ".join(f"{w:.2f}" + (" dead" if s else "") for s, w in walls)
    print(f"nine routers of ten, {count} sessions: {alive:.2f} s with all alive, {with_dead:.2f} s with one dead"
          f" ({with_dead / alive - 1:+.0%}; runs {runs}); goal 5 % {said(with_dead <= 1.05 * alive)}")  # fmt: skip


def latency(bench: Bench) -> None:
    """Single changes at 200/s for 20 s: from the commit to the acknowledgement that the reconciler kept."""
    ids = [
        c for (c,) in bench.postgres.execute(
            "SELECT contract_id FROM contract_access WHERE contract_id % 100 BETWEEN 60 AND 69 ORDER BY 1 LIMIT 4000"
        )
    ]  # fmt: skip
    random.Random(1).shuffle(ids)
    committed: dict[int, float] = {}
    since = bench.kept()

    def wait(count: int) -> float:
        begun = time.perf_counter()
        for n, contract in enumerate(ids):
            time.sleep(max(0.0, begun + n / 200 - time.perf_counter()))
            bench.change(f"contract_id = {contract}", "walled")
            committed[contract] = time.time()
        return bench.until_kept(since, count)

    measured(bench, f"{len(ids)} single changes at 200/s", lambda: len(ids), wait)
    rows = bench.postgres.execute(
        "SELECT l.contract_id, extract(epoch FROM l.at), l.took_ms FROM coa_log l WHERE l.contract_id = ANY (%s)"
        " AND l.wanted = 'walled' AND l.outcome = 'applied'", [ids],
    ).fetchall()  # fmt: skip
    # `at` is when it was kept, a little after the acknowledgement: the figure is the longer of the two.
    waits = sorted((float(kept) - committed[contract]) * 1000 for contract, kept, _ in rows)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"    commit to kept acknowledgement: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {waits[-1]:.1f} ms;"
          f" the router's part p50 {statistics.median(t for *_, t in rows):.1f} ms; goal p99 20 ms {said(p99 <= 20)}")  # fmt: skip


def drift(bench: Bench) -> None:
    """The question itself, with nothing to do and with 1,000 sessions that disagree."""
    bench.postgres.execute("VACUUM ANALYZE session_live, contract_access")
    for title in ("nothing disagrees", "1,000 sessions disagree"):
        for whole in (False, True):
            took = []
            for _ in range(5):
                begun = time.perf_counter()
                found = bench.postgres.execute(
                    "SELECT * FROM radius.drifting('{}', %s, 50000)", [whole]
                ).fetchall()
                took.append((time.perf_counter() - begun) * 1000)
            print(f"{title}: {'every session' if whole else 'what can disagree'} looked at in"
                  f" {statistics.median(took):.0f} ms ({len(found)} rows)")  # fmt: skip
        bench.postgres.execute("UPDATE nas SET shadow = true")
        bench.postgres.execute(
            "UPDATE contract_access SET access = 'walled', access_then = 'walled', status = 'blocked'"
            " WHERE contract_id IN (SELECT contract_id FROM contract_access WHERE access = 'full' LIMIT 1000)"
        )


def said(reached: bool) -> str:
    return "reached" if reached else "MISSED"


# -- the stage ----------------------------------------------------------------------------------------------------


@contextmanager
def peer(folder: Path) -> Iterator[tuple[int, int]]:
    port = 13799
    (folder / "radiusd.conf").write_text(PEER.format(folder=folder, secret=SECRET, port=port))
    (folder / "dictionary").write_text("$INCLUDE /usr/share/freeradius/dictionary\n")
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [programs.find().server, "-d", str(folder), "-f", "-l", "stdout"], stdout=out, stderr=out
        )
    while "Ready to process requests" not in log.read_text():
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


@contextmanager
def stage(sessions: int, routers: int) -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="religa-network-") as name,
        database.thrown_away() as at,
        peer(Path(name)) as (
            port,
            peer_pid,
        ),
    ):
        postgres = psycopg.connect(at.admin, autocommit=True)
        begun = time.perf_counter()
        for statement in BUILD.split(";\n"):
            text = statement.replace("%(n)s", str(sessions)).replace("%(port)s", str(port))
            text = text.replace("%(routers)s", str(routers)).replace("%(secret)s", SECRET).replace("%%", "%")
            postgres.execute(text)
        postgres.execute("VACUUM ANALYZE")
        print(
            f"{sessions} live sessions on {routers} routers, built in {time.perf_counter() - begun:.0f} s\n"
        )
        command = [sys.executable, "-m", "religa.entrypoints.commands.main", "reconcile"]
        process = subprocess.Popen(command, env={**os.environ, "RELIGA_NETWORK_URL": at.network})
        time.sleep(5)
        yield Bench(postgres, process.pid, peer_pid)
        process.terminate()
        process.wait()
        postgres.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--routers", type=int, default=10)
    parser.add_argument("--only", default="restores,blocks,latency,dead,drift")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with stage(asked.sessions, asked.routers) as bench:
        for what in asked.only.split(","):
            globals()[what](bench)


if __name__ == "__main__":
    main()
