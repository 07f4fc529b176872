"""What `decide_access` promises: it holds until it says, says why once, and needs no permission to be right."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from playing import RANK, Life, living
from stories import PLACES, Story, stories

from religa.domain import access
from religa.domain.access import Decision
from religa.domain.calendar import Calendars

DAY_SPLITS = st.lists(st.integers(1, 999), max_size=4)
"""Thousandths of the way from an instant to a later one."""


@given(stories(), DAY_SPLITS)
def test_the_answer_holds_until_it_says_and_then_differs(story: Story, splits: list[int]) -> None:
    with living(story) as life:
        asked_at = life.finish()
        if not life.engine_up:
            return  # a step that was due long ago is then done at once, when the engine is up
        now = life.decision(asked_at)
        ahead = life.left_alone()
        until = now.until or asked_at + (life.ends - life.clock)
        extra = [asked_at + (until - asked_at) * n / 1000 for n in splits]
        for at in ahead.run(until, extra):
            then = ahead.situation(at)
            assert (then.status, then.access) == (now.status, now.access), f"{at}: {then}, not {now}"
        ahead.step(until)
        then = ahead.situation(until)
        same = (then.status, then.access) == (now.status, now.access)
        extended = life.facts.feed_stale and any(u.until == now.until for u in life.facts.unlocks)
        assert extended or same == (now.until is None), f"{now} {then}"


@given(stories(), DAY_SPLITS)
def test_the_reason_does_not_vary_with_time_alone_while_status_and_access_stay(
    story: Story, splits: list[int]
) -> None:
    with living(story) as life:
        asked_at = life.finish()
        ahead = life.left_alone()
        later = ahead.ends - ahead.clock
        extra = [asked_at + later * n / 1000 for n in splits]
        before, facts = ahead.situation(asked_at), ahead.facts
        for at in ahead.run(ahead.ends, extra):
            now = ahead.situation(at)
            if ahead.facts == facts and (now.status, now.access) == (before.status, before.access):
                assert now.why is before.why, f"{at}: {now}, was {before}"
            before, facts = now, ahead.facts


@given(stories())
def test_what_holds_after_the_answer_is_what_holds_if_nobody_acts(story: Story) -> None:
    with living(story) as life:
        for at in life.live():
            now = life.decision(at)
            if now.until is not None:
                assert now.access_then is life.situation(now.until).access, f"{at}: {now}"


@given(stories())
def test_access_gets_worse_by_itself_only_over_an_open_suspension(story: Story) -> None:
    with living(story) as life:
        for at in life.live():
            now = life.decision(at)
            if RANK[now.access_then] > RANK[now.access]:
                assert life.facts.open_suspension is not None, f"{at}: {now}"


@given(stories())
def test_the_same_question_has_the_same_answer_whatever_calendars_remember(story: Story) -> None:
    with living(story) as life:
        at = life.finish()
        fresh = _forgetful(life.calendars)
        assert access.decide_access(life.facts, life.policy, fresh, at) == life.decision(at)
        assert life.decision(at) == life.decision(at)
        other = Life(story, fresh)
        other.finish()
        assert other.facts == life.facts


def _forgetful(calendars: Calendars) -> Calendars:
    """The same calendars with nothing remembered."""
    return Calendars(calendars.zone, calendars.bank_holidays, calendars.local_holidays)


@given(stories())
def test_facts_of_another_contract_do_not_disturb_the_answer(story: Story) -> None:
    """Calendars and policy are shared by many contracts; asking for one leaves no trace on the next."""
    with living(story) as life:
        at = life.finish()
        before = life.decision(at)
        for place in PLACES.values():
            access.decide_access(replace(life.facts, suspensions=()), life.policy, place, at)
        assert life.decision(at) == before


def test_a_decision_is_a_value() -> None:
    assert Decision.__hash__ is not None
