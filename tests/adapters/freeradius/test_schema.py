"""Schema `radius` is defined anew after every migration, and what operators wrote in it stays."""

import re

import psycopg
import pytest

from religa.records import setup

ITEMS = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'radius'::regnamespace"
OWNER = "SET ROLE religa_owner"


@pytest.fixture
def database(clone_database):
    with psycopg.connect(clone_database(), autocommit=True) as connection:
        connection.execute(OWNER)
        yield connection


def test_defining_it_again_changes_nothing_that_an_operator_wrote(database: psycopg.Connection):
    rate = "UPDATE radius.reply_template SET template = '256k/256k' WHERE vendor = 'mikrotik' AND access = 'walled'"
    database.execute(f"{rate} AND attribute = 'Mikrotik-Rate-Limit'")
    dump = "SELECT * FROM radius.reply_template ORDER BY 1, 2, 3, 4, 5"
    ready = "SELECT * FROM radius.reply ORDER BY 1, 2, 3"
    before, replies = database.execute(dump).fetchall(), database.execute(ready).fetchall()
    functions = database.execute(ITEMS).fetchone()
    setup.finish(database)
    assert database.execute(dump).fetchall() == before
    assert database.execute(ready).fetchall() == replies
    assert any("256k/256k" in templates for *_, templates, _ in replies)
    assert database.execute(ITEMS).fetchone() == functions


def test_what_the_files_say_no_more_is_gone(database: psycopg.Connection):
    database.execute("CREATE FUNCTION radius.of_an_older_version() RETURNS integer LANGUAGE sql RETURN 1")
    database.execute("CREATE VIEW radius.older AS SELECT radius.of_an_older_version()")
    setup.finish(database)
    left = database.execute(
        "SELECT to_regproc('radius.of_an_older_version'), to_regclass('radius.older')"
    ).fetchone()
    assert left == (None, None)


def test_a_row_that_an_operator_took_away_does_not_come_back(database: psycopg.Connection):
    gone = "vendor = 'mikrotik' AND access = 'reduced' AND attribute = 'Mikrotik-Rate-Limit'"
    database.execute(f"DELETE FROM radius.reply_template WHERE {gone}")
    setup.finish(database)
    assert database.execute(f"SELECT count(*) FROM radius.reply_template WHERE {gone}").fetchone() == (0,)
    assert database.execute(f"SELECT count(*) FROM radius.shipped_template WHERE {gone}").fetchone() == (1,)


def test_what_is_asked_for_each_session_is_put_into_the_question(database: psycopg.Connection):
    """A function that says IMMUTABLE of STABLE arithmetic is called for each row, which cost more than all the rest."""
    explained = database.execute("EXPLAIN (VERBOSE) SELECT id FROM radius.live WHERE drifts").fetchall()
    plan = "\n".join(line for (line,) in explained)
    assert "session_live" in plan
    assert set(re.findall(r"radius\.(\w+)\(", plan)) == {"released"}  # that one is asked once
