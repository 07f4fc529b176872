"""Somebody says that he is not the one we write to: nothing more goes to his number."""

from __future__ import annotations

from datetime import datetime

from religa.domain import phones
from religa.records import raw


def mark(number: str, *, channel: str, at: datetime) -> None:
    """Takes what waits for a number out of the outbox. `number`: digits with country code."""
    raw.run(
        "UPDATE message SET state = 'failed', error = 'wrong person' WHERE state = 'queued' AND address = ANY (%s)",
        [list(phones.same_phone(number))],
    )
