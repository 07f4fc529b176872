"""How much the fake PSP itself costs: what a benchmark that uses it has to subtract.

    .venv/bin/python benchmarks/fake_psp.py

The server is a process on one core, the client one on another: bare sockets, so that the client is not what is measured.
Webhook calls go to a receiver of the same make.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from religa.adapters.fakes.psp import KEY, FakePsp, wire

CHARGES, ASKED, LINES = 1_000, 10_000, 4


def txid(number: int) -> str:
    return f"bench{number:027}"


def cobv() -> dict[str, Any]:
    late = {"multa": {"modalidade": 2, "valorPerc": "2.00"}, "juros": {"modalidade": 3, "valorPerc": "1.00"}}
    due = str(datetime.now(UTC).date() + timedelta(days=9))
    body = {"calendario": {"dataDeVencimento": due}, "valor": {"original": "99.90", **late}, "chave": KEY}
    return {**body, "devedor": {"cpf": "12345678909", "nome": "Ana Souza"}}


def serve(found: Any, stop: Any) -> None:
    os.sched_setaffinity(0, {0})
    with FakePsp() as psp:
        found.put((psp.root, psp.token_url))
        stop.wait()


@contextmanager
def server() -> Iterator[tuple[str, httpx.Client]]:
    found, stop = multiprocessing.Queue(), multiprocessing.Event()
    process = multiprocessing.Process(target=serve, args=(found, stop))
    process.start()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    root, token_url = found.get()
    with httpx.Client(base_url=root, verify=False) as client:
        grant = {"grant_type": "client_credentials"}
        token = client.post(token_url, data=grant, auth=("religa", "segredo")).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield root, client
    stop.set()
    process.join()


def ask(root: str, client: httpx.Client, path: str) -> float:
    """GETs a second over a few open connections."""
    host, _, port = root.removeprefix("http://").partition(":")
    head = f"Host: {host}\r\nAccept: */*\r\nUser-Agent: bench\r\nAuthorization: {client.headers['Authorization']}"
    question = f"GET /api{path} HTTP/1.1\r\n{head}\r\n\r\n".encode()
    lines = [socket.create_connection((host, int(port))) for _ in range(LINES)]
    start = time.perf_counter()
    for _ in range(ASKED // LINES):
        for line in lines:
            line.sendall(question)
        for line in lines:
            answer = line.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200 "), answer
    seconds = time.perf_counter() - start
    for line in lines:
        line.close()
    return ASKED / seconds


def called(client: httpx.Client) -> float:
    """Webhook calls a second, from one sender."""
    receiver = wire.Server(lambda _: wire.Answer(200))
    receiver.start()
    client.put(f"/api/webhook/{KEY}", json={"webhookUrl": f"http://127.0.0.1:{receiver.port}"})
    client.put("/_fake/mischief", json={"hold": True})
    for _ in range(CHARGES):
        client.post("/_fake/pay-key", json={"amount": 100, "txid": "static"})
    start = time.perf_counter()
    client.post("/_fake/deliver")
    while client.get("/_fake/deliveries").json()["waiting"]:
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    receiver.stop()
    return CHARGES / seconds


def main() -> None:
    with server() as (root, client):
        start = time.perf_counter()
        for number in range(CHARGES):
            client.put(f"/api/cobv/{txid(number)}", json=cobv()).raise_for_status()
        print(
            f"PUT /cobv/TXID     {CHARGES / (time.perf_counter() - start):6.0f} a second (httpx, one connection)"
        )
        id = client.post("/_fake/pay", json={"txid": txid(0)}).json()["id"]
        for name, path in (("cobv/TXID", f"/cobv/{txid(1)}"), ("pix/E2EID", f"/pix/{id}")):
            print(f"GET /{name:14}{ask(root, client, path):6.0f} a second ({LINES} connections)")
        print(f"webhook calls      {called(client):6.0f} a second (one sender)")


if __name__ == "__main__":
    main()
