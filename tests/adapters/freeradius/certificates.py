"""Certificates for tests, made anew each time: an authority, and whom it signs."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        self._made = self._build(self._name, self._key, ca=True)

    def write(self, folder: Path) -> None:
        """`ca.pem`: whom to trust."""
        (folder / "ca.pem").write_bytes(_pem(self._made))

    def sign(self, folder: Path, name: str, *, file: str, days: int = 30) -> None:
        """`FILE.pem` and `FILE.key`, for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        (folder / f"{file}.pem").write_bytes(_pem(self._build(_named(name), key, ca=False, days=days)))
        (folder / f"{file}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def _build(
        self, name: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool, days: int = 30
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(here, critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
