"""Trust unlocks: one at a time, with an end that stands, and refusals that can be relied upon."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from playing import Life, living
from stories import BLOCKED, Story, stories

from religa.domain import balance, deeds, trust
from religa.domain.facts import Channel, Facts, Method, Outcome, Payment, Status, UnlockKind
from religa.domain.reasons import TrustRefusal
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.commands.scenario.files import Event

SHUT = (Status.BLOCKED, Status.LOCKED)
REQUESTS = st.builds(
    Request,
    kind=st.sampled_from(UnlockKind),
    channel=st.sampled_from(Channel),
    receipt=st.sampled_from([None, None, None, "R8", "R9"]),
)


@given(stories())
def test_at_most_one_trust_is_open(story: Story) -> None:
    with living(story) as life:
        for at in life.live(each_event=True):
            granted = sorted((u.granted_at, u.until) for u in life.facts.unlocks)
            assert sum(start <= at < end for start, end in granted) <= 1, f"{at}: {granted}"
            for (_, end), (start, _) in zip(granted, granted[1:], strict=False):
                assert end <= start, f"{at}: {granted}"


@given(stories())
def test_the_end_of_a_trust_never_moves_earlier(story: Story) -> None:
    with living(story) as life:
        before: Facts = life.facts
        for at in life.live(each_event=True):
            if life.facts.holder_since == before.holder_since:
                for old, new in zip(before.unlocks, life.facts.unlocks, strict=False):
                    assert old.granted_at == new.granted_at
                    ended = new.outcome in (Outcome.SUPERSEDED, Outcome.REVOKED)
                    assert new.until >= old.until or ended, f"{at}: {old.until} became {new.until}"
                _ends_no_earlier_than_the_one_it_replaces(before, life.facts)
            before = life.facts


def _ends_no_earlier_than_the_one_it_replaces(before: Facts, after: Facts) -> None:
    if len(after.unlocks) > len(before.unlocks) > 0:
        old, new = before.unlocks[-1], after.unlocks[-1]
        assert new.until >= old.until or old.until <= new.granted_at or old.outcome is Outcome.REVOKED


@given(stories())
def test_an_outcome_is_judged_once_and_again_only_for_the_better(story: Story) -> None:
    rank = {None: 0, Outcome.BROKEN: 1, Outcome.LATE: 2, Outcome.KEPT: 3}
    with living(story) as life:
        before: Facts = life.facts
        for at in life.live(each_event=True):
            if life.facts.holder_since == before.holder_since:
                for old, new in zip(before.unlocks, life.facts.unlocks, strict=False):
                    if old.outcome in (Outcome.SUPERSEDED, Outcome.REVOKED):
                        assert new.outcome is old.outcome
                    elif new.outcome in rank:
                        assert rank[new.outcome] >= rank[old.outcome], f"{at}: {old} {new}"
            before = life.facts


@given(stories())
def test_every_ended_trust_is_judged(story: Story) -> None:
    with living(story) as life:
        for at in life.live():
            if not life.engine_up or life.facts.terminated_at is not None:
                continue
            over = [u for u in life.facts.unlocks if u.until <= at]
            assert all(u.outcome is not None for u in over), f"{at}: {over}"


@given(stories(beginnings=BLOCKED, least=0, most=8), REQUESTS)
def test_paying_what_a_refusal_names_opens_access_and_a_centavo_less_does_not(
    story: Story, request: Request
) -> None:
    with living(story) as life:
        at = life.finish()
        answer = _ask(life, at, request)
        if not isinstance(answer, TrustRefused) or not life.engine_up:
            return
        if answer.pay_now:
            assert life.situation(at).status in SHUT
            assert _opens(life, at, answer.pay_now)
            for less in {answer.pay_now - 1, answer.pay_now // 2} - {0}:
                assert not _opens(life, at, less), f"{less} of {answer.pay_now} is enough"
        elif life.situation(at).status in SHUT:
            everything = balance.total_owed(
                life.calendars, life.policy, life.facts, on=life.calendars.day(at)
            )
            assert not everything or not _opens(life, at, everything)


def _ask(life: Life, at: datetime, request: Request) -> Granted | TrustRefused:
    return trust.may_unlock(life.facts, life.policy, life.calendars, at, request)


def _opens(life: Life, at: datetime, amount: int) -> bool:
    """Whether a Pix opens access: put on the oldest debt, on what was notified, or on a first instalment."""
    notified = tuple(c.invoice.id for c in life.standing.claims if c.notified)
    instalments = tuple(a.first_instalment for a in life.facts.agreements)
    return any(_status_after(life, at, amount, first) not in SHUT for first in ((), notified, instalments))


def _status_after(life: Life, at: datetime, amount: int, first: tuple[str, ...]) -> Status:
    paid = deeds.pay(life.standing, Payment("now", at, at, amount, Method.PIX), first=first)
    assert isinstance(paid, Facts)
    payer = life.twin()
    payer.facts = paid
    payer.step(at)  # the word may have been kept with it, which lifts a lock
    return payer.situation(at).status


@given(stories(beginnings=BLOCKED, least=0, most=8), REQUESTS)
def test_asking_again_when_it_is_said_to_be_possible_fails_no_more_for_those_reasons(
    story: Story, request: Request
) -> None:
    with living(story) as life:
        at = life.finish()
        answer = _ask(life, at, request)
        if not isinstance(answer, TrustRefused) or answer.eligible_at is None:
            return
        assert answer.eligible_at > at
        assert not set(_whys(life, answer.eligible_at, request)) & set(answer.whys)
        sooner = _whys(life, answer.eligible_at - timedelta(microseconds=1), request)
        assert set(sooner) & set(answer.whys), "it was possible before"


def _whys(life: Life, at: datetime, request: Request) -> tuple[TrustRefusal, ...]:
    answer = _ask(life, at, request)
    return answer.whys if isinstance(answer, TrustRefused) else ()


@given(stories(beginnings=BLOCKED, least=0, most=8), REQUESTS)
def test_a_reason_without_a_date_does_not_pass_with_time(story: Story, request: Request) -> None:
    """Where `eligible_at` is null, at least one reason is still there in half a year."""
    with living(story) as life:
        at = life.finish()
        answer = _ask(life, at, request)
        if not isinstance(answer, TrustRefused) or answer.eligible_at is not None:
            return
        acts = {TrustRefusal.NOT_BLOCKED, TrustRefusal.NOTHING_TO_UNLOCK}  # pass with a block or an invoice
        if set(answer.whys) & acts:
            return
        assert set(_whys(life, at + timedelta(days=180), request)) & set(answer.whys)


@given(stories(beginnings=BLOCKED, least=0, most=8), REQUESTS)
def test_a_granted_trust_gives_access_until_its_end(story: Story, request: Request) -> None:
    with living(story) as life:
        at = life.finish()
        answer = _ask(life, at, request)
        if not isinstance(answer, Granted):
            return
        assert answer.covers and answer.until > at
        fields = {"kind": request.kind, "channel": request.channel, "receipt": request.receipt}
        life.do(Event(at, 0, "unlock", fields))
        kept_online = life.standing.kept_online(at) is not None
        assert life.situation(at).status in (Status.TRUSTED, *([Status.HELD] if kept_online else [])), f"{at}"
        ahead = life.left_alone()
        ahead.facts = replace(ahead.facts, feed_stale=False)
        for later in ahead.run(answer.until):
            assert ahead.situation(later).status not in SHUT, f"{later}"
