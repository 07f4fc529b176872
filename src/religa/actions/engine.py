"""One turn of the engine: what is due by itself, first blocks through the guard, messages on their way.

The sweeper process turns it all day; the demo turns it through days gone by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.actions.guard import freeing
from religa.actions.guard.asking import AskBanks
from religa.actions.guard.run import GuardRun, run_guard
from religa.actions.messages.send import ChannelFor, send_queued
from religa.actions.sweep import Mute, Swept, sweep
from religa.records import outbox, raw

_ROUNDS = 8  # sweep, guard and sender may each give the others work at one instant


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn did."""

    swept: Swept
    runs: list[GuardRun]

    @property
    def did_something(self) -> bool:
        return bool(self.swept.looked_at or self.runs)


def turn(*, at: datetime, mute: Mute = (), ask_banks: AskBanks | None = None) -> Turn:
    """Frees candidates whose cause has passed, sweeps, then takes first blocks through the guard, which asks the banks
    before it makes a run."""
    freeing.free(at)
    return Turn(sweep(at=at, mute=mute), run_guard(at=at, ask_banks=ask_banks))


def settle(
    *, at: datetime, channel_for: ChannelFor, mute: Mute = (), ask_banks: AskBanks | None = None
) -> None:
    """Turns and sends until nothing more is to be done at this instant."""
    for _ in range(_ROUNDS):
        done = turn(at=at, mute=mute, ask_banks=ask_banks)
        sent = send_queued(channel_for=channel_for, at=at)
        if not (done.did_something or sent):
            break


def play_through(*, until: datetime, channel_for: ChannelFor) -> int:
    """Turns the engine at every instant up to `until` at which something was due, and at `until`; says how often."""
    instants, at = 1, None
    while (at := next_due(at)) is not None and at <= until:
        settle(at=at, channel_for=channel_for)
        instants += 1
    settle(at=until, channel_for=channel_for)
    return instants


def next_due(sent_until: datetime | None = None) -> datetime | None:
    """The earliest alarm of all, of a contract or of a message that waits for its hour (later than `sent_until`, when
    whatever could go has gone)."""
    [(at,)] = raw.rows("SELECT min(next_look_at) FROM contract_access")
    waiting = outbox.next_waiting(sent_until)
    return min((one for one in (at, waiting) if one is not None), default=None)
