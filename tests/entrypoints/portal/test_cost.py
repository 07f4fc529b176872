"""What the main page asks the database, and that an unknown document costs what a known one does."""

from __future__ import annotations

import pytest
from django.db import connection

import people
from religa.actions import login_code
from religa.records import raw

from .conftest import last_code

pytestmark = pytest.mark.django_db
UNKNOWN = people.cpf(987_654)
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def sent(monkeypatch):
    """Every statement that goes to the database past the ORM, and how many go by it."""
    seen: list[str] = []
    rows, run = raw.rows, raw.run
    monkeypatch.setattr(raw, "rows", lambda s, p=(): seen.append(s.split()[0]) or rows(s, p))
    monkeypatch.setattr(raw, "run", lambda s, p=(): seen.append(s.split()[0]) or run(s, p))
    with connection.execute_wrapper(
        lambda execute, sql, *more: (seen.append(sql.split()[0]), execute(sql, *more))[1]
    ):
        yield seen


def test_the_main_page_takes_few_statements_and_writes_nothing(enter, maria, sent):
    client = enter(maria)
    sent.clear()
    assert client.get(f"/contrato/{maria.pk}/").status_code == 200
    assert len(sent) <= 8 and not set(sent) & set(WRITES)


def test_who_is_paid_up_takes_fewer(enter, provider, now, sent):
    contract = people.contract(people.subscriber(provider, "Ana", 1002), 1002, since=people.days_ago(now, 99))
    client = enter(contract)
    sent.clear()
    assert client.get(f"/contrato/{contract.pk}/").status_code == 200
    assert len(sent) <= 4 and not set(sent) & set(WRITES)


def test_asking_for_a_code_costs_the_same_for_nobody(maria, now, sent):
    counts = []
    for document in (maria.subscriber.document, UNKNOWN):
        sent.clear()
        login_code.send(document=document, at=now)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_both_leave_as_much_to_be_written_to_the_disk(maria, now):
    """Waiting for the disk is the longest part: as many bytes of the log, to within a page's worth. The log is the whole
    server's, so that others may write meanwhile: the least of several times counts."""

    def written(document: str) -> int:
        return min(once(document) for _ in range(5))

    def once(document: str) -> int:
        [(before,)] = raw.rows("SELECT pg_current_wal_insert_lsn()::text")
        login_code.send(document=document, at=now)
        [(size,)] = raw.rows("SELECT pg_current_wal_insert_lsn() - %s::pg_lsn", [before])
        return int(size)

    login_code.send(document=maria.subscriber.document, at=now)  # the first touch of a page logs all of it
    sizes = written(maria.subscriber.document), written(UNKNOWN)
    assert min(sizes) > 300 and max(sizes) < 8_192 + min(sizes)


def test_trying_a_code_costs_the_same_for_nobody(maria, now, sent):
    login_code.send(document=maria.subscriber.document, at=now)
    assert last_code()
    counts = []
    for document in (maria.subscriber.document, UNKNOWN):
        sent.clear()
        login_code.check(document=document, code="000000", at=now)
        counts.append(len(sent))
    assert counts[0] == counts[1]
