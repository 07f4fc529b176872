"""What a gateway posts, by the paths that the operator has written down."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from religa.adapters.http_gateway import paths
from religa.adapters.http_gateway.settings import Callbacks, Settings
from religa.ports.messages import (
    Callback,
    Heard,
    Inbound,
    NotUnderstood,
    Proof,
    Receipt,
    ReceiptState,
    canonical_phone,
)


def proof(settings: Settings, callback: Callback, headers: Mapping[str, str]) -> Proof | None:
    """A signature where one was agreed; otherwise the secret in the address is all there is."""
    name, secret = settings.callbacks.signature.lower(), settings.callback_secret
    if not name:
        return Proof.SECRET
    expected = hmac.digest(secret.encode(), callback.body, hashlib.sha256).hex()
    shown = headers.get(name, "").removeprefix("sha256=").strip().lower()
    is_right = hmac.compare_digest(shown.encode(errors="replace"), expected.encode())
    return Proof.SIGNATURE if secret and is_right else None


def read(settings: Settings, callback: Callback) -> Heard | NotUnderstood:
    rules = settings.callbacks
    body = paths.parsed(callback.body, callback.content_type) if callback.body else dict(callback.query)
    if not isinstance(body, (Mapping, list)):
        return NotUnderstood("neither JSON nor a form")
    receipts = tuple(
        r for item in paths.items(body, rules.items) if (r := _receipt(settings, item, callback))
    )
    inbound = tuple(
        i for item in paths.items(body, rules.inbound_items) if (i := _inbound(settings, item, callback))
    )
    return Heard(receipts, inbound)


def _receipt(settings: Settings, item: Any, callback: Callback) -> Receipt | None:
    rules = settings.callbacks
    number, state = paths.text_at(item, rules.id), _state(rules, paths.text_at(item, rules.state))
    if not number or state is None:
        return None
    failed = state is ReceiptState.FAILED
    code = paths.text_at(item, rules.error)[:60] if failed else ""
    return Receipt(
        channel=settings.medium,
        provider_message_id=number,
        state=state,
        at=callback.received_at,
        error=code,
        permanent=failed and code in rules.permanent,
        message=_number(paths.text_at(item, rules.ours)),
    )


def _state(rules: Callbacks, word: str) -> ReceiptState | None:
    """A gateway's word, whatever its case."""
    word = word.casefold()
    for state in ReceiptState:
        if word and word in (known.casefold() for known in getattr(rules, state.value)):
            return state
    return None


def _inbound(settings: Settings, item: Any, callback: Callback) -> Inbound | None:
    rules = settings.callbacks
    sender = canonical_phone(paths.text_at(item, rules.sender))
    number = paths.text_at(item, rules.message_id)
    if not sender or not rules.text or paths.at(item, rules.text) is None:
        return None
    number = (
        number or hashlib.sha256(callback.body).hexdigest()[:32]
    )  # the same post again is the same message
    return Inbound(settings.medium, sender, paths.text_at(item, rules.text), number, callback.received_at)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
