"""A Pix code as a QR that the payer's bank app reads from the screen or from paper (ISO/IEC 18004)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import segno
from django.utils.safestring import SafeString

from religa.entrypoints.common.drawing import drawing

LONGEST = (
    512  # bytes: no BR Code is longer (Manual do BR Code, section 2); more modules than that no phone reads
)
_QUIET = 4  # modules, all around


def svg(text: str, *, label: str = "QR Code do Pix") -> SafeString | None:
    """The QR as inline SVG, error correction M or better. None for a text that is empty or too long to be a BR Code."""
    if not text or len(text.encode(errors="replace")) > LONGEST:
        return None
    made = segno.make(text, error="m", micro=False)
    rows = [_runs(row) for row in made.matrix_iter(border=_QUIET)]
    return drawing(rows, row_height=1, label=label)


def _runs(row: Iterable[int]) -> list[int]:
    return [len(list(run)) for _, run in groupby(row, key=bool)]
