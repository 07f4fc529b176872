"""Grants or refuses a trust unlock; every request is recorded and gets a protocol number (RGC art. 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions import protocol
from religa.actions.carry_out import Done, carry_out
from religa.actions.look import look
from religa.actions.messages import outbox
from religa.actions.once import Answer, kept_answer, once
from religa.domain import deeds, trust
from religa.domain.reasons import TrustRefusal
from religa.domain.trust import Granted, Request, TrustRefused
from religa.records.loaded import Ask
from religa.wording import trust_receipt


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Online until an exact instant."""

    until: datetime
    protocol: str


@dataclass(frozen=True, slots=True)
class NotUnlocked:
    """Every reason, when it becomes possible by time alone (None: not so), the least Pix that opens access now."""

    refusal: TrustRefused
    protocol: str


def preview(*, contract_id: int, request: Request, at: datetime) -> Granted | TrustRefused:
    """What the answer would be; nothing is written."""
    standing = look(contract_id=contract_id, at=at, ask=_ask(request)).standing
    return trust.may_unlock(standing.facts, standing.policy, standing.calendars, at, request)


def unlock(
    *, contract_id: int, request: Request, at: datetime, key: str = "", author: str = ""
) -> Unlocked | NotUnlocked:
    """Answers a request. The same `key` again: the same answer, and nothing is done twice."""

    def give() -> Answer:
        return _to_answer(_unlock(contract_id, request, at, author))

    if not key:
        return _from_answer(give())
    asked = {"contract": contract_id, "request": repr(request)}
    return _from_answer(once(scope="unlock", key=key, asked=asked, at=at, give=give))


def answered(*, key: str) -> Unlocked | NotUnlocked | None:
    """The answer already given to a key; None if there is none. Nothing is asked again."""
    kept = kept_answer(scope="unlock", key=key)
    return None if kept is None else _from_answer(kept)


def _unlock(contract_id: int, request: Request, at: datetime, author: str) -> Unlocked | NotUnlocked:
    with transaction.atomic():
        done = carry_out(
            contract_id=contract_id,
            at=at,
            cause=f"unlock_{request.kind.value}",
            deed=lambda standing: deeds.unlock(standing, request, at),
            author=author,
            ask=_ask(request),
        )
        told = protocol.of_contract(
            contract_id=contract_id, subject="trust_unlock", at=at, author=author, text=_note(done)
        )
        if not isinstance(done, Done):
            return NotUnlocked(done, told)
        outbox.tell(
            contract_id=contract_id,
            kind="trust",
            at=at,
            say=lambda moments: trust_receipt(done.decision, protocol=told, moments=moments),
        )
    return Unlocked(done.after.unlocks[-1].until, told)


def _ask(request: Request) -> Ask:
    return Ask(receipts=(request.receipt,)) if request.receipt else Ask()


def _note(done: Done | TrustRefused) -> str:
    if isinstance(done, Done):
        return f"granted until {done.after.unlocks[-1].until.isoformat()}"
    return "refused: " + ", ".join(why.value for why in done.whys)


def _to_answer(given: Unlocked | NotUnlocked) -> Answer:
    if isinstance(given, Unlocked):
        return {"until": given.until.isoformat(), "protocol": given.protocol}
    eligible = given.refusal.eligible_at
    return {
        "whys": [why.value for why in given.refusal.whys],
        "eligible_at": eligible.isoformat() if eligible else None,
        "pay_now": given.refusal.pay_now,
        "protocol": given.protocol,
    }


def _from_answer(kept: Answer) -> Unlocked | NotUnlocked:
    if "until" in kept:
        return Unlocked(datetime.fromisoformat(kept["until"]), kept["protocol"])
    eligible = kept["eligible_at"]
    refusal = TrustRefused(
        tuple(TrustRefusal(why) for why in kept["whys"]),
        datetime.fromisoformat(eligible) if eligible else None,
        kept["pay_now"],
    )
    return NotUnlocked(refusal, kept["protocol"])
