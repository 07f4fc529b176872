"""The certificate with which an account shows itself to its bank: why one is no good, and when it must be renewed.

Banks ask for one on every call (RFC 8705; Manual de Padrões para Iniciação do Pix, Annex II, 3.1). Itaú's lives 365
days; the day it ends, no charge is made and no payment is seen. Reading the file is an adapter's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from religa.domain.problems import Invalid, Problem

__all__ = [
    "CertificateFacts",
    "CertificateProblem",
    "Expiry",
    "InvalidCertificate",
    "Urgency",
    "expiry",
]


class CertificateProblem(Problem):
    """Why a file is no certificate to use."""

    UNREADABLE = "unreadable", "it is neither PEM nor PKCS#12 (.p12, .pfx)"
    WRONG_PASSWORD = "wrong_password", "the password does not open it"
    NO_CERTIFICATE = "no_certificate", "there is no certificate in it"
    NO_KEY = "no_key", "its private key is missing: banks give it as a second file, or in the .p12"
    OTHER_KEY = "other_key", "the private key belongs to another certificate"
    EXPIRED = "expired", "it has expired"
    NOT_YET_VALID = "not_yet_valid", "it is not valid yet"


class InvalidCertificate(Invalid):
    """A certificate that cannot be used: `problem` is the code, `reason` the words; nothing of the key."""

    kind = "a certificate to use"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What may be shown of a certificate. Instants are aware; `fingerprint`: SHA-256, 64 hexadecimal digits."""

    subject: str
    issuer: str
    valid_from: datetime
    expires_at: datetime
    fingerprint: str

    def require_valid(self, at: datetime) -> None:
        """Raises `InvalidCertificate` before its first and from its last instant on."""
        if at < self.valid_from:
            raise InvalidCertificate(CertificateProblem.NOT_YET_VALID)
        if at >= self.expires_at:
            raise InvalidCertificate(CertificateProblem.EXPIRED)


class Urgency(StrEnum):
    """How soon a certificate must be renewed: within 60, 30 or 7 days, or too late."""

    SOON = "soon"
    DUE = "due"
    URGENT = "urgent"
    EXPIRED = "expired"


_LIMITS = ((7, Urgency.URGENT), (30, Urgency.DUE), (60, Urgency.SOON))


@dataclass(frozen=True, slots=True)
class Expiry:
    """A warning: one for each urgency is enough. `days_left`: whole days, 0 on the last one and afterwards."""

    urgency: Urgency
    days_left: int


def expiry(expires_at: datetime, at: datetime) -> Expiry | None:
    """The warning that holds at an instant; None while more than 60 days are left. Both are aware."""
    left = expires_at - at
    if left <= timedelta():
        return Expiry(Urgency.EXPIRED, 0)
    for days, urgency in _LIMITS:
        if left <= timedelta(days=days):
            return Expiry(urgency, left.days)
    return None
