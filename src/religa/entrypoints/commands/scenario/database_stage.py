"""The real actions on a real database as a stage: every scenario in a transaction that is rolled back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from religa.actions import (
    agree,
    approve_run,
    change_holder,
    change_invoice,
    dispute,
    engine,
    evaluate_access,
    give_notice,
    hold,
    import_suspension,
    incident,
    issue_invoice,
    open_pay_window,
    record_payment,
    reverse_payment,
    revoke_unlock,
    switches,
    terminate,
    unlock_on_trust,
    waive,
)
from religa.actions.look import View, look
from religa.actions.unlock_on_trust import NotUnlocked, Unlocked
from religa.domain import balance, dunning, steps
from religa.domain.calendar import Calendars
from religa.domain.facts import NoticeKind, Role
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.words import WordKind
from religa.entrypoints.commands import database
from religa.entrypoints.commands.scenario import translate
from religa.entrypoints.commands.scenario.files import Event, Scenario, read_policy
from religa.entrypoints.commands.scenario.player import Stage
from religa.ports import NotSent, OutgoingMessage, SendOutcome, Sent
from religa.records import calendars as record_calendars
from religa.records import facts, raw
from religa.records.loaded import Ask

_PERSON = "scenario"


@contextlib.contextmanager
def stages() -> Iterator[Callable[[Scenario, Calendars], contextlib.AbstractContextManager[Stage]]]:
    """Stages on a throw-away database."""
    with database.thrown_away():
        yield stage


@contextlib.contextmanager
def stage(told: Scenario, calendars: Calendars) -> Iterator[Stage]:
    """One scenario on the database at hand; nothing of it remains."""
    with record_calendars.using(_Fixed(calendars)), transaction.atomic():
        yield DatabaseStage(told, calendars)
        transaction.set_rollback(True)


class _Fixed:
    """Port `Holidays`: the scenario's own."""

    def __init__(self, calendars: Calendars) -> None:
        self.calendars = calendars

    def bank(self, years: Any) -> dict[date, str]:
        return dict.fromkeys(self.calendars.bank_holidays, "bank")

    def local(self, years: Any, *, uf: str, ibge_code: str) -> dict[date, str]:
        return dict.fromkeys(self.calendars.local_holidays, "local")


class _Channel:
    """Port `Channel`: what becomes of each legal notice is the scenario's `auto_notices`."""

    name = "scenario"

    def __init__(self, fate: str) -> None:
        self.fate = fate

    def send(self, message: OutgoingMessage) -> SendOutcome:
        if self.fate == "failed":
            return NotSent("the scenario says so", permanent=True)
        return Sent(str(message.id), delivered=self.fate == "delivered")


