"""What one contract's page says: am I cut off, why, until when, what do I owe, how do I get back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa import wording
from religa.actions.look import View
from religa.domain import trust
from religa.domain.facts import Access, Channel, Status, UnlockKind
from religa.domain.reasons import Why
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.common import bills, standing
from religa.entrypoints.common.bills import Bill, Sum
from religa.wording import Moments, Words

_HEADLINES = {
    Status.TERMINATED: Words("Contrato encerrado", "Contract ended", "Contrato terminado"),
    Status.PAUSED: Words("Internet em pausa", "Internet paused", "Internet en pausa"),
    Status.TRUSTED: Words(
        "Internet liberada em confiança", "Internet open on trust", "Internet liberado por confianza"
    ),
    Status.LOCKED: Words(
        "Internet bloqueada até o pagamento",
        "Internet blocked until payment",
        "Internet cortado hasta el pago",
    ),
    Status.BLOCKED: Words("Internet bloqueada", "Internet blocked", "Internet cortado"),
    Status.CURRENT: Words("Está tudo em dia", "Everything is paid up", "Está todo al día"),
}
_FOR_PAYING = Words(
    "Internet aberta para você pagar", "Internet open so that you can pay", "Internet abierto para que pague"
)
_SLOWER = Words("Internet mais lenta", "Internet slower", "Internet más lento")
_WORKS = Words("Internet funcionando", "Internet working", "Internet funcionando")
_OPEN_BUT_FOR_THE_FAULT = (wording.Beside.NOTHING, wording.Beside.DEBT)
_FAULT = Words("Falha na sua região", "Fault in your area", "Falla en su zona")
_SHUT = (Access.WALLED, Access.REDUCED)


@dataclass(frozen=True, slots=True)
class Paying:
    """What to pay first. `returns`: paying it opens the wall. `least`: a smaller amount that opens it, or 0."""

    bills: list[Bill]
    sum: Sum
    returns: bool
    least: int


@dataclass(frozen=True, slots=True)
class Trusting:
    """What a trust unlock would answer now: `promise` and `paid_already`, each granted or refused."""

    promise: Granted | TrustRefused
    paid_already: Granted | TrustRefused

    @property
    def is_offered(self) -> bool:
        return isinstance(self.promise, Granted)

    @property
    def only_for_paid(self) -> bool:
        """Only "I have paid already" is left."""
        return not self.is_offered and isinstance(self.paid_already, Granted)


@dataclass(frozen=True, slots=True)
class Situation:
    """`until`: when the present state ends by itself, and `then_shut` whether the wall stands again from then on.

    `lives`: the contract was not ended. `at_fault`: a fault of ours is open there, so that paying may not bring the
    internet back yet. `urgency`: the lower the sooner it needs somebody.
    """

    headline: str
    sentences: tuple[str, ...]
    tone: str
    icon: str
    paying: Paying | None
    trusting: Trusting | None
    must_call: bool
    late: list[Bill]
    coming: list[Bill]
    disputed: list[Bill]
    at_fault: bool
    until: datetime | None
    then_shut: bool
    lives: bool

    @property
    def urgency(self) -> int:
        return _URGENCY[self.tone] * 2 + (not self.late)


_URGENCY = {standing.BAD: 0, standing.WARN: 1, standing.INFO: 2, standing.GOOD: 3}


def read(view: View, *, at: datetime, moments: Moments) -> Situation:
    """Everything the page shows of one contract at one instant."""
    decision = view.decision
    every = bills.open_bills(view.standing, at=at)
    late = bills.late(every)
    known = standing.circumstances(view, at=at)
    is_ours = known.fault is not None and wording.beside(decision) in _OPEN_BUT_FOR_THE_FAULT
    return Situation(
        headline=(_FAULT if is_ours else _headline(view)).in_(moments.language),
        sentences=wording.explained(decision, moments=moments, known=known),
        tone=standing.WARN if is_ours else standing.tone(decision),
        icon="alert" if is_ours else standing.icon(decision),
        paying=_paying(view, late, every, at),
        trusting=_trusting(view, at),
        must_call=decision.why is Why.OPERATOR_BLOCK,
        late=late,
        coming=[b for b in every if not b.is_late],
        disputed=[b for b in every if b.disputed],
        at_fault=known.fault is not None,
        until=decision.until,
        then_shut=decision.access_then in _SHUT,
        lives=decision.status is not Status.TERMINATED,
    )


def _headline(view: View) -> Words:
    decision = view.decision
    if decision.status in (Status.BLOCKED, Status.LOCKED) and decision.access is Access.FULL:
        return _FOR_PAYING
    if decision.access is Access.REDUCED:
        return _SLOWER
    return _HEADLINES.get(decision.status, _WORKS)


def _paying(view: View, late: list[Bill], every: list[Bill], at: datetime) -> Paying | None:
    """What is late; if nothing is, the next bill."""
    chosen = late or [b for b in every if b.payable > 0][:1]
    if not chosen or view.decision.status is Status.TERMINATED:
        return None
    total = bills.add_up(chosen)
    least = trust.least_payment(view.standing, at)
    return Paying(chosen, total, returns=bool(least), least=_worth_offering(least, total, late))


def _worth_offering(least: int, total: Sum, late: list[Bill]) -> int:
    """A smaller amount is offered only if it leaves a whole bill out, not for a fine and a few cents."""
    smallest = min((b.payable for b in late), default=0)
    return least if len(late) > 1 and least and total.total - least >= smallest // 2 else 0


def _trusting(view: View, at: datetime) -> Trusting | None:
    """None where nothing is shut, or where money is not why: then it cannot help."""
    if view.decision.why is Why.OPERATOR_BLOCK:
        return None
    if view.decision.access not in _SHUT and view.decision.status is not Status.LATE:
        return None
    seen = view.standing

    def ask(kind: UnlockKind) -> Granted | TrustRefused:
        return trust.may_unlock(seen.facts, seen.policy, seen.calendars, at, Request(kind, Channel.PORTAL))

    found = Trusting(ask(UnlockKind.PROMISE), ask(UnlockKind.PAID_ALREADY))
    late_but_open = view.decision.status is Status.LATE
    return None if late_but_open and not (found.is_offered or found.only_for_paid) else found
