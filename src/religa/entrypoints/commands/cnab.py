"""`religa cnab`: return files of banks (CNAB 240 and 400). docs/operators/bank-files.md"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from religa import wiring
from religa.domain.money import format_reais
from religa.ports.bank_files import BankFile, BankRecord, FileHeader, FileRefused, Movement


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
        click.echo(f"{path.name}: {f'line {note.line}: ' if note.line else ''}{note.words}", err=True)
    if as_json:
        click.echo(json.dumps(_as_json(read), ensure_ascii=False, indent=2))
    else:
        _print(read)


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
    _print_table([_COLUMNS, *(_row(record) for record in file.records)])
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


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
    for row in rows:
        cells = zip(_COLUMNS, row, widths, strict=True)
        line = (cell.rjust(width) if name in _RIGHT else cell.ljust(width) for name, cell, width in cells)
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
