"""Preparing a database: by somebody who may, and by somebody who may not."""

import os

import psycopg
import pytest
from psycopg import sql

from religa.adapters.postgres import databases
from religa.records import setup

# Both belong to the whole server, which all workers share.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
DATABASE, SOMEBODY = f"setup_{_WORKER}", f"somebody_{_WORKER}"


@pytest.fixture
def empty(postgres_server):
    """The address of a database in which nothing was done yet."""
    server = postgres_server.url(database="postgres")
    databases.create(server_url=server, name=DATABASE)
    yield postgres_server.url(database=DATABASE)
    databases.drop(server_url=server, name=DATABASE)


@pytest.fixture
def somebody(empty, postgres_server):
    """The address of `empty` for a user of it alone: no superuser, no roles, and no schema of its own."""
    name = sql.Identifier(SOMEBODY)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'of-a-test'").format(name))
    yield postgres_server.url(database=DATABASE, user=SOMEBODY, password="of-a-test")
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(name))
        connection.execute(sql.SQL("DROP ROLE {}").format(name))


def test_setting_up_twice_is_setting_up_once(empty):
    with psycopg.connect(empty, autocommit=True) as connection:
        first = setup.prepare(connection)
        assert isinstance(first, setup.Ready)
        assert {f"extension {e}" for e in setup.EXTENSIONS} <= set(first.did)
        assert setup.prepare(connection) == setup.Ready(())


def test_a_role_with_a_password_may_log_in(empty, postgres_server):
    with psycopg.connect(empty, autocommit=True) as connection:
        outcome = setup.prepare(connection, passwords={setup.RADIUS: "of-a-test"})
        assert f"{setup.RADIUS} may log in" in outcome.did
        assert setup.RADIUS in setup.may_log_in(connection)
    url = postgres_server.url(database=DATABASE, user=setup.RADIUS, password="of-a-test")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (setup.RADIUS,)


def test_who_may_not_is_told_what_is_missing_and_given_the_sql(empty, somebody):
    with psycopg.connect(empty, autocommit=True) as connection:
        setup.prepare(connection)  # the roles of this server may exist from other tests, or not
        connection.execute("DROP EXTENSION unaccent")
    with psycopg.connect(somebody, autocommit=True) as connection:
        outcome = setup.prepare(connection)
    assert isinstance(outcome, setup.Missing)
    assert outcome.what == (f"{SOMEBODY} may act as {setup.OWNER}", "extension unaccent")
    assert outcome.statements == (
        f'GRANT "religa_owner" TO "{SOMEBODY}";',
        'CREATE EXTENSION IF NOT EXISTS "unaccent" SCHEMA public;',
    )
    with psycopg.connect(empty, autocommit=True) as connection:
        for statement in outcome.statements:
            connection.execute(statement)
    with psycopg.connect(somebody, autocommit=True) as connection:
        assert setup.prepare(connection) == setup.Ready(())


def test_a_grant_that_postgresql_only_warns_about_is_still_missing(empty, somebody):
    """Whoever holds any right on a database is not refused when he hands on others that he does not have."""
    with psycopg.connect(empty, autocommit=True) as connection:
        setup.prepare(connection)
        connection.execute(sql.SQL("GRANT religa_owner TO {}").format(sql.Identifier(SOMEBODY)))
        connection.execute(
            sql.SQL("REVOKE CREATE ON DATABASE {} FROM religa_owner").format(sql.Identifier(DATABASE))
        )
    with psycopg.connect(somebody, autocommit=True) as connection:
        outcome = setup.prepare(connection)
    assert isinstance(outcome, setup.Missing)
    assert "the owner may create schemas" in outcome.what


@pytest.mark.django_db
def test_granting_again_changes_nothing():
    from django.db import connection

    def grants():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1")
            return cursor.fetchall()

    connection.ensure_connection()
    setup.finish(connection.connection)
    before = grants()
    setup.finish(connection.connection)
    assert grants() == before
