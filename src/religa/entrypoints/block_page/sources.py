"""Who is looking, by nothing but his source address, and what the network does with him now."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from django.http import HttpRequest

from religa.domain.facts import Access, Status
from religa.entrypoints.common.addresses import caller, source
from religa.entrypoints.common.throttle import Limit, try_both, try_once
from religa.records.queries.who import Found, who_has

# A home full of phones asks often while they are walled; one address may be several homes (CGNAT before us).
PAGES = Limit("block_page", 120, timedelta(minutes=1))
PROBES = Limit("block_probe", 600, timedelta(minutes=1))
DEEDS = Limit("block_deed", 60, timedelta(hours=1))
DEEDS_OF_CONTRACT = Limit("block_deed_contract", 30, timedelta(hours=1))


class Network(Enum):
    """What the network lets this source do. `RETURNING`: open again, and its router is still to let it out. `WINDOW`:
    open for some minutes to pay in. `SLOW`: open at reduced speed."""

    UNKNOWN = "unknown"
    WALLED = "walled"
    RETURNING = "returning"
    WINDOW = "window"
    SLOW = "slow"
    OPEN = "open"


SHUT = (Network.WALLED, Network.RETURNING)
_SUSPENDED = (Status.BLOCKED, Status.LOCKED)


def within(limit: Limit, request: HttpRequest, *, at: datetime) -> bool:
    """Counts one more request of this source; whether it may still be answered."""
    return try_once(limit, caller(request), at=at)


def may_ask(request: HttpRequest, found: Found | None, *, at: datetime) -> bool:
    """Counts one more form, of this source and of the contract whose session it has."""
    if found is None:
        return within(DEEDS, request, at=at)
    return try_both((DEEDS, caller(request)), (DEEDS_OF_CONTRACT, str(found.contract_id)), at=at)


def find(request: HttpRequest, *, at: datetime) -> Found | None:
    """The session behind the request's address: it identifies, and proves nothing. One of several homes is nobody's."""
    address = source(request)
    found = None if address is None else who_has(address, at=at)
    return None if found is None or found.shared else found


def network_of(found: Found | None) -> Network:
    """A contract that has ended has no session; where one is left, its address says nothing any more."""
    if found is None or found.access is Access.CLOSED:
        return Network.UNKNOWN
    if found.access is Access.WALLED:
        return Network.WALLED
    if found.applied is Access.WALLED:
        return Network.RETURNING
    if found.access is Access.REDUCED:
        return Network.SLOW
    return Network.WINDOW if found.status in _SUSPENDED else Network.OPEN
