"""`religa dossier`: everything that is kept about a contract as files, and whether such a file is as it was made."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from religa.actions import compare_dossier, make_dossier
from religa.actions.compare_dossier import Compared, Unknown
from religa.entrypoints.commands import database, home
from religa.entrypoints.common import dossier_pdf
from religa.records import dossiers, locks
from religa.records.dossiers import Document, Sound, Unsound
from religa.records.queries.naming import contract_named


class _ContractFirst(click.Group):
    """`religa dossier 1001` is `religa dossier make 1001`: what is no sub-command is a contract."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and not (set(args) & set(ctx.help_option_names)):
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(
    "dossier", cls=_ContractFirst, short_help="Everything about a contract as PDF and JSON, and its check."
)
def dossier() -> None:
    """Make a dossier of a contract (`religa dossier CONTRACT --pdf --json --reason ...`), or check one."""


@dossier.command(short_help="Make a dossier of a contract.")
@click.argument("contract")
@click.option("--pdf", is_flag=True, help="As a paper.")
@click.option("--json", "as_json", is_flag=True, help="As data, which can be verified.")
@click.option("--reason", required=True, help="What it is for; is kept with your name.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=".", help="Folder to write to."
)
def make(contract: str, pdf: bool, as_json: bool, reason: str, out: Path) -> None:
    """Write everything that is kept about CONTRACT (its number, or a network log-in). Without --pdf or --json: both."""
    if not reason.strip():
        raise click.ClickException("Say what the dossier is for: --reason.")
    with database.provided():
        found = contract_named(contract)
        if found is None:
            raise click.ClickException(f"There is no contract or network log-in {contract!r}.")
        who = f"{getpass.getuser()} (command line)"
        document = make_dossier.make(
            contract_id=found, who=who, reason=reason.strip(), at=locks.database_now()
        )
    out.mkdir(parents=True, exist_ok=True)
    forms: list[tuple[bool, str, Callable[[Document], bytes]]] = [
        (pdf, "pdf", dossier_pdf.drawn),
        (as_json, "json", dossiers.written),
    ]
    for wanted, suffix, form in forms:
        if wanted or not (pdf or as_json):
            click.echo(_keep(out / f"{dossier_pdf.file_name(document)}.{suffix}", form(document)))
    click.echo(f"SHA-256 {document['digests']['whole']}")


def _keep(path: Path, content: bytes) -> Path:
    """Personal data: for the owner's eyes alone."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    return path


@dossier.command(short_help="Whether a dossier (JSON) is as it was made.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--offline", is_flag=True, help="Ask no database.")
@click.option("--key", default="", help="The public key that must have signed it, in hexadecimal.")
def verify(file: Path, offline: bool, key: str) -> None:
    """Recompute digests, signature and chain of FILE; compare it with the database, where this installation has one.

    Ends with 1 if anything does not fit.
    """
    content = file.read_bytes()
    found = dossiers.check(content)
    if isinstance(found, Unsound):
        for fault in found.faults:
            click.echo(fault, err=True)
        sys.exit(1)
    for line in _said(found):
        click.echo(line)
    fits = _is_the_key(found, key)
    if not offline and _has_database():
        fits = _compared(json.loads(content)) and fits
    sys.exit(0 if fits else 1)


def _said(found: Sound) -> list[str]:
    erased = f", the content of {found.chain.erased} withheld or erased" if found.chain.erased else ""
    whose = "a key of this installation" if found.is_ours else "NOT a key of this installation"
    return [
        f"Unchanged since it was signed: {found.entries} entries, SHA-256 {found.whole}.",
        f"Chain of access changes: intact, {found.chain.changes} changes{erased}.",
        f"Signed with {found.public_key}: {whose}.",
    ]


def _is_the_key(found: Sound, wanted: str) -> bool:
    """Anybody can sign with some key: it must be the one that was asked for, or ours."""
    wanted = re.sub(r"[^0-9a-f]", "", wanted.lower())
    if wanted and found.public_key != wanted:
        click.echo("It was not signed with the key that you named.", err=True)
        return False
    if not wanted and not found.is_ours:
        click.echo("Name the key that you trust (--key), as the provider gave it to you.", err=True)
        return False
    return True


def _has_database() -> bool:
    return bool(os.environ.get("DATABASE_URL")) or (home.folder() / "postgres").is_dir()


def _compared(document: dict[str, Any]) -> bool:
    with database.provided() if not os.environ.get("DATABASE_URL") else nullcontext():
        answer = compare_dossier.compare(document)
    if isinstance(answer, Unknown):
        click.echo("The database of this installation does not know this contract: nothing to compare.")
        return True
    return _said_of(answer)


def _said_of(answer: Compared) -> bool:
    if answer.left_at is None:
        click.echo("No dossier with this SHA-256 ever left from this installation.", err=True)
    else:
        click.echo(f"It left from this installation at {answer.left_at:%Y-%m-%d %H:%M:%S %Z}.")
    for name, count in answer.changed.items():
        if name not in answer.contradicted:
            click.echo(f"Since then {count} of its {name.replace('_', ' ')} went on, or were erased in time.")
    for name in answer.contradicted:
        click.echo(f"The database CONTRADICTS it: {name.replace('_', ' ')}.", err=True)
    return answer.agrees


@dossier.command("key", short_help="The public key by which this installation's dossiers are known.")
def key() -> None:
    """Print the public key (Ed25519, hexadecimal). Hand it to whoever will have to verify a dossier."""
    click.echo(dossiers.public_key())
