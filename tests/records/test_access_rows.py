"""The narrow row and its history."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from religa.records import access, queries
from religa.records import models as tables
from religa.records.chain import Broken, Intact

from . import rows
from .rows import AT, DAY

pytestmark = pytest.mark.django_db


def verdict(contract, cause="test", **changes):
    old = rows.load(contract).access
    return access.Verdict(contract, old, replace(old, **changes), None, cause)


def walled(contract, at=AT, **more):
    changes = {
        "access": "walled",
        "status": "blocked",
        "why": "debt",
        "access_then": "walled",
        "decided_with": "0/aa/1",
    }
    return access.write([verdict(contract, "sweep", **{**changes, **more})], at=at)


def restored(contract, at):
    back = {"access": "full", "status": "current", "why": "nothing_late", "access_then": "full"}
    return access.write([verdict(contract, "payment E1", **back)], at=at)


def test_a_change_is_written_and_kept(ana):
    assert walled(ana, until=AT + DAY) == 1
    row = rows.load(ana).access
    assert (row.access, row.status, row.until, row.changed_at) == ("walled", "blocked", AT + DAY, AT)
    kept = tables.AccessChange.objects.get()
    assert (kept.old_access, kept.access, kept.why, kept.cause, kept.seq) == (
        "full",
        "walled",
        "debt",
        "sweep",
        1,
    )


def test_another_alarm_alone_is_no_change_for_people(ana):
    before = rows.load(ana).access
    assert access.write([verdict(ana, next_look_at=AT + DAY, decided_with="0/bb/1")], at=AT) == 0
    after = rows.load(ana).access
    assert (after.next_look_at, after.decided_with) == (AT + DAY, "0/bb/1")
    assert after.changed_at == before.changed_at
    assert not tables.AccessChange.objects.exists()


def test_the_same_answer_writes_nothing(ana):
    before = rows.tables()
    assert access.write([verdict(ana)], at=AT) == 0
    assert rows.tables() == before


def test_each_contract_has_its_own_chain(ana, bruno):
    walled(ana)
    walled(bruno)
    restored(ana, AT + DAY)
    assert queries.chain_of(ana) == Intact(2, 0)
    assert queries.chain_of(bruno) == Intact(1, 0)


def tamper(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def story(ana):
    for n in range(3):
        walled(ana, AT + n * DAY)
        restored(ana, AT + n * DAY + timedelta(hours=1))
    return ana


def test_a_change_that_was_altered_shows(story):
    tamper("UPDATE access_change SET cause = 'payment E9' WHERE seq = 4")
    assert queries.chain_of(story) == Broken(4, "was altered")


@pytest.mark.parametrize("column", ["at", "until"])
def test_a_moved_instant_shows(story, column):
    tamper(f"UPDATE access_change SET {column} = %s WHERE seq = 2", AT + 30 * DAY)
    assert queries.chain_of(story) == Broken(2, "was altered")


def test_a_change_that_was_taken_out_shows(story):
    tamper("DELETE FROM access_change WHERE seq = 3")
    assert queries.chain_of(story) == Broken(4, "change 3 is missing")


def test_changes_that_were_renumbered_show(story):
    tamper("DELETE FROM access_change WHERE seq = 3")
    tamper("UPDATE access_change SET seq = -seq WHERE seq > 3")
    tamper("UPDATE access_change SET seq = -seq - 1 WHERE seq < 0")
    assert isinstance(queries.chain_of(story), Broken)


def test_what_was_erased_still_holds_its_place(story):
    tamper("UPDATE access_change SET cause = NULL, salt = NULL WHERE seq IN (2, 3)")
    assert queries.chain_of(story) == Intact(6, 2)


def test_the_same_change_never_has_the_same_digest(ana, bruno):
    walled(ana)
    walled(bruno)
    assert len(set(map(bytes, tables.AccessChange.objects.values_list("digest", flat=True)))) == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_wakes_the_reconciler_and_says_whose_access_changed(ana, bruno):
    params = connection.get_connection_params()
    own = {k: params[k] for k in ("host", "port", "user", "password", "dbname")}
    with psycopg.connect(**own, autocommit=True) as listener:
        listener.execute(f"LISTEN {access.CHANNEL}")
        with transaction.atomic():
            walled(ana)
            walled(bruno)
        said = list(listener.notifies(timeout=5, stop_after=2))
        assert [one.payload for one in said] == [str(ana), str(bruno)]
        assert list(listener.notifies(timeout=0.2)) == []
