"""The walls between the rooms, where import-linter sees too little."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOMAIN = sorted((ROOT / "src/religa/domain").rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """Every module named in an import, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide where a module is from"
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", DOMAIN, ids=lambda p: p.name)
def test_the_domain_imports_the_standard_library_and_itself_alone(path):
    foreign = {
        name
        for name in imported(ast.parse(path.read_text()))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("religa.domain")
    }
    assert foreign == set()


@pytest.mark.parametrize("path", DOMAIN, ids=lambda p: p.name)
def test_the_domain_asks_no_clock_no_chance_and_no_environment(path):
    banned = {
        "now",
        "utcnow",
        "today",
        "environ",
        "getenv",
        "urandom",
        "random",
        "uuid4",
        "perf_counter",
        "monotonic",
    }
    used = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}
    assert used & banned == set()


def test_the_import_contracts_hold():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_of_the_program_is_longer_than_400_lines():
    long = {
        str(p.relative_to(ROOT)): n
        for p in (ROOT / "src").rglob("*.py")
        if "migrations" not in p.parts and (n := p.read_text().count("\n")) > 400
    }
    assert long == {}
