"""From the octets of a file to its lines, whatever a portal, an editor or an e-mail did to them."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_ENDS = re.compile(r"\r\n|\r|\n")
_BLANK = " \t\0\x1a"  # 0x1A is DOS's end of file, which banks still write


class Line(NamedTuple):
    """`number` counts every line of the file from 1, blank ones too, as an editor shows it."""

    number: int
    text: str


def lines(data: bytes) -> list[Line]:
    """The lines that hold something, without the blanks at their ends. CRLF, LF and CR all end a line."""
    pieces = _ENDS.split(_decoded(data))
    return [Line(n, text) for n, piece in enumerate(pieces, 1) if (text := piece.rstrip(_BLANK))]


def _decoded(data: bytes) -> str:
    """Banks write ISO 8859-1. Octets that are UTF-8 as a whole were saved anew by an editor: there an accent read as
    two characters would move every column behind it."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
