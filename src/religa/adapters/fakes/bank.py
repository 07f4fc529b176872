"""A bank that moves no money: its Pix codes are well formed, and whoever asks it to has paid.

For the demo and for tests. Its payment ids carry a bank code that no bank has, so that they are known at sight.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime

from religa.ports import BankPayment, Charged

NO_BANK = "00000000"  # where an endToEndId names the payer's bank


class FakeBank:
    """Port `Bank`, and `settle`, which is what the subscriber would do in the app of his own bank."""

    def __init__(self, *, pix_key: str, payee: str) -> None:
        self.pix_key, self.payee = pix_key, payee

    def charge(self, *, txid: str, amount: int, description: str, at: datetime) -> Charged:
        """A static Pix code over `amount` centavos. `txid`: 1 to 25 letters and digits."""
        return Charged(txid, br_code(pix_key=self.pix_key, payee=self.payee, amount=amount, txid=txid))

    def settle(self, *, txid: str, amount: int, at: datetime) -> BankPayment:
        """The charge is paid. The same `txid` gives the same payment id: one charge is paid once."""
        unique = hashlib.sha256(txid.encode()).hexdigest()[:23]
        return BankPayment(id=f"E{NO_BANK}{unique}", txid=txid, amount=amount, paid_at=at)


def br_code(*, pix_key: str, payee: str, amount: int, txid: str) -> str:
    """The text behind a static Pix code (Manual de Padrões para Iniciação do Pix, section 2.6).

    Raises `ValueError` for a `txid` that the manual does not allow.
    """
    if not (txid.isascii() and txid.isalnum() and len(txid) <= 25):
        raise ValueError("a txid of a static code has 1 to 25 letters and digits")
    account = _field("00", "br.gov.bcb.pix") + _field("01", pix_key)
    text = "".join(
        (
            _field("00", "01"),
            _field("26", account),
            _field("52", "0000"),
            _field("53", "986"),
            _field("54", f"{amount // 100}.{amount % 100:02}"),
            _field("58", "BR"),
            _field("59", _plain(payee)[:25] or "PROVEDOR"),
            _field("60", "BRASIL"),
            _field("62", _field("05", txid)),
            "6304",
        )
    )
    return text + f"{_crc(text):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _plain(text: str) -> str:
    """Letters without accents: many readers take nothing else."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().strip()


def _crc(text: str) -> int:
    """CRC-16/CCITT-FALSE."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc
