"""Two sessions at one table."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections, transaction

from religa.records import locks
from religa.records import models as tables

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def due(provider):
    """Ten contracts whose alarm rang, one minute after the other, and one whose alarm is set for later."""
    contracts = [rows.contract(provider, f"c{n}") for n in range(11)]
    for n, contract in enumerate(contracts):
        rings = AT + (DAY if n == 10 else timedelta(minutes=n - 60))
        tables.ContractAccess.objects.filter(contract_id=contract).update(next_look_at=rings)
    return contracts[:10]


def in_another_session(work):
    """What the work returns, or raises, in a session of its own."""
    found = {}

    def run():
        try:
            with transaction.atomic():
                found["value"] = work()
        except Exception as error:
            found["error"] = error
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "the other session still waits"
    if "error" in found:
        raise found["error"]
    return found["value"]


def test_two_sweepers_never_claim_the_same_contract(due):
    with transaction.atomic():
        first = locks.claim_due(AT, 4)
        second = in_another_session(lambda: locks.claim_due(AT, 100))
    assert first == due[:4]
    assert second == due[4:]


def test_a_claim_ends_with_its_transaction(due):
    with transaction.atomic():
        locks.claim_due(AT, 100)
    with transaction.atomic():
        assert locks.claim_due(AT, 100) == due


def test_a_claim_lets_children_be_inserted(due):
    """A payment's foreign key does not wait for the sweeper."""
    contract = tables.Contract.objects.get(pk=due[0])

    def pay():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
        return tables.Payment.objects.create(
            provider=contract.provider, contract=contract, external_id="E1", method="pix", amount=1, known_at=AT,
            paid_at=AT,
        ).pk  # fmt: skip

    with transaction.atomic():
        assert due[0] in locks.claim_due(AT, 100)
        assert in_another_session(pay)


def test_an_action_waits_for_the_contract_and_then_sees_what_was_done(due):
    """The lock is one statement, the facts a later one."""
    seen = []
    taken = threading.Event()

    def second():
        try:
            taken.wait(10)
            with transaction.atomic():
                locks.lock([due[0]])
                seen.append(tables.ContractAccess.objects.get(contract_id=due[0]).why)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        locks.lock([due[0]])
        taken.set()
        _wait_until_somebody_waits()
        tables.ContractAccess.objects.filter(contract_id=due[0]).update(why="debt")
    thread.join(20)
    assert seen == ["debt"]


def _wait_until_somebody_waits():
    url = connection.get_connection_params()
    with psycopg.connect(
        **{k: url[k] for k in ("host", "port", "user", "password", "dbname")}, autocommit=True
    ) as c:
        for _ in range(2000):
            if c.execute("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone():
                return
    raise AssertionError("nobody waited for the lock")


def test_locks_are_taken_in_order_whatever_the_order_of_asking(due):
    with transaction.atomic():
        assert locks.lock([due[2], due[0], due[1], 404_404]) == due[:3]


def test_a_claim_of_named_contracts_leaves_out_those_that_are_held(due):
    with transaction.atomic():
        locks.lock(due[:2])
        assert in_another_session(lambda: locks.claim(due[:4])) == due[2:4]


def test_rows_decided_with_something_else_are_found(provider, due):
    tables.ContractAccess.objects.update(decided_with="1/aa/1")
    tables.ContractAccess.objects.filter(contract_id=due[3]).update(decided_with="1/aa/0")
    asked = {"provider_id": provider.pk, "uf": "", "ibge_code": "", "limit": 10}
    with transaction.atomic():
        assert locks.claim_stale(**asked, decided_with="1/aa/1") == [due[3]]
        assert locks.claim_stale(**{**asked, "uf": "CE"}, decided_with="1/aa/1") == []


def test_the_databases_clock_goes_on_inside_a_transaction(db):
    with transaction.atomic():
        first, second = locks.database_now(), locks.database_now()
    assert first < second
    assert first.utcoffset() == timedelta(0)