class DatabaseStage:
    """One provider with one contract."""

    def __init__(self, told: Scenario, calendars: Calendars) -> None:
        self.told, self.calendars = told, calendars
        self.engine_up, self.waiting, self.faults = True, list[Event](), list[int]()
        self.channel = _Channel(told.auto_notices)
        self.policy, self.written, self.versions = told.policy, dict(told.policy_written), 0
        start = min(m.at for m in told.moments)
        self.contract = self._found(start - timedelta(days=1))

    # -- the stage ----------------------------------------------------------------------------------------------

    def do(self, event: Event) -> dict[str, Any]:
        if event.name == "pay" and not self.engine_up:
            self.waiting.append(event)
            return {}
        return _result(_DEEDS[event.name](self, event))

    def step(self, at: datetime) -> None:
        if self.engine_up:
            mute = _LEGAL if self.told.auto_notices == "off" else ()
            engine.settle(at=at, channel_for=lambda name: self.channel, mute=mute)

    def next_look(self, after: datetime) -> datetime | None:
        return steps.next_look(self._look(after).standing, after) if self.engine_up else None

    def view(self, at: datetime) -> dict[str, Any]:
        seen = self._look(at)
        standing, decision, day = seen.standing, seen.decision, self.calendars.day(at)
        episode = standing.episode
        return {
            "status": decision.status,
            "access": self._agreed(seen, at),
            "until": decision.until,
            "why": decision.why.value,
            "open": balance.total_open(standing.facts),
            "owed": balance.total_owed(self.calendars, standing.policy, standing.facts, on=day),
            "notices": self._notices(at),
            "blocked_days": episode.blocked_time(at).days if episode is not None else 0,
            "changes": self._count(_CHANGES),
            "messages": self._count(_MESSAGES),
            "blocks": self._count("SELECT count(*) FROM suspension WHERE contract_id = %s"),
            "told": tuple(kind for (kind,) in raw.rows(_TOLD, [self.contract, list(WordKind)])),
            **translate.radius(decision, at),
        }

    # -- inside -------------------------------------------------------------------------------------------------

    def _agreed(self, seen: View, at: datetime) -> Any:
        """The access decided live; where RADIUS would read something else from the row, both."""
        row = seen.loaded.access
        read = row.read(at)
        live = seen.decision.access
        return live if read == live.value or not self.engine_up else f"{live.value} (RADIUS reads {read})"

    def _look(self, at: datetime, ask: Ask | None = None) -> View:
        return look(contract_id=self.contract, at=at, ask=ask or Ask())

    def _count(self, query: str) -> int:
        return int(raw.rows(query, [self.contract])[0][0])

    def _notices(self, at: datetime) -> int:
        ask = Ask(everything=True, earlier_holders=True)
        known = facts.load([self.contract], at, ask=ask)[self.contract]
        return sum(
            1 for n in known.facts.notices if dunning.has_effect(known.facts, known.policy, self.calendars, n)
        )

    def _found(self, at: datetime) -> int:
        [(provider,)] = raw.rows(_PROVIDER, [self.told.zone.key, _MUNICIPALITY, at])
        [(subscriber,)] = raw.rows(_SUBSCRIBER, [provider])
        [(contract,)] = raw.rows(_CONTRACT, [provider, subscriber, self.told.segment.value, self.told.since])
        self.provider = provider
        self._set_policy(at)
        self._set_feed(self.told.payment_feed == "stale")
        raw.run(
            "UPDATE contract_access SET next_look_at = NULL, changed_at = %s WHERE contract_id = %s",
            [at, contract],
        )
        return int(contract)

    def _set_policy(self, at: datetime) -> None:
        import json

        self.versions += 1
        values = {k: v for k, v in self.written.items() if k != "preset"}
        preset = self.policy.preset.value
        raw.run(_POLICY, [self.provider, self.versions, at, preset, json.dumps(values)])

    def _set_feed(self, stale: bool) -> None:
        raw.run(_FEED, [self.provider, stale])

    def _again(self, at: datetime) -> None:
        evaluate_access.evaluate_many([self.contract], at=at, cause="scenario")

    # -- events that are more than one action -------------------------------------------------------------------

    def pay(self, event: Event, known_at: datetime | None = None) -> Any:
        target = translate.target_of(event)
        ask = Ask(invoices=(target,)) if target else Ask()
        at = known_at or event.at
        payment = translate.payment_of(event, self._look(at, ask).standing, at)
        return record_payment.record(
            contract_id=self.contract,
            payment_id=payment.id,
            amount=payment.amount,
            method=payment.method,
            paid_at=payment.paid_at,
            at=at,
            invoice=target,
        )

    def issue(self, event: Event) -> Any:
        invoice = translate.invoice_of(event, self._look(event.at).standing)
        return issue_invoice.issue(contract_id=self.contract, invoice=invoice, at=event.at)

    def set_engine(self, event: Event) -> None:
        self.engine_up = event.fields["to"] == "up"
        waiting, self.waiting = self.waiting, []
        for paid in waiting if self.engine_up else ():
            self.pay(paid, known_at=event.at)

    def set_policy(self, event: Event) -> None:
        overrides = event.fields["overrides"]
        self.policy = read_policy(self.policy, overrides, event.fields["line"])
        self.written |= overrides
        self._set_policy(event.at)
        self._again(event.at)

    def set_feed(self, event: Event) -> None:
        self._set_feed(event.fields["to"] == "stale")
        self._again(event.at)

    def switch(self, name: str, event: Event, *, on: bool) -> Any:
        if not on:
            return switches.turn_off(contract_id=self.contract, switch=name, at=event.at)
        reason = event.fields.get("reason", "")
        return switches.turn_on(contract_id=self.contract, switch=name, at=event.at, reason=reason)

    def begin_fault(self, event: Event) -> Any:
        answer = incident.open_incident(
            provider_id=self.provider,
            ibge_code=_MUNICIPALITY,
            reason=event.fields.get("reason", "scenario"),
            by=_PERSON,
            at=event.at,
        )
        if isinstance(answer, incident.Opened):
            self.faults.append(answer.incident_id)
        return answer

    def end_fault(self, event: Event) -> Any:
        if not self.faults:
            return refused(Refusal.NOTHING_ACTIVE)
        return incident.close_incident(
            provider_id=self.provider, incident_id=self.faults.pop(), by=_PERSON, at=event.at
        )

    def approve(self, event: Event) -> Any:
        return approve_run.release_one(contract_id=self.contract, by=_PERSON, at=event.at)


