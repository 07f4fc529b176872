"""The pool of database connections: it asks nobody whether a connection lives, and finds out when it does not."""

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from religa.project.postgres import base


@pytest.fixture
def apart(db):
    """Connections of our own to the same database, one of which may end the other."""
    kwargs = connection.get_connection_params() | {"autocommit": True, "cursor_factory": psycopg.Cursor}
    with psycopg.connect(**kwargs) as one, psycopg.connect(**kwargs) as other:
        yield one, other


def test_one_that_lives_is_not_asked(apart, monkeypatch):
    asked = []
    monkeypatch.setattr(ConnectionPool, "check_connection", asked.append)
    base.check(apart[0])
    assert asked == []


def test_one_that_the_server_has_ended_is_found_out(apart):
    one, other = apart
    other.execute("SELECT pg_terminate_backend(%s, 5000)", [one.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        base.check(one)


def test_one_to_which_the_server_has_only_said_something_is_kept(apart):
    one, other = apart
    one.execute("LISTEN religa_test")
    other.execute("NOTIFY religa_test")
    base.check(one)
    assert one.execute("SELECT 1").fetchone() == (1,)


def test_djangos_pool_takes_this_check(settings):
    made = connection.copy()
    made.settings_dict["OPTIONS"] = {"pool": {"min_size": 0, "max_size": 1}}
    try:
        assert made.pool._check is base.check
        made.settings_dict["CONN_HEALTH_CHECKS"] = False
        made.close_pool()
        assert made.pool._check is None
    finally:
        made.close_pool()
