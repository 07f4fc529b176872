"""A channel that reaches nobody: the message stays in the outbox, where the console shows it."""

from __future__ import annotations

from religa.ports import OutgoingMessage, SendOutcome, Sent


class Outbox:
    """Port `Channel`: takes everything and says that it arrived (`delivered`), or only that it was sent."""

    name = "outbox"

    def __init__(self, *, delivered: bool = True) -> None:
        self.delivered = delivered

    def send(self, message: OutgoingMessage) -> SendOutcome:
        return Sent(f"outbox-{message.id}", delivered=self.delivered)
