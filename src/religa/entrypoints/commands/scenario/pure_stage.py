"""The pure domain as a stage: facts in memory, steps folded by the player, no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from religa.domain import access, balance, deeds, dunning, invoicing, messages, own_agreement, steps
from religa.domain.calendar import Calendars
from religa.domain.facts import (
    Access,
    Evidence,
    Facts,
    Method,
    Payment,
    Role,
    Status,
    WaiverKind,
)
from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal, Why
from religa.domain.standing import Standing
from religa.domain.trust import TrustRefused
from religa.domain.words import Answer as Said
from religa.domain.words import WordKind, word_on_change
from religa.entrypoints.commands.scenario import translate
from religa.entrypoints.commands.scenario.files import Event, Scenario, read_policy

_MOST_STEPS = 60  # at one instant; more would be a loop of ours

Answer = Facts | Refused | TrustRefused


class PureStage:
    """One contract, its policy and calendars, and what has been counted so far."""

    def __init__(self, scenario: Scenario, calendars: Calendars) -> None:
        self.facts = Facts(
            since=scenario.since, segment=scenario.segment, feed_stale=scenario.payment_feed == "stale"
        )
        self.policy, self.calendars = scenario.policy, calendars
        self.auto_notices = scenario.auto_notices
        self.engine_up = True
        self.faults = 0
        self.waiting: list[Event] = []
        self.former = self.facts
        self.discounted: Counter[str] = Counter()
        self.counted = {"notices": 0, "messages": 0, "blocks": 0, "changes": 0}
        self.last: tuple[Any, Any] | None = None
        self.words: list[str] = []
        self.answer = Said(Status.CURRENT, Access.FULL, Why.NOTHING_LATE, self.facts)

    # -- the stage ----------------------------------------------------------------------------------------------

    def do(self, event: Event) -> dict[str, Any]:
        if event.name == "pay" and not self.engine_up:
            self.waiting.append(event)
            return {}
        answer = _DEEDS[event.name](self, event)
        if isinstance(answer, Facts):
            self.facts = answer
            self._close(event.at)
            self._tell(event.at)
            self._notice_change(event.at)
        return self._result(event, answer)

    def step(self, at: datetime) -> None:
        if not self.engine_up:
            return
        for _ in range(_MOST_STEPS):
            standing = self.standing
            due, _ = steps.next_steps(self.facts, self.policy, self.calendars, at)
            changed = next((f for s in due if (f := self._stepped(standing, s, at)) is not None), None)
            if changed is None:
                break
            self.facts = changed
        self._tell(at)
        self._notice_change(at)

    def next_look(self, after: datetime) -> datetime | None:
        return steps.next_look(self.standing, after) if self.engine_up else None

    def view(self, at: datetime) -> dict[str, Any]:
        decision = access.decide(self.standing, at)
        day = self.calendars.day(at)
        episode = self.standing.episode
        return {
            "status": decision.status,
            "access": decision.access,
            "until": decision.until,
            "why": decision.why.value,
            "open": balance.total_open(self.facts),
            "owed": balance.total_owed(self.calendars, self.policy, self.facts, on=day),
            "notices": self.counted["notices"] + self._proven(),
            "blocked_days": episode.blocked_time(at).days if episode is not None else 0,
            "changes": self.counted["changes"],
            "messages": self.counted["messages"],
            "blocks": self.counted["blocks"] + len(self.facts.suspensions),
            "told": tuple(self.words),
            **translate.radius(decision, at),
        }

    # -- inside -------------------------------------------------------------------------------------------------

    @property
    def standing(self) -> Standing:
        return Standing(self.facts, self.policy, self.calendars)

    def _proven(self) -> int:
        return sum(
            1 for n in self.facts.notices if dunning.has_effect(self.facts, self.policy, self.calendars, n)
        )

    def _stepped(self, standing: Standing, step: steps.Step, at: datetime) -> Facts | None:
        """Facts after a step; None where it changes nothing (notices are off)."""
        if isinstance(step, messages.TrustWord):
            self.words.append(WordKind.TRUST_ENDING.value)
        if isinstance(step, steps.Silent):
            changed = steps.apply(standing, step, at)
            return changed if changed != self.facts else None
        legal = isinstance(step, (messages.SendDebtNotice, messages.SendTerminationNotice))
        if legal and self.auto_notices == "off":
            return None
        evidence = Evidence(self.auto_notices) if self.auto_notices != "off" else Evidence.SENT
        self.counted["messages"] += evidence is not Evidence.FAILED
        return deeds.record_message(self.facts, step, evidence, at)

    def _close(self, at: datetime) -> None:
        step = steps.closing_step(self.standing, at)
        if step is not None:
            self.facts = steps.apply(self.standing, step, at)

    def _tell(self, at: datetime) -> None:
        """What is said of a change, as the actions say it; money that opens is thanked for with the news."""
        now = self.standing.situation(at)
        then, self.answer = self.answer, Said(now.status, now.access, now.why, self.facts)
        paid = len(self.facts.payments) > len(then.facts.payments)
        opened = then.access is not Access.FULL and now.access is Access.FULL
        kind = word_on_change(then, self.answer) or (WordKind.RESTORED if paid and opened else None)
        self.words += [kind.value] if kind is not None else []

    def _notice_change(self, at: datetime) -> None:
        if not self.engine_up:
            return
        situation = self.standing.situation(at)
        now = (situation.status, situation.access)
        self.counted["changes"] += self.last is not None and self.last != now
        self.last = now

    def _result(self, event: Event, answer: Answer | None) -> dict[str, Any]:
        if isinstance(answer, TrustRefused):
            whys = tuple(w.value for w in answer.whys)
            return {"refused": whys, "eligible_at": answer.eligible_at, "pay_now": answer.pay_now}
        if isinstance(answer, Refused):
            return {"refused": tuple(w.value for w in answer.whys)}
        return {"granted_until": self.facts.unlocks[-1].until} if event.name == "unlock" else {}

    # -- events that are more than one deed ---------------------------------------------------------------------

    def pay(self, event: Event, known_at: datetime | None = None) -> Answer:
        payment = translate.payment_of(event, self.standing, known_at or event.at)
        target = translate.target_of(event)
        return deeds.pay(self.standing, payment, first=(target,) if target else ())

    def waive(self, event: Event) -> Facts | Refused:
        name, kind, amount = (event.fields[field] for field in ("invoice", "part", "amount"))
        ceiling = self.policy.ceiling(kind, event.fields.get("role", Role.MANAGER))
        before = self.discounted[name]
        answer = invoicing.waive(self.standing, name, kind, amount, event.at, ceiling=ceiling, before=before)
        if kind is WaiverKind.SETTLEMENT and isinstance(answer, Facts):
            self.discounted[name] += amount
        return answer

    def credit(self, event: Event) -> Answer:
        granted = Payment(f"@{event.line}", event.at, event.at, event.fields["amount"], Method.CREDIT)
        return deeds.pay(self.standing, granted)

    def issue(self, event: Event) -> Answer:
        invoice = translate.invoice_of(event, self.standing)
        return invoicing.issue(self.facts, self.policy, self.calendars, invoice)

    def change_holder(self, event: Event) -> Answer:
        changed = deeds.change_holder(self.facts, event.at, self.calendars.day(event.at))
        self.counted["notices"] += self._proven()
        self.counted["blocks"] += len(self.facts.suspensions)
        return deeds.of_present_holder(changed)

    def set_engine(self, event: Event) -> None:
        self.engine_up = event.fields["to"] == "up"
        waiting, self.waiting = self.waiting, []
        for paid in waiting if self.engine_up else ():
            self._book_late(paid, event.at)

    def _book_late(self, paid: Event, at: datetime) -> None:
        answer = self.pay(paid, known_at=at)
        if isinstance(answer, Facts):
            self.facts = answer
            self._close(at)

    def set_policy(self, event: Event) -> None:
        self.policy = read_policy(self.policy, event.fields["overrides"], event.fields["line"])

    def set_feed(self, event: Event) -> Answer:
        return replace(self.facts, feed_stale=event.fields["to"] == "stale")

    def fault(self, *, begins: bool) -> Answer:
        """Several may be open at once; the last one to end lets blocks go on."""
        if not (begins or self.faults):
            return invoicing.refused(Refusal.NOTHING_ACTIVE)
        self.faults += 1 if begins else -1
        return replace(self.facts, incident=self.faults > 0)

    def switch(self, name: str, event: Event, *, on: bool) -> Answer:
        switch = deeds.Switch(name)
        if on:
            return deeds.switch_on(self.facts, switch, event.at, event.fields.get("reason", ""))
        return deeds.switch_off(self.facts, switch, event.at)


_Deed = Callable[[PureStage, Event], Answer | None]


def _agree(stage: PureStage, event: Event) -> Answer:
    f = event.fields
    parts = [(part["due"], part["amount"]) for part in f["instalments"]]
    return deeds.agree(stage.standing, f["id"], f["invoices"], parts, event.at)


def _notify(stage: PureStage, event: Event) -> Answer:
    f = event.fields
    invoices = f.get("invoices") or (f["invoice"],)
    return deeds.notify(stage.standing, invoices, f["evidence"], event.at)


_DEEDS: dict[str, _Deed] = {
    "invoice": PureStage.issue,
    "cancel_invoice": lambda s, e: invoicing.cancel(s.standing, e.fields["invoice"], e.at),
    "write_off": lambda s, e: invoicing.write_off(s.standing, e.fields["invoice"], e.at),
    "undo_write_off": lambda s, e: invoicing.undo_write_off(s.standing, e.fields["invoice"], e.at),
    "adjust_invoice": lambda s, e: invoicing.adjust(
        s.standing, e.fields["invoice"], e.fields["amount"], e.at
    ),
    "waive": PureStage.waive,
    "pay": PureStage.pay,
    "reverse_payment": lambda s, e: deeds.reverse(s.standing, e.fields["id"], e.at),
    "credit": PureStage.credit,
    "notice": _notify,
    "notice_result": lambda s, e: deeds.learn_of_notice(
        s.facts, e.fields["invoice"], e.fields["evidence"], e.at
    ),
    "suspension": lambda s, e: deeds.import_suspension(
        s.standing, e.fields["invoices"], e.fields["since"], e.fields.get("notice_on"), e.at
    ),
    "unlock": lambda s, e: deeds.unlock(s.standing, translate.request_of(e), e.at),
    "revoke_unlock": lambda s, e: deeds.revoke_unlock(s.standing, e.at, now=e.fields.get("now", False)),
    "pay_window": lambda s, e: deeds.open_pay_window(s.standing, e.at),
    "hold": lambda s, e: deeds.hold(s.facts, e.fields["until"], e.fields.get("reason", ""), e.at),
    "release_hold": lambda s, e: s.switch("hold", e, on=False),
    "dispute": lambda s, e: invoicing.contest(s.standing, e.fields["invoice"], e.at, e.fields.get("amount")),
    "answer_dispute": lambda s, e: invoicing.answer(
        s.standing, e.fields["invoice"], e.at, upheld=e.fields["upheld"]
    ),
    "agreement": _agree,
    "own_agreement": lambda s, e: own_agreement.agree(s.standing, e.fields["id"], translate.wish_of(e), e.at),
    "pause": lambda s, e: s.switch("pause", e, on=True),
    "resume": lambda s, e: s.switch("pause", e, on=False),
    "operator_block": lambda s, e: s.switch("operator_block", e, on=True),
    "operator_unblock": lambda s, e: s.switch("operator_block", e, on=False),
    "enforcement": lambda s, e: s.switch("enforcement_off", e, on=e.fields["to"] == "off"),
    "bar_unlock": lambda s, e: s.switch("bar", e, on=True),
    "lift_bar": lambda s, e: s.switch("bar", e, on=False),
    "incident": lambda s, e: s.fault(begins=True),
    "end_incident": lambda s, e: s.fault(begins=False),
    "change_holder": PureStage.change_holder,
    "payment_feed": PureStage.set_feed,
    "approve_run": lambda s, e: deeds.approve_block(s.facts, e.at),
    "terminate": lambda s, e: deeds.terminate(s.standing, e.fields.get("by", "person"), e.at),
    "engine": PureStage.set_engine,
    "policy": PureStage.set_policy,
}
