"""`religa journey`: the five steps from end to end on a throw-away database, with real FreeRADIUS."""

from religa.entrypoints.commands.journey.command import journey

__all__ = ["journey"]
