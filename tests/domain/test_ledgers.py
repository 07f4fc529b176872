"""The same money in two ledgers is found once, and never by its amount alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.ledgers import Report, number_of, pair

DAY = date(2026, 11, 10)


def report(name: str, amount: int = 99_90, day: int = 0, charge: int = 1, by_txid: bool = True) -> Report:
    return Report(name, charge, amount, DAY + timedelta(days=day), by_txid)


def test_the_same_charge_amount_and_day_are_the_same_money():
    assert pair([report("E1")], [report("P1")]) == {"E1": "P1"}
    assert pair([report("E1", by_txid=False)], [report("P1")]) == {"E1": "P1"}


def test_money_on_another_charge_is_other_money_whatever_its_amount_and_day():
    assert pair([report("E1")], [report("P1", charge=2)]) == {}


def test_two_payments_of_one_charge_need_two_reports():
    ours = [report("E1"), report("E2")]
    assert pair(ours, [report("P1")]) == {"E1": "P1"}
    assert pair(ours, [report("P1"), report("P2")]) == {"E1": "P1", "E2": "P2"}


def test_a_txid_forgives_a_later_day_or_another_amount_but_not_both():
    assert pair([report("E1")], [report("P1", day=3)]) == {"E1": "P1"}
    assert pair([report("E1")], [report("P1", day=6)]) == {}
    assert pair([report("E1")], [report("P1", amount=98_40)]) == {"E1": "P1"}
    assert pair([report("E1")], [report("P1", amount=98_40, day=1)]) == {}


def test_the_number_on_a_boleto_forgives_nothing():
    assert pair([report("E1", by_txid=False)], [report("P1", day=1)]) == {}
    assert pair([report("E1", by_txid=False)], [report("P1", amount=98_40)]) == {}
    assert pair([report("E1")], [report("P1", day=1, by_txid=False)]) == {}


def test_two_different_pix_numbers_are_never_the_same_money():
    one, other = (f"E1234567820261105120000000000{n:03}" for n in (1, 2))
    assert pair([replace(report("E1"), number=one)], [replace(report("P1"), number=other)]) == {}
    assert pair([replace(report("E1"), number=one)], [replace(report("P1"), number=one)]) == {"E1": "P1"}
    assert (number_of(one), number_of("P1")) == (one, "")


def test_the_exact_one_is_taken_before_a_likely_one():
    assert pair([report("E1", day=1), report("E2")], [report("P1"), report("P2", day=1)]) == {
        "E1": "P2",
        "E2": "P1",
    }


REPORTS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([50_00, 99_90]), st.integers(0, 9), st.booleans()),
    max_size=8,
)


def named(letter: str, reports: list[tuple[int, int, int, bool]]) -> list[Report]:
    return [
        report(f"{letter}{n}", amount, day, charge, by) for n, (charge, amount, day, by) in enumerate(reports)
    ]


@settings(max_examples=100)
@given(REPORTS, REPORTS)
def test_nothing_is_paired_twice_and_only_within_one_charge(ours, theirs):
    ours, theirs = named("E", ours), named("P", theirs)
    found = pair(ours, theirs)
    assert len(set(found.values())) == len(found)
    charge = {r.id: r.charge for r in (*ours, *theirs)}
    assert all(charge[a] == charge[b] for a, b in found.items())


@settings(max_examples=100)
@given(REPORTS, st.randoms(use_true_random=False))
def test_the_same_list_in_any_order_is_paired_whole(reports, random):
    ours, theirs = named("E", reports), named("P", reports)
    random.shuffle(theirs)
    assert len(pair(ours, theirs)) == len(reports)
