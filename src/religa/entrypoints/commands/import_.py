"""`religa import`: another system's CSV files. A dry run unless `--apply` is said. docs/operators/import.md"""

from __future__ import annotations

import csv
import getpass
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from religa.actions.importing import columns, rows, run, words
from religa.actions.importing.columns import Kind
from religa.actions.importing.cutover import CutOver, Outlook
from religa.actions.importing.problems import Problem, What
from religa.actions.importing.run import Asked, Outcome, Report, Source
from religa.domain.documents import InvalidDocument, parse
from religa.entrypoints.commands import import_words
from religa.entrypoints.commands.import_words import Texts
from religa.entrypoints.commands.progress import Bar
from religa.records import locks

_SHOWN = 50  # problems printed on the screen; --errors writes all that were kept


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER | FILE | KIND=FILE ...")
@click.option("--apply", is_flag=True, help="Write. Without it everything is only tried out and taken back.")
@click.option(
    "--complete", is_flag=True, help="The invoices file holds every open invoice: cancel those it lacks."
)
@click.option("--provider", metavar="CNPJ", help="Whose files, if there are several providers.")
@click.option(
    "--cutover",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write who would open and who would stay blocked to this CSV file.",
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the errors to this CSV file.",
)
@click.option(
    "--hold-share",
    type=click.FloatRange(0, 100),
    default=run.HOLD_SHARE,
    show_default=True,
    help="Percent of contracts that may be led to a block before first blocks wait for a person.",
)
@click.option(
    "--cancel-share",
    type=click.FloatRange(0, 100),
    default=run.CANCEL_SHARE,
    show_default=True,
    help="Percent of open invoices that --complete may cancel.",
)
@click.option(
    "--lang", type=click.Choice(words.LANGUAGES), default="pt", show_default=True, help="Of the report."
)
def command(
    paths: tuple[str, ...],
    apply: bool,
    complete: bool,
    provider: str | None,
    cutover: Path | None,
    errors: Path | None,
    hold_share: float,
    cancel_share: float,
    lang: str,
) -> None:
    """Bring subscribers, contracts, log-ins, invoices, payments, agreements, notices, blocks, trust and holds from CSV.

    Files are recognised by their names (faturas.csv, invoices.csv, ...); KIND=FILE says it for any other name. All
    files are written, or nothing is. The same files twice change nothing.
    """  # fmt: skip
    text = import_words.TEXTS[lang]
    bar = Bar(text.steps)
    asked = Asked(apply, complete, _bare(provider), getpass_user(), hold_share, cancel_share)
    try:
        with ExitStack() as files:
            sources = [
                Source(path.name, kind, files.enter_context(path.open("rb")))
                for kind, path in _found(paths, lang)
            ]
            report = run.import_files(sources, asked=asked, at=locks.database_now(), progress=bar)
    except run.AnotherImport:
        raise click.ClickException(text.another) from None
    finally:
        bar.over()
    _print(report, text, lang)
    if errors is not None:
        _write_errors(errors, report, lang)
    if cutover is not None:
        _write_cut_over(cutover, report.cut_over, text, lang)
    if report.outcome is Outcome.REFUSED:
        raise SystemExit(1)


