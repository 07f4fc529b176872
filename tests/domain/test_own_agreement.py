"""How an agreement of one's own is cut; who may make one is told in scenarios/22-own-agreements.yaml."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain import policy as policies
from religa.domain.own_agreement import Wish, _cut
from religa.domain.policy import Policy, PolicyRefused, change

DAY = date(2026, 12, 1)


@settings(max_examples=80)
@given(st.integers(2_000, 500_000), st.integers(2, 12), st.integers(1_000, 9_999))
def test_parts_add_up_and_the_first_is_at_least_its_share(total, count, percent):
    standing = SimpleNamespace(policy=Policy(own_agreement_first_percent=percent))
    plan = _cut(standing, [], total, Wish(count, DAY))
    if plan is None:
        return
    amounts = [amount for _, amount in plan.parts]
    assert sum(amounts) == total and len(amounts) == count
    assert amounts[0] * 100_00 >= total * percent
    assert amounts[0] >= max(amounts[1:]) and max(amounts[1:]) - min(amounts[1:]) <= 1
    assert plan.parts[0][0] == DAY and sorted(plan.parts) == list(plan.parts)


@pytest.mark.parametrize(
    ("field", "value", "also_custom"),
    [
        ("own_agreement_max_instalments", 13, False),
        ("own_agreement_max_instalments", 25, True),
        ("own_agreement_first_percent", 9.99, False),
        ("own_agreement_first_percent", 100, True),
        ("own_agreement_min_instalment", 0, True),
    ],
)
def test_the_hard_limits_hold(field, value, also_custom):
    assert isinstance(change(policies.preset(policies.Preset.RGC_2025), {field: value}), PolicyRefused)
    custom = change(policies.preset(policies.Preset.CUSTOM), {field: value})
    assert isinstance(custom, PolicyRefused) == also_custom
