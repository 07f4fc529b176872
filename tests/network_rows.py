"""Sessions and orders of people, as accounting and the reconciler would have written them."""

from __future__ import annotations

from datetime import datetime, timedelta

from religa.records import raw
from religa.records.models import CoaLog, Contract, Nas, NasHealth, SessionLive

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
IPV4, PREFIX, DELEGATED = "100.64.3.2", "2001:db8:1:2::/64", "2001:db8:7::/56"


def router(name: str = "BNG Centro", address: str = "192.0.2.1", now: datetime | None = None) -> Nas:
    made = Nas.objects.create(name=name, address=address)
    if now is not None:
        NasHealth.objects.create(nas=made, accounted_at=now - MINUTE)
    return made


def live(contract: Contract, nas: Nas, now: datetime, **more) -> SessionLive:
    """Online since three hours, heard of a minute ago, in full access."""
    values = {
        "unique_id": f"u{contract.pk}",
        "session_id": f"s{contract.pk}",
        "username": f"ana{contract.pk}",
        "nas_address": "192.0.2.1",
        "framed_ipv4": IPV4,
        "framed_ipv6_prefix": PREFIX,
        "delegated_ipv6_prefix": DELEGATED,
        "applied_state": "full",
        "applied_at": now - 3 * HOUR,
        "started_at": now - 3 * HOUR,
        "updated_at": now - MINUTE,
        **more,
    }
    return SessionLive.objects.create(contract=contract, nas=nas, **values)


def ended(contract: Contract | None, nas: Nas, *, started_at: datetime, stopped_at: datetime, **more) -> None:
    values = {
        "username": "ana-closed",
        "framed_ipv4": IPV4,
        "delegated_ipv6_prefix": DELEGATED,
        "terminate_cause": "User-Request",
        **more,
    }
    raw.run(
        "INSERT INTO session_log (unique_id, session_id, username, contract_id, nas_id, nas_port, calling_station,"
        " called_station, framed_ipv4, delegated_ipv6_prefix, started_at, updated_at, stopped_at, octets_in,"
        " octets_out, terminate_cause) VALUES ('u', 's', %(username)s, %(contract)s, %(nas)s, 'ether1', '', '',"
        " %(framed_ipv4)s::inet, %(delegated_ipv6_prefix)s::cidr, %(started)s, %(stopped)s, %(stopped)s, 1000, 5000,"
        " %(terminate_cause)s)",
        {
            **values,
            "contract": contract and contract.pk,
            "nas": nas.pk,
            "started": started_at,
            "stopped": stopped_at,
        },
    )


def order(contract: Contract, nas: Nas, at: datetime, **more) -> CoaLog:
    values = {"kind": "coa", "wanted": "full", "outcome": "applied", "took_ms": 12.5, **more}
    return CoaLog.objects.create(at=at, contract=contract, session_unique_id="u", nas=nas, **values)
