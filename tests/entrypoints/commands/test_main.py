"""The `religa` command finds its sub-commands by name and gives them a database."""

import contextlib
import subprocess
import sys
import types

import click
import pytest
from click.testing import CliRunner

from religa.entrypoints.commands import database, home, main


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


@pytest.fixture
def new_command(monkeypatch):
    """Makes `religa NAME` out of a function, as a module of the folder would."""

    def make(name: str, body) -> None:
        module = types.ModuleType(f"religa.entrypoints.commands.{name}_")
        module.body = click.command(name)(body)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(main, "_modules", lambda: {name: module.__name__})

    return make


def test_help_lists_what_there_is_and_only_that(runner):
    listed = runner.invoke(main.main, ["--help"])
    assert listed.exit_code == 0
    assert "  run " in listed.output and "  scenario " in listed.output
    assert "preparation" not in listed.output, "a module without a command of its name is no sub-command"


def test_an_unknown_command_is_refused(runner):
    refused = runner.invoke(main.main, ["dance"])
    assert refused.exit_code == 2
    assert "No such command 'dance'" in refused.output


def test_a_module_named_with_an_underscore_is_found_without_it(runner, new_command):
    new_command("journey", lambda: click.echo("imported"))
    assert runner.invoke(main.main, ["journey"]).output == "imported\n"


def test_a_command_finds_an_answering_database(
    runner, new_command, monkeypatch, clone_database, django_db_blocker
):
    monkeypatch.setenv("DATABASE_URL", clone_database())

    def body() -> None:
        with database.provided() as url:
            click.echo(url)

    new_command("explain", body)
    with django_db_blocker.unblock():
        answer = runner.invoke(main.main, ["explain"], catch_exceptions=False)
    assert answer.output.startswith("postgresql://")


def test_help_of_a_command_starts_no_database(runner, new_command, monkeypatch, tmp_path):
    monkeypatch.setenv("RELIGA_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    new_command("explain", lambda: click.echo("not reached"))
    assert "Usage:" in runner.invoke(main.main, ["explain", "--help"]).output
    assert not (tmp_path / "postgres").exists()


def test_help_of_a_sub_command_starts_no_database(runner, monkeypatch, tmp_path):
    monkeypatch.setenv("RELIGA_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for words in ("staff remove", "runs approve", "network release"):
        assert "Usage:" in runner.invoke(main.main, [*words.split(), "--help"]).output
    assert not (tmp_path / "postgres").exists()


def test_the_body_of_a_sub_command_has_one(runner, monkeypatch):
    asked = []

    @contextlib.contextmanager
    def provided():
        asked.append("a database")
        yield "postgresql://"

    monkeypatch.setattr(database, "provided", provided)
    for _ in range(2):  # the command is wrapped once, however often it is looked up
        runner.invoke(main.main, ["staff", "remove", "nobody"])
    assert asked == ["a database"] * 2


@pytest.mark.slow
def test_a_thrown_away_database_is_prepared_and_leaves_nothing():
    code = """
from religa.entrypoints.commands import database
with database.thrown_away() as addresses:
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, count(*) > 0 FROM django_migrations")
        print(*cursor.fetchone())
    print(addresses.radius)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    row, radius = done.stdout.splitlines()
    assert row == "religa_app True"
    assert radius.startswith("postgresql://religa_radius:")


def test_a_secret_is_random_kept_and_closed_to_others(tmp_path):
    first = home.secret("portal", tmp_path)
    assert first == home.secret("portal", tmp_path)
    assert first != home.secret("console", tmp_path)
    assert len(first) >= 16
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
