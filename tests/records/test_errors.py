"""Which errors say that the database is gone, and which that it refuses something."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection

from religa.records import errors, raw

pytestmark = pytest.mark.django_db(transaction=True)


def said(statement: str) -> DatabaseError:
    with pytest.raises(DatabaseError) as raised:
        raw.rows(statement)
    return raised.value


def test_an_ended_connection_is_a_database_that_is_away():
    connection.ensure_connection()
    with psycopg.connect(
        connection.connection.info.dsn, password=connection.settings_dict["PASSWORD"]
    ) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    assert errors.is_away(said("SELECT 1"))
    assert errors.is_away(said("SELECT 1"))  # and so is one that is known to be closed
    connection.close()


@pytest.mark.parametrize(
    "wrong", ["SELECT 1 / 0", "SELECT * FROM nowhere", "SET statement_timeout = 1; SELECT pg_sleep(1)"]
)
def test_what_the_database_refuses_is_not(wrong):
    assert not errors.is_away(said(wrong))
    raw.run("SET statement_timeout = 0")


def test_neither_is_another_error():
    assert not errors.is_away(ValueError("x"))
