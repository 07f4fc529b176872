"""Puts answers into the outbox: to the number and by the channel the question came from, or to a registered one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.records import raw

_VERSION = "1"
_COLUMNS = (
    "provider_id", "contract_id", "subscriber_id", "kind", "channel", "address", "subject", "text", "template",
    "template_version", "language", "created_at", "state", "attempts", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where answers go. `subscriber`, `contract`: of whom they speak, as far as that is known."""

    provider_id: int
    channel: str
    address: str
    language: str
    subscriber_id: int | None = None
    contract_id: int | None = None


def reply(to: Address, texts: Sequence[str], *, at: datetime) -> None:
    """Writes each text as a message of its own, in this order: an answer, which no contact hours hold back."""
    raw.insert(
        "message",
        _COLUMNS,
        [
            (
                to.provider_id, to.contract_id, to.subscriber_id, "answer", to.channel, to.address, "", text, "answer",
                _VERSION, to.language, at, "queued", 0, "",
            )
            for text in texts
            if text
        ],
    )  # fmt: skip
