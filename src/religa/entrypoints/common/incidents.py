"""A fault of ours where a contract connects, for every door: portal, block page, console."""

from __future__ import annotations

from datetime import datetime

from religa.records.queries import incidents
from religa.records.queries.incidents import Fault as Open
from religa.wording import Beside, Fault, Moments
from religa.wording.faults import to_subscriber


def incident_of(contract_id: int, at: datetime) -> Open | None:
    """The fault that has been open longest there, or None. Its `reason` is a note of the staff: not for subscribers."""
    return next(iter(incidents.faults_at(contract_id, at)), None)


def fault_of(contract_id: int, at: datetime) -> Fault | None:
    """The same, as `wording.Circumstances` takes it."""
    found = incident_of(contract_id, at)
    return None if found is None else Fault(found.since, found.nas)


def sentences(contract_id: int, at: datetime, *, moments: Moments, shut_for_debt: bool) -> tuple[str, ...]:
    """What a page without the decision at hand says first; empty where no fault is open."""
    found = fault_of(contract_id, at)
    if found is None:
        return ()
    return to_subscriber(found, Beside.SHUT_FOR_DEBT if shut_for_debt else Beside.NOTHING, moments)
