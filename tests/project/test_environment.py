"""Settings from the environment: read by type, refused with a clear sentence, and each documented."""

import re
from pathlib import Path

import pytest

from religa.project import environment
from religa.project.environment import BadSetting

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv("RELIGA_X", value)


def test_unset_and_empty_give_the_default(given, monkeypatch):
    monkeypatch.delenv("RELIGA_X", raising=False)
    assert environment.text("RELIGA_X", "default") == "default"
    given("")
    assert environment.text("RELIGA_X", "default") == "default"
    assert environment.whole("RELIGA_X", 7) == 7
    assert environment.yes("RELIGA_X", True) is True


def test_a_list_is_split_at_commas(given):
    given(" a.example , b.example,")
    assert environment.words("RELIGA_X") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("value", "meaning"), [("yes", True), ("ON", True), ("1", True), ("no", False), ("0", False)]
)
def test_yes_and_no(given, value, meaning):
    given(value)
    assert environment.yes("RELIGA_X", not meaning) is meaning


@pytest.mark.parametrize(
    "reader", [lambda: environment.whole("RELIGA_X", 1), lambda: environment.yes("RELIGA_X", True)]
)
def test_a_wrong_value_is_refused_by_name(given, reader):
    given("maybe")
    with pytest.raises(BadSetting, match="RELIGA_X must be .* not 'maybe'"):
        reader()


def test_a_database_address_is_taken_apart(given):
    given("postgresql://ana:p%40ss%3Aword@db.example:6432/religa?sslmode=require")
    parts = environment.database("RELIGA_X", "")
    assert (parts["USER"], parts["PASSWORD"]) == ("ana", "p@ss:word")
    assert (parts["HOST"], parts["PORT"], parts["NAME"]) == ("db.example", "6432", "religa")
    assert parts["OPTIONS"] == {"sslmode": "require"}


def test_several_hosts_go_to_libpq_as_they_are(given):
    given("postgresql://u@a:5432,b:5433,[::1]/religa?target_session_attrs=read-write")
    parts = environment.database("RELIGA_X", "")
    assert (parts["HOST"], parts["PORT"]) == ("a,b,::1", "5432,5433,5432")


def test_another_kind_of_database_is_refused(given):
    given("sqlite:///religa.db")
    with pytest.raises(BadSetting, match="must start with postgresql://"):
        environment.database("RELIGA_X", "")


def test_every_setting_is_in_the_operators_table_and_nothing_else():
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r"environment\.\w+\(\s*\"([A-Z_]+)\"", source))
    read |= set(re.findall(r"os\.environ(?:\.get\(|\[)\"((?:RELIGA|DATABASE)_[A-Z_]+)\"", source))
    table = (ROOT / "docs/operators/running.md").read_text()
    documented = set(re.findall(r"^\| `([A-Z_]+)`", table, re.MULTILINE))
    assert read == documented


def test_networks_are_read_and_what_is_none_is_named(monkeypatch):
    monkeypatch.setenv("RELIGA_X", "10.0.0.5, 2001:db8::/64")
    assert [str(n) for n in environment.networks("RELIGA_X")] == ["10.0.0.5/32", "2001:db8::/64"]
    monkeypatch.setenv("RELIGA_X", "gateway")
    with pytest.raises(environment.BadSetting, match="RELIGA_X must be addresses or networks"):
        environment.networks("RELIGA_X")
