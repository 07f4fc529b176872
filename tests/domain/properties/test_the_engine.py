"""The engine misses nothing by looking only when it said it would, and nothing depends on how often it looks."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from playing import Life, living
from stories import Story, stories

from religa.domain import steps
from religa.domain.facts import Access, Facts, Status
from religa.entrypoints.commands.scenario.files import Event

_MINUTE = timedelta(minutes=1)
_MINUTES = 150 * 24 * 60
LOOKS = st.lists(st.integers(1, _MINUTES), max_size=25)
WATCHES = st.lists(st.integers(1, _MINUTES), max_size=2)
"""Minutes after the start at which a watch of 90 minutes begins, in which every minute is looked at."""

History = list[tuple[datetime, Status, Access]]


def _relived(
    story: Story, events: list[Event], until: datetime, extra: list[datetime]
) -> tuple[Facts, History]:
    life, history = Life(story), History()
    last: tuple[Status, Access] | None = None

    def note(at: datetime) -> None:
        nonlocal last
        situation = life.situation(at)
        if (situation.status, situation.access) != last:
            last = situation.status, situation.access
            history.append((at, *last))

    note(life.clock)
    for at in life.relive(events, extra):
        note(at)
    for at in life.run(until, extra):
        note(at)
    life.step(until)
    note(until)
    return life.facts, history


@given(stories())
def test_nothing_is_left_to_be_done_after_a_look(story: Story) -> None:
    with living(story) as life:
        for at in life.live():
            if life.engine_up:
                due, _ = steps.next_steps(life.facts, life.policy, life.calendars, at)
                assert not [s for s in due if isinstance(s, steps.Silent)], f"{at}: {due}"
                assert life.auto_notices in ("off", "failed") or not due, f"{at}: {due}"


@given(stories())
def test_the_next_look_is_later_than_now(story: Story) -> None:
    with living(story) as life:
        for at in life.live():
            _, look = steps.next_steps(life.facts, life.policy, life.calendars, at)
            assert look is None or look > at
            until = life.decision(at).until
            assert until is None or look is not None and look <= until, f"{at}: until {until}, look {look}"
