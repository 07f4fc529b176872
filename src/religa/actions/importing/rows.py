"""Reads one file into rows of typed values, collecting everything that is wrong on the way.

A row is `(line, *values)` in the order of `COLUMNS[kind]`. Rows are read a block at a time, column by column, which
costs half; a block in which anything is wrong is read again row by row, to say where.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

from religa.actions.importing.cells import Bad, LeftOut, Mended, Reader, plain
from religa.actions.importing.columns import COLUMNS, FILE_NAMES, Column, Kind
from religa.actions.importing.csv_text import Opened, Row
from religa.actions.importing.problems import Problem, Problems, Refused, What

Values = tuple[Any, ...]
_BLOCK = 500
_SEPARATORS = re.compile(r"[|,;/]")


def kind_of(file_name: str) -> Kind | None:
    """What a file holds, by its name: `Faturas 2026-11.csv` holds invoices."""
    stem = plain(re.sub(r"\.[A-Za-z]{2,4}$", "", re.split(r"[/\\]", file_name)[-1]))
    stem = re.sub(r"(_[0-9]+)+$", "", re.sub(r"^([0-9]+_)+", "", stem))
    return next((kind for kind, names in FILE_NAMES.items() if stem in names), None)


@dataclass(frozen=True, slots=True)
class Match:
    """Where the columns of a kind stand in a file. `present`: the keys that the file has at all."""

    places: tuple[tuple[Column, tuple[int, ...]], ...]
    header: tuple[str, ...]
    present: frozenset[str]


def match(kind: Kind, opened: Opened, problems: Problems) -> Match:
    """Finds the columns of a file; unknown ones are told. Raises `Refused` where one that must be there is not."""
    columns = COLUMNS[kind]
    by_name = {plain(name): column for column in columns for name in column.names}
    found: dict[str, list[int]] = {}
    unknown = []
    for place, title in enumerate(opened.header):
        column = by_name.get(plain(title))
        if column is None:
            unknown += [title.strip()[:60]] if title.strip() else []
        elif column.key in found and not column.many:
            raise Refused(
                Problem(What.REPEATED_COLUMN, opened.name, 1, title.strip()[:60], more=column.title)
            )
        else:
            found.setdefault(column.key, []).append(place)
    if not found:  # and its "titles" are somebody's data: they are not repeated
        raise Refused(Problem(What.WRONG_HEADER, opened.name, 1, more=_titles(columns)))
    for name in unknown:
        problems.add(Problem(What.UNKNOWN_COLUMN, opened.name, 1, name))
    missing = [c for c in columns if c.required and c.key not in found]
    if missing:
        raise Refused(Problem(What.MISSING_COLUMN, opened.name, 1, more=_titles(missing)))
    places = tuple((column, tuple(found.get(column.key, ()))) for column in columns)
    return Match(places, tuple(opened.header), frozenset(found))


def _titles(columns: Sequence[Column]) -> str:
    return ", ".join(c.title for c in columns if c.required)


class RowReader:
    """One file being read. `spoilt` holds the external ids of rows that were refused, so that whoever names them is
    not called wrong, too."""

    def __init__(self, opened: Opened, kind: Kind, readers: Mapping[str, Reader], problems: Problems) -> None:
        self.opened, self.kind, self.problems = opened, kind, problems
        self.match = match(kind, opened, problems)
        slots = [(n, c, readers[c.read], p) for n, (c, p) in enumerate(self.match.places, start=1) if p]
        self.single = [(n, c, read, p[0]) for n, c, read, p in slots if not c.many]
        self.lists = [(n, c, read, p) for n, c, read, p in slots if c.many]
        self.required = [(n, c) for n, c, _, _ in slots if c.required]
        self.empty: list[Any] = [None] * (len(self.match.places) + 1)
        self.last = max(place for _, _, _, places in slots for place in places)
        self.spoilt: set[str] = set()
        self.broken: Refused | None = None
        self.count = 0

    def __iter__(self) -> Iterator[Values]:
        """The rows up to the end, or up to where the file breaks: then `broken` says why, and whoever streams the rows
        on can end in good order."""
        rows = iter(self.opened.rows)
        while block := self._block(rows):
            self.count += len(block)
            yield from self._at_once(block) or self._one_by_one(block)

    def _block(self, rows: Iterator[Row]) -> list[Row]:
        block: list[Row] = []
        try:
            for row in islice(rows, _BLOCK):
                block.append(row)
        except Refused as refused:
            self.broken = refused
        return block

    def _at_once(self, block: Sequence[Row]) -> Iterable[Values] | None:
        """The rows of a block in which nothing is wrong and nothing is worth a word; None if there is."""
        lines, rows = zip(*block, strict=True)
        if set(map(len, rows)) != {len(self.match.header)}:
            return None
        cells = list(zip(*rows, strict=True))
        values: list[Sequence[Any]] = [lines, *([None] * len(lines) for _ in self.match.places)]
        try:
            for slot, _, read, place in self.single:
                if any(cells[place]):
                    values[slot] = [read(c) if c and not c.isspace() else None for c in cells[place]]
            for slot, _, read, places in self.lists:
                values[slot] = [
                    _several(read, of_row) for of_row in zip(*(cells[p] for p in places), strict=True)
                ]
        except Bad:
            return None
        if any(None in values[slot] for slot, _ in self.required):
            return None
        return (
            None if any(Mended in set(map(type, column)) for column in values) else zip(*values, strict=True)
        )

    def _one_by_one(self, block: Sequence[Row]) -> Iterator[Values]:
        width = len(self.match.header)
        for line, cells in block:
            if len(cells) != width and not self._fits(line, cells, width):
                continue
            values = self._values(line, cells)
            if values is not None:
                yield values

    def _fits(self, line: int, cells: list[str], width: int) -> bool:
        """Empty cells at the end may be missing or too many; anything else has slipped."""
        if width > len(cells) > self.last:
            cells.extend([""] * (width - len(cells)))
            return True
        if len(cells) > width and not any(cells[width:]):
            return True
        self._spoil(cells)
        self._wrong(What.CELL_COUNT, line, more=f"{len(cells)}/{width}")
        return False

    def _values(self, line: int, cells: list[str]) -> Values | None:
        values = self.empty.copy()
        values[0] = line
        good = True
        for slot, column, read, place in self.single:
            cell = cells[place]
            if cell and not cell.isspace():
                try:
                    value = values[slot] = read(cell)
                    if value.__class__ is Mended:
                        self._wrong(What.PADDED, line, column, value)
                except Bad as bad:
                    good = self._is_left_out(bad, line, column, cell) and good
        for slot, column, read, places in self.lists:
            values[slot] = self._many(line, column, read, [cells[p] for p in places])
        if good:
            for slot, column in self.required:
                if values[slot] is None:
                    good = False
                    self._wrong(What.REQUIRED, line, column)
        if good:
            return tuple(values)
        self._spoil(cells)
        return None

    def _many(self, line: int, column: Column, read: Reader, cells: list[str]) -> list[Any]:
        found = []
        for part in _parts(cells):
            try:
                found.append(read(part))
            except Bad as bad:
                self._is_left_out(bad, line, column, part)
        return list(dict.fromkeys(found))

    def _is_left_out(self, bad: Bad, line: int, column: Column, cell: str) -> bool:
        """Tells what is wrong with a cell; whether the row may go on without it."""
        self._wrong(bad.what, line, column, cell, bad.more)
        return isinstance(bad, LeftOut)

    def _spoil(self, cells: list[str]) -> None:
        """Remembers the id of a row that is left out, if it can be read at all."""
        _, first, read, place = self.single[0]
        if first.key == "external_id" and place < len(cells):
            with suppress(Bad):
                self.spoilt.add(read(cells[place]))

    def _wrong(
        self, what: What, line: int, column: Column | None = None, cell: str = "", more: str = ""
    ) -> None:
        title = column.title if column else ""
        if column and (places := dict(self.match.places)[column]):
            title = self.match.header[places[0]].strip() or title
        value = shown(column, cell) if column else ""
        self.problems.add(Problem(what, self.opened.name, line, title, value, more))


def _parts(cells: Sequence[str]) -> Iterator[str]:
    return (part for cell in cells for part in _SEPARATORS.split(cell) if part.strip())


def _several(read: Reader, cells: Sequence[str]) -> list[Any]:
    return list(dict.fromkeys(map(read, _parts(cells))))


def shown(column: Column, cell: str) -> str:
    """A cell as a message may repeat it: shortened, personal data masked, secrets not at all."""
    if column.secret or not cell:
        return ""
    cell = "".join(c if c.isprintable() else " " for c in cell.strip())
    cell = cell if len(cell) <= 40 else cell[:40] + "..."
    return masked(cell) if column.personal else cell


def masked(cell: str) -> str:
    """`123.456.789-0` as `***.456.***-*`: the middle is enough to find the row, not to know the person."""
    marks = [n for n, c in enumerate(cell) if c.isalnum()]
    kept = set(marks[len(marks) // 3 : len(marks) // 3 + max(1, len(marks) // 3)])
    return "".join(c if n in kept or not c.isalnum() else "*" for n, c in enumerate(cell))
