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
"""Minutes after the start; each of a watch begins 90 minutes in which every minute is looked at."""

History = list[tuple[datetime, Status, Access]]


@given(stories(), LOOKS, WATCHES)
def test_looking_more_often_changes_nothing(story: Story, looks: list[int], watches: list[int]) -> None:
    """Lives of the same events are compared. The life that found the events is not one of them: a move of nothing is
    a look too, and may come before an event of the same instant."""
    with living(story) as life:
        start, end = life.clock, life.finish()
        minutes = {*looks, *(first + n for first in watches for n in range(90))}
        extra = [start + n * _MINUTE for n in sorted(minutes)]
        facts, history = _relived(story, life.told, end, [])
        watched_facts, watched_history = _relived(story, life.told, end, extra)
        assert watched_history == history
        assert watched_facts == facts


def _relived(
    story: Story, events: list[Event], until: datetime, extra: list[datetime]
) -> tuple[Facts, History]:
    """The same events again, with more looks: the facts they end in, and every change of the answer."""
    life, history = Life(story), History()
    last: tuple[Status, Access] | None = None

    def look(at: datetime) -> None:
        nonlocal last
        situation = life.situation(at)
        now = situation.status, situation.access
        if (
            life.engine_up and now != last
        ):  # while the engine is down there is no look at which to see a change
            history.append((at, *now))
            last = now

    look(life.clock)
    for at in life.relive(events, extra):
        look(at)
    for at in life.run(until, extra):
        look(at)
    life.step(until)
    look(until)
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
