"""A fault of ours where a contract connects, for the tests of every door."""

from __future__ import annotations

from datetime import datetime

from religa.actions.incident import Opened, open_incident
from religa.records.models import Contract, Nas, Provider, SessionLive

HERE = "2611606"


def fault(
    provider: Provider, at: datetime, *, since: datetime | None = None, reason: str = "fibra rompida"
) -> int:
    """Open in the provider's own municipality."""
    Provider.objects.filter(pk=provider.pk).update(ibge_code=HERE)
    Contract.objects.filter(provider=provider).update(ibge_code="")
    answer = open_incident(
        provider_id=provider.pk, ibge_code=HERE, reason=reason, by="Rede", at=at, since=since
    )
    assert isinstance(answer, Opened), answer
    return answer.incident_id


def fault_of_router(contract: Contract, at: datetime, name: str = "CE-01") -> int:
    """Open at the router through which a contract is online."""
    nas = Nas.objects.create(provider=contract.provider, name=name, address="10.9.9.1")
    SessionLive.objects.create(
        unique_id=name, session_id="s", username="u", contract=contract, nas=nas, started_at=at, updated_at=at
    )
    answer = open_incident(
        provider_id=contract.provider_id, nas_id=nas.pk, reason="sem energia", by="Rede", at=at
    )
    assert isinstance(answer, Opened), answer
    return answer.incident_id
