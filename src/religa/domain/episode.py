"""One suspension from opening to closing: what ends it, what locks it, how long it has walled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from religa.domain import dunning
from religa.domain.balance import open_principal, principal
from religa.domain.calendar import Calendars, effective_due, next_slot
from religa.domain.dunning import Claim
from religa.domain.facts import Agreement, Facts, Invoice, Outcome, Suspension, TrustUnlock
from religa.domain.lazy import lazy
from religa.domain.policy import PartialPayment, Policy
from religa.domain.reasons import ClosedBecause, Why

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


class Episode:
    """The open suspension of a contract, with the claims that surround it."""

    def __init__(
        self,
        facts: Facts,
        policy: Policy,
        calendars: Calendars,
        claims: tuple[Claim, ...],
        suspension: Suspension,
    ) -> None:
        self.facts, self.policy, self.calendars = facts, policy, calendars
        self.claims, self.suspension = claims, suspension
        self._closings: dict[tuple[datetime, bool], ClosedBecause | None] = {}

    # -- closing ------------------------------------------------------------------------------------------------

    def closing(self, at: datetime, *, disputed_too: bool = True) -> ClosedBecause | None:
        """Why the suspension must end now; None while it stands.

        Disputed debt still counts here (`disputed_too`): a dispute lifts the wall for a while, it does not settle.
        Worked out once per instant.
        """
        asked = (at, disputed_too)
        if asked not in self._closings:
            self._closings[asked] = self._closing(at, disputed_too)
        return self._closings[asked]

    def _closing(self, at: datetime, disputed_too: bool) -> ClosedBecause | None:
        agreement = self._agreement
        if agreement is not None and not self.is_settled(agreement.first_instalment):
            return None
        weights = [(c, _weight(c, disputed_too)) for c in self.claims]
        if not self._is_proven(weights):
            return ClosedBecause.NO_EVIDENCE
        if self.lock(at) is not None:
            why = ClosedBecause.SETTLED if self._none_above(w for w in weights if w[0].is_late(at)) else None
        else:
            why = self._by_policy(weights, at, disputed_too)
        return ClosedBecause.AGREEMENT if why is not None and agreement is not None else why

    def _by_policy(
        self, weights: list[tuple[Claim, int]], at: datetime, disputed_too: bool
    ) -> ClosedBecause | None:
        rule = self.policy.partial_payment
        late = [w for w in weights if w[0].is_late(at)]
        if rule is PartialPayment.PERCENT:
            return ClosedBecause.PERCENT_PAID if self._percent_paid(weights) else None
        if rule is PartialPayment.BELOW_TRIGGER:
            ripe = dunning.block_ripe(
                self.facts, self.policy, self.calendars, self.claims, disputed_too=disputed_too
            )
            return ClosedBecause.BELOW_TRIGGER if ripe is None or ripe.since > at else None
        counted = {
            PartialPayment.ALL_LATE: late,
            PartialPayment.ALL_OPEN: [
                w for w in weights if w[0].is_late(at) or w[0].invoice.agreement is None
            ],
            PartialPayment.ALL_NOTIFIED: self._notified(weights, late),
        }[rule]
        return ClosedBecause.SETTLED if self._none_above(counted) else None

    def _notified(
        self, weights: list[tuple[Claim, int]], late: list[tuple[Claim, int]]
    ) -> list[tuple[Claim, int]]:
        return [w for w in weights if w[0].notified] if self.policy.notice_required_for_block else late

    def _none_above(self, weights: Iterable[tuple[Claim, int]]) -> bool:
        return all(weight <= self.policy.restore_tolerance for _, weight in weights)

    def _percent_paid(self, weights: list[tuple[Claim, int]]) -> bool:
        counted = {c.invoice.id for c in self.late_at_opening()}
        left = sum(weight for c, weight in weights if c.invoice.id in counted)
        was = self.suspension.late_at_opening
        wanted = was * (self.policy.partial_payment_percent or 100)
        return left <= self.policy.restore_tolerance or (was - left) * 100 >= wanted

    def late_at_opening(self) -> list[Claim]:
        """What is still open of the debt that was late when the block opened, notified or not."""
        own, opened = self.suspension.invoices, self.suspension.opened_at
        return [
            c
            for c in self.claims
            if c.invoice.id in own
            or not (self.suspension.imported or c.invoice.spared)
            and max(c.late_from, c.invoice.issued_at) <= opened
        ]

    def _is_proven(self, weights: list[tuple[Claim, int]]) -> bool:
        """Whether the debt still stands on a notice with evidence (a failure known later lifts the block)."""
        if not self.policy.notice_required_for_block:
            return True
        own = [c for c, weight in weights if weight > 0 and c.invoice.id in self.suspension.invoices]
        return not own or any(c.notified for c, weight in weights if weight > 0)

    @lazy
    def _agreement(self) -> Agreement | None:
        """The last agreement made over debt of this episode."""
        since = self.suspension.opened_at
        made = [
            a
            for a in self.facts.agreements
            if a.made_at >= since and set(a.invoices) & set(self.suspension.invoices)
        ]
        return made[-1] if made else None

    def is_settled(self, invoice_id: str) -> bool:
        invoice = self.facts.invoice(invoice_id)
        return invoice is None or open_principal(invoice) <= self.policy.restore_tolerance

    # -- locked -------------------------------------------------------------------------------------------------

    def lock(self, at: datetime) -> Why | None:
        """Why no trust is left until all is settled or the first instalment of an agreement is paid."""
        agreement = self._agreement
        if agreement is not None and self.is_settled(agreement.first_instalment):
            return None
        if self._is_broken():
            return Why.BROKEN_TRUST
        due = self.lock_by_due_at
        if due is None or at < due:
            return Why.BLOCKED_TOO_LONG if self._blocked_too_long(at) else None
        # Whichever came first stays the reason: it does not vary with time alone.
        return Why.BLOCKED_TOO_LONG if self._blocked_too_long(due) else Why.LATE_TOO_LONG

    def _blocked_too_long(self, at: datetime) -> bool:
        days = self.policy.lock_after_blocked_days
        return days is not None and self.blocked_time(at) >= timedelta(days=days)

    def _is_broken(self) -> bool:
        allowed = self.policy.final_block_after_broken_trusts
        broken = sum(1 for u in self.unlocks() if u.outcome is Outcome.BROKEN)
        return allowed is not None and broken >= max(1, allowed)

    def unlocks(self) -> list[TrustUnlock]:
        """The unlocks of this episode: granted in it, or still open when it began."""
        return [u for u in self.facts.unlocks if u.until >= self.suspension.opened_at]

    @lazy
    def lock_by_due_at(self) -> datetime | None:
        """When `lock_after_due_days` locks: the first such day that comes while its invoice is still open."""
        days = self.policy.lock_after_due_days
        if days is None:
            return None
        return min((at for i in self._own() if (at := self._locks_at(i, days)) is not None), default=None)

    def _locks_at(self, invoice: Invoice, days: int) -> datetime | None:
        due = effective_due(self.calendars, self.policy, invoice.due_date)
        at = max(self.suspension.opened_at, self.calendars.midnight(due + days * _DAY))
        left = principal(_before(invoice, at))
        return at if left.suspendable + left.disputed_suspendable > self.policy.restore_tolerance else None

    def _own(self) -> list[Invoice]:
        """The invoices of this episode: those that opened it, and those that are open now."""
        open_now = {c.invoice.id for c in self.claims}
        return [i for i in self.facts.invoices if i.id in open_now or i.id in self.suspension.invoices]

    # -- time behind the wall -----------------------------------------------------------------------------------

    def blocked_time(self, at: datetime) -> timedelta:
        """Accumulated time behind the wall; trust, holds and disputes pause it (Manual Operacional 5.1.4)."""
        total, walled_from = timedelta(0), self.suspension.opened_at
        for start, end in sorted(self._lifted(at)):
            total += max(timedelta(0), start - walled_from)
            walled_from = max(walled_from, end)
        return total + max(timedelta(0), at - walled_from)

    def reaches(self, blocked: timedelta, at: datetime) -> datetime | None:
        """When so much time behind the wall has been accumulated, `at` or later; None while the clock stands still:
        then whatever starts it again is looked at first."""
        so_far = self.blocked_time(at)
        if so_far >= blocked:
            return at
        return at + blocked - so_far if self.blocked_time(at + _TICK) > so_far else None

    def _lifted(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """Stretches up to `at` in which access was open although the suspension was."""
        facts = self.facts
        spans = [(u.granted_at, u.until) for u in facts.unlocks]
        spans += [(p.since, p.until or at) for p in facts.pauses]
        for p in (*facts.holds, *facts.enforcement_off):
            spans.append((p.since, self._bites_again(p.until, at)))
        for start, end in self._dispute_spans:
            spans.append((start, self._bites_again(end, at)))
        opened = self.suspension.opened_at
        return [(max(s, opened), min(e, at)) for s, e in spans if e > opened and s < at]

    def _bites_again(self, end: datetime | None, at: datetime) -> datetime:
        if end is None or end >= at:
            return at
        return next_slot(self.calendars, self.policy, end) or at

    @lazy
    def _dispute_spans(self) -> list[tuple[datetime, datetime | None]]:
        """Stretches in which disputes alone kept the wall down (None: until now)."""
        if not any(i.disputes for i in self.facts.invoices):
            return []
        own = self._own()
        moments = {m for i in own for d in i.disputes for m in (d.filed_at, d.answered_at) if m is not None}
        if not moments:
            return []
        moments |= {s.known_at for i in own for s in i.settlements if s.known_at > min(moments)}
        spans: list[tuple[datetime, datetime | None]] = []
        for moment in sorted(moments):
            lifted, open_span = self._was_only_disputed(moment), bool(spans) and spans[-1][1] is None
            if lifted and not open_span:
                spans.append((moment, None))
            elif open_span and not lifted:
                spans[-1] = (spans[-1][0], moment)
        return spans

    def _was_only_disputed(self, at: datetime) -> bool:
        """Whether disputed debt was all that was left at an instant."""
        past = replace(self.facts, invoices=tuple(_until(i, at) for i in self.facts.invoices))
        claims = dunning.claims(past, self.policy, self.calendars)
        then = Episode(past, self.policy, self.calendars, claims, self.suspension)
        weights = [(c, _weight(c, False)) for c in claims]
        contested = any(c.principal.disputed > 0 for c in claims)
        return contested and then._by_policy(weights, at, False) is not None

    def resumes_at(self, at: datetime) -> datetime | None:
        """The slot at which the suspension bites again after whatever lifted it last; its opening if nothing did."""
        facts, opened = self.facts, self.suspension.opened_at
        ends = [p.until for p in (*facts.holds, *facts.enforcement_off) if p.since < (p.until or at)]
        ends += [end for _, end in self._dispute_spans]
        past = [e for e in ends if e is not None and opened < e <= at]
        return next_slot(self.calendars, self.policy, max(past)) if past else opened


def _weight(claim: Claim, disputed_too: bool) -> int:
    return claim.principal.suspendable + (claim.principal.disputed_suspendable if disputed_too else 0)


def _until(invoice: Invoice, at: datetime) -> Invoice:
    """The invoice as it was known at an instant."""
    disputes = tuple(
        replace(d, answered_at=None, upheld=None) if d.answered_at is not None and d.answered_at > at else d
        for d in invoice.disputes
        if d.filed_at <= at
    )
    closed = invoice.closed if invoice.closed_at is not None and invoice.closed_at <= at else None
    kept = tuple(s for s in invoice.settlements if s.known_at <= at)
    return replace(invoice, disputes=disputes, closed=closed, settlements=kept)


def _before(invoice: Invoice, at: datetime) -> Invoice:
    """The invoice as it was just before an instant."""
    return _until(invoice, at - timedelta(microseconds=1))
