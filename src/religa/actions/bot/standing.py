"""How a contract stands, in the words of portal and console, for a bot to say; and what a trust unlock would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from religa import wording
from religa.actions.circumstances import circumstances
from religa.actions.look import View, look
from religa.domain import trust
from religa.domain.facts import Access, Channel, Status, UnlockKind
from religa.domain.reasons import Why
from religa.domain.trust import Granted, Request, TrustRefused
from religa.wording import Moments


@dataclass(frozen=True, slots=True)
class Stands:
    """One contract at one instant. `text`: final words. `at_fault`: a fault of ours is open there; `must_call`: neither
    money nor trust can help; `owes`: something is late."""

    view: View
    text: str
    at_fault: bool
    must_call: bool
    owes: bool

    @property
    def is_open(self) -> bool:
        return self.view.decision.access is Access.FULL


def of(contract_id: int, *, at: datetime, moments: Moments, history: bool) -> Stands:
    """`history`: whether the months of late bills may be said. Amounts never are."""
    view = look(contract_id=contract_id, at=at)
    known = circumstances(view, at=at)
    shown = known if history else replace(known, months=())
    return Stands(
        view=view,
        text=wording.explain(view.decision, moments=moments, known=shown),
        at_fault=known.fault is not None,
        must_call=view.decision.why is Why.OPERATOR_BLOCK,
        owes=bool(view.standing.late(at)),
    )


def needs_something(view: View) -> bool:
    """Whether this is the contract that somebody calls about."""
    return view.decision.status not in (Status.CURRENT, Status.TERMINATED)


def offer(view: View, *, kind: UnlockKind, channel: Channel, at: datetime) -> Granted | TrustRefused:
    """What an unlock would answer now; nothing is written."""
    seen = view.standing
    return trust.may_unlock(seen.facts, seen.policy, seen.calendars, at, Request(kind, channel))
