"""A debt cut into parts is the same debt."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.instalments import MOST, cut

FIRST = date(2026, 12, 31)


def test_three_parts_fall_due_month_by_month_and_what_is_left_over_comes_first():
    assert cut(100_00, count=3, first_due=FIRST) == (
        (FIRST, 33_34),
        (date(2027, 1, 31), 33_33),
        (date(2027, 2, 28), 33_33),
    )


def test_a_down_payment_comes_first_and_the_others_a_month_later():
    assert cut(100_00, count=2, first_due=FIRST, down=40_00) == (
        (FIRST, 40_00),
        (date(2027, 1, 31), 30_00),
        (date(2027, 2, 28), 30_00),
    )


@pytest.mark.parametrize(
    ("total", "count", "down"), [(100, 0, 0), (100, MOST + 1, 0), (2, 3, 0), (100, 2, 100), (100, 1, -1)]
)
def test_parts_of_nothing_are_refused(total, count, down):
    with pytest.raises(ValueError, match="cannot be cut"):
        cut(total, count=count, first_due=FIRST, down=down)


@settings(max_examples=50)
@given(
    st.integers(1_000, 10**8),
    st.integers(1, MOST),
    st.integers(0, 900),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_the_parts_add_up_to_the_debt_and_fall_due_in_order(total, count, down, first):
    parts = cut(total, count=count, first_due=first, down=down)
    assert sum(amount for _, amount in parts) == total
    assert [due for due, _ in parts] == sorted({due for due, _ in parts})
    assert min(amount for _, amount in parts) > 0
