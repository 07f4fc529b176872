"""`religa bounces`: what mail servers send back, read from a pipe, a file, an mbox or a maildir."""

from __future__ import annotations

import mailbox
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from django.db import OperationalError

from religa import wiring
from religa.actions.messages import receipts
from religa.ports.messages import Receipt
from religa.records import locks, secrets

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and calls again


@click.command("bounces")
@click.argument("source", type=click.Path(exists=True, allow_dash=True))
@click.option("--recipient", default="", help="To whom the mail was delivered, as the mail server says.")
def command(source: str, recipient: str) -> None:
    """Learns from mails that came back which messages did not arrive.

    SOURCE is - (one mail on standard input), a file with one mail, an mbox, or a maildir. Nothing is removed.
    """
    try:
        found = _read(source, recipient)
        learnt = receipts.learn([r for r in found if r is not None], at=locks.database_now())
    except OperationalError as why:
        click.echo(f"The database does not answer: {type(why).__name__}", err=True)
        sys.exit(TRY_AGAIN)
    if source != "-":
        read = sum(r is not None for r in found)
        click.echo(f"{len(found)} mails, {read} about messages of ours, {learnt} known.")


def _read(source: str, recipient: str) -> list[Receipt | None]:
    reading: Any = wiring.bounces()
    keys, at = secrets.marks(), locks.database_now()
    found = []
    for octets in _mails(source, reading.LONGEST):
        said = reading.read_bounce(octets, keys=keys, at=at, recipient=recipient)
        found.append(said.receipt if isinstance(said, reading.Bounced) else None)
    return found


def _mails(source: str, longest: int) -> Iterator[bytes]:
    if source == "-":
        yield sys.stdin.buffer.read(longest)
        return
    path = Path(source)
    if path.is_dir():
        yield from _all(mailbox.Maildir(path, create=False))
        return
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if is_mbox:
        yield from _all(mailbox.mbox(path, create=False))
        return
    with path.open("rb") as file:
        yield file.read(longest)


def _all(box: Any) -> Iterator[bytes]:
    for key in box.iterkeys():
        yield box.get_bytes(key)
