"""What the Cloud API posts: receipts of ours, and what people wrote (Cloud API, webhooks, payloads)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from religa.adapters.whatsapp import errors
from religa.ports.messages import (
    WHATSAPP,
    Callback,
    Heard,
    Inbound,
    NotUnderstood,
    Receipt,
    ReceiptState,
    canonical_phone,
)

_STATES = {
    "sent": ReceiptState.SENT,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.READ,
    "played": ReceiptState.READ,
    "failed": ReceiptState.FAILED,
}
_SAID_NOTHING = frozenset({"reaction", "system", "unsupported", "ephemeral"})  # nothing that wants an answer


def read(callback: Callback, *, phone_number_id: str) -> Heard | NotUnderstood:
    """What concerns our own number; a business account posts for all of its numbers."""
    try:
        body = json.loads(callback.body)
    except (ValueError, RecursionError) as why:
        return NotUnderstood(type(why).__name__)
    if not isinstance(body, Mapping) or body.get("object") != "whatsapp_business_account":
        return NotUnderstood("not of a WhatsApp business account")
    values = [v for v in _values(body) if _is_of(v, phone_number_id)]
    receipts = tuple(r for v in values for one in _list(v, "statuses") if (r := _receipt(one, callback)))
    inbound = tuple(i for v in values for one in _list(v, "messages") if (i := _inbound(one, callback)))
    return Heard(receipts, inbound)


def _values(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in _list(body, "entry"):
        for change in _list(entry, "changes"):
            if change.get("field") == "messages":
                yield _dict(change, "value")


def _is_of(value: Mapping[str, Any], phone_number_id: str) -> bool:
    return _dict(value, "metadata").get("phone_number_id") == phone_number_id


def _receipt(status: Mapping[str, Any], callback: Callback) -> Receipt | None:
    number, state = _text(status, "id"), _STATES.get(_text(status, "status"))
    if not number or state is None:
        return None
    error = next(iter(_list(status, "errors")), {})
    code = errors.code_of(error)
    failed = state is ReceiptState.FAILED
    return Receipt(
        channel=WHATSAPP,
        provider_message_id=number,
        state=state,
        at=_moment(status, callback),
        error=errors.words(error) if failed and error else "",
        permanent=failed and code is not None and errors.wait(code) is None,
        message=_ours(_text(status, "biz_opaque_callback_data")),
    )


def _inbound(message: Mapping[str, Any], callback: Callback) -> Inbound | None:
    number, sender = _text(message, "id"), canonical_phone(_text(message, "from"))
    if not number or not sender or _text(message, "type") in _SAID_NOTHING:
        return None
    reply_to = _text(_dict(message, "context"), "id")
    return Inbound(WHATSAPP, sender, _said(message), number, _moment(message, callback), reply_to)


def _said(message: Mapping[str, Any]) -> str:
    """The words of a text, of a button's title or of what stands under a picture."""
    kind = _text(message, "type")
    part = _dict(message, kind)
    if kind == "interactive":
        part = _dict(part, _text(part, "type"))
    for name in ("body", "text", "title", "caption"):
        if text := _text(part, name):
            return text.replace("\0", "")
    return ""


def _moment(of: Mapping[str, Any], callback: Callback) -> datetime:
    """As Meta says (seconds since 1970), never later than it came."""
    text = str(of.get("timestamp", ""))
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return callback.received_at
    return min(datetime.fromtimestamp(int(text), UTC), callback.received_at)


def _ours(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _list(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _dict(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(of: Mapping[str, Any], name: str) -> str:
    found = of.get(name)
    return found if isinstance(found, str) else ""
