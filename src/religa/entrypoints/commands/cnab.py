"""`religa cnab`: return files of banks (CNAB 240 and 400). docs/operators/bank-files.md"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from religa import wiring
from religa.actions.money import import_file
from religa.actions.money.file_accounts import NoAccount
from religa.actions.money.import_file import AlreadyRead, Imported, Outcome
from religa.domain.money import format_reais
from religa.entrypoints.commands import database, whose
from religa.entrypoints.commands.progress import Bar
from religa.ports.bank_files import BankFile, BankRecord, FileHeader, FileRefused, Movement, Note
from religa.records import locks
from religa.records.models import Provider


@click.group()
def cnab() -> None:
    """Return files (retorno de cobrança) of banks: CNAB 240 and 400."""


@cnab.command("show")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, amounts in reais as text.")
def show(path: Path, as_json: bool) -> None:
    """Say what stands in a return file, without writing anything; no database is needed.

    Bank and layout are known by what stands in the file, never by its name. A file with a problem is refused as a
    whole: its problems go to standard error, and the exit code is 2.
    """
    read = wiring.bank_files().read(_octets(path))
    if isinstance(read, FileRefused):
        _say_why_not(path, read)
        sys.exit(2)
    for note in read.notes:
        click.echo(f"{path.name}: {_note(note)}", err=True)
    if as_json:
        click.echo(json.dumps(_as_json(read), ensure_ascii=False, indent=2))
    else:
        _print(read)


# -- into the books ---------------------------------------------------------------------------------------------------

_LARGE = 5_000  # records from which a second process is worth its start


@cnab.command("import")
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--provider", metavar="CNPJ", help="Whose files, if there are several providers.")
def import_(paths: Sequence[Path], provider: str | None) -> None:
    """Bring return files into the books: settlements are credited, each record once.

    The account is the one that the file's header names. The same file again changes nothing; one whose import was
    stopped goes on where it was. A file that cannot be read whole is refused whole, and the others are read.

    Exit code 0: every file is in the books. 1: records were set aside for a person. 2: a file was refused.
    """
    context = click.get_current_context()
    try:
        context.with_resource(database.provided())
    except RuntimeError as problem:
        raise click.ClickException(str(problem)) from problem
    of = whose.provider_named(provider)
    with ExitStack() as stack:
        told = [_import_one(path, of, stack) for path in paths]
    _print_table(_RESULTS, [row for row, _ in told], _COUNTS)
    sys.exit(max(code for _, code in told))


_RESULTS = (
    "file",
    "account",
    "records",
    "credited",
    "in reais",
    "seen before",
    "unidentified",
    "noted",
    "set aside",
)
_COUNTS = frozenset(_RESULTS[2:])


def _import_one(path: Path, of: Provider, stack: ExitStack) -> tuple[tuple[str, ...], int]:
    read = wiring.bank_files().read(_octets(path))
    if isinstance(read, FileRefused):
        _say_why_not(path, read)
        return _refused(path), 2
    bar = Bar({})
    bar.step("", path.name, len(read.records))
    done = import_file.import_file(
        read,
        provider_id=of.pk,
        name=path.name,
        author=getpass.getuser(),
        at=locks.database_now(),
        advance=bar.advance,
        pool=stack.enter_context(_helpers()) if len(read.records) >= _LARGE else None,
    )
    bar.over()
    return _told(path, done)


def _helpers() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(2, get_context("spawn"), database.set_up_django)


def _told(path: Path, done: Outcome) -> tuple[tuple[str, ...], int]:
    if isinstance(done, NoAccount):
        click.echo(f"{path.name} is refused: {_no_account(done)}", err=True)
        return _refused(path), 2
    if isinstance(done, AlreadyRead):
        file = done.file
        when = f"{file.received_at:%Y-%m-%d %H:%M} UTC"
        click.echo(
            f"{path.name}: already read on {when}, by {file.author or 'nobody'}, as {file.name}.", err=True
        )
        return (path.name, "already read", *["-"] * 7), 0
    for note in _notes(done):
        click.echo(f"{path.name}: {note}", err=True)
    counts = (done.seen_before, done.unidentified, done.noted, done.failed)
    credited = _reais(done.paid.get("credited", 0))
    row = (path.name, done.account, str(done.records), str(done.credited), credited, *map(str, counts))
    return row, 1 if done.failed else 0


def _refused(path: Path) -> tuple[str, ...]:
    return (path.name, "refused", *["-"] * 7)


def _notes(done: Imported) -> Iterator[str]:
    if done.resumed:
        yield "its import had been begun before, and went on"
    if done.assumed:
        yield f"its header names no account; {done.account} is the bank's only one here"
    for note in done.notes:
        yield _note(note)
    for failure in done.failures:
        yield f"line {failure.line} is set aside: {failure.why}"


_WHY_NOT = {
    "no_account": "there is no account here that is fed by files of this bank",
    "other_account": "it is of an account that is not here",
    "several": "several accounts of this bank would do",
    "not_ours": "another system reports the payments of this account",
}


def _no_account(done: NoAccount) -> str:
    said = {"agency": done.header.agency, "account": done.header.account, "covenant": done.header.convenio}
    header = ", ".join(f"{name} {value}" for name, value in said.items() if value) or "names no account"
    here = f"; here: {', '.join(done.names)}" if done.names else ""
    return f"{_WHY_NOT[done.why]} (bank {done.bank}, header: {header}{here})"


# -- what stands in a file --------------------------------------------------------------------------------------------


def _note(note: Note) -> str:
    return f"line {note.line}: {note.words}" if note.line else note.words


def _octets(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise click.UsageError(f"{path} cannot be read: {problem.strerror}") from problem


def _say_why_not(path: Path, refused: FileRefused) -> None:
    click.echo(f"{path.name} is refused: {refused.words}", err=True)
    for problem in refused.problems:
        click.echo(f"  {problem}", err=True)
    if refused.more:
        click.echo(f"  ... and {refused.more} more", err=True)


# -- as JSON ----------------------------------------------------------------------------------------------------------


def _as_json(file: BankFile) -> dict[str, Any]:
    return {
        "bank": file.bank,
        "layout": file.layout,
        "header": _header_as_json(file.header),
        "records": [_record_as_json(record) for record in file.records],
    }


def _header_as_json(header: FileHeader) -> dict[str, str | None]:
    return {
        "agency": header.agency,
        "account": header.account,
        "convenio": header.convenio,
        "company_document": header.company_document,
        "generated_on": _iso(header.generated_on),
        "sequence": header.sequence,
    }


_AMOUNTS = ("amount_title", "amount_paid", "amount_net", "fee", "interest_and_fine", "discount")


def _record_as_json(record: BankRecord) -> dict[str, Any]:
    return {
        "line": record.line,
        "nosso_numero": record.nosso_numero,
        "occurrence": record.occurrence,
        "is_payment": record.is_payment,
        **{name: _plain(getattr(record, name)) for name in _AMOUNTS},
        "paid_on": _iso(record.paid_on),
        "credited_on": _iso(record.credited_on),
    }


def _plain(centavos: int) -> str:
    return f"{centavos // 100}.{centavos % 100:02d}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# -- for people -------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "line",
    "nosso número",
    "occurrence",
    "title",
    "paid",
    "credited",
    "fee",
    "paid on",
    "credited on",
)
_RIGHT = frozenset({"line", "title", "paid", "credited", "fee"})


def _print(file: BankFile) -> None:
    header = file.header
    click.echo(f"{file.bank} {file.bank_name}, {file.layout}, of {_iso(header.generated_on) or 'no day'}")
    for name, value in _header_as_json(header).items():
        if value and name != "generated_on":
            click.echo(f"  {name.replace('_', ' '):<17} {value}")
    click.echo()
    _print_table(_COLUMNS, [_row(record) for record in file.records], _RIGHT)
    click.echo()
    _print_sums(file)


def _row(record: BankRecord) -> tuple[str, ...]:
    return (
        str(record.line),
        record.nosso_numero,
        f"{_MARKS[record.movement]} {record.occurrence} {record.occurrence_words}".rstrip(),
        *(
            _reais(value)
            for value in (record.amount_title, record.amount_paid, record.amount_net, record.fee)
        ),
        _iso(record.paid_on) or "-",
        _iso(record.credited_on) or "-",
    )


_MARKS = {Movement.PAYMENT: "*", Movement.REVERSAL: "!", Movement.OTHER: " "}


def _print_table(columns: Sequence[str], body: Sequence[Sequence[str]], right: frozenset[str]) -> None:
    rows = [columns, *body]
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    for row in rows:
        cells = zip(columns, row, widths, strict=True)
        line = (cell.rjust(width) if name in right else cell.ljust(width) for name, cell, width in cells)
        click.echo("  ".join(line).rstrip())


def _print_sums(file: BankFile) -> None:
    payments = [record for record in file.records if record.is_payment]
    reversals = sum(record.movement is Movement.REVERSAL for record in file.records)
    click.echo(f"{len(file.records)} titles, {len(payments)} of them payments (*):")
    for name, values in (
        ("paid", (record.amount_paid for record in payments)),
        ("credited", (record.amount_net for record in payments)),
        ("fees", (record.fee for record in payments)),
    ):
        click.echo(f"  {name:<9} {_reais(sum(values)):>16}")
    if reversals:
        click.echo(f"{reversals} take a payment back (!): look at each.")
    _print_ignored(file.ignored)


def _print_ignored(ignored: Iterable[tuple[str, int]]) -> None:
    if said := ", ".join(f"{number} of {kind}" for kind, number in ignored):
        click.echo(f"Records that say nothing of a title's money: {said}.")


def _reais(centavos: int) -> str:
    return format_reais(centavos).replace("\N{NO-BREAK SPACE}", " ")
