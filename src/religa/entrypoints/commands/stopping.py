"""How a process of ours is told to stop."""

from __future__ import annotations

import signal
import threading
from types import FrameType


def until_told() -> threading.Event:
    """Set when the process is asked to end (SIGTERM, Ctrl-C), so that nothing is left half done."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    return stop
