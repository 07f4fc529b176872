"""A contract's standing in words, for whoever reads: since when, for which months, and how it looks."""

from __future__ import annotations

from religa.actions.circumstances import circumstances, fault_of
from religa.domain.access import Decision
from religa.domain.facts import Access, Status

__all__ = ["BAD", "GOOD", "INFO", "WARN", "circumstances", "fault_of", "icon", "tone"]

GOOD, INFO, WARN, BAD = "good", "info", "warn", "bad"
_TONES = {Status.CURRENT: GOOD, Status.TRUSTED: WARN, Status.LATE: WARN}
_ICONS = {
    Access.FULL: "wifi",
    Access.REDUCED: "wifi",
    Access.WALLED: "wifi-off",
    Access.CLOSED: "pause",
}


def tone(decision: Decision) -> str:
    """How serious it is, for colours: `good`, `info`, `warn` or `bad`."""
    if decision.access is Access.WALLED:
        return BAD
    if decision.access is Access.REDUCED or decision.status in (Status.BLOCKED, Status.LOCKED):
        return WARN
    return _TONES.get(decision.status, INFO)


def icon(decision: Decision) -> str:
    """The name of the picture in `common/icons`."""
    return _ICONS[decision.access]
