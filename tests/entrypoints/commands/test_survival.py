"""`religa survival`: the export as an operator and as monitoring see it."""

from __future__ import annotations

import sqlite3

import pytest
from click.testing import CliRunner, Result

from religa.adapters.freeradius.survival import NAME
from religa.entrypoints.commands import main


@pytest.fixture
def url(clone_database) -> str:
    address = clone_database()
    rest = address.partition("@")[2]
    return f"postgresql://religa_survival:of-a-test@{rest}"


def say(*arguments: str, **environment: str) -> Result:
    known = {"RELIGA_SURVIVAL_URL": "", **environment}
    return CliRunner().invoke(main.main, ["survival", *arguments], env=known, catch_exceptions=False)


def test_an_export_says_what_is_in_it_and_how_old_it_is(url, tmp_path):
    made = say("export", "--to", str(tmp_path / "here"), RELIGA_SURVIVAL_URL=url)
    assert made.exit_code == 0, made.output
    assert "export.sqlite: 0 log-ins as of 20" in made.stdout
    assert "The passwords of all subscribers and routers are in it (mode 0600)" in made.stderr
    fresh = say("check", str(tmp_path / "here"))
    assert (fresh.exit_code, fresh.output) == (0, "OK: 0 log-ins, 0.0 hours old\n")

    with sqlite3.connect(tmp_path / "here" / NAME) as file:
        file.execute("UPDATE export SET made_at = made_at - 7200")
    old = say("check", str(tmp_path / "here"), "--max-age", "1.5")
    assert (old.exit_code, old.output) == (1, "TOO OLD: 0 log-ins, 2.0 hours old\n")


def test_no_export_is_said_to_monitoring(tmp_path):
    answer = say("check", str(tmp_path / "none"))
    assert answer.exit_code == 1 and answer.output.startswith("NO EXPORT: ")
    (tmp_path / NAME).write_bytes(b"SQLite format 3\x00 half of one")
    assert say("check", str(tmp_path)).output.startswith("NO EXPORT: ")


def test_a_database_that_does_not_answer_leaves_the_last_export(url, tmp_path):
    say("export", "--to", str(tmp_path), "--url", url)
    before = (tmp_path / NAME).read_bytes()
    failed = say("export", "--to", str(tmp_path), "--url", "postgresql://nobody@127.0.0.1:1/x")
    assert failed.exit_code == 1
    assert failed.output.startswith("Error: The last export was kept: ")
    assert (tmp_path / NAME).read_bytes() == before
    assert [p.name for p in tmp_path.glob("*.draft")] == []


def test_without_an_address_nothing_is_guessed(tmp_path):
    answer = say("export", "--to", str(tmp_path))
    assert answer.exit_code == 2 and "RELIGA_SURVIVAL_URL" in answer.output
