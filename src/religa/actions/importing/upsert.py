"""Writes staged rows over a table by set: new ones in, differing ones changed, equal ones left untouched.

A column that the file does not have keeps what is there (new rows get the default); an empty cell means the default.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from religa.records import raw


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the table: its value as SQL over the staged row `x`, and the file's column it comes from.

    `source` "" marks what is written on insert alone; "*" what is compared whatever the file has.
    """

    name: str
    value: str
    source: str


def field(name: str, default: str = "", source: str | None = None) -> Field:
    """A column taken over as it is; `default` (SQL) stands for an empty cell, none for null."""
    key = name if source is None else source
    return Field(name, f"coalesce(x.{key}, {default})" if default else f"x.{key}", key)


@dataclass(slots=True)
class Counted:
    """What became of the rows of one file."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    cancelled: int = 0

    @property
    def unchanged(self) -> int:
        return max(0, self.rows - self.new - self.changed - self.cancelled)


Parameters = Mapping[str, Any]
_NONE: Parameters = {}


def insert(
    table: str,
    staged: str,
    fields: Sequence[Field],
    parameters: Parameters = _NONE,
    *,
    where: str = "x.old_id IS NULL",
) -> int:
    """Adds the staged rows that are new, in the order of the file (neighbours are asked for together)."""
    names = ", ".join(f.name for f in fields)
    values = ", ".join(f.value for f in fields)
    return raw.run(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {staged} x WHERE {where} ORDER BY x.line",
        parameters,
    )


def compared(fields: Sequence[Field], present: Collection[str]) -> list[Field]:
    return [f for f in fields if f.source == "*" or f.source in present]


def differs(fields: Sequence[Field], present: Collection[str]) -> str:
    """SQL: whether the row `t` of the table says something else than the staged row `x`."""
    found = compared(fields, present)
    if not found:
        return "false"
    mine, theirs = ", ".join(f"t.{f.name}" for f in found), ", ".join(f.value for f in found)
    return f"ROW({mine}) IS DISTINCT FROM ROW({theirs})"


def update(
    table: str,
    staged: str,
    fields: Sequence[Field],
    present: Collection[str],
    parameters: Parameters = _NONE,
    *,
    also: str = "true",
) -> int:
    """Changes the rows that differ in a column that the file has."""
    found = compared(fields, present)
    if not found:
        return 0
    sets = ", ".join(f"{f.name} = {f.value}" for f in found)
    return raw.run(
        f"UPDATE {table} t SET {sets} FROM {staged} x"
        f" WHERE t.id = x.old_id AND {also} AND {differs(fields, present)}",
        parameters,
    )
