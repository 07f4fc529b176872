"""What the small numbers of a move mean, given what there is: a move becomes an event of the scenario language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from stories import OVERRIDES, Move, with_overrides

from religa.domain import access, balance, trust
from religa.domain.facts import Channel, Evidence, Facts, Invoice, Method, UnlockKind
from religa.entrypoints.commands.scenario.files import Event
from religa.entrypoints.commands.scenario.pure_stage import PureStage
from religa.entrypoints.commands.scenario.yaml_lines import Block

Fields = dict[str, Any]

_SECOND, _MINUTE, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
_MINUTES = (1, 5, 15, 30, 60, 90, 180, 300, 600, 900)
_DAYS = (
    (0, 12, 0),
    (1, 9, 0),
    (1, 0, 0),
    (2, 17, 0),
    (2, 20, 15),
    (3, 8, 59),
    (3, 16, 59),
    (5, 12, 0),
    (6, 9, 0),
    (9, 9, 0),
)
_WEEKS = (7, 14, 15, 16, 17, 10, 20, 21, 30, 45)
_ASIDE = (*[timedelta(0)] * 6, -_SECOND, _SECOND, -_MINUTE, 12 * 60 * _MINUTE)


def instant(stage: PureStage, move: Move, now: datetime) -> datetime:
    """When the move happens; never before `now`."""
    kind, span = move.wait
    return max(now, _WAITS[kind](stage, span, now))


def _at_hour(stage: PureStage, span: int, now: datetime) -> datetime:
    days, hour, minute = _DAYS[span]
    day = stage.calendars.day(now) + days * _DAY
    return stage.calendars.instant(day, hour * 60 + minute)


def _at_look(stage: PureStage, span: int, now: datetime) -> datetime:
    return (stage.next_look(now) or now + _DAY) + _ASIDE[span]


def _at_change(stage: PureStage, span: int, now: datetime) -> datetime:
    """The next change of the answer; where none is known, the next look (a notice may bring one)."""
    until = access.decide(stage.standing, now).until or stage.next_look(now)
    return min(until or now + 3 * _DAY, now + 60 * _DAY) + _ASIDE[span]


_WAITS: dict[str, Callable[[PureStage, int, datetime], datetime]] = {
    "at_once": lambda stage, span, now: now,
    "minutes": lambda stage, span, now: now + _MINUTES[span] * _MINUTE,
    "days": _at_hour,
    "weeks": lambda stage, span, now: now + _WEEKS[span] * _DAY,
    "look": _at_look,
    "change": _at_change,
}


def event(stage: PureStage, move: Move, at: datetime, line: int) -> Event | None:
    """The event a move stands for; None where nothing happens or there is nothing for it to happen to."""
    if move.deed == "nothing":
        return None
    fields = _FIELDS[move.deed](stage, move, at) if move.deed in _FIELDS else {}
    return None if fields is None else Event(at, line, move.deed, fields)


def _one(things: Sequence[Any], n: int) -> Any:
    return things[n % len(things)] if things else None


def _invoice_id(stage: PureStage, n: int) -> Fields | None:
    invoice = _one(stage.facts.invoices, n)
    return None if invoice is None else {"invoice": invoice.id}


_AMOUNTS = (99_90, 49_95, 150_00, 20_00, 19_99, 50, 1_01, 299_00, 100_00, 33_33)
_DUE = (5, 10, 7, 3, 0, -20, 15, 30, 12, 20)


def _invoice(stage: PureStage, move: Move, at: datetime) -> Fields:
    day, amount = stage.calendars.day(at), _AMOUNTS[move.a]
    fields: Fields = {
        "id": f"I{_count(stage, 'invoice') + 1}",
        "amount": amount,
        "due": day + _DUE[move.b] * _DAY,
    }
    if move.c == 6:
        fields["lines"] = ({"amount": amount, "suspendable": True}, {"amount": 30_00, "suspendable": False})
    elif move.c == 7:
        fields["lines"] = ({"amount": amount, "suspendable": False},)
    elif move.c == 8:
        fields["discount"] = {"amount": min(amount, 5_00), "until": fields["due"]}
    elif move.c == 9:
        fields |= {"fine_pct": 100, "interest_pct_month": 50}
    return fields


def _count(stage: PureStage, name: str) -> int:
    return sum(1 for happened in stage.told if happened.name == name)  # type: ignore[attr-defined, misc]


_METHODS: tuple[tuple[Method, timedelta], ...] = (
    *[(Method.PIX, timedelta(0))] * 4,
    (Method.BOLETO, timedelta(0)),
    (Method.BOLETO, 2 * _DAY),
    (Method.PIX, 3 * _DAY),
    (Method.TRANSFER, 60 * _MINUTE),
    (Method.CASH, timedelta(0)),
    (Method.BOLETO, 9 * _DAY),
)


def _pay(stage: PureStage, move: Move, at: datetime) -> Fields:
    method, before = _METHODS[move.c]
    fields: Fields = {"amount": _money(stage, move.a, at), "method": method}
    again = move.b == 9 and stage.facts.payments
    fields["id"] = stage.facts.payments[-1].id if again else f"P{_count(stage, 'pay') + 1}"
    if before:
        fields["paid_at"] = at - before
    if 5 <= move.b < 9 and stage.facts.invoices:
        fields |= _invoice_id(stage, move.b - 5) or {}
    return fields


def _money(stage: PureStage, choice: int, at: datetime) -> int | None:
    day = stage.calendars.day(at)
    owed = balance.total_owed(stage.calendars, stage.policy, stage.facts, on=day)
    least = trust.least_payment(stage.standing, at)
    amounts = (
        None,
        None,
        owed // 2,
        least or 10_00,
        10_00,
        least - 1,
        owed + 50_00,
        1,
        60_00,
        _principal(stage.facts),
    )
    chosen = amounts[choice]
    return chosen if chosen is None else max(1, chosen)


def _principal(facts: Facts) -> int:
    return balance.total_open(facts)


def _reverse(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    payment = _one(stage.facts.payments, move.a)
    return None if payment is None else {"id": payment.id}


def _adjust(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    fields = _invoice_id(stage, move.a)
    return None if fields is None else fields | {"amount": (50_00, 120_00, 0, 10_00, 99_90)[move.b % 5]}


_EVIDENCE = (*[Evidence.DELIVERED] * 4, Evidence.SENT, Evidence.SENT, *[Evidence.FAILED] * 3, Evidence.NONE)


def _notice(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    if not stage.facts.invoices:
        return None
    if move.a >= 7:
        return {"invoices": tuple(i.id for i in stage.facts.invoices), "evidence": _EVIDENCE[move.b]}
    return {**(_invoice_id(stage, move.a) or {}), "evidence": _EVIDENCE[move.b]}


def _notice_result(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    fields = _invoice_id(stage, move.a)
    return None if fields is None else fields | {"evidence": _EVIDENCE[9 - move.b]}


def _suspension(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    invoice = _one(stage.facts.invoices, move.b)
    if invoice is None:
        return None
    since = at - move.a * 3 * _DAY
    fields: Fields = {"since": since, "invoices": (invoice.id,)}
    return fields if move.c >= 7 else fields | {"notice_on": stage.calendars.day(since) - 16 * _DAY}


def _unlock(stage: PureStage, move: Move, at: datetime) -> Fields:
    fields: Fields = {"kind": UnlockKind.PROMISE if move.a < 6 else UnlockKind.PAID_ALREADY}
    fields["channel"] = tuple(Channel)[move.b % len(Channel)]
    if 4 <= move.c < 8:
        fields["promise_date"] = stage.calendars.day(at) + (move.c - 4) * 3 * _DAY
    elif move.c >= 8:
        fields["receipt"] = f"R{move.c}"
    return fields


_HOLDS = (1, 24, 48, 72, 24 * 7, 24 * 15, 24 * 30, 5, 12, 24 * 4)


def _dispute(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    fields = _invoice_id(stage, move.a)
    return fields if fields is None or move.b < 5 else fields | {"amount": (10_00, 30_00, 1)[move.b % 3]}


def _answer(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    contested = [i for i in stage.facts.invoices if balance.open_dispute(i)] or list(stage.facts.invoices)
    invoice = _one(contested, move.a)
    return None if invoice is None else {"invoice": invoice.id, "upheld": move.b >= 5}


def _agreement(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    still_open = [i for i in stage.facts.invoices if i.closed is None and balance.open_principal(i) > 0]
    chosen: list[Invoice] = still_open[: move.a + 1] if move.a < 5 else still_open[-1:]
    if not chosen:
        return None
    first, parts = stage.calendars.day(at) + (3, 5, 7, 12, 1)[move.c % 5] * _DAY, 1 + move.b % 3
    each = max(1, sum(balance.open_principal(i) for i in chosen) // parts)
    instalments = tuple({"due": first + n * 15 * _DAY, "amount": each} for n in range(parts))
    made = _count(stage, "agreement") + 1
    return {"id": f"A{made}", "invoices": tuple(i.id for i in chosen), "instalments": instalments}


def _policy(stage: PureStage, move: Move, at: datetime) -> Fields | None:
    _, kept = with_overrides(stage.policy, [OVERRIDES[(10 * move.a + move.b) % len(OVERRIDES)]])
    if not kept:
        return None
    overrides = Block()
    overrides.update(kept[0])
    return {"overrides": overrides, "line": 0}


_FIELDS: dict[str, Callable[[PureStage, Move, datetime], Fields | None]] = {
    "invoice": _invoice,
    "cancel_invoice": lambda stage, move, at: _invoice_id(stage, move.a),
    "write_off": lambda stage, move, at: _invoice_id(stage, move.a),
    "undo_write_off": lambda stage, move, at: _invoice_id(stage, move.a),
    "pay": _pay,
    "reverse_payment": _reverse,
    "credit": lambda stage, move, at: {"amount": _AMOUNTS[move.a]},
    "adjust_invoice": _adjust,
    "notice": _notice,
    "notice_result": _notice_result,
    "suspension": _suspension,
    "unlock": _unlock,
    "revoke_unlock": lambda stage, move, at: {"now": move.a >= 5},
    "hold": lambda stage, move, at: {"until": at + _HOLDS[move.a] * 60 * _MINUTE},
    "dispute": _dispute,
    "answer_dispute": _answer,
    "agreement": _agreement,
    "enforcement": lambda stage, move, at: {"to": "on" if move.a % 2 else "off"},
    "payment_feed": lambda stage, move, at: {"to": "fresh" if move.a % 2 else "stale"},
    "engine": lambda stage, move, at: {"to": "up" if not stage.engine_up else "down"},
    "terminate": lambda stage, move, at: {"by": "subscriber" if move.a >= 6 else "person"},
    "policy": _policy,
}
