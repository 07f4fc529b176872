"""A subscriber makes an agreement over what is late; every request gets a protocol number (RGC art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import agree, protocol
from religa.actions.once import Answer, kept_answer, once
from religa.domain.invoicing import Refused
from religa.domain.own_agreement import Wish
from religa.domain.reasons import Refusal

_SCOPE = "own_agreement"


@dataclass(frozen=True, slots=True)
class Made:
    """The instalments are invoices `<agreement_id>/1`, `/2`, ..."""

    agreement_id: str
    protocol: str


@dataclass(frozen=True, slots=True)
class NotMade:
    whys: tuple[Refusal, ...]
    protocol: str


def make(*, contract_id: int, wish: Wish, at: datetime, key: str) -> Made | NotMade:
    """The same `key` again: the same answer, and nothing is done twice.

    Raises `KeyUsedForSomethingElse` where the key came with another wish before.
    """
    asked = {"contract": contract_id, "count": wish.count, "first_due": wish.first_due.isoformat()}
    return _from_answer(
        once(scope=_SCOPE, key=key, asked=asked, at=at, give=lambda: _make(contract_id, wish, at))
    )


def answered(*, key: str) -> Made | NotMade | None:
    """The answer already given to a key; nothing is asked again."""
    kept = kept_answer(scope=_SCOPE, key=key)
    return None if kept is None else _from_answer(kept)


def _make(contract_id: int, wish: Wish, at: datetime) -> Answer:
    with transaction.atomic():
        # Told first: its number names the agreement. A refusal is written down as well.
        told = protocol.of_contract(contract_id=contract_id, subject="agreement", at=at, text=_note(wish))
        made = agree.agree_by_oneself(
            contract_id=contract_id, agreement_id=f"acordo-{told}", wish=wish, at=at
        )
    if isinstance(made, Refused):
        return {"whys": [why.value for why in made.whys], "protocol": told}
    return {"agreement": f"acordo-{told}", "protocol": told}


def _note(wish: Wish) -> str:
    return f"{wish.count} instalments, the first on {wish.first_due}"


def _from_answer(kept: Answer) -> Made | NotMade:
    if "agreement" in kept:
        return Made(kept["agreement"], kept["protocol"])
    return NotMade(tuple(Refusal(why) for why in kept["whys"]), kept["protocol"])
