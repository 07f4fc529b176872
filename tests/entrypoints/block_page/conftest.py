from __future__ import annotations

import re
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


@pytest.fixture
def post(client):
    """`post(path, **fields)`: a form, as `get`."""

    def send(path: str, *, address: str = IPV4, **fields):
        headers = {"host": "testserver", "x-forwarded-for": address}
        return client.post(path, fields, REMOTE_ADDR=PROXY, headers=headers)

    return send


@pytest.fixture
def token(get):
    """`token("liberar")`: of that form, on the page as it stands."""

    def read(form: str, **request) -> str:
        html = get("/bloqueio/", **request).content.decode()
        return re.search(
            rf'action="/bloqueio/{form}/[^>]*><input type="hidden" name="ficha" value="([^"]+)"', html
        )[1]

    return read


@pytest.fixture
def policy(provider, now):
    """`policy(field=value)`: from now on."""
    from religa.records.models import PolicyVersion

    def set_to(**values):
        PolicyVersion.objects.create(
            provider=provider, number=2, valid_from=now - timedelta(days=1), preset="anatel-rgc-2025",
            values=values, author="Gestora",
        )  # fmt: skip

    return set_to


@pytest.fixture
def locked(provider, now):
    """Paula had a trust unlock twelve days ago and did not pay: blocked again, until payment."""
    import people

    paula = people.blocked(provider, now, name="Paula Regina Souza", number=1005)
    people.play(now - 12 * people.DAY)
    people.unlock(paula, now - 12 * people.DAY)
    people.play(now)
    return paula


@pytest.fixture(autouse=True)
def nobody_has_tried_before(db):
    from religa.records import raw

    raw.run("DELETE FROM throttle")
