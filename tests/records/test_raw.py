"""Set-based SQL past the ORM: arrays as text, many rows in one statement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.records import raw

pytestmark = pytest.mark.django_db
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.sampled_from(
    ["NULL", '"', "\\", "{}", "a,b", '"NULL"']
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TEXT, max_size=6))
def test_an_array_comes_to_the_server_as_it_is(values):
    assert raw.rows("SELECT %s::text[]", [raw.array(values)]) == [(values,)]


def test_an_array_may_come_from_something_that_is_read_once():
    assert raw.rows("SELECT %s::bigint[]", [raw.array(n for n in (1, None, 3))]) == [([1, None, 3],)]


@pytest.fixture
def table():
    raw.run(
        "CREATE TEMP TABLE thing (id bigint PRIMARY KEY, words text, at timestamptz, sure boolean, n bigint)"
    )
    raw.run("INSERT INTO thing SELECT n, 'old', NULL, false, n FROM generate_series(1, 4) AS n")
    return {"words": "text", "at": "timestamptz", "sure": "boolean", "n": "bigint"}


NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "changed",
    [
        [(1, "a", NOON, True, 7)],
        [(1, "a", NOON, True, 7), (3, "a", NOON, True, 7)],
        [(1, "a", None, True, 7), (3, "b", NOON, False, None)],
        [(1, None, None, True, 7), (3, None, None, False, 8)],
    ],
)
def test_columns_are_set_whether_their_values_are_the_same_or_not(table, changed):
    assert raw.update("thing", table, changed) == len(changed)
    kept = {row[0]: row for row in raw.rows("SELECT id, words, at, sure, n FROM thing")}
    expected = {n: (n, "old", None, False, n) for n in range(1, 5)} | {row[0]: row for row in changed}
    assert kept == expected


def test_nothing_to_change_is_no_statement(table):
    assert raw.update("thing", table, []) == 0
