"""Plays the five steps, measures each, and stops with exit code 1 at the first thing that is not as it must be.

Rows are aged where days must pass; no clock is moved. The policy has no business calendar, so that the journey runs at
any hour of any day; everything else is the preset.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from religa.entrypoints.commands import database
from religa.entrypoints.commands.journey.wrong import WentWrong

if TYPE_CHECKING:  # its models need Django, which is set up with the database
    from religa.entrypoints.commands.journey.steps import Journey

SUBSCRIBERS, LATE = 1_000, 20


@click.command(short_help="Play the five steps end to end, measured.")
def journey() -> None:
    """Play late, notice, block, trust, payment on a throw-away database with real FreeRADIUS; measure each step."""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="religa-journey-") as name,
            database.thrown_away() as addresses,
        ):
            from religa.entrypoints.commands.journey.steps import Journey

            _play(Journey(Path(name), addresses))
    except WentWrong as why:
        click.echo(f"\nNOT AS IT MUST BE: {why}", err=True)
        sys.exit(1)
    click.echo("\nThe five steps went as they must.")


def _play(told: Journey) -> None:
    with ExitStack() as stack:
        with step(f"{SUBSCRIBERS} subscribers imported from CSV files"):
            told.import_town(SUBSCRIBERS, LATE)
        with step("FreeRADIUS answers; Carla is online"):
            stack.enter_context(told.radius())
            told.expect_online(1)
        with step(f"1 late payment: {LATE} invoices are late"):
            told.late(LATE)
        with step("2 notice: each is told, with evidence"):
            told.notices(LATE)
        with step("  15 days pass (rows are aged); the first run waits for a person, then blocks"):
            told.fifteen_days_later()
            told.blocks(LATE)
        with step("  RADIUS: walled garden, not refused"):
            told.expect_walled(1)
        with step("3 trust unlock: RADIUS says online, and until when"):
            told.unlock(1)
        with step("  its end comes: walled again with nothing of ours running"):
            told.trust_ends(1)
        with step("  the broken promise locks"):
            told.locks(1)
        with step("4 payment by Pix of Carla"):
            told.pay(1)
        with step("5 online at once; the others stay blocked"):
            told.expect_online(1)
            told.expect_walled(2)


@contextmanager
def step(words: str) -> Iterator[None]:
    """Prints a step and how long it took."""
    started = time.perf_counter()
    yield
    click.echo(f"{time.perf_counter() - started:8.3f} s  {words}")
