"""What is posted to the Cloud API for one message (Cloud API, reference, messages)."""

from __future__ import annotations

import re
from typing import Any

from religa.adapters.whatsapp.settings import TEXT, Template
from religa.ports.messages import OutgoingMessage

LONGEST_TEXT = 4096  # characters of a text message
LONGEST_PARAMETER = 1024  # characters of a template's body, parameters filled in
_BLANKS = re.compile(r"\s+")


def text(message: OutgoingMessage) -> dict[str, Any]:
    """Free text: only in the 24 hours after the person wrote."""
    body = _to(message) | {"type": "text", "text": {"preview_url": False, "body": message.text}}
    return body | ({"context": {"message_id": message.reply_to}} if message.reply_to else {})


def template(message: OutgoingMessage, said: Template) -> dict[str, Any]:
    """A template with its parameters filled in. A `KeyError` names a parameter that the message does not have."""
    values = [_value(message, name) for name in said.parameters]
    components = [{"type": "body", "parameters": [_text(v) for v in values]}] if values else []
    if said.code_button:
        components.append(_button(values[0]))
    language = {"code": said.spoken(message.language)}
    named = {"name": said.name, "language": language, "components": components}
    return _to(message) | {"type": "template", "template": named}


def _to(message: OutgoingMessage) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": message.address,
        "biz_opaque_callback_data": str(message.id),
    }


def _button(code: str) -> dict[str, Any]:
    return {"type": "button", "sub_type": "url", "index": "0", "parameters": [_text(code)]}


def _text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


def _value(message: OutgoingMessage, name: str) -> str:
    """A parameter holds no line ends, no tabs and no more than four blanks in a row: Meta refuses it (132018)."""
    found = message.values[name] if name in message.values else _from_the_text(message, name)
    return _BLANKS.sub(" ", found).strip()


def _from_the_text(message: OutgoingMessage, name: str) -> str:
    if name == TEXT:
        return message.text
    if name == "code" and (code := re.search(r"(?<!\d)\d{6}(?!\d)", message.text)):
        return code[0]
    raise KeyError(name)
