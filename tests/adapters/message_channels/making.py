"""A channel made as an installation makes it."""

from __future__ import annotations

from religa import wiring

PHONE = "5585988887777"
MARKS = (b"k" * 32,)


def made(kind, medium, settings, secrets=(), **more):
    return wiring.message_channel(
        kind=kind, medium=medium, settings=settings, secrets=dict(secrets), marks=MARKS, **more
    )
