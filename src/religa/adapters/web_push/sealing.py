"""Encrypts a push message for one browser (RFC 8291 with the content coding of RFC 8188)."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from religa.adapters.web_push.keys import CURVE, point

LONGEST = 3_993  # octets of text: 4,096 (RFC 8030 § 7.2) less header and tag
_RECORD = (4_096).to_bytes(4, "big")
_LAST = b"\x02"  # RFC 8188 § 2: ends the last record


def seal(
    text: bytes,
    *,
    browser: bytes,
    auth: bytes,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """`browser`: its public key, `auth`: its secret, both of the subscription. `own` and `salt` are fresh for each
    message; given only where a test vector gives them. Raises `ValueError` for a key that is no point of the curve."""
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, browser)
    ours = point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derived(shared, auth, b"WebPush: info\0" + browser + ours, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + _RECORD + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, text + _LAST, b"")


def _derived(material: bytes, salt: bytes, info: bytes, octets: int) -> bytes:
    return HKDF(SHA256(), octets, salt=salt, info=info).derive(material)
