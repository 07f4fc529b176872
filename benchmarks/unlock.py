#!/usr/bin/env python3
"""From the tap on "Liberar em confiança" to the router's acknowledgement: the block page by HTTP, 20 unlocks a second.

    .venv/bin/python benchmarks/unlock.py [--unlocks 600] [--rate 20] [--contracts 20000] [--profile]

Everything on this machine, each its own process: PostgreSQL (the wheel's, fsync off), the web server (granian), the
reconciler, and FreeRADIUS as the router that acknowledges. Every contract is walled for one late invoice and has a live
session; each unlock is another home's, which reads its page first, as people do. `--profile`: no network, one process,
where the time of the POST goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import platform
import pstats
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import httpx
import money
import network
import psycopg

from religa import wiring
from religa.entrypoints.commands import database
from religa.entrypoints.commands.run.ports import free_port

DOCUMENT = "11144477735"
PROXY = "127.0.0.1"
ENVIRONMENT = {
    "RELIGA_SECRET_KEY": "of-this-benchmark-alone" * 3,
    "RELIGA_TRUSTED_PROXIES": PROXY,
    "RELIGA_DB_POOL": "4",
}
_FORM = re.compile(r'action="/bloqueio/liberar/[^>]*><input type="hidden" name="ficha" value="([^"]+)"')


@dataclass
class Bench:
    at: database.Addresses
    postgres: psycopg.Connection
    web: httpx.Client

    def homes(self, count: int) -> list[tuple[int, str]]:
        """Contracts that are walled, with the address of their session."""
        query = """
            SELECT s.contract_id, host(s.framed_ipv4) FROM session_live s JOIN contract_access a USING (contract_id)
             WHERE a.access = 'walled' ORDER BY 1 LIMIT %s
        """
        return self.postgres.execute(query, [count]).fetchall()


def token(web: httpx.Client, address: str) -> str:
    page = web.get("/bloqueio/", headers={"x-forwarded-for": address})
    return _FORM.search(page.raise_for_status().text)[1]


def unlock(web: httpx.Client, address: str, ficha: str) -> float:
    """Milliseconds until the answer is there."""
    begun = time.perf_counter()
    fields = {"ficha": ficha, "prova": DOCUMENT[-4:]}
    answer = web.post("/bloqueio/liberar/", data=fields, headers={"x-forwarded-for": address})
    if answer.status_code != 303:
        raise SystemExit(f"{answer.status_code}: {answer.text[:2000]}")
    return (time.perf_counter() - begun) * 1000


def steady(bench: Bench, unlocks: int, rate: float) -> None:
    """Each at its own instant, whatever became of the one before."""
    homes = bench.homes(unlocks + 40)
    tokens = {address: token(bench.web, address) for _, address in homes}
    for _, address in homes[:40]:  # plans, pools and caches are as in the middle of a day
        unlock(bench.web, address, tokens[address])
    homes = homes[40:]
    posted, took = {}, []

    def one(contract: int, address: str) -> None:
        posted[contract] = time.time()
        took.append(unlock(bench.web, address, tokens[address]))

    begun = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        waiting = []
        for n, (contract, address) in enumerate(homes):
            time.sleep(max(0.0, begun + n / rate - time.perf_counter()))
            waiting.append(pool.submit(one, contract, address))
        for each in waiting:
            each.result()
    _wait(bench, len(homes), list(posted))
    said(bench, posted, sorted(took), rate)


def _wait(bench: Bench, count: int, contracts: list[int]) -> None:
    query = (
        "SELECT count(DISTINCT contract_id) FROM coa_log WHERE outcome = 'applied' AND contract_id = ANY (%s)"
    )
    for _ in range(1200):
        if bench.postgres.execute(query, [contracts]).fetchone()[0] >= count:
            return
        time.sleep(0.05)
    raise SystemExit("not all sessions were acknowledged within a minute")


def said(bench: Bench, posted: dict[int, float], took: list[float], rate: float) -> None:
    """`coa_log.at` is when the acknowledgement was kept, a little after it came: the figure is the longer of the two."""
    rows = bench.postgres.execute(
        "SELECT l.contract_id, extract(epoch FROM l.at), extract(epoch FROM t.granted_at), l.took_ms FROM coa_log l"
        " JOIN trust_unlock t USING (contract_id) WHERE l.outcome = 'applied' AND l.contract_id = ANY (%s)",
        [list(posted)],
    ).fetchall()
    waits = sorted((float(kept) - posted[contract]) * 1000 for contract, kept, _, _ in rows)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"{len(waits)} unlocks at {rate:g}/s, POST sent to acknowledgement kept: p50 {p50:.1f} ms, p99 {p99:.1f} ms,"
          f" most {waits[-1]:.1f} ms; goal p99 50 ms {network.said(p99 <= 50)}")  # fmt: skip
    middle = [
        sorted(found)[len(rows) // 2]
        for found in (
            [(float(granted) - posted[c]) * 1000 for c, _, granted, _ in rows],
            [(float(kept) - float(granted)) * 1000 for _, kept, granted, _ in rows],
            [float(router) for *_, router in rows],
        )
    ]
    print(f"    half of them: {middle[0]:.1f} ms until the request was looked at, {middle[1]:.1f} ms from there (proof,"
          f" decision, commit, push), of which the router {middle[2]:.1f} ms")  # fmt: skip
    print(f"    the answer to the POST: p50 {took[len(took) // 2]:.1f} ms, p99 {took[int(len(took) * 0.99)]:.1f} ms",
          flush=True)  # fmt: skip


def profile(bench: Bench, unlocks: int) -> None:
    """The same POST through Django's own test client: functions by the time that is spent in them."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.TRUSTED_PROXIES, settings.ALLOWED_HOSTS = [ip_network(PROXY)], ["testserver"]
    client = Client()

    def post(address: str, ficha: str) -> None:
        fields = {"ficha": ficha, "prova": DOCUMENT[-4:]}
        answer = client.post("/bloqueio/liberar/", fields, headers={"x-forwarded-for": address})
        assert answer.status_code == 303, answer.content[:2000]

    homes = [address for _, address in bench.homes(unlocks + 20)]
    pages = {a: client.get("/bloqueio/", headers={"x-forwarded-for": a}).content.decode() for a in homes}
    tokens = {address: _FORM.search(page)[1] for address, page in pages.items()}
    for address in homes[:20]:
        post(address, tokens[address])
    begun = time.perf_counter()
    half = homes[20 : 20 + unlocks // 2]
    for address in half:
        post(address, tokens[address])
    each = (time.perf_counter() - begun) / len(half) * 1000
    print(f"{each:.1f} ms each in one process, without a web server or a reconciler")
    profiler = cProfile.Profile()
    with CaptureQueriesContext(connection) as asked:
        profiler.enable()
        for address in homes[20 + unlocks // 2 :]:
            post(address, tokens[address])
        profiler.disable()
    print(f"{len(asked) / (len(homes) - 20 - unlocks // 2):.1f} statements of the ORM each")
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


# -- the stage ----------------------------------------------------------------------------------------------------


@contextmanager
def stage(contracts: int, *, alone: bool) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="religa-unlock-")))
        folder.chmod(0o711)
        server = wiring.embedded_postgres(folder=folder / "postgres", durable=False)
        at = stack.enter_context(database.running(server))
        stack.enter_context(database._used(at.app))
        (folder / "peer").mkdir()
        port, _ = stack.enter_context(network.peer(folder / "peer"))
        postgres = stack.enter_context(psycopg.connect(at.admin, autocommit=True))
        _build(postgres, contracts, port)
        address = f"http://127.0.0.1:{free_port(18766)}"
        web = stack.enter_context(httpx.Client(base_url=address, timeout=30))
        if not alone:
            for command, environment in _processes(address, at):
                child = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT, **environment})
                stack.callback(_end, child)
            money._wait_for(f"{address}/entrar/")
            time.sleep(6)  # the reconciler has read its routers
        yield Bench(at, postgres, web)


