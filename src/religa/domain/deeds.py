"""What people and the outside world do to a contract: each deed takes facts and gives new facts, or why not.

Nothing here knows a database: the scenario runner keeps the facts it is given back, actions save the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from religa.domain import balance, dunning, invoicing, messages, steps, trust
from religa.domain.balance import open_principal
from religa.domain.calendar import charge_day, next_slot
from religa.domain.changing import replace
from religa.domain.facts import (
    Agreement,
    Evidence,
    Facts,
    Invoice,
    Lot,
    Method,
    Notice,
    NoticeKind,
    Outcome,
    Payment,
    PayWindow,
    Period,
    Status,
    Suspension,
    TrustUnlock,
    active,
)
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import ClosedBecause, Refusal
from religa.domain.standing import Standing

# -- money ------------------------------------------------------------------------------------------------------


def pay(standing: Standing, payment: Payment, *, first: Sequence[str] = ()) -> Facts | Refused:
    """Books money seen: access follows what is known, charges follow the day it was paid."""
    facts, policy, calendars = standing.facts, standing.policy, standing.calendars
    if any(p.id == payment.id for p in facts.payments):
        return refused(Refusal.PAYMENT_SEEN_BEFORE)
    if payment.amount <= 0:
        return refused(Refusal.AMOUNT_NOT_POSITIVE)
    day = calendars.day(payment.paid_at)
    on = charge_day(calendars, policy, day, by_boleto=payment.method is Method.BOLETO)
    money = Lot(payment.id, payment.paid_at, payment.amount)
    facts = replace(facts, payments=(*facts.payments, payment))
    return balance.put(calendars, policy, facts, money, on=on, known_at=payment.known_at, first=first)


def reverse(standing: Standing, payment_id: str, at: datetime) -> Facts | Refused:
    """Takes a payment back by contra-entry. An invoice that was settled by it comes back to life and needs a new
    notice before it may block (docs/rules.md)."""
    facts = standing.facts
    payment = next((p for p in facts.payments if p.id == payment_id), None)
    if payment is None:
        return refused(Refusal.UNKNOWN_PAYMENT)
    if payment.reversed_at is not None:
        return refused(Refusal.PAYMENT_REVERSED)
    after = balance.take_back(facts, payment_id)
    tolerance = standing.policy.restore_tolerance
    invoices = tuple(
        replace(new, reopened_at=at) if open_principal(old) <= tolerance < open_principal(new) else new
        for old, new in zip(facts.invoices, after.invoices, strict=True)
    )
    payments = tuple(replace(p, reversed_at=at) if p.id == payment_id else p for p in facts.payments)
    after = replace(after, invoices=invoices, payments=payments)
    return balance.put_lots(standing.calendars, standing.policy, after, at=at)


def agree(
    standing: Standing,
    agreement_id: str,
    invoices: Sequence[str],
    parts: Sequence[tuple[date, int]],
    at: datetime,
) -> Facts | Refused:
    """Replaces invoices by instalments. Access comes back with the first one paid; the originals never reopen."""
    facts = standing.facts
    whys = _agreement_refusals(facts, agreement_id, invoices, parts)
    if whys:
        return Refused(tuple(whys))
    like = next(i for i in facts.invoices if i.id == invoices[0])
    new = invoicing.instalments(agreement_id, parts, at, like)
    facts = replace(
        facts,
        invoices=tuple(
            invoicing.agreed(i, agreement_id, at) if i.id in invoices else i for i in facts.invoices
        ),
    )
    made = Agreement(id=agreement_id, made_at=at, invoices=tuple(invoices), first_instalment=new[0].id)
    facts = replace(facts, agreements=(*facts.agreements, made), invoices=(*facts.invoices, *new))
    return balance.put_lots(standing.calendars, standing.policy, facts, at=at)


def _agreement_refusals(
    facts: Facts, agreement_id: str, invoices: Sequence[str], parts: Sequence[tuple[date, int]]
) -> list[Refusal]:
    found = [facts.invoice(i) for i in invoices]
    checks = [
        (any(a.id == agreement_id for a in facts.agreements), Refusal.AGREEMENT_EXISTS),
        (not parts, Refusal.NO_INSTALMENTS),
        (any(amount <= 0 for _, amount in parts), Refusal.AMOUNT_NOT_POSITIVE),
        (not found or any(i is None for i in found), Refusal.UNKNOWN_INVOICE),
        (any(i is not None and i.closed is not None for i in found), Refusal.INVOICE_CLOSED),
    ]
    return [why for applies, why in checks if applies]


# -- messages ---------------------------------------------------------------------------------------------------


def record_message(facts: Facts, message: messages.Message, evidence: Evidence, at: datetime) -> Facts:
    """Keeps a message that went out by itself, with what is proven of it."""
    queued = queue_message(facts, message, at)
    return replace(queued, notices=(*facts.notices, replace(queued.notices[-1], evidence=((at, evidence),))))


def queue_message(facts: Facts, message: messages.Message, at: datetime) -> Facts:
    """Keeps a message that is on its way: nothing is proven of it yet."""
    invoices = (message.invoice,) if isinstance(message, messages.SendReminder) else message.invoices
    kept = Notice(
        kind=message.kind,
        invoices=invoices,
        sent_at=at,
        evidence=(),
        opens_at=getattr(message, "opens_at", None),
        offset=getattr(message, "offset", None),
    )
    return replace(facts, notices=(*facts.notices, kept))


def notify(standing: Standing, invoices: Sequence[str], evidence: Evidence, at: datetime) -> Facts | Refused:
    """A debt notice given by hand (letter, signature, call) or by an import."""
    if any(standing.facts.invoice(i) is None for i in invoices):
        return refused(Refusal.UNKNOWN_INVOICE)
    kept = Notice(
        kind=NoticeKind.DEBT,
        invoices=tuple(invoices),
        sent_at=at,
        evidence=((at, evidence),),
        opens_at=messages.announced(standing, tuple(invoices), at) if _proves(evidence) else None,
        automatic=False,
    )
    return replace(standing.facts, notices=(*standing.facts.notices, kept))


def _proves(evidence: Evidence) -> bool:
    return evidence in (Evidence.DELIVERED, Evidence.SENT)


def learn_of_notice(facts: Facts, invoice_id: str, evidence: Evidence, at: datetime) -> Facts | Refused:
    """A receipt that comes later, for the last debt notice of the invoice."""
    for n in range(len(facts.notices) - 1, -1, -1):
        notice = facts.notices[n]
        if notice.kind is NoticeKind.DEBT and invoice_id in notice.invoices:
            known = replace(notice, evidence=(*notice.evidence, (at, evidence)))
            return replace(facts, notices=(*facts.notices[:n], known, *facts.notices[n + 1 :]))
    return refused(Refusal.UNKNOWN_INVOICE)


# -- trust ------------------------------------------------------------------------------------------------------


def unlock(standing: Standing, request: trust.Request, at: datetime) -> Facts | trust.TrustRefused:
    """Grants a trust unlock, in the place of an open promise if there is one."""
    facts = standing.facts
    answer = trust.may_unlock(facts, standing.policy, standing.calendars, at, request)
    if isinstance(answer, trust.TrustRefused):
        return answer
    granted = TrustUnlock(
        kind=request.kind,
        channel=request.channel,
        granted_at=at,
        until=answer.until,
        covers=answer.covers,
        receipt=request.receipt,
        promise_date=request.promise_date,
    )
    before = tuple(_superseded(u, at) for u in facts.unlocks)
    used = facts.receipts_used | ({request.receipt} if request.receipt else frozenset())
    return replace(facts, unlocks=(*before, granted), receipts_used=used)


def _superseded(old: TrustUnlock, at: datetime) -> TrustUnlock:
    if not old.granted_at <= at < old.until:
        return old
    return replace(old, until=at, outcome=Outcome.SUPERSEDED, judged_at=at)


def revoke_unlock(standing: Standing, at: datetime, *, now: bool = False) -> Facts | Refused:
    """Ends an open unlock at the next slot, or now; it never lengthens one."""
    current = standing.open_unlock(at)
    if current is None:
        return refused(Refusal.NO_OPEN_UNLOCK)
    end = at if now else next_slot(standing.calendars, standing.policy, at)
    end = min(current.until, end or current.until)
    ended = replace(current, until=end, outcome=Outcome.REVOKED, judged_at=at)
    changed = tuple(ended if u is current else u for u in standing.facts.unlocks)
    return replace(standing.facts, unlocks=changed)


def open_pay_window(standing: Standing, at: datetime) -> Facts | Refused:
    """Minutes of full access from the block page, so that the bank's app works."""
    whys = _pay_window_refusals(standing, at)
    if whys:
        return Refused(tuple(whys))
    minutes = timedelta(minutes=standing.policy.pay_window_minutes)
    opened = PayWindow(granted_at=at, until=at + minutes)
    return replace(standing.facts, pay_windows=(*standing.facts.pay_windows, opened))


