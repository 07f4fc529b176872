"""A subscriber says "não concordo com esta cobrança": filed once, with a protocol number and the day of our answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import dispute, protocol
from religa.actions.dispute import Filed
from religa.actions.look import look
from religa.actions.once import Answer, kept_answer, once
from religa.domain import balance, steps
from religa.domain.reasons import Refusal
from religa.records import raw

_SCOPE = "contest"


@dataclass(frozen=True, slots=True)
class Contested:
    """Taken. `ends_at`: if nobody has answered by then, what is contested is cancelled (RGC arts. 60 to 62)."""

    ends_at: datetime
    protocol: str


@dataclass(frozen=True, slots=True)
class NotContested:
    whys: tuple[Refusal, ...]
    protocol: str


def contest(
    *, contract_id: int, invoice: str, amount: int | None, reason: str, at: datetime, key: str
) -> Contested | NotContested:
    """`amount` in centavos, None: the whole invoice. The same `key` again: the same answer, and nothing is done twice.

    Raises `KeyUsedForSomethingElse` where the key came with another wish before.
    """
    asked = {"contract": contract_id, "invoice": invoice, "amount": amount, "reason": reason}

    def give() -> Answer:
        return _contest(contract_id, invoice, amount, reason, at)

    return _from_answer(once(scope=_SCOPE, key=key, asked=asked, at=at, give=give))


def answered(*, key: str) -> Contested | NotContested | None:
    """The answer already given to a key; nothing is asked again."""
    kept = kept_answer(scope=_SCOPE, key=key)
    return None if kept is None else _from_answer(kept)


def _contest(contract_id: int, invoice: str, amount: int | None, reason: str, at: datetime) -> Answer:
    with transaction.atomic():
        filed = dispute.file(contract_id=contract_id, invoice=invoice, at=at, amount=amount, reason=reason)
        if not isinstance(filed, Filed):
            return {"whys": [w.value for w in filed.whys], "protocol": _refused(contract_id, filed.whys, at)}
        raw.run(_REASON, [reason, contract_id, invoice])
    return {"ends_at": _ends_at(contract_id, invoice, at).isoformat(), "protocol": filed.protocol}


# Whoever answers reads it with the dispute; facts do not need it.
_REASON = """
    UPDATE dispute d SET reason = %s FROM invoice i
     WHERE i.id = d.invoice_id AND i.contract_id = %s AND i.external_id = %s AND d.answered_at IS NULL
"""


def _refused(contract_id: int, whys: tuple[Refusal, ...], at: datetime) -> str:
    text = "refused: " + ", ".join(why.value for why in whys)
    return protocol.of_contract(contract_id=contract_id, subject="dispute", at=at, text=text)


def _ends_at(contract_id: int, invoice: str, at: datetime) -> datetime:
    standing = look(contract_id=contract_id, at=at).standing
    found = standing.facts.invoice(invoice)
    filed = None if found is None else balance.open_dispute(found)
    assert filed is not None  # just filed, in this transaction
    return steps.dispute_ends_at(standing, filed)


def _from_answer(kept: Answer) -> Contested | NotContested:
    if "ends_at" in kept:
        return Contested(datetime.fromisoformat(kept["ends_at"]), kept["protocol"])
    return NotContested(tuple(Refusal(why) for why in kept["whys"]), kept["protocol"])
