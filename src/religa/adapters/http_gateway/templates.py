"""Fills `{{names}}` in, escaped for the place where they stand: nothing of a text or a number becomes syntax.

A JSON body is parsed before it is filled, a form is encoded after it, an address takes percent-encoded values and none
in its host, a header takes no line ends.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from religa.domain.message_channels import FILLED_IN, PLACE
from religa.ports.messages import OutgoingMessage


def values(message: OutgoingMessage, *, user: str, token: str, password: str) -> dict[str, str]:
    """What may be filled in. `to_local`: without the country code of Brazil; `basic`: RFC 7617."""
    to = message.address
    local = to[2:] if to.startswith("55") and len(to) in (12, 13) else to
    return {
        **{name: str(value) for name, value in message.values.items() if name not in FILLED_IN},
        "to": to, "to_local": local, "to_plus": f"+{to}", "text": message.text, "subject": message.subject,
        "id": str(message.id), "kind": message.kind, "language": message.language,
        "user": user, "token": token, "password": password,
        "basic": base64.b64encode(f"{user}:{password}".encode()).decode(),
    }  # fmt: skip


def unknown(template: str) -> tuple[str, ...]:
    """Names in it that nobody fills in; facts of single messages (`value_...`) may be missing and count as empty."""
    found = PLACE.findall(template)
    return tuple(name for name in found if name not in FILLED_IN and not name.startswith("value_"))


def url(template: str, known: Mapping[str, str]) -> str:
    """Raises `ValueError` for a template with a name in its host."""
    head = "".join(urlsplit(template)[:2])
    if "{{" in head or "}}" in head:
        raise ValueError("the host is fixed")
    return _fill(template, known, lambda value: quote(value, safe=""))


def header(template: str, known: Mapping[str, str]) -> str:
    """Control characters become blanks, what is no Latin-1 a question mark (RFC 9110 § 5.5)."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", _fill(template, known, str))
    return text.encode("latin-1", "replace").decode("latin-1").strip()


def json_body(template: str, known: Mapping[str, str]) -> bytes:
    """Raises `ValueError` for a template that is no JSON."""
    return json.dumps(_fill_all(json.loads(template), known), ensure_ascii=False).encode()


def form_body(template: str, known: Mapping[str, str]) -> bytes:
    """One `name=value` per line."""
    pairs = [line.partition("=") for line in template.splitlines() if line.strip()]
    return urlencode([(name.strip(), _fill(value.strip(), known, str)) for name, _, value in pairs]).encode()


def _fill_all(part: Any, known: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _fill_all(value, known) for name, value in part.items()}
    if isinstance(part, list):
        return [_fill_all(value, known) for value in part]
    return _fill(part, known, str) if isinstance(part, str) else part


def _fill(template: str, known: Mapping[str, str], escaped: Callable[[str], str]) -> str:
    """In one pass: what is filled in is not looked at again."""

    def value(place: re.Match[str]) -> str:
        return escaped(known.get(place[1].removeprefix("value_"), ""))

    return PLACE.sub(value, template)