def getpass_user() -> str:
    """Who calls, for the record; a container may have no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"


def _bare(cnpj: str | None) -> str | None:
    try:
        return None if cnpj is None else parse(cnpj).digits
    except InvalidDocument as refused:
        raise click.BadParameter(str(refused), param_hint="--provider") from None


# -- which files ------------------------------------------------------------------------------------------------------


def _found(paths: Sequence[str], lang: str) -> list[tuple[Kind, Path]]:
    """Every file to import, in the order of writing."""
    found: list[tuple[Kind, Path]] = []
    for given in paths:
        named, _, path = given.partition("=")
        if path and (kind := rows.kind_of(named)) is not None:
            found.append((kind, _existing(path)))
        elif Path(given).is_dir():
            found += _in_folder(Path(given))
        else:
            found.append((_kind(_existing(given), lang), Path(given)))
    if not found:
        raise click.UsageError(import_words.TEXTS[lang].no_files)
    return sorted(found, key=lambda pair: list(Kind).index(pair[0]))


def _in_folder(folder: Path) -> list[tuple[Kind, Path]]:
    """The CSV files of a folder that have one of our names; others are no business of ours."""
    files = sorted(p for p in folder.iterdir() if p.suffix.lower() in (".csv", ".txt") and p.is_file())
    return [(kind, path) for path in files if (kind := rows.kind_of(path.name)) is not None]


def _existing(path: str) -> Path:
    if not Path(path).is_file():
        raise click.UsageError(f"{path}: no such file")
    return Path(path)


def _kind(path: Path, lang: str) -> Kind:
    kind = rows.kind_of(path.name)
    if kind is None:
        names = ", ".join(f"{names[0]}.csv" for names in columns.FILE_NAMES.values())
        raise click.UsageError(words.said(Problem(What.UNKNOWN_FILE, path.name, more=names), lang))
    return kind


# -- what is said -----------------------------------------------------------------------------------------------------


def _print(report: Report, text: Texts, lang: str) -> None:
    for kind in Kind:
        if kind in report.names:
            click.echo(_file_line(kind, report, text))
    for problem in report.problems.in_order()[:_SHOWN]:
        click.echo(f"{text.error if problem.is_error else text.note}: {words.said(problem, lang)}")
    for line in _more_of_the_same(report, text):
        click.echo(line)
    if report.outcome is Outcome.REFUSED:
        click.echo(text.refused.format(report.problems.errors))
        return
    click.echo(text.touched.format(report.touched, report.risky, report.contracts))
    if report.held:
        click.echo(text.held)
    for line in _cut_over_lines(report.cut_over, text):
        click.echo(line)
    click.echo(text.applied.format(report.batch) if report.outcome is Outcome.APPLIED else text.trial)
    if report.money_found:
        click.echo(text.found.format(report.money_found))


def _file_line(kind: Kind, report: Report, text: Texts) -> str:
    name = report.names[kind]
    dialect = report.dialects.get(name)
    how = (
        f"{dialect.encoding}, {text.delimiters.get(dialect.delimiter, dialect.delimiter)}" if dialect else ""
    )
    counted = report.counts.get(kind)
    if counted is None:
        return f"{name} ({how})"
    figures = (counted.rows, counted.new, counted.changed, counted.unchanged, counted.cancelled)
    return f"{name} ({how}): {text.counts.format(*figures)}"


def _more_of_the_same(report: Report, text: Texts) -> list[str]:
    shown = report.problems.in_order()[:_SHOWN]
    left = sum(report.problems.counted.values()) - len(shown)
    return [text.more.format(left)] if left > 0 else []


def _cut_over_lines(cut_over: CutOver, text: Texts) -> list[str]:
    lines = [text.cut_over.format(len(cut_over.opens), len(cut_over.stays), len(cut_over.block_due))]
    for title, outlooks in ((text.opens, cut_over.opens), (text.stays, cut_over.stays)):
        for why, count in _by_reason(outlooks, text):
            lines.append(f"  {title}: {count} x {why}")
    return lines


def _by_reason(outlooks: Sequence[Outlook], text: Texts) -> list[tuple[str, int]]:
    counted: dict[str, int] = {}
    for outlook in outlooks:
        why = text.why(outlook.why)
        counted[why] = counted.get(why, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])


def _write_errors(path: Path, report: Report, lang: str) -> None:
    """Cells begin with a quote mark where a spreadsheet would take them for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(import_words.TEXTS[lang].error_columns)
        for p in report.problems.in_order():
            writer.writerow(
                map(
                    _harmless,
                    (p.file, str(p.line or ""), p.column, p.value, words.reason(p.what, p.more, lang)),
                )
            )


def _write_cut_over(path: Path, cut_over: CutOver, text: Texts, lang: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(text.cut_over_columns)
        for outlook in cut_over.everyone():
            until = f"{outlook.until:%Y-%m-%d %H:%M %Z}" if outlook.until else ""
            row = (outlook.contract, text.before(outlook), text.after(outlook), text.why(outlook.why), until)
            writer.writerow(map(_harmless, row))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell
