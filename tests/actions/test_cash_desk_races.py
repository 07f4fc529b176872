"""Two at once at the counter: no entry is overlooked by a closing, no number is given twice, no form books twice."""

import threading
import time

import pytest
from django.db import connection, transaction

from religa.actions import close_day, move_payment, take_payment
from religa.actions.move_payment import Moved
from religa.domain.facts import Method
from religa.domain.invoicing import Refused
from religa.records import raw
from religa.records.models import PaymentAccount
from religa.records.queries import closings

from . import world
from .test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOON = world.at("2026-11-12 12:00")
TODAY = NOON.date()


def take(contract, key, amount=1_00):
    return take_payment.take(
        contract_id=contract, amount=amount, method=Method.CASH, cashier="bia", key=key, at=NOON, author="Bia"
    )


def close(provider, counted, note=""):
    desk = PaymentAccount.objects.get(provider=provider)
    return close_day.close(
        provider_id=provider.pk, account_id=desk.pk, cashier="bia", day=TODAY, counted=counted, note=note, at=NOON,
        author="Bia",
    )  # fmt: skip


@pytest.fixture
def provider():
    return world.provider()


def until_it_waits(thread):
    """Returns when somebody waits for a lock that we hold."""
    behind_us = "SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    while not raw.rows(behind_us):
        assert thread.is_alive(), "it did not wait"
        time.sleep(0.01)


def test_money_that_comes_while_the_day_is_being_closed_goes_to_the_next(provider):
    contract, other = world.contract(provider), world.contract(provider)
    take(contract, "k0")
    taken = []

    def book():
        taken.append(take(other, "k1"))
        connection.close()

    with transaction.atomic():
        close(provider, 1_00)
        late = threading.Thread(target=book)
        late.start()
        until_it_waits(late)
    late.join()
    [(day, number)] = raw.rows("SELECT booked_on, receipt_number FROM payment WHERE id = %s", [taken[0].key])
    assert (day, number) == (TODAY + world.DAY, "2026111200002")


def test_a_closing_waits_for_money_that_is_being_booked(provider):
    contract, other = world.contract(provider), world.contract(provider)
    take(contract, "k0")
    closed = []

    def shut():
        closed.append(close(provider, 2_00))
        connection.close()

    with transaction.atomic():
        take(other, "k1")
        closer = threading.Thread(target=shut)
        closer.start()
        until_it_waits(closer)
    closer.join()
    assert (closed[0].expected, closed[0].difference) == (2_00, 0)


def test_many_at_once_are_each_in_one_day_and_each_has_a_number(provider):
    contracts = world.contracts(provider, 12)
    take(contracts[0], "first")
    taken = []

    def desk(mine):
        taken.extend(take(contract, f"k{contract}") for contract in mine)

    at_once(
        lambda: desk(contracts[::2]),
        lambda: desk(contracts[1::2]),
        lambda: close(provider, 0, note="corrida"),
    )
    numbers = sorted(t.receipt_number for t in taken)
    assert numbers == [f"20261112{n:05}" for n in range(2, 14)]
    [closing] = closings.closings(provider.pk)
    in_the_day = raw.rows("SELECT sum(amount)::bigint FROM payment WHERE booked_on = %s", [TODAY])[0][0]
    assert closing.expected == in_the_day
    assert (
        raw.rows("SELECT count(*) FROM payment WHERE booked_on > %s", [TODAY])[0][0]
        == 13 - in_the_day // 1_00
    )


def test_two_clicks_book_once(provider):
    contract, given = world.contract(provider), []
    at_once(*[lambda: given.append(take(contract, "k1"))] * 3)
    assert len(set(given)) == 1
    assert world.count("SELECT count(*) FROM payment") == 1


def test_two_who_move_the_same_payment_in_opposite_orders_move_it_once(provider):
    one, two, given = world.contract(provider), world.contract(provider), []
    take(one, "a"), take(two, "b")

    def move(wrong, key, right):
        given.append(
            move_payment.move(
                contract_id=wrong, payment_id=take_payment.payment_id_of(key), to_contract_id=right, reason="trocados",
                at=NOON, author="Fred",
            )
        )  # fmt: skip

    at_once(*[lambda: move(one, "a", two), lambda: move(two, "b", one)] * 2)
    assert [isinstance(g, Moved) for g in given].count(True) == 2
    assert [isinstance(g, Refused) for g in given].count(True) == 2
    standing = "SELECT contract_id, external_id FROM payment p WHERE NOT EXISTS (SELECT FROM payment_reversal r WHERE r.payment_id = p.id)"
    assert sorted(raw.rows(standing)) == sorted([(two, "caixa-a~2"), (one, "caixa-b~2")])
