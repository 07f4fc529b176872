"""What people wrote, from the channels that hear them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.ports.messages import Inbound


def take(inbound: Sequence[Inbound], *, at: datetime) -> None:
    """Nothing is answered yet: what came is kept as it came (`message_event_raw`)."""
