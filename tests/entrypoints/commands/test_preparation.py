"""A database that another version of Religa has changed is left as it is."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from religa.entrypoints.commands import preparation
from religa.entrypoints.commands.preparation import NotPrepared


@pytest.fixture
def of_tomorrow(clone_database: Callable[[], str]) -> str:
    """The address of a database that has seen a migration which is not written yet."""
    url = clone_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('records', '0999_more', now())"
        )
    return url


def test_a_newer_database_is_not_prepared_and_the_words_say_what_to_do(of_tomorrow):
    with pytest.raises(NotPrepared, match=r"another version of Religa.*\(0999_more\).*Nothing was changed"):
        preparation.prepare(admin_url=of_tomorrow, passwords={}, say=print)


def test_processes_do_not_start_on_it(of_tomorrow):
    with pytest.raises(NotPrepared, match="0999_more"):
        preparation.pending(database_url=of_tomorrow)


def test_a_database_of_this_version_has_nothing_pending(clone_database):
    assert preparation.pending(database_url=clone_database()) is False


def test_a_server_that_is_not_there_is_said(tmp_path):
    with pytest.raises(NotPrepared, match="does not answer"):
        preparation.pending(database_url="postgresql://nobody@127.0.0.1:1/none")
