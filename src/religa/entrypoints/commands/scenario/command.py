"""`religa scenario check FILE...`"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import click

from religa import wiring
from religa.domain.calendar import Calendars
from religa.domain.money import format_reais
from religa.entrypoints.commands.scenario.files import Scenario, read_file
from religa.entrypoints.commands.scenario.player import Difference, Stage, play
from religa.entrypoints.commands.scenario.pure_stage import PureStage
from religa.entrypoints.commands.scenario.yaml_lines import ScenarioError

StageFor = Callable[[Scenario, Calendars], AbstractContextManager[Stage]]

_MONEY = {"open", "owed", "pay_now"}


@click.group()
def scenario() -> None:
    """Policy and facts in, decisions out: run scenario files (docs/scenarios.md)."""


@scenario.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--through-database", is_flag=True, help="Play them through the real actions; both must agree.")
@click.option("--quiet", "-q", is_flag=True, help="Say only what differs.")
def check(files: tuple[Path, ...], through_database: bool, quiet: bool) -> None:
    """Play scenario files and say what differs; exit code 1 if anything does."""
    failed = passed = 0
    with _stages(through_database) as stage_for:
        for path in _each_file(files):
            good, bad = _check_file(path, stage_for, quiet)
            passed, failed = passed + good, failed + bad
    click.echo(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def _stages(through_database: bool) -> AbstractContextManager[StageFor]:
    if not through_database:
        return _pure()
    from religa.entrypoints.commands.scenario.database_stage import stages

    return stages()


@contextlib.contextmanager
def _pure() -> Iterator[StageFor]:
    yield lambda told, calendars: contextlib.nullcontext(PureStage(told, calendars))


def _each_file(files: Iterable[Path]) -> Iterable[Path]:
    for path in files:
        yield from sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]


def _check_file(path: Path, stage_for: StageFor, quiet: bool) -> tuple[int, int]:
    try:
        scenarios = read_file(path)
    except ScenarioError as why:
        click.echo(f"{path}:{why.line}: {why}")
        return 0, 1
    results = [_play(path, s, stage_for, quiet) for s in scenarios]
    return sum(results), len(results) - sum(results)


def _play(path: Path, told: Scenario, stage_for: StageFor, quiet: bool) -> bool:
    try:
        with stage_for(told, calendars_of(told)) as stage:
            differences = play(told, stage)
    except ScenarioError as why:
        click.echo(f"{path}:{why.line}: {told.name}: {why}")
        return False
    for difference in differences:
        click.echo(_say(path, told, difference))
    if not differences and not quiet:
        click.echo(f"ok  {told.name}")
    return not differences


def calendars_of(told: Scenario) -> Calendars:
    """The calendars a scenario asks for, wide enough for all its instants."""
    years = [m.at.year for m in told.moments]
    span = range(min(years, default=2026) - 1, max(years, default=2026) + 4)
    return wiring.calendars(told.zone, span, national=told.national_holidays, local=told.holidays)


def _say(path: Path, told: Scenario, d: Difference) -> str:
    at = f"{d.at.astimezone(told.zone):%Y-%m-%d %H:%M}"
    expected, found = (_shown(d.what, v, told) for v in (d.expected, d.found))
    return f"{path}:{d.line}: {told.name}\n    at {at}  {d.what}: expected {expected}, found {found}"


def _shown(what: str, value: Any, told: Scenario) -> str:
    if value is None:
        return "null"
    if isinstance(value, datetime):
        return f"{value.astimezone(told.zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if what.rpartition(" ")[2] in _MONEY and isinstance(value, int):
        return format_reais(value, "pt-BR")
    if isinstance(value, tuple):
        return "[" + ", ".join(str(v) for v in value) + "]"
    return str(value.value if isinstance(value, Enum) else value)
