"""One line on stderr that says how far a long command is. Silent where nobody looks."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_WIDTH, _PAUSE = 24, 0.1  # characters of the bar, seconds between two drawings


class Bar:
    """`[######------]  52%  faturas.csv`. `words` turns a step's name into what people read."""

    def __init__(self, words: dict[str, str], stream: TextIO | None = None) -> None:
        self.words, self.stream = words, sys.stderr if stream is None else stream
        self.shows = self.stream.isatty()
        self.title, self.total, self.drawn_at = "", 0, 0.0

    def step(self, step: str, what: str, total: int) -> None:
        self.title = f"{self.words.get(step, step)} {what}".strip()
        self.total, self.drawn_at = total, 0.0
        self.advance(0)

    def advance(self, done: int) -> None:
        if self.shows and time.monotonic() - self.drawn_at >= _PAUSE:
            self.drawn_at = time.monotonic()
            self._draw(min(1.0, done / self.total) if self.total else 1.0)

    def _draw(self, share: float) -> None:
        full = round(_WIDTH * share)
        bar = "#" * full + "-" * (_WIDTH - full)
        self.stream.write(f"\r\x1b[K[{bar}] {share:4.0%}  {self.title}")
        self.stream.flush()

    def over(self) -> None:
        if self.shows:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