_MUNICIPALITY = "2304400"
_LEGAL = (NoticeKind.DEBT, NoticeKind.TERMINATION)
_MESSAGES = """
    SELECT coalesce(sum(1 + (SELECT count(*) FROM message_notice n WHERE n.message_id = m.id)), 0) FROM message m
     WHERE contract_id = %s AND state = 'sent' AND notice_id IS NOT NULL
"""
_TOLD = """
    SELECT kind FROM message WHERE contract_id = %s AND kind = ANY (%s) AND state <> 'withdrawn' ORDER BY id
"""
_CHANGES = """
    SELECT count(*) FROM access_change
     WHERE contract_id = %s AND (old_access, old_status) IS DISTINCT FROM (access, status)
"""
_PROVIDER = """
    INSERT INTO provider (name, trade_name, cnpj, address, zone, uf, ibge_code, phones, email, site, payee, pix_key,
                          enforcement_off_by, first_run_approved_at, first_run_approved_by)
    VALUES ('Provedor', '', '11222333000181', '', %s, '', %s, '[]', '', '', '', '', '', %s, 'scenario') RETURNING id
"""
_SUBSCRIBER = """
    INSERT INTO subscriber (provider_id, external_id, kind, document, name, email, language)
    VALUES (%s, 'S', 'person', '11144477735', 'Carla', 'carla@example.org', 'pt-br') RETURNING id
"""
_CONTRACT = """
    INSERT INTO contract (provider_id, subscriber_id, external_id, segment, since, address, city, uf, ibge_code,
                          rgc_exempt, terminated_by)
    VALUES (%s, %s, 'C', %s, %s, '', '', '', '', false, '') RETURNING id
"""
_POLICY = """
    INSERT INTO policy_version (provider_id, number, valid_from, preset, values, author, comment)
    VALUES (%s, %s, %s, %s, %s::jsonb, 'scenario', '')
"""
_FEED = """
    INSERT INTO feed_heartbeat (provider_id, name, kind, configured) VALUES (%s, 'scenario', 'poll', %s)
    ON CONFLICT (provider_id, name) DO UPDATE SET configured = excluded.configured
"""


def _result(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Unlocked):
        return {"granted_until": answer.until}
    if isinstance(answer, NotUnlocked):
        refusal = answer.refusal
        whys = tuple(why.value for why in refusal.whys)
        return {"refused": whys, "eligible_at": refusal.eligible_at, "pay_now": refusal.pay_now}
    if isinstance(answer, Refused):
        return {"refused": tuple(why.value for why in answer.whys)}
    return {}


_Deed = Callable[[DatabaseStage, Event], Any]


def _on_invoice(action: Callable[..., Any], *, field: str = "invoice") -> _Deed:
    return lambda s, e: action(contract_id=s.contract, invoice=e.fields[field], at=e.at)


