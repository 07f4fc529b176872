"""The word in a comment that remembers what was there before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.adapters.routeros import marks
from religa.adapters.routeros.marks import Mark
from religa.domain.facts import Access

TEXT = st.binary(max_size=40).map(lambda octets: octets.decode("utf-8", "surrogateescape")) | st.text()
MARKS = st.builds(Mark, st.integers(0, 2**63), st.sampled_from(Access), TEXT, drop=st.booleans())


@given(comment=TEXT, first=MARKS, second=MARKS)
def test_a_mark_is_found_replaced_and_leaves_no_trace(comment: str, first: Mark, second: Mark):
    marked = marks.put(comment, first)
    assert marks.find(marked) == first and marks.without(marked) == comment
    assert marks.put(marks.put(marked, second), None) == comment
    assert marks.find(marks.put(marked, second)) == second


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "religa:7",
        "religa:x:walled:a",
        "xreliga:7:walled:a",
        "religa:7:open:a",
        "religa:7:walled:a:b",
        "religa:7:walled:a:drop:drop",
    ],
)
def test_what_only_resembles_a_mark_is_the_operators(comment: str):
    assert marks.find(comment) is None and marks.without(comment) == comment


def test_of_two_marks_the_last_counts():
    first, last = Mark(1, Access.WALLED, "old"), Mark(2, Access.CLOSED, "new")
    assert marks.find(f"note {first} {last}") == last
    assert marks.without(f"note {first} {last}") == "note"


def test_the_mark_of_the_manual():
    assert str(Mark(42, Access.WALLED, "PLANO 300M")) == "religa:42:walled:PLANO%20300M"


@pytest.mark.parametrize(
    ("comment", "key"),
    [
        ("religa:42", 42),
        ("religa:", None),
        ("religa:42 x", None),
        (" religa:42", None),
        ("x", None),
        ("", None),
    ],
)
def test_an_entry_is_ours_only_by_its_whole_comment(comment: str, key: int | None):
    assert marks.entry_key(comment) == key
