"""The words of scenario files: every event with its fields, every expectation (docs/scenarios.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from religa.domain.facts import (
    Access,
    Channel,
    Evidence,
    Method,
    Role,
    Segment,
    Status,
    UnlockKind,
    WaiverKind,
)
from religa.entrypoints.commands.scenario import reading as r
from religa.entrypoints.commands.scenario.yaml_lines import Block, ScenarioError


@dataclass(frozen=True, slots=True)
class Form:
    """The fields a mapping may and must have."""

    fields: Mapping[str, r.Reader]
    required: frozenset[str] = frozenset()


def _form(required: Mapping[str, r.Reader], optional: Mapping[str, r.Reader] | None = None) -> Form:
    return Form({**required, **(optional or {})}, frozenset(required))


def read_form(block: Any, form: Form, zone: ZoneInfo, line: int, what: str) -> dict[str, Any]:
    """The fields of a mapping, read. Unknown, missing and malformed ones are errors that name the line."""
    if block is None:
        block = Block()
    if not isinstance(block, Block):
        raise ScenarioError(line, f"{what}: fields expected, as {{{', '.join(form.fields)}}}")
    for key in block:
        if key not in form.fields:
            known = ", ".join(form.fields) or "none"
            raise ScenarioError(block.lines[key], f"{what}: unknown key `{key}` (known: {known})")
    for key in sorted(form.required - set(block)):
        raise ScenarioError(line, f"{what}: `{key}` is missing")
    return {
        key: read_value(value, form.fields[key], zone, block.lines[key], key) for key, value in block.items()
    }


def read_value(value: Any, reader: r.Reader, zone: ZoneInfo, line: int, what: str) -> Any:
    try:
        return reader(value, zone)
    except r.Unreadable as why:
        raise ScenarioError(line, f"`{what}`: {value!r} is not {why}") from why


def _part(form: Form, what: str) -> r.Reader:
    return lambda value, zone: read_form(value, form, zone, getattr(value, "line", 0), what)


_LINE = _form({"amount": r.reais}, {"suspendable": r.truth})
_DISCOUNT = _form({"amount": r.reais, "until": r.day})
_INSTALMENT = _form({"due": r.day, "amount": r.reais})
_WHY = {"reason": r.text}
_ONE_INVOICE = _form({"invoice": r.text})

EVENTS: dict[str, Form] = {
    "invoice": _form(
        {"id": r.text, "due": r.day},
        {
            "amount": r.reais,
            "reference": r.text,
            "lines": r.listed(_part(_LINE, "lines")),
            "fine_pct": r.percentage,
            "interest_pct_month": r.percentage,
            "discount": _part(_DISCOUNT, "discount"),
        },
    ),
    "cancel_invoice": _ONE_INVOICE,
    "write_off": _ONE_INVOICE,
    "undo_write_off": _ONE_INVOICE,
    "pay": _form(
        {"amount": r.reais_or_all},
        {
            "method": r.member(Method),
            "id": r.text,
            "invoice": r.text,
            "instalment": r.text,
            "paid_at": r.instant,
        },
    ),
    "reverse_payment": _form({"id": r.text}),
    "credit": _form({"amount": r.reais}),
    "adjust_invoice": _form({"invoice": r.text, "amount": r.reais}),
    "waive": _form(
        {"invoice": r.text, "part": r.member(WaiverKind), "amount": r.reais}, {"role": r.member(Role)}
    ),
    "notice": _form({"evidence": r.member(Evidence)}, {"invoice": r.text, "invoices": r.texts}),
    "notice_result": _form({"invoice": r.text, "evidence": r.member(Evidence)}),
    "suspension": _form({"since": r.instant, "invoices": r.texts}, {"notice_on": r.day}),
    "unlock": _form(
        {"kind": r.member(UnlockKind)},
        {"channel": r.member(Channel), "promise_date": r.day, "receipt": r.text},
    ),
    "revoke_unlock": _form({}, {"now": r.truth}),
    "pay_window": _form({}),
    "hold": _form({"until": r.instant}, _WHY),
    "release_hold": _form({}),
    "dispute": _form({"invoice": r.text}, {"amount": r.reais}),
    "answer_dispute": _form({"invoice": r.text, "upheld": r.truth}),
    "agreement": _form(
        {"id": r.text, "invoices": r.texts, "instalments": r.listed(_part(_INSTALMENT, "instalments"))}
    ),
    "own_agreement": _form({"id": r.text, "count": r.whole, "first_due": r.day}),
    "pause": _form({}, _WHY),
    "resume": _form({}),
    "operator_block": _form({}, _WHY),
    "operator_unblock": _form({}),
    "incident": _form({}, _WHY),
    "end_incident": _form({}),
    "change_holder": _form({}),
    "bar_unlock": _form({}, _WHY),
    "lift_bar": _form({}),
    "approve_run": _form({}, {"by": r.text}),
    "terminate": _form({}, {"by": r.text}),
}

# Events whose value is one word.
SWITCHES: dict[str, r.Reader] = {
    "enforcement": r.word("on", "off"),
    "payment_feed": r.word("fresh", "stale"),
    "engine": r.word("up", "down"),
}

POLICY = "policy"

RESULTS: dict[str, r.Reader] = {
    "granted_until": r.instant,
    "refused": lambda value, zone: True if value is True else r.texts(value, zone),
    "eligible_at": r.optional(r.instant),
    "pay_now": r.reais,
    "granted": r.truth,
}

EXPECTATIONS: dict[str, r.Reader] = {
    "status": r.member(Status),
    "access": r.member(Access),
    "until": r.optional(r.instant),
    "why": r.text,
    "open": r.reais,
    "owed": r.reais,
    "notices": r.whole,
    "blocked_days": r.whole,
    "changes": r.whole,
    "messages": r.whole,
    "blocks": r.whole,
    "told": r.texts,
    "radius": r.word("accept", "accept_walled", "reject"),
    "session_timeout": r.optional(r.whole),
}

AUTO_NOTICES = r.word("delivered", "sent", "failed", "off")
CONTRACT = _form({}, {"since": r.day, "segment": r.member(Segment)})
