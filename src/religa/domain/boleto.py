"""A boleto's two numbers: the linha digitável that people type (47 digits) and the bar code that cameras read (44).

Layout of FEBRABAN: bank 3, currency 1, general check digit 1, due-date factor 4, amount 10, campo livre 25 (each
bank's own). The line has the same in another order, with a check digit (modulo 10) behind each of its first three
blocks. A boleto is payable only once its bank has registered it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from religa.domain.problems import Invalid, Problem

__all__ = [
    "MAX_AMOUNT",
    "Boleto",
    "BoletoProblem",
    "InvalidBoleto",
    "compose",
    "factor_of",
    "mod10",
    "mod11",
    "parse",
]

MAX_AMOUNT = 9_999_999_999  # centavos: ten digits
REAL = "9"
_FIRST_FACTOR, _CYCLE = 1000, 9000
_FIRST_DAY = date(2000, 7, 3)  # of factor 1000; 9999 was 2025-02-21, and the day after it is 1000 again

_PUNCTUATION = re.compile(r"[\s.\-]")
_DIGITS = re.compile(r"[0-9]+")


class BoletoProblem(Problem):
    """Why a number is no boleto, or why none can be composed."""

    EMPTY = "empty", "it is empty"
    CHARACTER = "character", "it may have digits, points, hyphens and spaces only"
    LENGTH = "length", "a typed line has 47 digits and a bar code 44"
    CONCESSIONARIA = (
        "concessionaria",
        "it is a bill of a utility or a tax (starts with 8), which banks collect in another way",
    )
    BLOCK_1 = "block_1", "a digit of the first block is mistyped"
    BLOCK_2 = "block_2", "a digit of the second block is mistyped"
    BLOCK_3 = "block_3", "a digit of the third block is mistyped"
    GENERAL = "general", "the general check digit does not match: a digit is mistyped"
    CURRENCY = "currency", "its currency is not the real (9)"
    FACTOR = "factor", "its due-date factor is between 1 and 999 and names no day"
    BANK = "bank", "a bank has three digits"
    CAMPO_LIVRE = "campo_livre", "a campo livre has 25 digits"
    AMOUNT = "amount", "an amount is 0.01 to 99999999.99"
    DUE_DATE = "due_date", "no due date before 2000-07-03 can be written"


class InvalidBoleto(Invalid):
    """No boleto: `problem` is the code, `reason` the words."""

    kind = "a boleto"


_BLOCKS = (BoletoProblem.BLOCK_1, BoletoProblem.BLOCK_2, BoletoProblem.BLOCK_3)


@dataclass(frozen=True, slots=True)
class Boleto:
    """A bar code whose check digit is right. Raises `InvalidBoleto`; `parse` is the tolerant way in."""

    barcode: str

    def __post_init__(self) -> None:
        problem = _problem(self.barcode)
        if problem is not None:
            raise InvalidBoleto(problem)

    @property
    def bank(self) -> str:
        """Three digits (COMPE)."""
        return self.barcode[:3]

    @property
    def factor(self) -> int:
        """Days, counted from 1000 to 9999 and over again; 0: no due date in the code."""
        return int(self.barcode[5:9])

    @property
    def amount(self) -> int | None:
        """Centavos; None where the payer or the bank says how much."""
        return int(self.barcode[9:19]) or None

    @property
    def campo_livre(self) -> str:
        """25 digits that only the bank can read: agreement, nosso número, carteira."""
        return self.barcode[19:]

    @property
    def linha_digitavel(self) -> str:
        """47 digits without punctuation."""
        code, livre = self.barcode, self.campo_livre
        blocks = (code[:4] + livre[:5], livre[5:15], livre[15:])
        return "".join(b + mod10(b) for b in blocks) + code[4] + code[5:19]

    @property
    def formatted(self) -> str:
        """The line as it is printed: `00190.50095 40144.816069 06809.350314 3 37370000000100`."""
        line = self.linha_digitavel
        blocks = (line[:10], line[10:21], line[21:32])
        return " ".join((*(f"{b[:5]}.{b[5:]}" for b in blocks), line[32], line[33:]))

    def due_date(self, *, near: date) -> date | None:
        """The due date; None: not in the code. A factor stands for one day in every 9000: the one nearest to `near`.

        `near` is a day of the boleto's life, such as that of its issue or of its file. Right while that is within
        12 years of the due date.
        """
        if not self.factor:
            return None
        first = _FIRST_DAY.toordinal() + self.factor - _FIRST_FACTOR
        rounds = max(0, (near.toordinal() - first) // _CYCLE)
        days = (first + rounds * _CYCLE, first + (rounds + 1) * _CYCLE)
        possible = [d for d in days if d <= date.max.toordinal()]
        return date.fromordinal(min(possible, key=lambda d: abs(d - near.toordinal())))


def parse(text: str) -> Boleto:
    """The boleto of a typed line or of a bar code, with or without points, hyphens and spaces.

    In a line, the block with the mistyped digit is named. A changed digit in block 1 to 3 is always found; behind them
    only the general digit watches, and a general digit of 1 stands for three remainders: there a change may pass.
    Raises `InvalidBoleto`.
    """
    digits = _PUNCTUATION.sub("", text)
    if len(digits) != 47:
        return Boleto(digits)
    if not _DIGITS.fullmatch(digits):
        raise InvalidBoleto(BoletoProblem.CHARACTER)
    for block, problem in zip((digits[:10], digits[10:21], digits[21:32]), _BLOCKS, strict=True):
        if mod10(block[:-1]) != block[-1]:
            raise InvalidBoleto(problem)
    return Boleto(digits[:4] + digits[32:] + digits[4:9] + digits[10:20] + digits[21:31])


def compose(*, bank: str, campo_livre: str, amount: int | None, due_date: date | None) -> Boleto:
    """A boleto from its parts. `amount`: centavos, None: open. `due_date` None: none in the code.

    Raises `InvalidBoleto`; `TypeError` for an amount that is no integer.
    """
    if not _DIGITS.fullmatch(bank) or len(bank) != 3:
        raise InvalidBoleto(BoletoProblem.BANK)
    if not _DIGITS.fullmatch(campo_livre) or len(campo_livre) != 25:
        raise InvalidBoleto(BoletoProblem.CAMPO_LIVRE)
    head, tail = bank + REAL, f"{factor_of(due_date):04}{_amount(amount):010}{campo_livre}"
    return Boleto(head + mod11(head + tail) + tail)


def factor_of(due_date: date | None) -> int:
    """1000 on 2000-07-03 and on 2025-02-22, 9999 on the days before; 0 for no date. Raises `InvalidBoleto`."""
    if due_date is None:
        return 0
    if due_date < _FIRST_DAY:
        raise InvalidBoleto(BoletoProblem.DUE_DATE)
    return _FIRST_FACTOR + (due_date - _FIRST_DAY).days % _CYCLE


def mod10(digits: str) -> str:
    """The check digit of a block: weights 2, 1, 2, ... from the right, the digits of each product added up."""
    products = (int(d) * w for d, w in zip(reversed(digits), cycle((2, 1)), strict=False))
    return str(-sum(p // 10 + p % 10 for p in products) % 10)


def mod11(digits: str) -> str:
    """The general check digit: weights 2 to 9 from the right and over again; 0, 10 and 11 are written as 1."""
    total = sum(int(d) * w for d, w in zip(reversed(digits), cycle(range(2, 10)), strict=False))
    rest = 11 - total % 11
    return "1" if rest > 9 else str(rest)


def _amount(centavos: int | None) -> int:
    if centavos is None:
        return 0
    if not isinstance(centavos, int) or isinstance(centavos, bool):
        raise TypeError(f"money is exact centavos, not {type(centavos).__name__}")
    if not 0 < centavos <= MAX_AMOUNT:
        raise InvalidBoleto(BoletoProblem.AMOUNT)
    return centavos


def _problem(barcode: str) -> BoletoProblem | None:
    if not barcode:
        return BoletoProblem.EMPTY
    if not _DIGITS.fullmatch(barcode):
        return BoletoProblem.CHARACTER
    if barcode.startswith("8") and len(barcode) in (44, 48):
        return BoletoProblem.CONCESSIONARIA
    if len(barcode) != 44:
        return BoletoProblem.LENGTH
    if mod11(barcode[:4] + barcode[5:]) != barcode[4]:
        return BoletoProblem.GENERAL
    if barcode[3] != REAL:
        return BoletoProblem.CURRENCY
    return BoletoProblem.FACTOR if 0 < int(barcode[5:9]) < _FIRST_FACTOR else None
