"""The bank's list is read before first blocks open; a silent bank makes them wait, and nobody is blocked meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from religa.actions import engine
from religa.actions.guard.run import GuardRun
from religa.actions.money import poll
from religa.records import queries
from religa.records.models import BlockCandidate, BlockRun, PaymentAccount

from .. import world
from .bank import Bank

pytestmark = pytest.mark.django_db
FRESH = timedelta(minutes=2)


@pytest.fixture
def due(bank: Bank, bruno) -> int:
    """Bruno at the instant of his block, with a code at hand that he has not paid."""
    bank.charge(bruno)
    bank.at = world.BLOCKED - world.DAY / 24
    world.play(bank.at)
    bank.poll()
    bank.at = world.BLOCKED
    return bruno


def turn(bank: Bank, asked: list[int] | None = None) -> list[GuardRun]:
    def ask(provider_id, at):
        if asked is not None:
            asked.append(provider_id)
        return poll.ask_before_blocks(provider_id, lambda _: bank.collector, at=at, fresh=FRESH)

    return engine.turn(at=bank.at, ask_banks=ask).runs


def candidate() -> tuple[str, str]:
    return BlockCandidate.objects.values_list("state", "held_reason").get()


def test_whoever_has_paid_and_was_told_of_by_no_event_is_not_blocked(bank: Bank, due):
    charge = bank.charge(due)
    bank.passes(minutes=-30)
    bank.psp.pay(charge.txid)
    bank.passes(minutes=30)
    [run] = turn(bank)
    assert (run.opened, run.dropped) == (0, 1)
    assert world.row(due)[:2] == ("full", "current")


def test_whoever_has_not_paid_is_blocked_and_it_is_kept_when_the_bank_was_asked(bank: Bank, due):
    [run] = turn(bank)
    assert run.opened == 1
    assert BlockCandidate.objects.get().checked_at == bank.at
    assert bank.account.polled_until == bank.at


def test_a_list_that_is_two_minutes_old_is_not_asked_for_again(bank: Bank, due):
    bank.poll()
    heard = bank.account.polled_until
    bank.passes(seconds=90)
    assert [r.opened for r in turn(bank)] == [1]
    assert bank.account.polled_until == heard


def test_while_the_bank_is_silent_the_block_waits_and_people_see_why(bank: Bank, due):
    bank.psp.misbehave(fail_pct=100)
    assert turn(bank) == [GuardRun(0, waiting=1)]
    assert (candidate(), world.row(due)[0]) == (("proposed", "bank_silent"), "full")
    assert not BlockRun.objects.exists()
    seen = queries.waiting_for_banks(bank.account.provider_id)
    assert seen is not None and (seen.contracts, seen.asked_at) == (1, bank.at)


def test_a_silent_bank_is_asked_again_ever_later(bank: Bank, due):
    bank.psp.misbehave(fail_pct=100)
    asked: list[int] = []
    for _ in range(240):
        turn(bank, asked)
        bank.passes(seconds=5)
    assert 5 <= len(asked) <= 9  # of 240 turns: 0, 15, 30, 60, 120, 240, 480, 960 seconds
    bank.psp.behave()
    bank.passes(minutes=10)
    assert [r.opened for r in turn(bank)] == [1]
    assert candidate() == ("opened", "")


def test_after_the_greatest_age_of_a_feed_the_run_is_held_for_a_person(bank: Bank, due):
    bank.psp.misbehave(fail_pct=100)
    turn(bank)
    bank.passes(hours=31)
    assert [r.held for r in turn(bank)] == ["feed_stale"]
    assert world.row(due)[0] == "full"
    bank.psp.behave()
    bank.poll()
    bank.at = world.at("2026-12-02 09:00")
    assert [r.opened for r in turn(bank)] == [1]  # proposed again by itself


def test_the_silence_of_a_bank_that_never_spoke_counts_from_the_accounts_first_day(bank: Bank, due):
    world.count("DELETE FROM feed_heartbeat RETURNING 1")
    PaymentAccount.objects.update(since=bank.at - timedelta(hours=1), polled_until=None)
    bank.psp.misbehave(fail_pct=100)
    assert turn(bank) == [GuardRun(0, waiting=1)]
    bank.passes(hours=30)
    assert [r.held for r in turn(bank)] == ["feed_stale"]


def test_a_candidate_that_comes_while_the_bank_is_asked_waits_for_its_own_question(bank: Bank, due, provider):
    late = world.contract(provider, "carla")

    def ask(provider_id, at):
        BlockCandidate.objects.create(contract_id=late, proposed_at=at)
        return ()

    engine.turn(at=bank.at, ask_banks=ask)
    assert BlockCandidate.objects.get(contract_id=late).state == "proposed"
    assert BlockCandidate.objects.get(contract_id=due).state == "opened"


def test_without_an_account_whose_bank_can_be_asked_nobody_is_asked(bank: Bank, due):
    PaymentAccount.objects.update(reported_by="other")
    asked: list[int] = []
    assert [r.opened for r in turn(bank, asked)] == [1]
    assert asked == []
