"""Money is an integer number of centavos; text and fractions become one here, at the border.

No float is ever taken: 0.1 + 0.2 is not 0.3, and a cent of difference makes an invoice look unpaid.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

__all__ = ["MAX_CENTAVOS", "AmountProblem", "InvalidAmount", "format_reais", "parse_reais", "truncate"]

MAX_CENTAVOS = 99_999_999_999  # R$ 999.999.999,99: more is a bar code in the wrong column, not a bill
_NBSP = "\N{NO-BREAK SPACE}"
_MARKS = {"pt": (".", ","), "es": (".", ","), "en": (",", ".")}  # language: thousands mark, decimal mark

_LEAD = re.compile(r"(?P<sign>-?)\s*(?:R\$)?\s*(?P<number>[-0-9.,]+)", re.IGNORECASE)
_AMOUNT = re.compile(r"(?P<reais>[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<cents>[0-9]{1,2}))?")
_POINT_AMOUNT = re.compile(r"(?P<reais>[0-9]+)\.(?P<cents>[0-9]{1,2})")
_AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


class AmountProblem(StrEnum):
    """Why a text is not an amount of money; the code for programs, `InvalidAmount` says it in words."""

    EMPTY = "empty"
    AMBIGUOUS = "ambiguous"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"


_WORDS = {
    AmountProblem.EMPTY: "the amount is empty",
    AmountProblem.AMBIGUOUS: "{text!r} may mean thousands or a fraction: write the centavos, as in 1.234,00",
    AmountProblem.MALFORMED: "{text!r} is not an amount in reais: write it as 1.234,56 or 1234.56",
    AmountProblem.TOO_LARGE: "{text!r} is more than R$ 999.999.999,99",
}


class InvalidAmount(ValueError):
    """A text that is not one clear amount of money. `problem` is the code, `reason` the plain words."""

    def __init__(self, problem: AmountProblem, text: str) -> None:
        self.problem, self.reason = problem, _WORDS[problem].format(text=text[:40])
        super().__init__(self.reason)


def parse_reais(text: str) -> int:
    """Centavos of an amount written in reais: `1.234,56`, `1234.56`, `R$ 10,00`, `-3,5`, `10`.

    A comma is always the decimal mark; a point is one only where one or two digits follow it, and a thousands
    mark where every group has three. One mark with three digits behind it (`1.234`, `1,234`) could be either,
    so it is refused, as are the US form `1,234.56` and a third decimal. Whole numbers are reais, never
    centavos.

    Raises `InvalidAmount` with the reason; `TypeError` for anything that is not text.
    """
    if not isinstance(text, str):
        raise TypeError(f"an amount is read from text, not from {type(text).__name__}")
    if not text.strip():
        raise InvalidAmount(AmountProblem.EMPTY, text)
    lead = _LEAD.fullmatch(text.strip())
    if lead is None:
        raise InvalidAmount(AmountProblem.MALFORMED, text)
    sign, number = lead["sign"], lead["number"]
    if number.startswith("-") and not sign:  # "R$ -3,50", as some banks write it
        sign, number = "-", number[1:]
    centavos = _centavos(number, text)
    return -centavos if sign else centavos


def _centavos(number: str, text: str) -> int:
    if _AMBIGUOUS.fullmatch(number):
        raise InvalidAmount(AmountProblem.AMBIGUOUS, text)
    found = _AMOUNT.fullmatch(number) or _POINT_AMOUNT.fullmatch(number)
    if found is None:
        raise InvalidAmount(AmountProblem.MALFORMED, text)
    reais = found["reais"].replace(".", "").lstrip("0")
    if len(reais) > 9:
        raise InvalidAmount(AmountProblem.TOO_LARGE, text)
    return int(reais or "0") * 100 + int((found["cents"] or "0").ljust(2, "0"))


def format_reais(centavos: int, language: str = "pt-BR") -> str:
    """`R$ 1.234,56` (pt-BR, es) or `R$ 1,234.56` (en), with a no-break space; `-R$ 0,50` below zero.

    `language` is a tag such as `pt-BR`, `pt-br`, `en` or `es-419`. Raises `ValueError` for another language
    and `TypeError` for anything but an integer number of centavos.
    """
    _refuse_unless_integer(centavos)
    marks = _MARKS.get(language.replace("_", "-").split("-")[0].lower())
    if marks is None:
        raise ValueError(f"no way to write money in the language {language!r}: know {', '.join(_MARKS)}")
    reais, cents = divmod(abs(centavos), 100)
    sign = "-" if centavos < 0 else ""
    return f"{sign}R${_NBSP}{f'{reais:,}'.replace(',', marks[0])}{marks[1]}{cents:02d}"


def truncate(centavos: Decimal | Fraction | int) -> int:
    """Whole centavos of an exact amount in centavos: the fraction is dropped, towards zero (RGC art. 49).

    Raises `TypeError` for a float and `ValueError` for a Decimal that is not a number.
    """
    if isinstance(centavos, Decimal) and not centavos.is_finite():
        raise ValueError(f"{centavos} is not an amount of money")
    if not isinstance(centavos, Decimal | Fraction):
        _refuse_unless_integer(centavos)
    return math.trunc(centavos)


def _refuse_unless_integer(centavos: object) -> None:
    if not isinstance(centavos, int) or isinstance(centavos, bool):
        raise TypeError(f"money is exact centavos, not {type(centavos).__name__}")
