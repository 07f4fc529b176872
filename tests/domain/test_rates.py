"""Percentages of money and of days, where the last centavo is decided."""

import pytest

from religa.domain import rates


@pytest.mark.parametrize(
    ("base", "rate", "centavos"),
    [(99_90, 2_00, 1_99), (49, 2_00, 0), (50, 2_00, 1), (100_00, 100_00, 100_00)],
)
def test_a_share_drops_what_is_less_than_a_centavo(base: int, rate: int, centavos: int) -> None:
    assert rates.share(base, rate) == centavos


@pytest.mark.parametrize(
    ("rate", "days", "basis", "millionths"),
    [(1_00, 1, 30, 333), (1_00, 30, 30, 10_000), (1_00, 1, 21, 476), (12_00, 1, 360, 333), (1, 1, 252, 0)],
)
def test_a_factor_is_multiplied_first_and_cut_after_six_decimals(
    rate: int, days: int, basis: int, millionths: int
) -> None:
    assert rates.factor(rate, days=days, basis=basis) == millionths
