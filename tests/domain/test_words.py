"""What is said of a change, and what is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from religa.domain.facts import (
    Access,
    Agreement,
    Channel,
    Facts,
    Method,
    Payment,
    Status,
    Suspension,
    TrustUnlock,
    UnlockKind,
)
from religa.domain.reasons import Why
from religa.domain.words import Answer, WordKind, word_on_change

T = datetime(2026, 11, 30, 12, tzinfo=UTC)
NOTHING = Facts(since=date(2024, 1, 10))
WALLED = {Status.BLOCKED, Status.LOCKED}


def answer(status, facts=NOTHING, why=Why.DEBT):
    access = {Status.TERMINATED: Access.CLOSED, Status.PAUSED: Access.CLOSED}.get(status, Access.FULL)
    return Answer(status, Access.WALLED if status in WALLED else access, why, facts)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("late", "blocked", "blocked"),
        ("held", "blocked", "blocked"),
        ("trusted", "blocked", "trust_expired"),
        ("trusted", "locked", "locked"),
        ("blocked", "locked", "locked"),
        ("held", "locked", "locked"),
        ("blocked", "current", "restored"),
        ("locked", "disputed", "restored"),
        ("blocked", "held", "restored"),
        ("blocked", "blocked", None),
        ("locked", "blocked", None),
        ("blocked", "trusted", None),
        ("trusted", "current", None),
        ("late", "current", None),
        ("blocked", "paused", None),
        ("paused", "current", None),
    ],
)
def test_statuses(before, after, said):
    assert word_on_change(answer(Status(before)), answer(Status(after))) == said


def test_every_pair_of_statuses_has_an_answer_and_no_change_says_nothing():
    for one in Status:
        assert word_on_change(answer(one), answer(one)) is None
        for other in Status:
            word_on_change(answer(one), answer(other))


PAID = replace(NOTHING, payments=(Payment("E1", T, T, 100, Method.PIX),))
GRANTED = replace(
    NOTHING, unlocks=(TrustUnlock(UnlockKind.PROMISE, Channel.PORTAL, T, T + timedelta(days=3), ()),)
)


@pytest.mark.parametrize("facts", [PAID, GRANTED, replace(NOTHING, holder_since=T)])
def test_what_somebody_answers_is_not_said_besides(facts):
    for before in WALLED:
        for after in Status:
            assert word_on_change(answer(before), answer(after, facts)) is None


def test_what_was_blocked_elsewhere_is_not_news():
    taken_over = replace(NOTHING, suspensions=(Suspension(T, ("F1",), 100, imported=True),))
    assert word_on_change(answer(Status.LATE), answer(Status.BLOCKED, taken_over)) is None


def test_an_operator_s_block_is_told_by_a_person():
    assert word_on_change(answer(Status.LATE), answer(Status.BLOCKED, why=Why.OPERATOR_BLOCK)) is None


def test_what_was_done_is_said_before_what_follows_from_it():
    agreed = replace(NOTHING, agreements=(Agreement("A1", T, ("F1",), "A1/1"),))
    assert word_on_change(answer(Status.BLOCKED), answer(Status.CURRENT, agreed)) is WordKind.AGREEMENT
    ended = replace(NOTHING, terminated_at=T)
    assert (
        word_on_change(answer(Status.LATE), answer(Status.TERMINATED, ended)) is WordKind.TERMINATION_RECEIPT
    )
    assert word_on_change(answer(Status.TERMINATED, ended), answer(Status.TERMINATED, ended)) is None