def _pay_window_refusals(standing: Standing, at: datetime) -> list[Refusal]:
    policy, calendars = standing.policy, standing.calendars
    if not policy.pay_window_minutes:
        return [Refusal.PAY_WINDOW_OFF]
    if active(standing.facts.operator_blocks, at):
        return [Refusal.OPERATOR_BLOCK]
    if standing.situation(at).status not in (Status.BLOCKED, Status.LOCKED) or standing.episode is None:
        return [Refusal.NOT_WALLED]
    opened = standing.episode.suspension.opened_at
    windows = [w for w in standing.facts.pay_windows if w.granted_at >= opened]
    today = [w for w in windows if calendars.day(w.granted_at) == calendars.day(at)]
    checks = [
        (standing.open_pay_window(at) is not None, Refusal.PAY_WINDOW_OPEN),
        (len(today) >= policy.pay_window_per_day, Refusal.PAY_WINDOW_QUOTA_DAY),
        (len(windows) >= policy.pay_window_per_episode, Refusal.PAY_WINDOW_QUOTA_EPISODE),
    ]
    return [why for applies, why in checks if applies]


# -- what people decide -----------------------------------------------------------------------------------------


def hold(facts: Facts, until: datetime, reason: str, at: datetime) -> Facts | Refused:
    """Do not block until: with a reason and an end."""
    if until <= at:
        return refused(Refusal.END_IN_THE_PAST)
    return replace(facts, holds=(*facts.holds, Period(at, until, reason)))


