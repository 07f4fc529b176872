"""Tells subscribers what has changed for them, as soon as it is decided and in the same transaction.

What is queued with a block is queued before its wall: the reconciler waits for it (`radius.live`), a minute at most.
If the block does not come to be, nothing was queued.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.actions.evaluate_access import Evaluated, Judgement
from religa.actions.messages import outbox
from religa.domain.access import Decision
from religa.domain.facts import Access, Facts, Status, TrustUnlock
from religa.domain.reasons import Why
from religa.domain.words import Answer, WordKind, word_on_change
from religa.records.loaded import AccessRow
from religa.wording import Moments, Receipt, change_receipt, trust_ends


@dataclass(frozen=True, slots=True)
class Happening:
    """One contract before and after something was done: the narrow row until then, facts before and after."""

    contract_id: int
    was: AccessRow
    before: Facts
    after: Facts
    decision: Decision

    @classmethod
    def of(cls, judgement: Judgement, written: Evaluated) -> Happening:
        loaded = judgement.loaded
        return cls(loaded.contract_id, loaded.access, loaded.facts, written.facts, written.decision)


def tell(happenings: Sequence[Happening], *, at: datetime) -> None:
    """One word for each contract for which there is something to say."""
    outbox.tell_all([word for one in happenings for word in _words(one, at)], at=at)


def _words(one: Happening, at: datetime) -> Iterator[outbox.Word]:
    was = Answer(Status(one.was.status), Access(one.was.access), Why(one.was.why), one.before)
    now = Answer(one.decision.status, one.decision.access, one.decision.why, one.after)
    kind = word_on_change(was, now)
    if kind is not None:
        yield outbox.Word(
            one.contract_id, kind.value, lambda m: change_receipt(kind, one.decision, moments=m)
        )
    unlock = _ending(one, at)
    if unlock is not None:
        yield outbox.Word(
            one.contract_id, WordKind.TRUST_ENDING.value, _ends(unlock), send_before=unlock.until
        )


def _ends(unlock: TrustUnlock) -> outbox.Say:
    def say(moments: Moments) -> Receipt:
        return trust_ends(unlock.until, moments=moments)

    return say


def _ending(one: Happening, at: datetime) -> TrustUnlock | None:
    """The unlock of whose end the engine has just said that it is near."""
    if one.before.unlocks is one.after.unlocks:
        return None
    said = {u.key: u.warned_hours for u in one.before.unlocks}
    return next(
        (
            u
            for u in one.after.unlocks
            if u.warned_hours is not None and u.warned_hours != said.get(u.key) and u.until > at
        ),
        None,
    )
