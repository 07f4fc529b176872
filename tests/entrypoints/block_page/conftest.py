from __future__ import annotations

from datetime import timedelta

import pytest

IPV4, IPV6 = "100.64.7.9", "2001:db8:2:9ff::1"
PROXY = "10.0.0.7"
FOREIGN = "neverssl.example"
PORTAL = "https://testserver"


@pytest.fixture(autouse=True)
def wall(settings):
    """The wall's settings: foreign names are answered, one proxy is believed."""
    from ipaddress import ip_network

    settings.WALL_HOSTS = True
    settings.PORTAL_URL = PORTAL
    settings.TRUSTED_PROXIES = [ip_network(PROXY)]


@pytest.fixture
def client(wall):
    """Made after the settings: a middleware reads them when it is made."""
    from django.test import Client

    return Client()


@pytest.fixture
def online(now):
    """`online(contract)`: its session is open, in the state that its row asks for or in `applied`."""
    from religa.records.models import ContractAccess, SessionLive

    def dial(contract, applied: str | None = None):
        row = ContractAccess.objects.get(contract=contract)
        return SessionLive.objects.create(
            unique_id=f"u{contract.pk}", session_id="1", username="x", contract=contract, framed_ipv4=IPV4,
            delegated_ipv6_prefix="2001:db8:2:900::/56", applied_state=applied or row.access,
            started_at=now - timedelta(minutes=9), updated_at=now,
        )  # fmt: skip

    return dial


@pytest.fixture
def decide():
    """`decide(contract, access, ...)`: what the row says, whatever the facts."""
    from religa.records.models import ContractAccess

    def write(contract, access: str, *, until=None, then: str | None = None, **more):
        ContractAccess.objects.filter(contract=contract).update(
            access=access, until=until, access_then=then or access, **more
        )

    return write


@pytest.fixture
def get(client):
    """`get(path)`: through the proxy, from Maria's inside address; `host` another name that was asked for."""

    def ask(path: str, *, address: str = IPV4, host: str = "testserver", method: str = "get", **headers):
        return getattr(client, method)(
            path, REMOTE_ADDR=PROXY, headers={"host": host, "x-forwarded-for": address, **headers}
        )

    return ask
