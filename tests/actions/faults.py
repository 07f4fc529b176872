"""Routers, sessions and faults of ours, for tests on the real database."""

from __future__ import annotations

import itertools
from datetime import datetime

from religa.actions.incident import Opened, open_incident
from religa.records import raw
from religa.records.models import Nas, Provider, SessionLive

from . import world

_count = itertools.count(1)


def router(of: Provider | None, name: str = "CE-01") -> int:
    return Nas.objects.create(provider=of, name=name, address=f"10.9.{next(_count)}.1").pk


def online(contract_id: int, nas_id: int | None, since: datetime = world.ISSUED) -> SessionLive:
    """A session that is open now."""
    name = f"s{next(_count)}"
    return SessionLive.objects.create(
        unique_id=name, session_id=name, username=name, contract_id=contract_id, nas_id=nas_id,
        started_at=since, updated_at=since,
    )  # fmt: skip


def was_online(contract_id: int, nas_id: int | None, stopped_at: datetime) -> None:
    """A session that is over."""
    raw.run(
        "INSERT INTO session_log (unique_id, session_id, username, contract_id, nas_id, started_at, updated_at,"
        " stopped_at, nas_port, calling_station, called_station, octets_in, octets_out)"
        " VALUES (%(u)s, %(u)s, 'x', %(c)s, %(n)s, %(at)s, %(at)s, %(at)s, '', '', '', 0, 0)",
        {"u": f"s{next(_count)}", "c": contract_id, "n": nas_id, "at": stopped_at},
    )


def fault(of: Provider, at: datetime, **place) -> int:
    """An open incident; of the provider's own municipality unless a place is named."""
    answer = open_incident(
        provider_id=of.pk,
        at=at,
        reason="fibra rompida",
        by="Rede",
        **(place or {"ibge_code": of.ibge_code}),
    )
    assert isinstance(answer, Opened), answer
    return answer.incident_id
