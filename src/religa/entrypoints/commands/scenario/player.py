"""Plays a scenario on a stage over a virtual clock and collects what differs from what was expected.

The stage is the pure domain or the real actions on a database; the order of things is the same for both: at one
instant events come first, in file order, then the engine's own steps due by then, then the expectations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from religa.entrypoints.commands.scenario.files import Event, Expectation, Scenario


@dataclass(frozen=True)
class Difference:
    """One thing that is not as expected."""

    line: int
    at: datetime
    what: str
    expected: Any
    found: Any


class Stage(Protocol):
    """Where a scenario is played."""

    def do(self, event: Event) -> dict[str, Any]:
        """Makes the event happen; gives its result in the words of `expect` (empty: nothing to say)."""

    def step(self, at: datetime) -> None:
        """The engine's own steps due by then."""

    def next_look(self, after: datetime) -> datetime | None:
        """The next instant at which a step may be due."""

    def view(self, at: datetime) -> dict[str, Any]:
        """Everything an expectation may ask for."""


def play(scenario: Scenario, stage: Stage) -> list[Difference]:
    """Plays events and expectations in order of time."""
    differences: list[Difference] = []
    clock: datetime | None = None
    for at, moments in groupby(_timeline(scenario), key=lambda m: m.at):
        together = list(moments)
        if clock is not None:
            _run_engine(stage, clock, at)
        differences += _happen(stage, [m for m in together if isinstance(m, Event)])
        stage.step(at)
        differences += _check(stage, at, together, scenario)
        clock = at
    return differences


def _timeline(scenario: Scenario) -> list[Event | Expectation]:
    return sorted(scenario.moments, key=lambda m: m.at)


def _run_engine(stage: Stage, since: datetime, before: datetime) -> None:
    at = stage.next_look(since)
    while at is not None and at < before:
        stage.step(at)
        at = stage.next_look(at)


def _happen(stage: Stage, events: Iterable[Event]) -> list[Difference]:
    differences = []
    for event in events:
        found = stage.do(event)
        differences += [
            Difference(event.line, event.at, f"{event.name}: {key}", expected, found.get(key))
            for key, expected in event.result.items()
            if not _agrees(key, expected, found)
        ]
    return differences


def _agrees(key: str, expected: Any, found: dict[str, Any]) -> bool:
    if key == "refused":
        whys = found.get("refused")
        return whys is not None and (expected is True or sorted(whys) == sorted(expected))
    if key == "granted":
        return bool(expected == ("refused" not in found))
    return key in found and bool(found[key] == expected)


def _check(
    stage: Stage, at: datetime, together: list[Event | Expectation], scenario: Scenario
) -> list[Difference]:
    wanted = [m.after for m in together if isinstance(m, Event) and m.after is not None]
    wanted += [m for m in together if isinstance(m, Expectation)]
    if not wanted:
        return []
    view = stage.view(at)
    return [
        Difference(w.line, at, key, expected, view.get(key))
        for w in wanted
        for key, expected in w.values.items()
        if view.get(key) != expected
    ]
