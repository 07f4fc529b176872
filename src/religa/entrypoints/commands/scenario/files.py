"""Scenario files to scenarios."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from religa.domain import policy as policies
from religa.domain.facts import Segment
from religa.domain.policy import Policy, PolicyRefused
from religa.entrypoints.commands.scenario import language, reading
from religa.entrypoints.commands.scenario.yaml_lines import Block, ScenarioError, documents

DEFAULT_ZONE = "America/Sao_Paulo"
_LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True)
class Expectation:
    """What must hold at an instant: only what is written is checked."""

    at: datetime
    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Event:
    """Something that happens. `result` is what its answer must be, `after` what must hold then."""

    at: datetime
    line: int
    name: str
    fields: dict[str, Any]
    result: dict[str, Any] = field(default_factory=dict)
    after: Expectation | None = None


@dataclass(frozen=True)
class Scenario:
    """A story: where and under which policy, what happens, and what must hold then."""

    name: str
    line: int
    zone: ZoneInfo
    national_holidays: bool
    holidays: tuple[date, ...]
    policy: Policy
    policy_written: dict[str, Any]
    since: date
    segment: Segment
    auto_notices: str
    payment_feed: str
    events: tuple[Event, ...]
    expectations: tuple[Expectation, ...]

    @property
    def moments(self) -> tuple[Event | Expectation, ...]:
        """Everything that has an instant, in file order."""
        return (*self.events, *self.expectations)


_KEYS = [
    "name",
    "source",
    "zone",
    "national_holidays",
    "holidays",
    "policy",
    "contract",
    "auto_notices",
    "payment_feed",
    "events",
    "expect",
]


def read_file(path: Path) -> list[Scenario]:
    """Every scenario of a file. Raises `ScenarioError` with the line of the first fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as why:
        raise ScenarioError(0, f"cannot be read: {why.strerror}") from why
    except UnicodeDecodeError as why:
        line = why.object[: why.start].count(b"\n") + 1
        raise ScenarioError(line, "is not UTF-8 text") from why
    found = [read_scenario(document) for document in documents(text)]
    if not found:
        raise ScenarioError(1, "holds no scenario")
    return found


def read_scenario(document: Any) -> Scenario:
    if not isinstance(document, Block):
        raise ScenarioError(1, "a scenario is a mapping with name, policy, events and expect")
    _check_keys(document)
    zone = _zone(document)
    value = _Values(document, zone)
    policy = read_policy(
        policies.preset(policies.Preset.RGC_2025), document.get("policy"), document.lines["policy"]
    )
    contract = language.read_form(
        document.get("contract"),
        language.CONTRACT,
        zone,
        document.lines.get("contract", document.line),
        "contract",
    )
    events = tuple(_event(entry, zone, document.lines["events"]) for entry in value.entries("events"))
    return Scenario(
        name=value.read("name", reading.text, ""),
        line=document.line,
        zone=zone,
        national_holidays=value.read("national_holidays", reading.truth, True),
        holidays=value.read("holidays", reading.days, ()),
        policy=policy,
        policy_written=dict(document["policy"]),
        since=contract.get("since", _LONG_AGO),
        segment=contract.get("segment", Segment.HOME),
        auto_notices=value.read("auto_notices", language.AUTO_NOTICES, "delivered"),
        payment_feed=value.read("payment_feed", language.SWITCHES["payment_feed"], "fresh"),
        events=events,
        expectations=tuple(_expectation(e, zone, document.lines["expect"]) for e in value.entries("expect")),
    )


def _check_keys(document: Block) -> None:
    for key in document:
        if key not in _KEYS:
            raise ScenarioError(document.lines[key], f"unknown key `{key}` (known: {', '.join(_KEYS)})")
    for key in ("name", "policy"):
        if key not in document:
            raise ScenarioError(document.line, f"`{key}` is missing")
    events = document.get("events") or []
    if "expect" not in document and not any(isinstance(e, Block) and "expect" in e for e in events):
        raise ScenarioError(document.line, "nothing is expected: write `expect`, or an event's `expect`")


def _zone(document: Block) -> ZoneInfo:
    name = document.get("zone", DEFAULT_ZONE)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise ScenarioError(document.lines["zone"], f"unknown time zone {name!r}") from None


class _Values:
    """Reads top-level keys with their lines."""

    def __init__(self, document: Block, zone: ZoneInfo) -> None:
        self.document, self.zone = document, zone

    def read(self, key: str, reader: reading.Reader, default: Any) -> Any:
        if key not in self.document:
            return default
        line = self.document.lines[key]
        return language.read_value(self.document[key], reader, self.zone, line, key)

    def entries(self, key: str) -> list[Any]:
        entries = self.document.get(key) or []
        if not isinstance(entries, list):
            raise ScenarioError(self.document.lines[key], f"`{key}` is a list")
        return entries


