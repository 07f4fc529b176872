"""What became of money that a bank says it has received."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Credited:
    """It is on a contract now; `opened`: it brought access back."""

    payment_id: str
    contract_id: int
    opened: bool = False


@dataclass(frozen=True, slots=True)
class SeenBefore:
    """It had landed already, whichever way it came."""

    payment_id: str


@dataclass(frozen=True, slots=True)
class Unidentified:
    """It names no charge of ours and waits for a person. `why`: a word of `unidentified_payment.why`."""

    payment_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Compared:
    """It was written down and credits nothing: another system reports the payments of this account."""

    payment_id: str


Landed = Credited | SeenBefore | Unidentified | Compared
