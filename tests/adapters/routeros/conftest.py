import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from religa.adapters.fakes.routeros import RouterOs

from .town import Town, settle


@pytest.fixture
def box() -> Iterator[RouterOs]:
    with RouterOs() as box:
        settle(box)
        yield box


@pytest.fixture
def town(box: RouterOs) -> Iterator[Town]:
    """Walled by profile, as by default."""
    town = Town(box)
    yield town
    town.router.close()


@pytest.fixture
def town_with(box: RouterOs) -> Iterator[Callable[..., Town]]:
    """A town whose router has other settings."""
    made: list[Town] = []

    def make(**settings: Any) -> Town:
        made.append(Town(box, **settings))
        return made[-1]

    yield make
    for town in made:
        town.router.close()


@pytest.fixture
def listed(town_with: Callable[..., Town]) -> Town:
    """Walled by address list."""
    return town_with(way="address_list")


@pytest.fixture
def settle_box() -> Callable[[RouterOs], None]:
    return settle


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """The router's end, and the file with its certificate."""
    return certified(tmp_path_factory.mktemp("tls"), "127.0.0.1")


@pytest.fixture(scope="session")
def tls_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    return certified(tmp_path_factory.mktemp("tls"), "10.0.0.1")


def certified(folder: Path, address: str) -> tuple[ssl.SSLContext, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "router")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key").write_bytes(key.private_bytes(*form))
    (folder / "certificate").write_bytes(certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate", folder / "key")
    return context, str(folder / "certificate")
