"""Phone numbers as people and networks write them: digits with country code come out.

Brazilian mobile numbers got a ninth digit (Anatel, Resolução 553/2010, done everywhere since 2016), and WhatsApp still
names older accounts without it, so that one phone has two numbers.
"""

from __future__ import annotations

import re

_BRAZIL = "55"
_MOBILE = "6789"  # first digits of mobile numbers before the ninth digit came
_LONGEST, _SHORTEST = 15, 8  # digits, ITU-T E.164


def digits_of(written: str) -> str:
    """`5581999990001` from `(81) 99999-0001`, `+55 81 ...` or `081 ...`; "" for what is no number.

    Numbers without country code are Brazilian.
    """
    bare = re.sub(r"[^0-9]", "", written)
    if not written.strip().startswith("+"):
        bare = bare.lstrip("0")
        if len(bare) in (10, 11):
            bare = _BRAZIL + bare
    return bare if _SHORTEST <= len(bare) <= _LONGEST else ""


def same_phone(number: str) -> tuple[str, ...]:
    """A number in digits and its other form, with and without the ninth digit; the longer one first."""
    area, local = number[:4], number[4:]
    if not number.startswith(_BRAZIL):
        return (number,)
    if len(local) == 9 and local[0] == "9" and local[1] in _MOBILE:
        return (number, area + local[1:])
    if len(local) == 8 and local[0] in _MOBILE:
        return (f"{area}9{local}", number)
    return (number,)


def ending(number: str) -> str:
    """What may be shown of a number: its last two digits."""
    return number[-2:]
