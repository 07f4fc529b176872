"""Forms without a cookie: a token that is good for one deed, of one session of one contract, for half an hour.

Mini-browsers of phones drop cookies, so Django's token cannot be asked for. This one proves the same: that the form
came from a page of ours which was shown to this very session. The session is looked up again by the source address of
the post, so a token is worth nothing at another address, nor at the same one once somebody else has it
(docs/decisions/0012). Its nonce makes a repeated post the same request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from religa.records.queries.who import Found

LIFETIME = timedelta(minutes=30)
NONCE = r"[0-9a-f]{32}"
_FORM = re.compile(rf"([0-9a-f]{{1,12}})\.({NONCE})\.([0-9a-f]{{64}})")
_AHEAD = timedelta(seconds=5)  # the database's clock may be another server's after a switch


class Deed(Enum):
    """What a form asks for. A token of one is none of another."""

    UNLOCK = "unlock"
    SEND_CODE = "send_code"
    WINDOW = "window"
    PIX = "pix"


@dataclass(frozen=True, slots=True)
class Signed:
    """Ours, and still good. `nonce` names the request."""

    nonce: str


@dataclass(frozen=True, slots=True)
class Stale:
    """Too old, of another session, or not ours: nothing is done, and the page is shown anew."""


def token(deed: Deed, found: Found, *, at: datetime) -> str:
    """For a hidden field of a page that is shown to the session `found`."""
    issued, nonce = f"{int(at.timestamp()):x}", secrets.token_hex(16)
    return f"{issued}.{nonce}.{_mac(deed, found, issued, nonce)}"


def read(text: str, deed: Deed, found: Found, *, at: datetime) -> Signed | Stale:
    """What a posted token is worth to the session from which the post came."""
    parts = _FORM.fullmatch(text)
    if parts is None:
        return Stale()
    issued, nonce, mac = parts.groups()
    if not hmac.compare_digest(mac, _mac(deed, found, issued, nonce)):
        return Stale()
    age = at - datetime.fromtimestamp(int(issued, 16), tz=at.tzinfo)
    return Signed(nonce) if -_AHEAD <= age < LIFETIME else Stale()


def _mac(deed: Deed, found: Found, issued: str, nonce: str) -> str:
    bound = f"block-page|{deed.value}|{found.session_id}|{found.contract_id}|{issued}|{nonce}"
    return hmac.digest(settings.SECRET_KEY.encode(), bound.encode(), hashlib.sha256).hex()