def read_policy(base: Policy, written: Any, line: int) -> Policy:
    """A policy from overrides, every refused number named."""
    if not isinstance(written, Block):
        raise ScenarioError(line, "policy: fields expected, as {preset: anatel-rgc-2025}")
    known = [f.name for f in fields(Policy)]
    for name in written:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f" (did you mean {', '.join(near)}?)" if near else ""
            raise ScenarioError(written.lines[name], f"policy: unknown field `{name}`{hint}")
    changed = policies.change(base, written)
    if isinstance(changed, PolicyRefused):
        first = changed.violations[0]
        where = written.lines.get(first.field, line)
        raise ScenarioError(where, "policy: " + "; ".join(str(v) for v in changed.violations))
    return changed


def _event(entry: Any, zone: ZoneInfo, line: int) -> Event:
    if not isinstance(entry, Block):
        raise ScenarioError(line, "an event is a mapping, as {at: 2026-11-10 09:00, pay: {amount: all}}")
    if "at" not in entry:
        raise ScenarioError(entry.line, "event: `at` is missing")
    at = language.read_value(entry["at"], reading.instant, zone, entry.lines["at"], "at")
    names = [key for key in entry if key not in ("at", "expect")]
    if len(names) != 1:
        found = ", ".join(f"`{n}`" for n in names) or "none"
        raise ScenarioError(entry.line, f"event: exactly one thing happens in an event, found {found}")
    name = names[0]
    told = _event_fields(name, entry, zone)
    if told.get("paid_at", at) > at:
        raise ScenarioError(entry.lines[name], "pay: `paid_at` is after the payment became known (`at`)")
    result, after = _event_expectation(entry, at, zone)
    return Event(at, entry.line, name, told, result, after)


def _event_fields(name: str, entry: Block, zone: ZoneInfo) -> dict[str, Any]:
    line, value = entry.lines[name], entry[name]
    if name in language.SWITCHES:
        return {"to": language.read_value(value, language.SWITCHES[name], zone, line, name)}
    if name == language.POLICY:
        read_policy(Policy(preset=policies.Preset.CUSTOM), value, line)
        return {"overrides": value, "line": line}
    if name not in language.EVENTS:
        known = ", ".join([*language.EVENTS, *language.SWITCHES, language.POLICY])
        raise ScenarioError(line, f"unknown event `{name}` (known: {known})")
    found = language.read_form(value, language.EVENTS[name], zone, line, name)
    if name == "invoice":
        _check_amount(found, line)
    if name == "notice" and ("invoice" in found) == ("invoices" in found):
        raise ScenarioError(line, "notice: either `invoice` or `invoices`")
    return found


def _check_amount(invoice: dict[str, Any], line: int) -> None:
    lines = sum(part["amount"] for part in invoice.get("lines", ()))
    if "amount" not in invoice and "lines" not in invoice:
        raise ScenarioError(line, "invoice: `amount` is missing")
    if "lines" in invoice and invoice.get("amount", lines) != lines:
        raise ScenarioError(line, "invoice: `amount` is not the sum of its `lines`")


def _event_expectation(
    entry: Block, at: datetime, zone: ZoneInfo
) -> tuple[dict[str, Any], Expectation | None]:
    if "expect" not in entry:
        return {}, None
    line, written = entry.lines["expect"], entry["expect"]
    if isinstance(written, str):
        if written not in ("granted", "refused"):
            raise ScenarioError(line, f"expect: {written!r} is not granted or refused")
        return {written: True}, None
    if not isinstance(written, Block):
        raise ScenarioError(line, "expect: fields expected, as {refused: [promise_open]}")
    result, after = Block(), Block()
    for key, value in written.items():
        part = result if key in language.RESULTS else after
        part[key], part.lines[key] = value, written.lines[key]
    read = language.read_form(result, language.Form(language.RESULTS), zone, line, "expect")
    if not after:
        return read, None
    values = language.read_form(after, language.Form(language.EXPECTATIONS), zone, line, "expect")
    return read, Expectation(at, line, values)


def _expectation(entry: Any, zone: ZoneInfo, line: int) -> Expectation:
    if not isinstance(entry, Block):
        raise ScenarioError(line, "an expectation is a mapping, as {at: 2026-11-10 09:00, status: current}")
    form = language.Form({"at": reading.instant, **language.EXPECTATIONS}, frozenset({"at"}))
    values = language.read_form(entry, form, zone, entry.line, "expect")
    at = values.pop("at")
    return Expectation(at, entry.line, values)
