"""Sends by the Cloud API (port `Channel`) and understands its webhook (port `CallbackReader`)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from religa.adapters.whatsapp import bodies, errors, webhook
from religa.adapters.whatsapp.settings import Settings
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

SIGNATURE = "x-hub-signature-256"
_DIGITS = re.compile(r"[1-9][0-9]{7,14}")  # E.164 without its plus


class CloudApi:
    """One number at Meta. The Cloud API does not know a repeated message again: a lost answer is `Unknown`."""

    name = "whatsapp"

    def __init__(self, settings: Settings, wire: Wire) -> None:
        self._settings, self._wire = settings, wire

    def send(self, message: OutgoingMessage) -> SendOutcome:
        if not _DIGITS.fullmatch(message.address):
            return NotSent("not a phone number", permanent=True)
        body = self._body(message)
        return body if isinstance(body, NotSent) else _outcome(self._wire.ask(self._ask(body)))

    def _body(self, message: OutgoingMessage) -> dict[str, Any] | NotSent:
        """Free text where it is allowed, else the template of the kind."""
        if message.kind == "answer" or message.in_window:
            if len(message.text) > bodies.LONGEST_TEXT:
                return NotSent("the text is too long for WhatsApp", permanent=True)
            return bodies.text(message)
        try:
            return bodies.template(message, self._settings.template(message.kind))
        except KeyError as missing:
            return NotSent(f"the template wants {missing.args[0]!r}", permanent=True)

    def _ask(self, body: Mapping[str, Any]) -> Ask:
        headers = (
            ("Authorization", f"Bearer {self._settings.access_token}"),
            ("Content-Type", "application/json"),
        )
        return Ask("POST", self._settings.messages_url, headers, json.dumps(body).encode())

    def proof(self, callback: Callback, headers: Mapping[str, str]) -> Proof | None:
        """The signature over the octets as they came; nobody is believed without one."""
        secret = self._settings.app_secret
        expected = "sha256=" + hmac.digest(secret.encode(), callback.body, hashlib.sha256).hex()
        shown = headers.get(SIGNATURE, "")
        is_right = hmac.compare_digest(shown.encode(errors="replace"), expected.encode())
        return Proof.SIGNATURE if secret and is_right else None

    def read(self, callback: Callback) -> Heard | NotUnderstood:
        return webhook.read(callback, phone_number_id=self._settings.phone_number_id)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer to Meta's question whether the address is ours; None: the token is not ours."""
        token, shown = self._settings.verify_token, query.get("hub.verify_token", "")
        if query.get("hub.mode") != "subscribe" or not token:
            return None
        if not hmac.compare_digest(shown.encode(errors="replace"), token.encode()):
            return None
        return re.sub(r"[^0-9A-Za-z_-]", "", query.get("hub.challenge", ""))[:200]


def _outcome(answer: Answered | NeverAsked | Lost) -> SendOutcome:
    if isinstance(answer, NeverAsked):
        return NotSent(answer.error, permanent=False)
    if isinstance(answer, Lost):
        return Unknown(answer.error)
    said = _json(answer.body)
    if 200 <= answer.status < 300:
        number = _message_id(said)
        return Sent(number) if number else Unknown(f"HTTP {answer.status} without a number")
    return _refused(answer, said.get("error"))


def _refused(answer: Answered, error: Any) -> SendOutcome:
    code = errors.code_of(error)
    if code is None:
        return _by_status(answer)
    seconds = errors.wait(code)
    if seconds is not None:
        return NotSent(errors.words(error), permanent=False, retry_after=answer.retry_after or seconds)
    return NotSent(errors.words(error), permanent=True)


def _by_status(answer: Answered) -> SendOutcome:
    """A refusal without Meta's own words is some gateway's: of a 5xx nobody knows what happened behind it."""
    said = f"HTTP {answer.status}"
    if answer.status in (429, 503):
        return NotSent(said, permanent=False, retry_after=answer.retry_after)
    return Unknown(said) if answer.status >= 500 else NotSent(said, permanent=True)


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _message_id(said: Mapping[str, Any]) -> str:
    messages = said.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    number = first.get("id") if isinstance(first, Mapping) else None
    return number if isinstance(number, str) else ""
