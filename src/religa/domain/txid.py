"""The txid of a charge: made from the charge's own key, so that a repeated call to the bank is the same charge.

Manual de Padrões para Iniciação do Pix 2.10.0, section 5.3.1: unique per receiver and bank, never to be used again, not
even after cancellation; 26 to 35 letters and digits (API Pix), 1 to 25 in a static code.

`realm` tells installations apart: two of them that bill for one CNPJ (a second try, a copy of the data) number their
charges alike, and a txid used twice would bring the other's charge back. Whoever does not know it can neither make
one of our txids nor learn a charge's number from it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

__all__ = ["LONG", "SHORT", "Foreign", "Own", "derive", "derive_short", "recognise"]

LONG, SHORT = 32, 25
_CHECK = {LONG: 8, SHORT: 7}  # characters of five bits
_SHORTEST_REALM = 8
_OURS = re.compile(rf"[a-z2-7]{{{LONG}}}|[a-z2-7]{{{SHORT}}}")


@dataclass(frozen=True, slots=True)
class Own:
    """A txid of this realm, spelled as it was made."""

    txid: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """Not one of ours: another system's or another installation's, or changed on its way."""


def derive(*, realm: str, provider: int, charge: int, attempt: int = 1) -> str:
    """32 lower-case letters and digits: a charge over API Pix. A new `attempt` (from 1) is a new charge at the bank.

    Raises `ValueError` for a realm of fewer than 8 characters or a number below 1.
    """
    return _made(LONG, realm, provider, charge, attempt)


def derive_short(*, realm: str, provider: int, charge: int, attempt: int = 1) -> str:
    """The same in 25 characters, as a static code has them; unlike every `derive` of the same charge."""
    return _made(SHORT, realm, provider, charge, attempt)


def recognise(txid: str, *, realm: str) -> Own | Foreign:
    """Whether a txid is one of this realm's. Capitals do no harm: some banks' files have nothing else.

    A stranger's passes once in 2**35. It still has to be looked up: being ours does not say that the charge is kept.
    """
    spelled = txid.strip().lower()
    if not (txid.isascii() and _OURS.fullmatch(spelled)):  # the Kelvin sign is a k in small
        return Foreign()
    length = _CHECK[len(spelled)]
    return Own(spelled) if _check(realm, spelled[:-length], length) == spelled[-length:] else Foreign()


def _made(size: int, realm: str, *key: int) -> str:
    if len(realm) < _SHORTEST_REALM:
        raise ValueError(f"a realm has at least {_SHORTEST_REALM} characters")
    if min(key) < 1:
        raise ValueError("provider, charge and attempt are counted from 1")
    length = _CHECK[size]
    body = _letters(realm, f"charge {size} {' '.join(map(str, key))}")[: size - length]
    return body + _check(realm, body, length)


def _check(realm: str, body: str, length: int) -> str:
    return _letters(realm, f"check {body}")[:length]


def _letters(realm: str, text: str) -> str:
    digest = hmac.digest(realm.encode(), text.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()
