"""Whatever pieces a bank's records come in, and however often, the books say the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnab_files import Boleto

from .. import world
from . import files

pytestmark = pytest.mark.django_db
_FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_KNOWN = [f"{n:08d}" for n in range(101, 105)]  # titles of four people; others are of nobody

_records = st.builds(
    Boleto,
    nosso=st.sampled_from([*_KNOWN, "00777777", "00000000"]),
    occurrence=st.sampled_from(["06", "06", "06", "08", "02", "69", "25"]),
    paid=st.sampled_from([99_90, 50_00, 120_00]),
    paid_on=st.sampled_from([date(2026, 11, 9), date(2026, 11, 10)]),
)


def _key(one: Boleto) -> tuple[object, ...]:
    return one.nosso, one.occurrence, one.paid, one.paid_on


@pytest.fixture
def provider_with_paper(provider):
    files.account(provider)
    for n, nosso in enumerate(_KNOWN):
        world.bill(world.contract(provider), f"F{n}")
        files.title(f"F{n}", nosso)
    return provider


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def books(provider, pieces: Sequence[Sequence[Boleto]], look: Callable[[], object]) -> object:
    with taken_back():
        for piece in pieces:
            if piece:
                files.read(provider, *piece)
        return look()


def everything() -> object:
    """The whole ledger; cases in no order."""
    payments, allocations, credit, unidentified, cases, records = files.ledger()
    return payments, allocations, credit, unidentified, sorted(map(str, cases)), records


def sums() -> object:
    payments, allocations, credit, unidentified, _, records = files.ledger()
    settled: dict[object, int] = {}
    for invoice, _, part, amount, _ in allocations:  # type: ignore[misc]
        settled[invoice, part] = settled.get((invoice, part), 0) + amount
    return payments, settled, credit, unidentified, records


@_FEW
@given(st.lists(_records, min_size=1, max_size=8, unique_by=lambda b: b.nosso), st.data())
def test_in_two_files_that_overlap_in_any_order_and_again_the_ledger_is_the_same(
    provider_with_paper, records, data
):
    cut = data.draw(st.integers(0, len(records)))
    over = data.draw(st.integers(0, len(records) - cut))
    pieces = data.draw(
        st.permutations([records[: cut + over], records[cut:], data.draw(st.permutations(records))])
    )
    once = books(provider_with_paper, [records], everything)
    assert books(provider_with_paper, pieces, everything) == once


@_FEW
@given(st.lists(_records, min_size=1, max_size=10, unique_by=_key), st.data())
def test_titles_paid_several_times_come_to_the_same_sums_in_any_pieces(provider_with_paper, records, data):
    shuffled = data.draw(st.permutations(records))
    cut = data.draw(st.integers(0, len(records)))
    once = books(provider_with_paper, [records], sums)
    assert books(provider_with_paper, [shuffled[:cut], shuffled, shuffled[cut:]], sums) == once
