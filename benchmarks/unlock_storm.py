"""2,000 requests for a trust unlock of one contract at the same instant: exactly one is granted.

    .venv/bin/python benchmarks/unlock_storm.py [--requests 2000] [--at-once 64]

First through the action, each with a key of its own, from as many threads as there are connections; then over real HTTP:
the portal's form on the production server (granian, two processes), one subscriber logged in, each request with a key of
its own. The portal takes 20 requests an hour for a contract and answers the others 429 before anything is asked. A
throw-away PostgreSQL (the wheel's, fsync off). Ends with an error if not exactly one was granted.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import platform
import re
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
os.environ["RELIGA_SECRET_KEY"] = secrets.token_hex(32)

from religa.entrypoints.commands import database
from religa.entrypoints.commands.run.ports import free_port


def storm(count: int, at_once: int, ask: Callable[[Any], str], tool: Callable[[], Any]) -> None:
    """Lets `at_once` threads share `count` requests and prints what they were answered. `tool`: one for each thread."""
    start, answers, times = threading.Barrier(at_once + 1), [], []
    left = iter(range(count))
    lock = threading.Lock()

    def work() -> None:
        mine = tool()
        start.wait()
        while True:
            with lock:
                if next(left, None) is None:
                    return
            began = time.perf_counter()
            answers.append(ask(mine))
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    cuts = statistics.quantiles(times, n=100)
    told = ", ".join(f"{many} {what}" for what, many in sorted(Counter(answers).items()))
    print(f"    {count} in {took:.1f} s, {count / took:.0f}/s: {told}")
    print(f"    answered after p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms, with {at_once} waiting at once")


def blocked_contract(number: int) -> Any:
    import people
    from religa.records import locks, models

    now = locks.database_now()
    of = models.Provider.objects.first() or people.provider(now)
    made = people.blocked(of, now, name=f"Pessoa {number}", number=number)
    people.play(now)
    return made


def granted(contract: int) -> int:
    from religa.records import raw

    return int(raw.rows("SELECT count(*) FROM trust_unlock WHERE contract_id = %s", [contract])[0][0])


def through_the_action(count: int, at_once: int) -> int:
    from religa.actions import unlock_on_trust
    from religa.actions.unlock_on_trust import Unlocked
    from religa.domain.facts import Channel, UnlockKind
    from religa.domain.trust import Request
    from religa.records import locks

    contract = blocked_contract(2001).pk
    at = locks.database_now()

    def ask(_: object) -> str:
        request = Request(UnlockKind.PROMISE, Channel.API)
        given = unlock_on_trust.unlock(
            contract_id=contract, request=request, at=at, key=secrets.token_hex(16)
        )
        return "granted" if isinstance(given, Unlocked) else "refused: " + ",".join(given.refusal.whys)

    print("the action")
    storm(count, at_once, ask, lambda: None)
    return granted(contract)


def over_http(count: int, at_once: int) -> int:
    from religa.actions import portal_sessions
    from religa.entrypoints.portal import visitor
    from religa.records import locks

    contract = blocked_contract(2002)
    cookie = portal_sessions.begin(
        subscriber_id=contract.subscriber_id, proof="code", device="other", stays=visitor.STAYS,
        at=locks.database_now(),
    )  # fmt: skip
    path = f"/contrato/{contract.pk}/liberar/"
    with served() as port:
        token, cookies = _form(port, path, f"{visitor.COOKIE}={cookie}")
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}

        def ask(connection: http.client.HTTPConnection) -> str:
            form = {"csrfmiddlewaretoken": token, "chave": secrets.token_hex(16), "como": "promessa"}
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
            return {302: "taken", 429: "too often"}.get(answer.status, f"status {answer.status}")

        print("the portal's form over HTTP")
        storm(count, at_once, ask, lambda: http.client.HTTPConnection("127.0.0.1", port, timeout=120))
    return granted(contract.pk)


def _form(port: int, path: str, cookie: str) -> tuple[str, str]:
    """The form's token, and the cookies that go with it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    page = answer.read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    kept = re.search(r"csrftoken=(\w+)", answer.getheader("Set-Cookie") or "")
    assert found and kept, f"{answer.status}: no form"
    return found[1], f"{cookie}; csrftoken={kept[1]}"


@contextlib.contextmanager
def served() -> Iterator[int]:
    port = free_port(8791, host="127.0.0.1")
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--log-level",
        "error",
        "--workers",
        "2",
    ]
    command += [
        "--blocking-threads",
        "8",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "religa.project.wsgi:application",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=64)
    chosen = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with database.thrown_away():
        for way in (through_the_action, over_http):
            number = way(chosen.requests, chosen.at_once)
            print(f"    trust unlocks in the database: {number}")
            if number != 1:
                sys.exit("not exactly one")


if __name__ == "__main__":
    main()
