"""Plays stories on the pure stage with the engine continuously running, as the scenario player does."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import meaning
from hypothesis import note
from stories import PLACES, Story, with_overrides

from religa.domain import access, policy
from religa.domain.access import Decision
from religa.domain.calendar import Calendars
from religa.domain.facts import Access, Segment
from religa.domain.standing import Situation
from religa.entrypoints.commands.scenario.files import Event, Scenario, read_scenario
from religa.entrypoints.commands.scenario.pure_stage import PureStage
from religa.entrypoints.commands.scenario.yaml_lines import documents

_LONGEST = timedelta(days=150)
_DAY = timedelta(days=1)

# from the best to the worst
RANK = {Access.FULL: 0, Access.REDUCED: 1, Access.WALLED: 2, Access.CLOSED: 3}


class Life(PureStage):
    """A stage with a clock, that remembers what it was told."""

    def __init__(self, story: Story, calendars: Calendars | None = None) -> None:
        self.story, self.told = story, list[Event]()
        self.scenario = _scenario(story)
        super().__init__(self.scenario, calendars or PLACES[story.zone])
        self.clock = self.calendars.instant(story.start, 8 * 60)
        self.ends = self.clock + _LONGEST

    def live(self, *, each_event: bool = False) -> Iterator[datetime]:
        """Makes the moves; stops after every look of the engine, and (`each_event`) before it looks at an event."""
        for line, move in enumerate(self.story.moves, start=1):
            at = meaning.instant(self, move, self.clock)
            if at > self.ends:
                return
            yield from self.run(at)
            event = meaning.event(self, move, at, line)
            if event is not None:
                self.do(event)
                if each_event:
                    yield at
            self.step(at)
            yield at

    def relive(self, events: Sequence[Event], extra: Sequence[datetime] = ()) -> Iterator[datetime]:
        """Plays events of fixed instants, with the engine also looking at `extra` ones."""
        self.told = []
        for event in events:
            yield from self.run(event.at, extra)
            self.do(event)
            self.step(event.at)
            yield event.at

    def run(self, before: datetime, extra: Sequence[datetime] = ()) -> Iterator[datetime]:
        """The engine's looks between the clock and an instant, and more looks than it asked for."""
        extra = [e for e in extra if self.clock < e < before]
        at = self._following(self.clock, extra)
        while at is not None and at < before:
            self.clock = at
            self.step(at)
            yield at
            at = self._following(at, extra)
        self.clock = before

    def _following(self, after: datetime, extra: Sequence[datetime]) -> datetime | None:
        looks = [e for e in extra if e > after]
        look = self.next_look(after)
        return min([*looks, look] if look is not None else looks, default=None)

    def do(self, event: Event) -> dict[str, Any]:
        self.told.append(event)
        return super().do(event)

    # -- questions ----------------------------------------------------------------------------------------------

    def decision(self, at: datetime) -> Decision:
        return access.decide(self.standing, at)

    def situation(self, at: datetime) -> Situation:
        return self.standing.situation(at)

    def twin(self) -> Life:
        """A copy that lives on by itself."""
        other = copy.copy(self)
        other.told, other.waiting, other.counted = list(self.told), list(self.waiting), dict(self.counted)
        return other

    def left_alone(self) -> Life:
        """A copy to which nothing more happens: the engine works, and sends no notice."""
        other = self.twin()
        other.auto_notices, other.engine_up = "off", True
        return other

    def finish(self) -> datetime:
        """Plays the whole story; the instant of its end."""
        for _ in self.live():
            pass
        return self.clock


_ANY = read_scenario(
    documents("{name: found by hypothesis, policy: {preset: anatel-rgc-2025}, expect: []}")[0]
)


def _scenario(story: Story) -> Scenario:
    chosen, _ = with_overrides(_ANY.policy, list(story.overrides))
    return replace(
        _ANY,
        policy=chosen,
        since=story.start - story.age_days * _DAY,
        segment=Segment(story.segment),
        auto_notices=story.auto_notices,
        payment_feed=story.feed,
    )


@contextmanager
def living(story: Story) -> Iterator[Life]:
    """A life; if an assertion fails in it, the story is printed as a scenario file."""
    life = Life(story)
    try:
        yield life
    except AssertionError:
        note(tell(life))
        raise


# -- telling ----------------------------------------------------------------------------------------------------


def tell(life: Life) -> str:
    """What happened so far, as a scenario file."""
    story, told = life.story, life.scenario
    lines = [
        f"name: {told.name}, at {life.clock.astimezone(life.calendars.zone):%Y-%m-%d %H:%M:%S}",
        f"zone: {story.zone}",
        f"national_holidays: {_word(bool(life.calendars.bank_holidays))}",
        f"holidays: {_word(sorted(life.calendars.local_holidays))}",
        f"policy: {_word(_overrides(story))}",
        f"contract: {{since: {told.since}, segment: {told.segment}}}",
        f"auto_notices: {told.auto_notices}",
        f"payment_feed: {told.payment_feed}",
        "events:",
        *(
            f"  - {{at: {_word(e.at.astimezone(life.calendars.zone))}, {e.name}: {_word(_written(e))}}}"
            for e in life.told
        ),
        "expect: []",
    ]
    return "\n".join(lines)


def _overrides(story: Story) -> dict[str, Any]:
    _, kept = with_overrides(policy.preset(policy.Preset.RGC_2025), list(story.overrides))
    merged: dict[str, Any] = {"preset": "anatel-rgc-2025"}
    for overrides in kept:
        merged |= overrides
    return merged


def _written(event: Event) -> Any:
    if set(event.fields) == {"to"}:
        return event.fields["to"]
    if event.name == "policy":
        return dict(event.fields["overrides"])
    return event.fields


def _word(value: Any) -> str:
    match value:
        case bool() | None:
            return {True: "true", False: "false", None: "all"}[value]
        case Enum():
            return str(value.value)
        case int():
            return f"{value / 100:.2f}" if value > 31 else str(value)
        case datetime():
            return f'"{value.isoformat(sep=" ")}"'
        case date():
            return value.isoformat()
        case dict():
            return "{" + ", ".join(f"{k}: {_amount(k, v)}" for k, v in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(_word(v) for v in value) + "]"
    return str(value)


def _amount(key: str, value: Any) -> str:
    if key in ("amount", "fine_pct", "interest_pct_month") and isinstance(value, int):
        return f"{value / 100:.2f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else _word(value)
