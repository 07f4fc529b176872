"""Codes that cameras read, as inline SVG: black on white in both colour schemes, one path, no style.

A strict Content-Security-Policy lets presentation attributes pass; size and place are the style sheet's. The white
ground with its quiet zone belongs to the drawing: without it a code on a dark page is not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString


def drawing(rows: Sequence[Sequence[int]], *, row_height: int, label: str) -> SafeString:
    """`rows`: widths in modules, all light but every second one, light margins first and last. `label`: read aloud."""
    width, height = sum(rows[0]), row_height * len(rows)
    return format_html(
        '<svg class="scan" role="img" aria-label="{0}" viewBox="0 0 {1} {2}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{1}v{2}H0z"/><path stroke="#000" stroke-width="{3}" d="{4}"/></svg>',
        label,
        width,
        height,
        row_height,
        "".join(_strokes(row, y * row_height + row_height / 2) for y, row in enumerate(rows)),
    )


def _strokes(row: Sequence[int], y: float) -> str:
    """One line along the middle of a row, lifted over what stays light."""
    if len(row) == 1:  # a margin
        return ""
    start, *rest = row[:-1]
    return f"M{start} {y:g}" + "".join(_drawn(rest))


def _drawn(widths: Iterable[int]) -> Iterable[str]:
    for place, width in enumerate(widths):
        yield f"m{width} 0" if place % 2 else f"h{width}"
