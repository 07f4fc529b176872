"""Finds a value in what a gateway answers or posts: `messages.0.id`; an empty path is the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl


def parsed(body: bytes, content_type: str) -> Any:
    """JSON as it is; a form as names and values; anything else as its text."""
    text = body.decode("utf-8", "replace").replace("\0", "")
    if "x-www-form-urlencoded" in content_type:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text.strip()


def at(found: Any, path: str) -> Any:
    """What stands there; None where nothing does."""
    for step in filter(None, path.split(".")):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def text_at(found: Any, path: str) -> str:
    """As text; empty for what is none: a list, nothing."""
    value = at(found, path) if path else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()[:500] if isinstance(value, (str, int, float)) else ""


def items(found: Any, path: str) -> list[Any]:
    """The list that stands there; one thing alone is a list of it."""
    value = at(found, path)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
