"""What channels tell us: a text that somebody sent to the provider's number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Inbound:
    """One text that came in. `sender`: digits of a number, or an address; `reply_to`: the provider's id of the message
    that it answers, where the channel says so. `text` is empty for what is no text (a voice note, a picture)."""

    channel: str
    sender: str
    text: str
    message_id: str
    at: datetime
    reply_to: str = ""
