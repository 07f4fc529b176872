"""Scenario files: the language in which decisions are specified, explained and tested."""

from religa.entrypoints.commands.scenario.command import scenario

__all__ = ["scenario"]
