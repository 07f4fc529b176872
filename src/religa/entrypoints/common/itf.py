"""The bar code of a boleto: Interleaved 2 of 5 (ISO/IEC 16390), as FEBRABAN prints it."""

from __future__ import annotations

from django.utils.safestring import SafeString

from religa.entrypoints.common.drawing import drawing

_WIDE, _QUIET = 3, 10  # in narrow bars
_HEIGHT = 51  # 13 mm of height for 103 mm of bars (405 narrow ones)
_START, _STOP = (1, 1, 1, 1), (_WIDE, 1, 1)
# Which two of a digit's five elements are wide: those whose weights 1, 2, 4, 7, 0 add up to it; 0 is written as 11.
_WEIGHTS = (1, 2, 4, 7, 0)
_PAIRS = {a + b: {a, b} for i, a in enumerate(_WEIGHTS) for b in _WEIGHTS[i + 1 :]}
_ELEMENTS = [tuple(_WIDE if w in _PAIRS[d or 11] else 1 for w in _WEIGHTS) for d in range(10)]


def widths(digits: str) -> list[int]:
    """Bars and spaces in turn, in narrow bars, without margins: a pair of digits is five bars and, between them, five
    spaces. Raises `ValueError` unless `digits` is an even number of digits."""
    if not (digits.isascii() and digits.isdigit()) or len(digits) % 2:
        raise ValueError("Interleaved 2 of 5 writes an even number of digits")
    pairs = zip(digits[::2], digits[1::2], strict=True)
    inner = (
        e for a, b in pairs for both in zip(_ELEMENTS[int(a)], _ELEMENTS[int(b)], strict=True) for e in both
    )
    return [*_START, *inner, *_STOP]


def svg(digits: str, *, label: str = "Código de barras do boleto") -> SafeString:
    """The bars as inline SVG with their margins. Raises as `widths`."""
    return drawing([[_QUIET, *widths(digits), _QUIET]], row_height=_HEIGHT, label=label)
