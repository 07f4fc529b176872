"""`religa demo`: a fictional provider with people at every place of the loop."""

from religa.entrypoints.commands.demo.command import demo

__all__ = ["demo"]
