"""Keys on the curve P-256, and their texts: base64url without padding, as browsers write them."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


def new_key() -> str:
    """A private key of ours, as text. It belongs to every subscription made with it: a new one loses them all."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encoded(number.to_bytes(32, "big"))


def public_key(private: str) -> str:
    """What a page gives `pushManager.subscribe` as `applicationServerKey`. Raises `ValueError`."""
    return encoded(point(loaded(private).public_key()))


def loaded(private: str) -> ec.EllipticCurvePrivateKey:
    """Raises `ValueError` for a text that is no key."""
    return ec.derive_private_key(int.from_bytes(decoded(private), "big"), CURVE)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 octets, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises `ValueError` for a text that is no base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as why:
        raise ValueError("not base64url") from why
