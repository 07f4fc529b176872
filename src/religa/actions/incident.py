"""A fault of ours begins and ends: while it is open nobody there is blocked for the first time.

Blocks that stand stay, restores go on, trust ends as granted. When it is over, the guard lets go of what waited
(`guard/freeing.py`), and the sweeper proposes it again at the next slot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.domain.invoicing import Refused
from religa.domain.reasons import Refusal
from religa.records import locks, raw
from religa.records.queries import incidents


@dataclass(frozen=True, slots=True)
class Opened:
    """From now on nobody there is blocked for the first time."""

    incident_id: int


@dataclass(frozen=True, slots=True)
class Closed:
    """The fault is over."""

    incident_id: int


def open_incident(
    *,
    provider_id: int,
    reason: str,
    by: str,
    at: datetime,
    nas_id: int | None = None,
    ibge_code: str = "",
    since: datetime | None = None,
) -> Opened | Refused:
    """`by` is the person's name; `since` when it began, if not now.

    Once this has returned, no block opens there: it waits for batches that are opening, and later ones see it
    (docs/decisions/0002: it takes the provider's row and no contract's).
    """
    since = at if since is None else since
    with transaction.atomic():
        raw.rows("SELECT FROM provider WHERE id = %s FOR NO KEY UPDATE", [provider_id])
        whys = _refusals(provider_id, reason, nas_id, ibge_code, since, at)
        if whys:
            return Refused(whys)
        values = [provider_id, nas_id, ibge_code, since, reason.strip(), by]
        [(incident_id,)] = raw.rows(_OPEN, values)
    return Opened(incident_id)


_OPEN = """
    INSERT INTO incident (provider_id, nas_id, ibge_code, since, reason, author, ended_by)
    VALUES (%s, %s, %s, %s, %s, %s, '') RETURNING id
"""


def _refusals(
    provider_id: int, reason: str, nas_id: int | None, ibge_code: str, since: datetime, at: datetime
) -> tuple[Refusal, ...]:
    found = {
        Refusal.NO_REASON: not reason.strip(),
        Refusal.NO_PLACE: nas_id is None and not ibge_code,
        Refusal.UNKNOWN_PLACE: not _is_known(provider_id, nas_id, ibge_code),
        Refusal.BEGINS_IN_THE_FUTURE: since > at,
    }
    return tuple(why for why, applies in found.items() if applies)


def _is_known(provider_id: int, nas_id: int | None, ibge_code: str) -> bool:
    """A wrong name would protect nobody, and nobody would notice."""
    routers = {key for key, _ in incidents.routers_of(provider_id)}
    codes = {code for code, _ in incidents.municipalities_of(provider_id)} if ibge_code else set()
    return (nas_id is None or nas_id in routers) and (not ibge_code or ibge_code in codes)


def close_incident(*, provider_id: int, incident_id: int, by: str, at: datetime) -> Closed | Refused:
    """What waited for its end is looked at again at once: by the guard what it holds, by the sweeper what is late."""
    with transaction.atomic():
        late = locks.lock(incidents.late_at(incident_id, at))
        closed = raw.run(_CLOSE, {"incident": incident_id, "provider": provider_id, "by": by, "at": at})
        if not closed:
            return Refused((_why_not(provider_id, incident_id),))
        raw.run("UPDATE contract_access SET next_look_at = %s WHERE contract_id = ANY (%s)", [at, late])
    return Closed(incident_id)


_CLOSE = """
    UPDATE incident SET until = greatest(%(at)s, since), ended_by = %(by)s
     WHERE id = %(incident)s AND provider_id = %(provider)s AND until IS NULL
"""


def _why_not(provider_id: int, incident_id: int) -> Refusal:
    known = raw.rows("SELECT FROM incident WHERE id = %s AND provider_id = %s", [incident_id, provider_id])
    return Refusal.INCIDENT_CLOSED if known else Refusal.UNKNOWN_INCIDENT
