"""YAML with line numbers and without surprises: times, amounts and hours stay as they are written."""

from __future__ import annotations

import re
from typing import Any

import yaml


class ScenarioError(Exception):
    """Something in a scenario file that cannot be read; `line` is where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Block(dict[str, Any]):
    """A mapping that knows the line of each of its keys."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> Block:
    block = Block()
    block.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in block:
            raise ScenarioError(key_node.start_mark.line + 1, f"`{key}` is written twice")
        block.lines[key] = key_node.start_mark.line + 1
        block[key] = loader.construct_object(value_node, deep=True)
    return block


def _plain(base: Any) -> Any:
    """Only null, booleans and plain whole numbers are resolved; dates, clock times and amounts stay text."""

    class Loader(base):  # type: ignore[misc]
        yaml_implicit_resolvers: dict[str, Any] = {}

    resolve = Loader.add_implicit_resolver
    resolve("tag:yaml.org,2002:null", re.compile(r"^(~|null|Null|NULL|)$"), None)
    resolve("tag:yaml.org,2002:bool", re.compile(r"^(true|false|yes|no|on|off)$", re.IGNORECASE), None)
    resolve("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), None)
    Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    return Loader


# libyaml's reads ten times as fast, Python's own says in better words what is wrong.
_CLEAR = _plain(yaml.SafeLoader)
_QUICK = _plain(yaml.CSafeLoader) if yaml.__with_libyaml__ else _CLEAR


def documents(text: str) -> list[Any]:
    """Every document of a file. Raises `ScenarioError` where the YAML itself is broken."""
    try:
        return _read(text, _QUICK)
    except yaml.YAMLError:
        return _read_for_words(text)


def _read_for_words(text: str) -> list[Any]:
    try:
        return _read(text, _CLEAR)
    except yaml.MarkedYAMLError as why:
        mark = why.problem_mark or why.context_mark
        raise ScenarioError(mark.line + 1 if mark else 1, f"not YAML: {why.problem}") from why
    except yaml.YAMLError as why:
        raise ScenarioError(1, f"not YAML: {why}") from why


def _read(text: str, loader: Any) -> list[Any]:
    return [document for document in yaml.load_all(text, Loader=loader) if document is not None]