def _build(postgres: psycopg.Connection, contracts: int, port: int) -> None:
    begun = time.perf_counter()
    for statement in money.BUILD.split(";\n"):
        text = statement.replace("%(n)s", str(contracts)).replace("%(port)s", str(port))
        text = text.replace("%(routers)s", "10").replace("%(secret)s", network.SECRET).replace("%%", "%")
        postgres.execute(text)
    postgres.execute("VACUUM ANALYZE")
    print(f"{contracts} walled contracts with live sessions, built in {time.perf_counter() - begun:.0f} s\n")


def _processes(address: str, at: database.Addresses) -> list[tuple[list[str], dict[str, str]]]:
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error", "--host",
           "127.0.0.1", "--port", address.rpartition(":")[2], "--blocking-threads", "4",
           "religa.project.wsgi:application"]  # fmt: skip
    reconciler = [sys.executable, "-m", "religa.entrypoints.commands.main", "reconcile"]
    return [(web, {}), (reconciler, {"RELIGA_NETWORK_URL": at.network})]


def _end(child: subprocess.Popen) -> None:
    child.terminate()
    child.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--unlocks", type=int, default=600)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--contracts", type=int, default=20_000)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with stage(asked.contracts, alone=asked.profile) as bench:
        if asked.profile:
            profile(bench, asked.unlocks)
        else:
            steady(bench, asked.unlocks, asked.rate)


if __name__ == "__main__":
    main()
