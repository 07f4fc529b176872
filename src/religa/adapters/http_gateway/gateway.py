"""Sends by any gateway that speaks HTTP (port `Channel`) and understands what it posts (port `CallbackReader`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from religa.adapters.http_gateway import callbacks, paths, templates
from religa.adapters.http_gateway.settings import Settings
from religa.ports.messages import (
    Callback,
    Heard,
    NotSent,
    NotUnderstood,
    OutgoingMessage,
    Proof,
    SendOutcome,
    Sent,
    Unknown,
)
from religa.ports.wire import Answered, Ask, Lost, NeverAsked, Wire

_DIGITS = re.compile(r"[1-9][0-9]{7,14}")  # E.164 without its plus
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
_NOT_NOW = ("429", "503")  # too many requests, unavailable: it says that it has not taken it


class Gateway:
    """One account at a gateway."""

    def __init__(self, settings: Settings, wire: Wire) -> None:
        self._settings, self._wire = settings, wire
        self.name = settings.medium

    def send(self, message: OutgoingMessage) -> SendOutcome:
        if not _DIGITS.fullmatch(message.address):
            return NotSent("not a phone number", permanent=True)
        answer = self._wire.ask(self._ask(message))
        if isinstance(answer, NeverAsked):
            return NotSent(answer.error, permanent=False)
        if isinstance(answer, Lost):
            return self._lost(answer.error)
        return self._outcome(answer)

    def _ask(self, message: OutgoingMessage) -> Ask:
        wanted = self._settings
        known = templates.values(message, user=wanted.user, token=wanted.token, password=wanted.password)
        body = b""
        if wanted.body_kind == "json":
            body = templates.json_body(wanted.body, known)
        elif wanted.body_kind == "form":
            body = templates.form_body(wanted.body, known)
        return Ask(wanted.method, templates.url(wanted.url, known), self._headers(known), body)

    def _headers(self, known: Mapping[str, str]) -> list[tuple[str, str]]:
        kind = _TYPES.get(self._settings.body_kind)
        found = [("Content-Type", kind)] if kind else []
        for line in self._settings.headers:
            name, _, value = line.partition(":")
            if name.strip():
                found.append((name.strip(), templates.header(value, known)))
        return found

    def _lost(self, error: str) -> SendOutcome:
        """Where a repeated number of ours is known again, sending once more is no harm."""
        return NotSent(error, permanent=False) if self._settings.repeatable else Unknown(error)

    def _outcome(self, answer: Answered) -> SendOutcome:
        rules = self._settings.answers
        said = paths.parsed(answer.body, answer.headers.get("content-type", ""))
        if 200 <= answer.status < 300 and self._says_yes(said):
            return Sent(paths.text_at(said, rules.id_path))
        return self._refused(answer, paths.text_at(said, rules.error_path))

    def _says_yes(self, said: Any) -> bool:
        rules = self._settings.answers
        return not rules.ok_path or paths.text_at(said, rules.ok_path) in rules.ok_values

    def _refused(self, answer: Answered, code: str) -> SendOutcome:
        """By the operator's rules; else a 4xx is a no for good, and of a 5xx nobody knows what happened behind it."""
        rules, status = self._settings.answers, str(answer.status)
        error = f"HTTP {status} {_brief(code)}".strip()
        if code in rules.again or status in (*rules.again, *_NOT_NOW):
            return NotSent(error, permanent=False, retry_after=answer.retry_after)
        if code in rules.permanent or status in rules.permanent:
            return NotSent(error, permanent=True)
        return self._lost(error) if answer.status >= 500 else NotSent(error, permanent=True)

    def proof(self, callback: Callback, headers: Mapping[str, str]) -> Proof | None:
        return callbacks.proof(self._settings, callback, headers)

    def read(self, callback: Callback) -> Heard | NotUnderstood:
        return callbacks.read(self._settings, callback)


def _brief(code: str) -> str:
    """A code, not a sentence: a gateway's sentences may repeat the number."""
    return "" if re.search(r"\d{8}", code) else code[:60]
