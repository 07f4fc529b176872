"""What becomes of an order to a router, answer by answer (RFC 5176 section 3.5)."""

import pytest

from religa.domain.pushing import (
    AFTER_DISCONNECT,
    LONGEST_PAUSE,
    Acknowledged,
    Consequence,
    Kind,
    NoAnswer,
    NotSent,
    Refused,
    Result,
    Then,
    consequence,
    pause,
)

COA, DISCONNECT = Kind.COA, Kind.DISCONNECT


def of(cause: int | None, kind: Kind = COA, tries: int = 0) -> Consequence:
    return consequence(Refused(cause, 1.0), kind, tries)


def test_an_acknowledgement_is_kept_as_applied_and_of_a_disconnect_waits_for_the_stop():
    assert consequence(Acknowledged(1.0), COA, 7) == Consequence(Result.APPLIED)
    assert consequence(Acknowledged(1.0), DISCONNECT, 0) == Consequence(
        Result.DISCONNECTED, again=AFTER_DISCONNECT
    )


@pytest.mark.parametrize("kind", Kind)
def test_a_session_that_the_router_does_not_have_is_gone(kind: Kind):
    assert of(503, kind) == Consequence(Result.GONE)


@pytest.mark.parametrize("cause", [401, 402, 404, 405, 406, 407])
def test_what_the_router_cannot_do_so_is_done_by_a_disconnect_and_shown(cause: int):
    assert of(cause) == Consequence(Result.REFUSED, then=Then.DISCONNECT, alarm=True)


@pytest.mark.parametrize("cause", [None, 999])
def test_a_refusal_that_says_nothing_may_be_half_done_and_is_not_left_so(cause: int | None):
    assert of(cause) == Consequence(Result.REFUSED, then=Then.DISCONNECT)


@pytest.mark.parametrize("cause", [403, 502])
def test_a_wrong_name_of_ours_is_for_a_person_and_not_repeated_soon(cause: int):
    assert of(cause) == Consequence(Result.MISCONFIGURED, again=LONGEST_PAUSE, alarm=True)


@pytest.mark.parametrize("cause", [501, 504])
def test_what_is_prohibited_is_for_a_person(cause: int):
    assert of(cause) == Consequence(Result.REFUSED, again=LONGEST_PAUSE, alarm=True)


@pytest.mark.parametrize("cause", [505, 506, 507, 508])
def test_a_busy_router_is_asked_again_and_nobody_is_dropped_for_it(cause: int):
    assert of(cause, tries=3) == Consequence(Result.BUSY, again=8.0)


def test_a_disconnect_that_is_refused_leads_to_no_second_one():
    for cause in (None, 401):
        found = of(cause, DISCONNECT)
        assert (found.result, found.then, found.alarm) == (Result.REFUSED, Then.NOTHING, True)
        assert found.again >= 30


def test_silence_and_no_way_are_tried_again_later_and_later():
    for outcome, result in ((NoAnswer(), Result.SILENT), (NotSent("no route"), Result.NOT_SENT)):
        assert [consequence(outcome, COA, n).again for n in range(4)] == [1, 2, 4, 8]
        assert consequence(outcome, COA, 50) == Consequence(result, again=LONGEST_PAUSE)


def test_pauses_double_and_end_at_five_minutes():
    found = [pause(n) for n in range(1000)]
    assert found == sorted(found) and found[0] == 1 and found[-1] == 300
