"""A bank that moves no money: its Pix codes are well formed, and whoever asks it to has paid.

For the demo and for tests. Its payment ids carry a bank code that no bank has, so that they are known at sight.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from religa.domain import brcode
from religa.domain.brcode import StaticCode
from religa.ports import BankPayment, Charged

NO_BANK = "00000000"  # where an endToEndId names the payer's bank


class FakeBank:
    """Port `Bank`, and `settle`, which is what the subscriber would do in the app of his own bank."""

    def __init__(self, *, pix_key: str, payee: str) -> None:
        self.pix_key, self.payee = pix_key, payee

    def charge(self, *, txid: str, amount: int, description: str, at: datetime) -> Charged:
        """A static Pix code over `amount` centavos. `txid`: 1 to 25 letters and digits, else `InvalidBrCode`."""
        name = self.payee if any(c.isalnum() for c in brcode.plain(self.payee)[:25]) else "PROVEDOR"
        return Charged(txid, brcode.encode(StaticCode(self.pix_key, name, "BRASIL", amount, txid)))

    def settle(self, *, txid: str, amount: int, at: datetime) -> BankPayment:
        """The charge is paid. The same `txid` gives the same payment id: one charge is paid once."""
        unique = hashlib.sha256(txid.encode()).hexdigest()[:23]
        return BankPayment(id=f"E{NO_BANK}{unique}", txid=txid, amount=amount, paid_at=at)
