"""100,000 debt notices: rendered, queued, sent to a mail sink and an HTTP sink, and the sender killed in the middle.

    .venv/bin/python benchmarks/notices.py [--notices 100000] [--pace 200] [--paced 4000] [--senders 1]

A throw-away PostgreSQL on this machine (the wheel's, fsync off), the sinks in a process of their own, the sender as
`religa send` runs it. Half of the subscribers are reached by e-mail, half by WhatsApp through a gateway over HTTP. The
sender is killed with SIGKILL when two fifths have arrived and started again. Every number is counted at the sinks, by our
own number of each message. Then `--paced` more are sent at `--pace` a second and channel.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from religa.entrypoints.commands import database

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)  # 09:00 in Fortaleza, a contact time
BUILD = """
INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                      enforcement_off_by, first_run_approved_at, first_run_approved_by)
SELECT 'Provedor', '', '11222333000181', 'Rua 1', 'America/Fortaleza', 'CE', '2304400', '[]', '', '', '', '', '',
       '2020-01-01', 'benchmark' WHERE NOT EXISTS (SELECT FROM provider);
INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
SELECT 1, n, 'person', '11144477735', 'Pessoa ' || n, CASE n % 2 WHEN 0 THEN 'p' || n || '@example.org' ELSE '' END,
       'pt-br' FROM generate_series(:first, :last) n;
INSERT INTO subscriber_phone (subscriber_id, position, number, whatsapp)
SELECT id, 1, 5585900000000 + external_id::bigint, true FROM subscriber
 WHERE email = '' AND external_id::int >= :first;
INSERT INTO contract (provider_id, subscriber_id, external_id, segment, since, address, city, uf, ibge_code, rgc_exempt,
                      terminated_by)
SELECT provider_id, id, external_id, 'home', '2024-01-10', '', '', 'CE', '2304400', false, ''
  FROM subscriber WHERE external_id::int >= :first;
INSERT INTO invoice (provider_id, contract_id, subscriber_id, external_id, reference, issued_at, due_date, fine_pct,
                     interest_pct_month, spared, at_rest, fiscal_document)
SELECT provider_id, id, subscriber_id, external_id, '2026-11', '2026-11-01 11:00+00', '2026-11-10', 200, 100, false,
       false, '' FROM contract WHERE external_id::int >= :first;
INSERT INTO invoice_line (invoice_id, contract_id, position, amount, suspendable, shared, description)
SELECT id, contract_id, 0, 9990, true, false, '' FROM invoice WHERE external_id::int >= :first;
UPDATE contract_access SET next_look_at = '2026-11-11 12:00+00'
  WHERE contract_id IN (SELECT id FROM contract WHERE external_id::int >= :first);
SELECT take_statistics()
"""


# -- the sinks ----------------------------------------------------------------------------------------------------------


class Sinks:
    """Takes mail (RFC 5321, as little as a client needs) and JSON posts, and counts them by our number."""

    def __init__(self) -> None:
        self.arrived = {"email": Counter[int](), "whatsapp": Counter[int]()}

    async def run(self) -> None:
        mail = await asyncio.start_server(self._mail, "127.0.0.1", 0)
        http = await asyncio.start_server(self._http, "127.0.0.1", 0)
        ports = [server.sockets[0].getsockname()[1] for server in (mail, http)]
        print(json.dumps(ports), flush=True)
        await asyncio.Event().wait()

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await _line(reader):
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                text = await reader.readuntil(b"\r\n.\r\n")
                found = re.search(rb"Message-ID: <[^>]*religa\.(\d+)[.@]", text, re.IGNORECASE)
                self.arrived["email"][int(found[1]) if found else 0] += 1
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                break
        writer.close()

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(length[1])) if length else b""
                answer = self._answer(head, body)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET"):
            return json.dumps({name: list(found.items()) for name, found in self.arrived.items()}).encode()
        number = int(json.loads(body)["id"])
        self.arrived["whatsapp"][number] += 1
        return b'{"id": "sink-%d"}' % number


async def _line(reader: asyncio.StreamReader) -> bytes:
    """Nothing where the other side is gone, however it went."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


def arrived(port: int) -> dict[str, Counter[int]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        return {name: Counter(dict(found)) for name, found in json.load(answer).items()}


# -- the sender ---------------------------------------------------------------------------------------------------------


def send(url: str, hour: float) -> None:
    """`religa send` in contact hours, until nothing is left."""
    os.environ |= {"DATABASE_URL": url}
    database.set_up_django()
    from religa.entrypoints.commands import send as command
    from religa.records import locks

    began = time.monotonic()
    locks.database_now = lambda: AT + timedelta(hours=hour, seconds=time.monotonic() - began)
    command.send.callback(once=True)


def sender(url: str, hour: float = 0.0) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, __file__, "--send", url, str(hour)])


