"""What is proven of a notice by the messages that carried it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain import dunning
from religa.domain.evidence import BY_HAND, NO_EVIDENCE, of_notice
from religa.domain.facts import Evidence, Notice, NoticeKind
from religa.domain.policy import Policy

T = datetime(2026, 11, 11, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SENT, DELIVERED, FAILED, WITHDRAWN = Evidence.SENT, Evidence.DELIVERED, Evidence.FAILED, Evidence.WITHDRAWN


def start(*known):
    """Hours after T at which the clock starts; None: it does not. `known`: (message, hours, evidence)."""
    states = of_notice((message, T + hours * HOUR, e) for message, hours, e in known)
    found = dunning.evidence_start(Policy(), Notice(NoticeKind.DEBT, ("F1",), T, states))
    return None if found is None else (found - T) / HOUR


def test_one_message_that_was_sent_starts_the_clock():
    assert start(("a", 1, SENT)) == 1


def test_a_delivery_counts_whatever_else_is_said_before_or_after():
    assert start(("a", 2, DELIVERED), ("a", 3, SENT)) == 2
    assert start(("a", 1, SENT), ("a", 2, DELIVERED), ("a", 3, FAILED)) == 2


def test_a_bounce_takes_the_sending_away_also_when_its_clock_is_before_ours():
    assert start(("a", 5, SENT), ("a", 4, FAILED)) is None


def test_what_failed_on_one_channel_takes_nothing_from_another():
    assert start(("a", 1, SENT), ("b", 3, SENT), ("a", 4, FAILED)) == 3
    assert start(("a", 1, FAILED), ("b", 3, SENT)) == 3


def test_of_two_that_stand_the_first_sending_counts():
    assert start(("b", 3, SENT), ("a", 1, SENT)) == 1


def test_what_reached_somebody_else_proves_nothing_though_it_was_delivered():
    assert start(("a", 1, SENT), ("a", 2, DELIVERED), ("a", 9, WITHDRAWN)) is None
    assert start(("a", 1, DELIVERED), ("b", 3, SENT), ("a", 9, WITHDRAWN)) == 3


def test_what_a_person_enters_is_said_of_the_whole_notice():
    assert start(("a", 1, SENT), (BY_HAND, 2, FAILED)) is None
    assert start(("a", 1, FAILED), (BY_HAND, 2, DELIVERED)) == 2
    assert start((BY_HAND, 1, DELIVERED)) == 1


STATES = st.tuples(
    st.sampled_from("abc"), st.integers(0, 50), st.sampled_from([SENT, DELIVERED, FAILED, WITHDRAWN])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATES, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_neither_the_order_of_coming_nor_repetition_changes_the_clock(known, random):
    again = known + known[: len(known) // 2]
    random.shuffle(again)
    assert start(*again) == start(*known)


@settings(max_examples=150, deadline=None)
@given(st.lists(STATES, min_size=1, max_size=8))
def test_the_notice_stands_while_one_of_its_messages_does(known):
    alone = [start(*(k for k in known if k[0] == message)) for message in {k[0] for k in known}]
    assert (start(*known) is not None) == any(one is not None for one in alone)
    standing = [one for one in alone if one is not None]
    if standing:
        assert min(standing) <= start(*known) <= max(standing)


@settings(max_examples=100, deadline=None)
@given(st.lists(STATES, min_size=1, max_size=8))
def test_evidence_comes_by_time_and_ends_with_what_holds(known):
    states = of_notice((message, T + hours * HOUR, e) for message, hours, e in known)
    assert [at for at, _ in states] == sorted(at for at, _ in states)
    if start(*known) is None:
        assert states[-1][1] in NO_EVIDENCE