def end_hold(facts: Facts, key: int, at: datetime) -> Facts:
    """Ends one hold now and leaves others alone."""
    holds = tuple(replace(p, until=at) if p.key == key and p.covers(at) else p for p in facts.holds)
    return replace(facts, holds=holds)


_SWITCHES = {"hold": "holds", "enforcement_off": "enforcement_off", "operator_block": "operator_blocks",
             "pause": "pauses", "bar": "bars"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Switch:
    """What is on from one deed to another: `enforcement_off`, `operator_block`, `pause`, `bar` (and `hold`, to end)."""

    name: str

    @property
    def field(self) -> str:
        return _SWITCHES[self.name]


def switch_on(facts: Facts, switch: Switch, at: datetime, reason: str = "") -> Facts | Refused:
    periods: tuple[Period, ...] = getattr(facts, switch.field)
    if active(periods, at):
        return refused(Refusal.ALREADY_ACTIVE)
    return _with_periods(facts, switch, (*periods, Period(at, None, reason)))


def switch_off(facts: Facts, switch: Switch, at: datetime) -> Facts | Refused:
    periods: tuple[Period, ...] = getattr(facts, switch.field)
    if not active(periods, at):
        return refused(Refusal.NOTHING_ACTIVE)
    return _with_periods(facts, switch, tuple(replace(p, until=at) if p.covers(at) else p for p in periods))


def _with_periods(facts: Facts, switch: Switch, periods: tuple[Period, ...]) -> Facts:
    changes: dict[str, object] = {switch.field: periods}
    return replace(facts, **changes)


def approve_block(facts: Facts, at: datetime) -> Facts | Refused:
    """A person releases a block that the guard held back; it opens at the next slot."""
    if facts.guard_hold is None or facts.guard_hold.approved_at is not None:
        return refused(Refusal.NOT_HELD_BY_GUARD)
    return replace(facts, guard_hold=replace(facts.guard_hold, approved_at=at))


def import_suspension(
    standing: Standing, invoices: Sequence[str], since: datetime, notice_on: date | None, at: datetime
) -> Facts | Refused:
    """Takes over a block that already stands elsewhere, with the notice that authorises it."""
    facts, calendars = standing.facts, standing.calendars
    found = [facts.invoice(i) for i in invoices]
    if facts.open_suspension is not None:
        return refused(Refusal.ALREADY_SUSPENDED)
    if not found or any(i is None for i in found):
        return refused(Refusal.UNKNOWN_INVOICE)
    if since > at:
        return refused(Refusal.END_IN_THE_PAST)
    proven = all(_is_notified(standing, i) for i in found if i is not None)
    if notice_on is None and standing.policy.notice_required_for_block and not proven:
        return refused(Refusal.NO_EVIDENCE)
    if notice_on is not None:
        facts = _with_old_notice(facts, tuple(invoices), calendars.midnight(notice_on))
    late = sum(balance.principal(i).suspendable for i in found if i is not None)
    opened = Suspension(opened_at=since, invoices=tuple(invoices), late_at_opening=late, imported=True)
    return replace(facts, suspensions=(*facts.suspensions, opened), guard_hold=None, reduced_since=None)


def _is_notified(standing: Standing, invoice: Invoice) -> bool:
    late = dunning.late_from(standing.calendars, standing.policy, invoice)
    notices = dunning.debt_notices(standing.facts, invoice, late)
    return any(dunning.evidence_start(standing.policy, n) is not None for n in notices)


def _with_old_notice(facts: Facts, invoices: tuple[str, ...], sent_at: datetime) -> Facts:
    old = Notice(
        kind=NoticeKind.DEBT,
        invoices=invoices,
        sent_at=sent_at,
        evidence=((sent_at, Evidence.DELIVERED),),
        automatic=False,
    )
    return replace(facts, notices=tuple(sorted((*facts.notices, old), key=lambda n: n.sent_at)))


def change_holder(facts: Facts, at: datetime, since: date) -> Facts:
    """Gives the contract to another person: debt, credit and history stay with the old one."""
    if facts.open_suspension is not None:
        facts = steps.close(facts, ClosedBecause.HOLDER_CHANGED, at)
    unlocks = tuple(_superseded(u, at) for u in facts.unlocks)
    holds = tuple(replace(p, until=at) if p.covers(at) else p for p in facts.holds)
    bars = tuple(replace(p, until=at) if p.covers(at) else p for p in facts.bars)
    return replace(
        facts,
        since=since,
        holder_since=at,
        unlocks=unlocks,
        holds=holds,
        bars=bars,
        guard_hold=None,
        reduced_since=None,
    )


def of_present_holder(facts: Facts) -> Facts:
    """Facts without what belongs to an earlier holder."""
    since = facts.holder_since
    if since is None:
        return facts
    return replace(
        facts,
        invoices=tuple(i for i in facts.invoices if i.issued_at >= since),
        payments=tuple(p for p in facts.payments if p.known_at >= since),
        lots=tuple(lot for lot in facts.lots if lot.paid_at >= since),
        notices=tuple(n for n in facts.notices if n.sent_at >= since),
        suspensions=tuple(s for s in facts.suspensions if s.opened_at >= since),
        unlocks=tuple(u for u in facts.unlocks if u.granted_at >= since),
        agreements=tuple(a for a in facts.agreements if a.made_at >= since),
    )


SUBSCRIBER = "subscriber"


def terminate(standing: Standing, by: str, at: datetime) -> Facts | Refused:
    """Ends the contract: at the subscriber's own wish at any time, else only by a person, after the days behind the
    wall and the notice that RGC art. 73 asks for."""
    whys = _termination_refusals(standing, by, at)
    if whys:
        return Refused(tuple(whys))
    facts = standing.facts
    if facts.open_suspension is not None:
        facts = steps.close(facts, ClosedBecause.TERMINATED, at)
    return replace(facts, terminated_at=at, guard_hold=None, reduced_since=None)


def _termination_refusals(standing: Standing, by: str, at: datetime) -> list[Refusal]:
    if standing.facts.terminated_at is not None:
        return [Refusal.TERMINATED]
    if by == SUBSCRIBER:
        return []
    policy, episode = standing.policy, standing.episode
    if episode is None:
        return [Refusal.NOT_SUSPENDED]
    whys = []
    if episode.blocked_time(at) < timedelta(days=policy.termination_after_blocked_days):
        whys.append(Refusal.NOT_BLOCKED_LONG_ENOUGH)
    noticed = messages.termination_noticed_at(standing)
    if noticed is None or at < noticed + timedelta(days=policy.termination_notice_days):
        whys.append(Refusal.NO_TERMINATION_NOTICE)
    return whys
