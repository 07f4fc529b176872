"""The SQL of schema `radius` may be run again, and taken back."""

from importlib import import_module
from importlib.resources import files

import psycopg
import pytest

ITEMS = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'radius'::regnamespace"


@pytest.fixture
def database(clone_database):
    with psycopg.connect(clone_database(), autocommit=True) as connection:
        yield connection


def run_files(database: psycopg.Connection) -> None:
    folder = files("religa.records") / "sql" / "radius"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        database.execute(file.read_text())


def test_running_it_again_changes_nothing_that_an_operator_wrote(database: psycopg.Connection):
    rate = "UPDATE radius.reply_template SET template = '256k/256k' WHERE vendor = 'mikrotik' AND access = 'walled'"
    database.execute(f"{rate} AND attribute = 'Mikrotik-Rate-Limit'")
    dump = "SELECT vendor, access, attribute, op, template, fact FROM radius.reply_template ORDER BY 1, 2, 3"
    before = database.execute(dump).fetchall()
    functions = database.execute(ITEMS).fetchone()
    run_files(database)
    assert database.execute(dump).fetchall() == before
    assert database.execute(ITEMS).fetchone() == functions


def test_going_back_leaves_an_empty_schema_and_forth_fills_it(database: psycopg.Connection):
    migration = import_module("religa.records.migrations.0003_radius_functions")
    functions = database.execute(ITEMS).fetchone()
    database.execute(migration.FORGET)
    left = database.execute(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'radius'::regnamespace"
    ).fetchone()
    assert (database.execute(ITEMS).fetchone(), left) == ((0,), (0,))
    run_files(database)
    assert database.execute(ITEMS).fetchone() == functions
