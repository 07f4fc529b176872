"""What Efí posts: a form with one field, `notification=<token>`. A token proves nothing and tells nothing by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

from religa.ports.money import Event, Hint, NotUnderstood

MAX_BODY = 16_384
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,100}")


def parse(event: Event) -> tuple[Hint, ...] | NotUnderstood:
    """Never raises. The same token twice in one call is one hint."""
    if len(event.body) > MAX_BODY:
        return NotUnderstood("longer than any notification of Efí")
    text = event.body.decode("utf-8", "replace")
    found = dict.fromkeys(token for token in _values(text, event) if _TOKEN.fullmatch(token))
    if not found:
        return NotUnderstood("no field `notification` with a token in it")
    return tuple(Hint(token=token) for token in found)


def _values(text: str, event: Event) -> Iterator[str]:
    yield from _of_form(text)
    yield from _of_json(text)
    value = event.query.get("notification")
    if isinstance(value, str):
        yield value


def _of_form(text: str) -> list[str]:
    try:
        return parse_qs(text, max_num_fields=20).get("notification", [])
    except ValueError:
        return []


def _of_json(text: str) -> list[str]:
    """Not what Efí sends; what a gateway in front of us may make of it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    value = found.get("notification") if isinstance(found, dict) else None
    return [value] if isinstance(value, str) else []
