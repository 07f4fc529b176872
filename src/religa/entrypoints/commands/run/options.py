"""What `religa run` was asked for, and how it answers."""

from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]


class CannotStart(RuntimeError):
    """Nothing runs; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The command line of `religa run`; `demo` None means: seed what is ours, not what is given."""

    host: str
    port: int
    database_port: int
    radius_port: int
    apt: bool
    demo: bool | None
    migrate: bool


def say_port(who: str, *, wanted: int, has: int, say: Say) -> None:
    """Ports are options, and an option that was not followed must be said."""
    if wanted != has:
        say(f"Port {wanted} is taken: {who} uses {has} instead.")
