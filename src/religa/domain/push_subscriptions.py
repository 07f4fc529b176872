"""A push subscription as a browser hands it over (W3C Push API, `PushSubscription.toJSON()`), and whether it is one."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST = 4_000  # characters; those of browsers have some hundreds
_POINT, _AUTH = 65, 16  # octets of `p256dh` and `auth` (RFC 8291 § 2.1, § 3.2)


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """`endpoint`: the address at the browser's push service; whoever knows it and the keys can write to the device.
    `text`: what is kept of it, without what the browser adds for itself."""

    endpoint: str
    text: str


def read(text: str) -> PushSubscription | None:
    """None for what is no subscription."""
    try:
        said: Any = json.loads(text) if len(text) <= LONGEST else None
        endpoint, keys = said["endpoint"], {name: said["keys"][name] for name in ("p256dh", "auth")}
        if not _is_whole(endpoint, keys):
            return None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return PushSubscription(endpoint, json.dumps({"endpoint": endpoint, "keys": keys}))


def _is_whole(endpoint: Any, keys: Mapping[str, Any]) -> bool:
    if not isinstance(endpoint, str) or not endpoint.isascii() or not endpoint.isprintable():
        return False
    return len(_octets(keys["p256dh"])) == _POINT and len(_octets(keys["auth"])) == _AUTH


def _octets(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
