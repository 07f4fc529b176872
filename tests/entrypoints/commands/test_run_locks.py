"""The lock files hold everything that pyproject.toml asks for, by hash, and no registry's address."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WANTED = {
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement)[0].lower().replace("_", "-").replace(".", "-")


@pytest.mark.parametrize("name", WANTED)
def test_every_dependency_is_pinned(name):
    assert {plain(requirement) for requirement in WANTED[name]} <= set(pins(name))


@pytest.mark.parametrize("name", WANTED)
def test_every_pin_has_a_hash(name):
    entries = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / name).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(name)) > 10
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", WANTED)
def test_no_registry_is_named(name):
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", (ROOT / name).read_text()) == []


def test_both_locks_agree():
    run, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {package: dev.get(package) for package in run} == run