def until(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(0.05)


# -- what is measured ---------------------------------------------------------------------------------------------------


def fill(first: int, last: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in BUILD.replace(":first", str(first)).replace(":last", str(last)).split(";\n"):
            cursor.execute(statement)


def open_channels(mail: int, http: int) -> None:
    """The provider's mail server and his gateway, which are the sinks; as fast as they take."""
    from religa.records.models import MessageChannel

    smtp = {"host": "127.0.0.1", "port": mail, "sender": "avisos@provedor.example"}
    gateway = {
        "url": f"http://127.0.0.1:{http}/", "headers": [], "body_kind": "json", "id_path": "id",
        "body": '{"id": "{{id}}", "to": "{{to}}", "text": "{{text}}"}',
    }  # fmt: skip
    for medium, kind, words in (("email", "smtp", smtp), ("whatsapp", "http_gateway", gateway)):
        MessageChannel.objects.create(
            provider_id=1,
            name=medium,
            medium=medium,
            kind=kind,
            settings=words,
            since=AT - timedelta(days=30),
        )


def queue(count: int) -> None:
    from religa.actions.sweep import sweep

    start, cpu = time.perf_counter(), time.process_time()
    swept = sweep(at=AT)
    took, used = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"{swept.notices} notices decided, rendered, queued   {took:7.1f} s, {used:6.1f} s CPU   {count / took:6.0f}/s"
    )


def states() -> dict[str, int]:
    from religa.records import raw

    return dict(raw.rows("SELECT state, count(*) FROM message GROUP BY 1 ORDER BY 1"))


def kill_in_the_middle(url: str, ports: list[int], count: int, senders: int) -> None:
    start = time.perf_counter()
    running = [sender(url) for _ in range(senders)]
    until(lambda: sum(map(len, arrived(ports[1]).values())) > count * 0.4)
    for one in running:
        one.kill()
        one.wait()
    first = time.perf_counter() - start
    before = sum(map(len, arrived(ports[1]).values()))
    print(
        f"{before} sent by {senders} process(es)              {first:7.1f} s   {before / first:6.0f}/s   then kill -9"
    )
    start = time.perf_counter()
    for one in [sender(url, 0.1) for _ in range(senders)]:
        one.wait()
    took, found = time.perf_counter() - start, arrived(ports[1])
    after = sum(map(len, found.values())) - before
    print(f"{after} sent after it started again   {took:7.1f} s   {after / took:6.0f}/s")
    report(found)


def report(found: dict[str, Counter[int]]) -> None:
    from religa.actions.messages.send import give_up_forgotten
    from religa.records import raw

    give_up_forgotten(at=AT + timedelta(hours=1))
    unknown = {key for (key,) in raw.rows("SELECT id FROM message WHERE state = 'unknown'")}
    every = Counter[int]()
    for one in found.values():
        every.update(one)
    twice = sum(times > 1 for times in every.values())
    proven = raw.rows("SELECT count(*) FROM delivery_event WHERE evidence = 'sent'")[0][0]
    print(f"at the sinks: {sum(every.values())} arrived, {len(every)} different, {twice} twice")
    print(f"in the books: {states()}, {proven} notices proven")
    print(f"unknown and never sent again: {len(unknown)}, of which {len(unknown & set(every))} had arrived")


def at_a_pace(url: str, ports: list[int], pace: int, count: int) -> None:
    from religa.records import pace as paces
    from religa.records import raw

    [(first,)] = raw.rows("SELECT max(external_id::int) + 1 FROM subscriber")
    before = sum(map(len, arrived(ports[1]).values()))
    fill(first, first + count - 1)
    queue(count)
    for channel in ("email", "whatsapp"):
        paces.set_pace(provider_id=1, channel=channel, per_second=Decimal(pace), at=AT)
    running = [sender(url, 0.2), sender(url, 0.2)]
    until(lambda: sum(map(len, arrived(ports[1]).values())) > before)
    start = time.perf_counter()
    for one in running:
        one.wait()
    took, after = time.perf_counter() - start, sum(map(len, arrived(ports[1]).values())) - before
    print(
        f"{after} at {pace}/s and channel by 2 processes   {took:5.1f} s   {after / took / 2:6.0f}/s and channel"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in {"notices": 100_000, "pace": 200, "paced": 4_000, "senders": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    sinks = subprocess.Popen([sys.executable, __file__, "--sinks"], stdout=subprocess.PIPE)
    assert sinks.stdout is not None
    ports = json.loads(sinks.stdout.readline())
    try:
        with database.thrown_away() as addresses:
            from django.db import connection

            url = os.environ.get("DATABASE_URL") or addresses.app
            fill(1, chosen.notices)
            open_channels(*ports)
            print(f"{os.cpu_count()} cores; {chosen.notices} late contracts; {connection.vendor}")
            queue(chosen.notices)
            kill_in_the_middle(url, ports, chosen.notices, chosen.senders)
            at_a_pace(url, ports, chosen.pace, chosen.paced)
    finally:
        sinks.kill()


if __name__ == "__main__":
    if "--sinks" in sys.argv:
        asyncio.run(Sinks().run())
    elif "--send" in sys.argv:
        _, _, address, begins = sys.argv
        send(address, float(begins))
    else:
        sys.path.insert(0, str(Path(__file__).parent))
        main()
