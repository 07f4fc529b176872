"""`religa fake-psp`: a PSP for the demo, benchmarks and developers. It moves no money."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path

import click

from religa import wiring


@click.command("fake-psp", hidden=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8790, show_default=True, help="0: one that is free.")
@click.option("--key", "keys", multiple=True, help="A Pix key of the receiver; may be given several times.")
@click.option("--payee", default="", help="The receiver's name.")
@click.option("--client-id", default="religa", show_default=True)
@click.option("--secret", default="segredo", show_default=True)
@click.option("--seed", help="Goes into every id.  [default: the moment of the start]")
@click.option(
    "--books",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that keeps charges and money from one run to the next.",
)
@click.option(
    "--specification",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="openapi.yaml of API Pix: requests are held against it (needs openapi-core).",
)
def fake_psp(
    host: str,
    port: int,
    keys: tuple[str, ...],
    payee: str,
    client_id: str,
    secret: str,
    seed: str | None,
    books: Path | None,
    specification: Path | None,
) -> None:
    """Serve a PSP that speaks API Pix and moves no money, until stopped. Without --books it forgets all then.

    docs/operators/fake-psp.md says how to pay charges and how to make it misbehave.
    """
    started = datetime.now(UTC)
    try:
        psp = wiring.fake_psp(
            years=range(started.year - 1, started.year + 3),
            payee=payee,
            host=host,
            port=port,
            client_id=client_id,
            secret=secret,
            seed=started.isoformat() if seed is None else seed,
            specification=specification,
            books=books,
            **({"keys": keys} if keys else {}),
        )
    except ValueError as unreadable:
        raise click.ClickException(str(unreadable)) from unreadable
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        psp.start()
    except OSError as taken:
        raise click.ClickException(f"Cannot listen on {host}:{port}: {taken.strerror or taken}") from taken
    click.echo(f"API Pix: {psp.url}  tokens: {psp.token_url}  key: {psp.ledger.keys[0]}")
    stopped.wait()
    psp.stop()
