"""Names that a PSP gives: endToEndId, txid, location. All from counters: the same run, the same names."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

ISPB = "00000000"  # no bank has it, so that a fake Pix is known at sight
HOST = "psp.invalid"  # of locations: a name that never resolves (RFC 6761)
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def transaction_id(letter: str, at: datetime, *, seed: str, count: int) -> str:
    """An endToEndId (`E`) or rtrId (`D`): letter, ISPB, minute in UTC, 11 letters and digits.

    Manual de Padrões para Iniciação do Pix; 32 characters. Unlike counts and, as a rule, unlike seeds differ.
    """
    run = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=4).digest(), "big")
    return f"{letter}{ISPB}{at.astimezone(UTC):%Y%m%d%H%M}{_base36(run, 5)}{_base36(count, 6)}"


def own_txid(*, seed: str, count: int) -> str:
    """The txid that a PSP gives to a `POST /cob`: 32 hexadecimal digits."""
    return hashlib.blake2b(f"{seed}:{count}".encode(), digest_size=16).hexdigest()


def location(kind: str, txid: str) -> str:
    """Where a payer's bank would read the charge; 77 characters at most, no scheme."""
    return f"{HOST}/qr/v2/{kind}/{hashlib.blake2b(txid.encode(), digest_size=16).hexdigest()}"


def _base36(number: int, places: int) -> str:
    digits = ""
    for _ in range(places):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
