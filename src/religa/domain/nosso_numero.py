"""The nosso número: by which a bank and its customer both name a boleto, however each of them writes it.

A return file holds a fixed number of digits, some banks' with the check digit. Paper and other systems write the
carteira before it and the check digit behind it (`109/00231327-5`), or leave any of that out. Two writings are compared
by their forms: letters and digits without leading zeros. SQL knows the same forms (records/sql/titles.sql).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from religa.domain.boleto import Boleto

_OTHER = re.compile(r"[^0-9A-Za-z]")
_CARTEIRA = re.compile(r".*/", re.DOTALL)
_CHECK_DIGIT = re.compile(r"- *[0-9A-Za-z] *\Z")


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a bank's files write it. `check_digit`: the last character is one. `before`: so many digits of a number of 17
    name the agreement or the modality, and other systems leave them out."""

    check_digit: bool = False
    before: int = 0


_HABITS = {
    "001": _Habit(before=7),
    "004": _Habit(check_digit=True),
    "033": _Habit(check_digit=True),
    "104": _Habit(before=2),
    "237": _Habit(check_digit=True),
    "341": _Habit(),
    "748": _Habit(check_digit=True),
    "756": _Habit(check_digit=True),
}
_LONG = 17  # digits of Banco do Brasil (agreement of seven) and Caixa
_SHORT_BNB = 7  # Banco do Nordeste's 240 columns: without the check digit that its 400 have


def whole(written: str) -> str:
    """All its letters and digits without leading zeros; "" for zeros alone."""
    return _OTHER.sub("", written).upper().lstrip("0")


def core(written: str) -> str:
    """The number alone: without a carteira (what stands before a slash) and a check digit (behind a hyphen)."""
    return whole(_CHECK_DIGIT.sub("", _CARTEIRA.sub("", written)))


def readings(bank: str, number: str) -> tuple[str, ...]:
    """The forms by which a number of a return file may be known here, as it stands first; empty for no number.

    `bank`: code (COMPE), "" where the number is no file's. Without the check digit where the bank's files have one,
    without the agreement where others leave it out. A check digit that only the paper has is not worked out: it depends
    on agency and account.
    """
    habit, digits = _HABITS.get(bank, _Habit()), _OTHER.sub("", number)
    found = [whole(digits)]
    if habit.check_digit and not (bank == "004" and len(digits) == _SHORT_BNB):
        found.append(whole(digits[:-1]))
    if habit.before and len(digits) == _LONG:
        found.append(whole(digits[habit.before :]))
    return tuple(dict.fromkeys(form for form in found if form))


_IN_CAMPO_LIVRE = {
    "001": ((7, 17),),
    "004": ((13, 8),),
    "033": ((9, 13),),
    "104": ((11, 1), (15, 1), (8, 3), (12, 3), (16, 9)),
    "208": ((7, 11),),
    "237": ((7, 11),),
    "341": ((4, 8),),
    "748": ((3, 9),),
    "756": ((15, 8),),
}


def of_boleto(boleto: Boleto) -> str:
    """The form of the number in a boleto's campo livre, by its bank's own places; "" where they are not known.

    Banco do Brasil's are those of an agreement of seven digits (the campo livre begins with six zeros), Caixa's those
    of its SIGCB.
    """
    livre = boleto.campo_livre
    if boleto.bank == "001" and not livre.startswith("000000"):
        return ""
    places = _IN_CAMPO_LIVRE.get(boleto.bank, ())
    return whole("".join(livre[first - 1 : first - 1 + length] for first, length in places))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A charge that one of a title's forms names. `invoice`: what it collects; `own`: made at the very account;
    `written`: its nosso número as it was brought here, "" where only its linha digitável is known; `amount`:
    centavos."""

    charge: int
    invoice: str
    own: bool
    written: str
    amount: int


def choose(number: str, amount: int | None, found: Sequence[Candidate]) -> Candidate | None:
    """The charge that a title of a return file is, None where that is doubtful: money on a wrong invoice is worse than
    money that waits for a person.

    `amount`: of the title by the file, None or 0 where it says none. Charges of the account itself come first, then
    those written with the very digits. What only its form speaks for must have the title's amount.
    """
    digits = _OTHER.sub("", number).upper()
    certain = [c for c in found if c.own] or [
        c for c in found if c.written and _OTHER.sub("", c.written).upper() == digits
    ]
    left = certain or [c for c in found if not amount or c.amount == amount]
    if len({c.invoice for c in left}) > 1 and amount:
        left = [c for c in left if c.amount == amount]
    return min(left, key=lambda c: c.charge) if len({c.invoice for c in left}) == 1 else None
