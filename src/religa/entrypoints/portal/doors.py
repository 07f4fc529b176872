"""The links of a contract's page to what else there is (portal/doors.html)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.actions.look import View
from religa.domain import own_agreement


@dataclass(frozen=True, slots=True)
class Doors:
    """`agreement`: the subscriber may make one by himself now."""

    agreement: bool


def of(view: View, at: datetime) -> Doors:
    today = view.standing.calendars.day(at)
    return Doors(agreement=bool(own_agreement.offers(view.standing, today, at)))
