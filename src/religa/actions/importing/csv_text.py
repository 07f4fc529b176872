"""Finds out how a CSV file is written (encoding, delimiter) and gives its rows with their line numbers.

Spreadsheets and ERPs in Brazil write `;`, latin-1 (in truth cp1252) or UTF-8, with or without BOM. Nothing is guessed
that could change a name or an amount silently: a file that mixes encodings is refused with its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from religa.actions.importing.problems import Problem, Refused, What

LONGEST_LINE = 1 << 20  # characters; the longest honest line (a notice's text) is a hundredth of it
_CHUNK = 1 << 20
_DELIMITERS = ";\t,|"
_UTF8_PAIR = re.compile(rb"[\xc2\xc3][\x80-\xbf]")  # ã, é, ç ... as UTF-8 writes them
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d\x00]")
_TWICE_UTF8 = re.compile(rb"\xc3[\x82\x83]\xc2[\x80-\xbf]")
_REPLACED = re.compile("\N{REPLACEMENT CHARACTER}".encode())
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    encoding: str
    delimiter: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose writing is known. `rows` starts after the header, without empty lines."""

    name: str
    lines: int
    dialect: Dialect
    header: list[str]
    rows: Iterator[Row]
    notes: tuple[Problem, ...]


def open_csv(name: str, stream: BinaryIO) -> Opened:
    """Looks through a file once, then reads it lazily. Raises `Refused`; the rows may raise it, too."""
    found = _encoding(name, stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=found.encoding, newline="")
    first = _first_line(name, text)
    said = first.startswith("sep=")  # Excel's own way of saying it
    delimiter = first[4:5] if said else max(_DELIMITERS, key=first.count)
    text.seek(0)
    rows = _rows(name, text, delimiter)
    head = list(islice(rows, 2 if said else 1))
    if not head or (said and len(head) < 2):
        raise Refused(Problem(What.EMPTY_FILE, name))
    return Opened(name, found.lines, Dialect(found.encoding, delimiter), head[-1][1], rows, found.notes)


def _first_line(name: str, text: io.TextIOWrapper) -> str:
    for line in iter(lambda: text.readline(LONGEST_LINE), ""):
        if len(line) == LONGEST_LINE:
            raise Refused(Problem(What.LONG_LINE, name, 1))
        if line.strip():
            return line
    raise Refused(Problem(What.EMPTY_FILE, name))


def _rows(name: str, text: io.TextIOWrapper, delimiter: str) -> Iterator[Row]:
    """The csv module counts lines, so that a quoted cell may hold line breaks; `line` is where the row starts."""
    reader = csv.reader(_lines(name, text) if text.encoding == "utf-16" else text, delimiter=delimiter)
    csv.field_size_limit(LONGEST_LINE)
    line = 1
    try:
        for cells in reader:
            if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(Problem(What.OPEN_QUOTES, name, line)) from error


def _lines(name: str, text: io.TextIOWrapper) -> Iterator[str]:
    """Bounded, for the encoding in which nobody has looked at the lines before (`_blocks` does for all others)."""
    for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE:
            raise Refused(Problem(What.LONG_LINE, name, number))
        yield line


@dataclass(frozen=True, slots=True)
class _Encoding:
    encoding: str
    lines: int
    notes: tuple[Problem, ...] = ()


def _encoding(name: str, stream: BinaryIO) -> _Encoding:
    start = stream.read(4)
    if not start:
        raise Refused(Problem(What.EMPTY_FILE, name))
    by_mark = next((enc for bom, enc in _BOMS.items() if start.startswith(bom)), None)
    if by_mark == "utf-16":
        return _Encoding(by_mark, _decoded_lines(name, stream, by_mark))
    broken, lines = _not_utf8_at(name, stream)
    if broken is None:
        return _Encoding(by_mark or "utf-8", lines, _suspicions(name, stream))
    if by_mark:
        raise Refused(Problem(What.BAD_ENCODING, name, broken))
    return _Encoding(_single_byte(name, stream, broken), lines)


def _not_utf8_at(name: str, stream: BinaryIO) -> tuple[int | None, int]:
    """The first line that is not UTF-8 (None if all are), and how many lines there are."""
    broken, lines = None, 0
    for line, block in _blocks(name, stream):
        if broken is None:
            try:
                block.decode("utf-8")
            except UnicodeDecodeError as error:
                broken = line + block.count(b"\n", 0, error.start)
        lines = line + block.count(b"\n") - block.endswith(b"\n")
    return broken, lines


def _blocks(name: str, stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The file in pieces of whole lines, each with the number of its first line. Bounded on purpose: a file without
    line ends must not fill the memory."""
    stream.seek(0)
    line, rest = 1, b""
    for chunk in iter(lambda: stream.read(LONGEST_LINE), b""):
        if len(rest) + len(chunk.partition(b"\n")[0]) >= LONGEST_LINE:
            raise Refused(Problem(What.LONG_LINE, name, line))
        head, end, tail = chunk.rpartition(b"\n")
        if end:
            block = rest + head + end
            yield line, block
            line, rest = line + block.count(b"\n"), tail
        else:
            rest += tail
    if rest:
        yield line, rest


def _first_match(
    name: str, stream: BinaryIO, *wanted: re.Pattern[bytes]
) -> tuple[int, re.Pattern[bytes]] | None:
    """The line of the first place that one of the patterns finds, and which one."""
    for line, block in _blocks(name, stream):
        if (
            block.isascii() and b"\0" not in block
        ):  # nearly all of them, and all patterns look for something else
            continue
        found = [match for pattern in wanted if (match := pattern.search(block))]
        if found:
            first = min(found, key=lambda match: match.start())
            return line + block.count(b"\n", 0, first.start()), first.re
    return None


def _decoded_lines(name: str, stream: BinaryIO, encoding: str) -> int:
    """How many lines there are, if every one can be decoded."""
    stream.seek(0)
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for chunk in iter(lambda: stream.read(_CHUNK), b""):
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise Refused(Problem(What.BAD_ENCODING, name, line)) from None
    return line


def _single_byte(name: str, stream: BinaryIO, broken: int) -> str:
    """cp1252 (latin-1 as Windows writes it), unless some lines are UTF-8 or the bytes are no text at all."""
    found = _first_match(name, stream, _NOT_IN_CP1252, _UTF8_PAIR)
    if found is None:
        return "cp1252"
    line, pattern = found
    if pattern is _NOT_IN_CP1252:
        raise Refused(Problem(What.BAD_ENCODING, name, line))
    raise Refused(Problem(What.MIXED_ENCODING, name, line, more=str(broken)))


def _suspicions(name: str, stream: BinaryIO) -> tuple[Problem, ...]:
    """Letters that another program has already spoilt; they cannot be brought back here."""
    found = []
    for what, spoilt in ((What.LOST_CHARACTERS, _REPLACED), (What.DOUBLE_ENCODED, _TWICE_UTF8)):
        first = _first_match(name, stream, spoilt)
        if first is not None:
            found.append(Problem(what, name, first[0]))
    return tuple(found)
