"""Tells subscribers what has changed for them, as soon as it is decided and in the same transaction.

What is queued with a block is queued before its wall: the reconciler waits for it (`radius.live`), a minute at most.
If the block does not come to be, nothing was queued.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from religa.actions.evaluate_access import Evaluated, Judgement
from religa.actions.messages import outbox
from religa.domain import balance
from religa.domain.access import Decision
from religa.domain.facts import Access, Facts, Status, TrustUnlock
from religa.domain.reasons import Why
from religa.domain.standing import Standing
from religa.domain.templates import Values
from religa.domain.words import Answer, WordKind, word_on_change
from religa.records.loaded import AccessRow
from religa.wording import Circumstances, Moments, receipts
from religa.wording.language import Words


@dataclass(frozen=True, slots=True)
class Happening:
    """One contract before and after something was done: the narrow row until then, facts before and after."""

    contract_id: int
    was: AccessRow
    before: Facts
    standing: Standing
    decision: Decision

    @classmethod
    def of(cls, judgement: Judgement, written: Evaluated) -> Happening:
        loaded = judgement.loaded
        return cls(loaded.contract_id, loaded.access, loaded.facts, written.standing, written.decision)

    @property
    def after(self) -> Facts:
        return self.standing.facts


def tell(happenings: Sequence[Happening], *, at: datetime) -> None:
    """One word for each contract for which there is something to say."""
    outbox.tell_all([word for one in happenings for word in _words(one, at)], at=at)


def _words(one: Happening, at: datetime) -> Iterator[outbox.Word]:
    was = Answer(Status(one.was.status), Access(one.was.access), Why(one.was.why), one.before)
    now = Answer(one.decision.status, one.decision.access, one.decision.why, one.after)
    kind = word_on_change(was, now)
    if kind is not None:
        yield outbox.Word(one.contract_id, kind.value, partial(_say, kind, one, at))
    unlock = _ending(one, at)
    if unlock is not None:
        say = partial(_ends, one, unlock, at)
        yield outbox.Word(one.contract_id, WordKind.TRUST_ENDING.value, say, send_before=unlock.until)


def _say(kind: WordKind, one: Happening, at: datetime, moments: Moments) -> Values:
    """The values of the word's text (`wording/messages`)."""
    if kind is WordKind.TERMINATION_RECEIPT:
        return receipts.termination_receipt(ended_at=at, owed=_owed(one, at), moments=moments)
    if kind is WordKind.AGREEMENT:
        known = {i.id for i in one.before.invoices}
        parts = [(i.due_date, i.total) for i in one.after.invoices if i.id not in known]
        return receipts.agreement(sorted(parts), moments=moments)
    if kind is WordKind.RESTORED:
        because = _BLOCK_ENDED.in_(moments.language)
        return receipts.restored(one.decision, because=because, moments=moments)
    months = tuple(c.invoice.reference for c in one.standing.claims if c.late_from <= at)
    return receipts.shut(
        one.decision, owed=_owed(one, at), months=months, moments=moments, known=Circumstances(months=months)
    )


_BLOCK_ENDED = Words("O bloqueio terminou.", "The block has ended.", "El bloqueo terminó.")


def _owed(one: Happening, at: datetime) -> int:
    """What settles everything late today by Pix, in centavos."""
    standing, today = one.standing, one.standing.calendars.day(at)
    late = [c.invoice for c in standing.claims if c.late_from <= at]
    return sum(balance.owed(standing.calendars, standing.policy, i, on=today).total for i in late)


def _ends(one: Happening, unlock: TrustUnlock, at: datetime, moments: Moments) -> Values:
    hours = unlock.warned_hours or 0
    return receipts.trust_ending(one.decision, hours=hours, owed=_owed(one, at), moments=moments)


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
