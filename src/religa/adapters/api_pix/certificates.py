"""Reads the certificate of an account and makes a TLS context of it.

Banks give PEM (certificate and key, in one file or two) or PKCS#12 with a password. OpenSSL reads a client certificate
from a file only, so for a moment there is one: readable by us alone, its key encrypted with a password that exists
nowhere else. What a crash leaves behind is of no use to anybody.
"""

from __future__ import annotations

import os
import re
import secrets
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)

from religa.domain.certificates import CertificateFacts, CertificateProblem, InvalidCertificate

_KEY = re.compile(
    rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL
)  # certificates are found by cryptography, keys are not
PrivateKey = Any  # cryptography's own types name kinds that TLS knows nothing of
_DER_SEQUENCE = b"\x30"


@dataclass(frozen=True, slots=True, repr=False)
class ClientCertificate:
    """A certificate with its own private key, and the chain above it. Shows nothing of the key."""

    facts: CertificateFacts
    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    key: PrivateKey

    def __repr__(self) -> str:
        return f"ClientCertificate({self.facts.subject}, until {self.facts.expires_at:%Y-%m-%d})"


def read(
    certificate: bytes, key: bytes = b"", *, password: str = "", at: datetime | None = None
) -> ClientCertificate:
    """The certificate in PEM or PKCS#12. `key`: its key in PEM, where that is another file.

    With `at`, its validity is checked, too. Raises `InvalidCertificate`.
    """
    if certificate.startswith(_DER_SEQUENCE):
        private, found = _from_pkcs12(certificate, password)
    else:
        private, found = _key_from_pem(key or certificate, password), _from_pem(certificate)
    if not found:
        raise InvalidCertificate(CertificateProblem.NO_CERTIFICATE)
    if private is None:
        raise InvalidCertificate(CertificateProblem.NO_KEY)
    leaf = _leaf(private, found)
    facts = _facts(leaf)
    if at is not None:
        facts.require_valid(at)
    return ClientCertificate(facts, leaf, tuple(each for each in found if each != leaf), private)


def tls_context(certificate: ClientCertificate, *, authority: str = "") -> ssl.SSLContext:
    """For calls that show the certificate. `authority`: PEM of the only one to trust, in place of the public ones."""
    context = server_context(authority)
    once = secrets.token_urlsafe(32)
    handle, path = tempfile.mkstemp(prefix="religa-")  # 0600 by itself
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_pem(certificate, BestAvailableEncryption(once.encode())))
        context.load_cert_chain(path, password=once)
    finally:
        os.unlink(path)
    return context


def server_context(authority: str = "") -> ssl.SSLContext:
    """For calls that show no certificate of ours (some banks' test environments)."""
    if authority:
        return ssl.create_default_context(cadata=authority)
    return httpx.create_ssl_context()


def _from_pkcs12(octets: bytes, password: str) -> tuple[PrivateKey | None, list[x509.Certificate]]:
    try:
        bundle = pkcs12.load_pkcs12(octets, password.encode() if password else None)
    except ValueError as why:  # one kind of error for both; its words tell them apart
        wrong = "password" in str(why).lower()
        problem = CertificateProblem.WRONG_PASSWORD if wrong else CertificateProblem.UNREADABLE
        raise InvalidCertificate(problem) from None
    own = [bundle.cert] if bundle.cert else []
    return bundle.key, [each.certificate for each in (*own, *bundle.additional_certs)]


def _from_pem(octets: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN " not in octets:
        raise InvalidCertificate(CertificateProblem.UNREADABLE)
    if b"-----BEGIN CERTIFICATE-----" not in octets:
        return []
    try:
        return x509.load_pem_x509_certificates(octets)
    except ValueError:
        raise InvalidCertificate(CertificateProblem.UNREADABLE) from None


def _key_from_pem(octets: bytes, password: str) -> PrivateKey | None:
    found = _KEY.search(octets)
    if found is None:
        return None
    encrypted = b"ENCRYPTED" in found[0]
    if encrypted and not password:
        raise InvalidCertificate(CertificateProblem.WRONG_PASSWORD)
    try:
        return load_pem_private_key(found[0], password.encode() if encrypted else None)
    except (ValueError, TypeError):
        problem = CertificateProblem.WRONG_PASSWORD if encrypted else CertificateProblem.UNREADABLE
        raise InvalidCertificate(problem) from None


def _leaf(key: PrivateKey, found: Iterable[x509.Certificate]) -> x509.Certificate:
    """The one that belongs to the key: files put the chain before it or after it."""
    own = _public(key.public_key())
    for certificate in found:
        if _public(certificate.public_key()) == own:
            return certificate
    raise InvalidCertificate(CertificateProblem.OTHER_KEY)


def _public(key: Any) -> bytes:
    octets: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return octets


def _facts(leaf: x509.Certificate) -> CertificateFacts:
    return CertificateFacts(
        subject=leaf.subject.rfc4514_string(),
        issuer=leaf.issuer.rfc4514_string(),
        valid_from=leaf.not_valid_before_utc,
        expires_at=leaf.not_valid_after_utc,
        fingerprint=leaf.fingerprint(hashes.SHA256()).hex(),
    )


def pem(certificate: ClientCertificate) -> str:
    """Key in clear and certificates, which `read` takes again. For a place that is sealed, never for a file."""
    return _pem(certificate, NoEncryption()).decode()


def _pem(certificate: ClientCertificate, encryption: KeySerializationEncryption) -> bytes:
    key: bytes = certificate.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    chain = (certificate.leaf, *certificate.chain)
    return key + b"".join(each.public_bytes(Encoding.PEM) for each in chain)
