"""An address of its own for the bounces of each message, which nobody else can make: `bounce+17.<mac>@domain`.

The same mark is in the Message-ID, so that an address tells which mail it belongs to. Letters are small alone, since
some mail servers change their case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

_OCTETS = 10  # 80 bits, 16 letters of base32
_ADDRESS = re.compile(
    r"(?P<prefix>[a-z0-9._-]{1,30})\+(?P<id>[0-9]{1,18})\.(?P<mac>[a-z2-7]{16})@(?P<domain>[a-z0-9.-]{1,255})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose bounce it is: our number of the message, and its Message-ID."""

    message: int
    message_id: str


def address(message: int, *, key: bytes, prefix: str, domain: str) -> str:
    return f"{prefix}+{message}.{_mac(message, key)}@{domain}"


def message_id(message: int, *, key: bytes, domain: str) -> str:
    """Always the same for a message, however often it is tried."""
    return f"<religa.{message}.{_mac(message, key)}@{domain}>"


def find(text: str, *, keys: Sequence[bytes]) -> Mark | None:
    """The first address in `text` that is really ours. `keys`: those that hold and held."""
    for found in _ADDRESS.finditer(text):
        message, mac = int(found["id"]), found["mac"].lower()
        for key in keys:
            if hmac.compare_digest(mac, _mac(message, key)):
                return Mark(message, message_id(message, key=key, domain=found["domain"].lower()))
    return None


def _mac(message: int, key: bytes) -> str:
    digest = hmac.digest(key, b"bounce|%d" % message, hashlib.sha256)[:_OCTETS]
    return base64.b32encode(digest).decode().lower()