_DEEDS: dict[str, _Deed] = {
    "invoice": DatabaseStage.issue,
    "cancel_invoice": _on_invoice(change_invoice.cancel),
    "write_off": _on_invoice(change_invoice.write_off),
    "undo_write_off": _on_invoice(change_invoice.undo_write_off),
    "adjust_invoice": lambda s, e: change_invoice.adjust(
        contract_id=s.contract, invoice=e.fields["invoice"], total=e.fields["amount"], at=e.at
    ),
    "waive": lambda s, e: waive.waive(
        contract_id=s.contract,
        invoice=e.fields["invoice"],
        kind=e.fields["part"],
        amount=e.fields["amount"],
        role=e.fields.get("role", Role.MANAGER),
        reason="scenario",
        at=e.at,
        author=_PERSON,
    ),
    "pay": DatabaseStage.pay,
    "reverse_payment": lambda s, e: reverse_payment.reverse(
        contract_id=s.contract, payment_id=e.fields["id"], at=e.at
    ),
    "credit": lambda s, e: record_payment.grant_credit(
        contract_id=s.contract, credit_id=f"@{e.line}", amount=e.fields["amount"], at=e.at
    ),
    "notice": lambda s, e: give_notice.give(
        contract_id=s.contract,
        invoices=e.fields.get("invoices") or (e.fields["invoice"],),
        evidence=e.fields["evidence"],
        at=e.at,
    ),
    "notice_result": lambda s, e: give_notice.learn(
        contract_id=s.contract, invoice=e.fields["invoice"], evidence=e.fields["evidence"], at=e.at
    ),
    "suspension": lambda s, e: import_suspension.take_over(
        contract_id=s.contract,
        invoices=e.fields["invoices"],
        since=e.fields["since"],
        notice_on=e.fields.get("notice_on"),
        at=e.at,
    ),
    "unlock": lambda s, e: unlock_on_trust.unlock(
        contract_id=s.contract, request=translate.request_of(e), at=e.at
    ),
    "revoke_unlock": lambda s, e: revoke_unlock.revoke(
        contract_id=s.contract, at=e.at, now=e.fields.get("now", False)
    ),
    "pay_window": lambda s, e: open_pay_window.open_window(contract_id=s.contract, at=e.at),
    "hold": lambda s, e: hold.hold(
        contract_id=s.contract, until=e.fields["until"], reason=e.fields.get("reason", ""), at=e.at
    ),
    "release_hold": lambda s, e: hold.release(contract_id=s.contract, at=e.at),
    "dispute": lambda s, e: dispute.file(
        contract_id=s.contract, invoice=e.fields["invoice"], amount=e.fields.get("amount"), at=e.at
    ),
    "answer_dispute": lambda s, e: dispute.answer(
        contract_id=s.contract, invoice=e.fields["invoice"], upheld=e.fields["upheld"], at=e.at
    ),
    "agreement": lambda s, e: agree.agree(
        contract_id=s.contract,
        agreement_id=e.fields["id"],
        invoices=e.fields["invoices"],
        instalments=[(part["due"], part["amount"]) for part in e.fields["instalments"]],
        at=e.at,
    ),
    "own_agreement": lambda s, e: agree.agree_by_oneself(
        contract_id=s.contract, agreement_id=e.fields["id"], wish=translate.wish_of(e), at=e.at
    ),
    "pause": lambda s, e: s.switch("pause", e, on=True),
    "resume": lambda s, e: s.switch("pause", e, on=False),
    "operator_block": lambda s, e: s.switch("operator_block", e, on=True),
    "operator_unblock": lambda s, e: s.switch("operator_block", e, on=False),
    "enforcement": lambda s, e: s.switch("enforcement_off", e, on=e.fields["to"] == "off"),
    "bar_unlock": lambda s, e: s.switch("bar", e, on=True),
    "lift_bar": lambda s, e: s.switch("bar", e, on=False),
    "incident": DatabaseStage.begin_fault,
    "end_incident": DatabaseStage.end_fault,
    "change_holder": lambda s, e: change_holder.change(contract_id=s.contract, subscriber_id=None, at=e.at),
    "payment_feed": DatabaseStage.set_feed,
    "approve_run": DatabaseStage.approve,
    "terminate": lambda s, e: terminate.terminate(
        contract_id=s.contract, by=e.fields.get("by", _PERSON), at=e.at
    ),
    "engine": DatabaseStage.set_engine,
    "policy": DatabaseStage.set_policy,
}
