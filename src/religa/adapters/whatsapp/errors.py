"""What the Cloud API's error codes mean for one message (Cloud API, support, error codes).

Permanent: the same message to the same number by this account will not go through, so that another channel takes over.
That includes faults of the account (a token that has expired): waiting hours for somebody to look would be worse. And
131047, free text more than 24 hours after the person's last message: only a template goes through then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_AGAIN = {  # code -> seconds to wait
    1: 60, 2: 60, 4: 600, 80007: 600, 130429: 30, 131000: 60, 131016: 120, 131048: 3600, 131056: 120, 131057: 600,
    133004: 120,
}  # fmt: skip


def wait(code: int) -> int | None:
    """Seconds until the same may be tried again; None: it is of no use."""
    return _AGAIN.get(code)


def code_of(error: Any) -> int | None:
    """The number of an error object of Meta's; None: it is none."""
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def words(error: Mapping[str, Any]) -> str:
    """Code and title. Not the details: they may repeat the number."""
    title = error.get("title") or error.get("type") or ""
    return f"{error.get('code')} {title}".strip()[:200]
