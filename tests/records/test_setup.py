"""Preparing a database: by somebody who may, and by somebody who may not."""

from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from religa.adapters.postgres import databases
from religa.records import setup

pytestmark = pytest.mark.xdist_group("roles belong to the whole server")


@pytest.fixture
def empty(postgres_server):
    """The address of a database in which nothing was done yet."""
    server = postgres_server.url(database="postgres")
    databases.create(server_url=server, name="setup_test")
    yield postgres_server.url(database="setup_test")
    databases.drop(server_url=server, name="setup_test")


def test_setting_up_twice_is_setting_up_once(empty):
    with psycopg.connect(empty, autocommit=True) as connection:
        first = setup.prepare(connection)
        assert isinstance(first, setup.Ready)
        assert {f"extension {e}" for e in setup.EXTENSIONS} <= set(first.did)
        assert setup.prepare(connection) == setup.Ready(())


def test_a_role_with_a_password_may_log_in(empty, postgres_server):
    with psycopg.connect(empty, autocommit=True) as connection:
        name = sql.Identifier(setup.RADIUS)
        outcome = setup.prepare(connection, passwords={setup.RADIUS: "of-a-test"})
        assert f"{setup.RADIUS} may log in" in outcome.did
    url = postgres_server.url(database="setup_test", user=setup.RADIUS, password="of-a-test")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (setup.RADIUS,)
    assert name.as_string() == '"religa_radius"'


def test_who_may_not_is_told_what_is_missing_and_given_the_sql(empty, postgres_server):
    """A user of the application's database alone: no roles, and no schema of its own."""
    with psycopg.connect(empty, autocommit=True) as connection:
        setup.prepare(connection)  # the roles of this server may exist from other tests, or not
        connection.execute("DROP EXTENSION unaccent")
        connection.execute("DROP ROLE IF EXISTS somebody")
        connection.execute("CREATE ROLE somebody LOGIN PASSWORD 'of-a-test'")
    try:
        url = postgres_server.url(database="setup_test", user="somebody", password="of-a-test")
        with psycopg.connect(url, autocommit=True) as connection:
            outcome = setup.prepare(connection)
        assert isinstance(outcome, setup.Missing)
        assert outcome.what == ("extension unaccent",)
        assert outcome.statements == ('CREATE EXTENSION IF NOT EXISTS "unaccent" SCHEMA public;',)
        with psycopg.connect(empty, autocommit=True) as connection:
            for statement in outcome.statements:
                connection.execute(statement)
            assert setup.prepare(connection) == setup.Ready(())
    finally:
        with psycopg.connect(empty, autocommit=True) as connection:
            connection.execute("DROP ROLE somebody")
    assert urlsplit(empty).path == "/setup_test"


@pytest.mark.django_db
def test_granting_again_changes_nothing():
    from django.db import connection

    def grants():
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1")
            return cursor.fetchall()

    connection.ensure_connection()
    setup.grant(connection.connection)
    before = grants()
    setup.grant(connection.connection)
    assert grants() == before
