"""Two at once on the real database: whoever comes first, a payer ends online and nothing happens twice."""

import random
import threading

import pytest
from django.db import connection

from religa.actions import engine, record_payment, unlock_on_trust
from religa.actions.sweep import sweep
from religa.actions.unlock_on_trust import Unlocked
from religa.adapters.fakes.outbox import Outbox
from religa.domain.facts import Channel, Method, UnlockKind
from religa.domain.reasons import TrustRefusal
from religa.domain.trust import Request
from religa.records import raw

from . import world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Runs the works in threads that start together, each with its own connection; raises what they raise."""
    start, errors = threading.Barrier(len(works)), []

    def run(work):
        try:
            start.wait()
            work()
        except Exception as why:  # shown by the main thread
            errors.append(why)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.fixture
def a_thousand_about_to_be_blocked():
    """1,000 contracts, notified, whose block is due at this instant."""
    provider = world.provider()
    contracts = world.contracts(provider, 1000)
    world.bill_many(contracts)
    world.play(world.BLOCKED - world.DAY / 24)
    return contracts


@pytest.mark.slow
def test_a_thousand_payments_race_with_their_blocks_and_every_payer_ends_open(a_thousand_about_to_be_blocked):
    contracts = a_thousand_about_to_be_blocked

    def pay(shuffled):
        for contract in shuffled:
            record_payment.record(
                contract_id=contract,
                payment_id=f"E-{contract}",
                amount=150_00,
                method=Method.PIX,
                paid_at=world.BLOCKED,
                at=world.BLOCKED,
            )

    shuffled = random.Random(7).sample(contracts, len(contracts))
    at_once(lambda: engine.turn(at=world.BLOCKED), lambda: pay(shuffled[::2]), lambda: pay(shuffled[1::2]))
    assert world.count("SELECT count(*) FROM suspension") > 0, "the race was none: no block was opened"
    assert world.count("SELECT count(*) FROM suspension WHERE closed_at IS NULL") == 0
    assert raw.rows("SELECT access, count(*) FROM contract_access GROUP BY 1") == [("full", 1000)]
    engine.settle(at=world.BLOCKED, channel_for=lambda name: Outbox())
    assert raw.rows("SELECT access, status, count(*) FROM contract_access GROUP BY 1, 2") == [
        ("full", "current", 1000)
    ]


def test_two_sweepers_send_each_notice_once():
    provider = world.provider()
    contracts = world.contracts(provider, 300)
    world.bill_many(contracts)
    at_once(*[lambda: sweep(at=world.NOTIFIED)] * 3)
    sent = raw.rows("SELECT contract_id, count(*) FROM notice WHERE kind = 'debt_notice' GROUP BY 1")
    assert sorted(sent) == [(c, 1) for c in sorted(contracts)]
    assert world.count("SELECT count(*) FROM message WHERE kind = 'debt_notice'") == 300


def test_of_two_unlock_requests_one_is_granted_and_the_other_is_told_so():
    provider = world.provider()
    contracts = world.contracts(provider, 20)
    world.bill_many(contracts)
    world.play(world.BLOCKED)
    moment = world.at("2026-12-01 14:00")
    answers: dict[int, list] = {c: [] for c in contracts}

    def ask(channel):
        for contract in contracts:
            request = Request(UnlockKind.PROMISE, channel)
            answers[contract].append(unlock_on_trust.unlock(contract_id=contract, request=request, at=moment))

    at_once(lambda: ask(Channel.PORTAL), lambda: ask(Channel.WHATSAPP), lambda: ask(Channel.URA))
    for given in answers.values():
        granted = [a for a in given if isinstance(a, Unlocked)]
        refused = [a for a in given if not isinstance(a, Unlocked)]
        assert len(granted) == 1
        assert [a.refusal.whys for a in refused] == [(TrustRefusal.PROMISE_OPEN,)] * 2


def test_the_same_payment_from_two_sides_is_booked_once():
    provider = world.provider()
    contract = world.contract(provider)
    world.bill(contract)

    def pay():
        record_payment.record(
            contract_id=contract,
            payment_id="E1",
            amount=99_90,
            method=Method.PIX,
            paid_at=world.NOTIFIED,
            at=world.NOTIFIED,
        )

    at_once(pay, pay, pay)
    assert world.count("SELECT count(*) FROM payment") == 1
    assert world.count("SELECT sum(amount) FROM allocation WHERE part = 'principal'") == 99_90
