"""One router's lane: slow start, its room, restores first, silence and its half minute."""

from __future__ import annotations

from datetime import UTC, datetime

from religa.actions.reconcile.lane import KEPT, PROBE_EVERY, SILENT_AFTER, Lane
from religa.records.reconciling import Push

NOW = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def push(session: int, wanted: str = "walled", applied: str | None = "full") -> Push:
    return Push(session, session, 1, "192.0.2.1", f"u{session}", f"{session:x}", f"login{session}", None, wanted, None,
                applied, 60, 0, 0, True, None, None, "", False, NOW, None)  # fmt: skip


def taken(lane: Lane, clock: float = 0.0) -> list[int]:
    return [one.session for one in lane.take(clock)]


def answer(lane: Lane, count: int) -> None:
    for _ in range(count):
        lane.under_way -= 1
        lane.answered()


def test_it_begins_with_one_and_opens_with_each_answer_up_to_its_room():
    lane = Lane(room=4)
    for n in range(40):
        lane.offer(push(n))
    assert taken(lane) == [0]
    sizes = []
    for _ in range(5):
        answer(lane, lane.under_way)
        sizes.append(len(taken(lane)))
    assert sizes == [2, 4, 4, 4, 4]


def test_restores_go_first_and_a_trust_is_one():
    lane = Lane(room=64, open=64)
    lane.offer(push(1))
    lane.offer(push(2, "full", "walled"))
    lane.offer(push(3, "closed", "full"))
    lane.offer(push(4, "full", "full"))  # only its end changes
    lane.offer(push(5, "reduced", "full"))
    assert taken(lane) == [2, 4, 1, 3, 5]


def test_the_latest_order_for_a_session_is_the_only_one():
    lane = Lane(room=64, open=64)
    lane.offer(push(1, "walled", "full"))
    lane.offer(push(1, "full", "walled"))
    [one] = lane.take(0.0)
    assert one.wanted == "full"
    lane.offer(push(2))
    assert lane.forget(2) and not lane.forget(2)
    assert taken(lane) == []


def test_three_silences_in_a_row_make_it_silent_and_let_go_of_what_waits():
    lane = Lane(room=8, open=8)
    for n in range(20):
        lane.offer(push(n))
    assert len(taken(lane)) == 8
    for n in range(SILENT_AFTER):
        assert not lane.is_silent
        lane.under_way -= 1
        lane.unanswered(NOW, clock=float(n))
    assert lane.is_silent and lane.waiting == 0 and lane.silent_since == NOW


def test_a_silent_one_hears_one_order_every_half_minute_until_it_answers():
    lane = Lane(room=8, silent_since=NOW, next_probe=100.0)
    assert lane.is_left_alone(99.0) and not lane.is_left_alone(100.0)
    for n in range(5):
        lane.offer(push(n))
    assert taken(lane, 99.0) == []
    assert taken(lane, 100.0) == [0]
    assert taken(lane, 100.0 + PROBE_EVERY) == []  # one at a time
    answer(lane, 1)
    assert not lane.is_silent
    assert len(taken(lane, 101.0)) == 2


def test_an_answer_between_silences_begins_the_count_anew():
    lane = Lane(room=8)
    for _ in range(SILENT_AFTER - 1):
        lane.under_way += 1
        lane.under_way -= 1
        lane.unanswered(NOW, clock=0.0)
    lane.answered()
    lane.unanswered(NOW, clock=0.0)
    assert not lane.is_silent


def test_what_is_beyond_its_line_stays_in_the_database():
    lane = Lane(room=1)
    assert all(lane.offer(push(n)) for n in range(KEPT))
    assert not lane.offer(push(KEPT))
    assert lane.offer(push(KEPT + 1, "full", "walled"))  # restores have a line of their own
