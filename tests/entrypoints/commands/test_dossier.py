"""`religa dossier` as an operator, a lawyer or an expert of the court calls it."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

import people
from religa.entrypoints.commands import database, main
from religa.entrypoints.commands import dossier as command
from religa.records import dossiers, locks, raw
from religa.records.models import Dossier

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(monkeypatch):
    monkeypatch.setattr(database, "provided", nullcontext)
    return lambda *arguments: CliRunner().invoke(command.dossier, [str(a) for a in arguments])


@pytest.fixture
def known(monkeypatch, tmp_path):
    """`known(True)`: there is a database to compare with."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("RELIGA_HOME", str(tmp_path / "home"))

    def say(there: bool) -> None:
        if there:
            (tmp_path / "home" / "postgres").mkdir(parents=True)

    return say


@pytest.fixture
def maria(db):
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    return contract


@pytest.fixture
def file(call, maria, tmp_path):
    made = call("1001", "--json", "--reason", "processo 1", "--out", tmp_path)
    assert made.exit_code == 0, made.output
    [found] = tmp_path.glob("dossie-1001-*.json")
    return found


def test_both_forms_are_written_for_their_owner_alone(call, maria, tmp_path):
    made = call("cliente1001@ponte", "--reason", "processo 1", "--out", tmp_path / "new")
    assert made.exit_code == 0, made.output
    files = sorted((tmp_path / "new").iterdir())
    assert [f.suffix for f in files] == [".json", ".pdf"]
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
    kept = Dossier.objects.get()
    assert "(command line)" in kept.who and kept.reason == "processo 1"
    assert kept.sha256 in made.output


def test_without_a_reason_or_a_contract_nothing_is_made(call, maria, tmp_path):
    assert call("1001").exit_code == 2
    assert call("1001", "--reason", " ", "--out", tmp_path).exit_code == 1
    assert "no contract" in call("9999", "--reason", "x", "--out", tmp_path).output
    assert not Dossier.objects.exists() and list(tmp_path.iterdir()) == []


def test_a_file_is_verified_without_any_database(call, known, file):
    known(False)
    found = call("verify", file)
    assert found.exit_code == 0, found.output
    assert "Unchanged since it was signed" in found.output and "intact" in found.output
    assert "database" not in found.output


def test_it_is_compared_with_the_database_where_there_is_one(call, known, file):
    known(True)
    found = call("verify", file)
    assert found.exit_code == 0 and "It left from this installation at" in found.output
    raw.run("UPDATE message SET text = ''")
    assert "messages went on, or were erased in time" in call("verify", file).output
    raw.run("UPDATE policy_version SET author = 'x'")
    found = call("verify", file)
    assert found.exit_code == 1 and "CONTRADICTS it: policies" in found.output
    assert call("verify", file, "--offline").exit_code == 0
    Dossier.objects.all().delete()
    assert "No dossier with this SHA-256 ever left" in call("verify", file).output


def test_one_changed_letter_is_found(call, known, file):
    known(False)
    file.write_bytes(file.read_bytes().replace(b'"total": 9990', b'"total": 9991', 1))
    found = call("verify", file)
    assert found.exit_code == 1
    assert "Part 'invoices' is not as it was when the dossier was made." in found.output


def test_a_stranger_needs_the_key_that_he_trusts(call, known, file, settings):
    known(False)
    printed = call("key").output.strip()
    settings.SECRETS_KEYS = ["the key of somebody else" * 3]
    assert call("verify", file).exit_code == 1
    assert call("verify", file, "--key", printed).exit_code == 0
    assert call("verify", file, "--key", "00" * 32).exit_code == 1
    forged = json.loads(file.read_bytes())
    again = dossiers.close({n: forged[n] for n in dossiers.HEAD[2:]}, {**forged["parts"], "payments": []})
    file.write_bytes(dossiers.written(again))
    assert call("verify", file, "--key", printed).exit_code == 1


def test_the_command_is_there():
    assert main.exists("dossier")
    help_text = CliRunner().invoke(command.dossier, ["--help"]).output
    assert "verify" in help_text and "make" in help_text
