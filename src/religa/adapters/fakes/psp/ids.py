"""Numbers and codes that a PSP makes: endToEndId, location, BR Code. All from counters: the same run, the same ids."""

from __future__ import annotations

import binascii
import hashlib
import unicodedata
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


def br_code(*, location: str, name: str, city: str) -> str:
    """The dynamic code that points to a location (Manual, section 2.6); its txid is always `***`."""
    account = _field("00", "br.gov.bcb.pix") + _field("25", location)
    parts = {"00": "01", "01": "12", "26": account, "52": "0000", "53": "986", "58": "BR"}
    parts |= {"59": _plain(name, 25), "60": _plain(city, 15), "62": _field("05", "***")}
    text = "".join(_field(tag, value) for tag, value in parts.items()) + "6304"
    return f"{text}{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _plain(text: str, longest: int) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()[:longest].strip() or "PIX"


def _base36(number: int, places: int) -> str:
    digits = ""
    for _ in range(places):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
