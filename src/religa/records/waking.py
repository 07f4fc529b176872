"""Waking the reconciler: one NOTIFY, which arrives when the transaction commits."""

from __future__ import annotations

from religa.records import raw
from religa.records.access import CHANNEL

TEST = "test"


def wake(payload: str = "") -> None:
    """`payload`: empty for "look again", TEST when somebody waits for the test of a router."""
    raw.run("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
