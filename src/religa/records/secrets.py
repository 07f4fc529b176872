"""Secrets at rest: encrypted by the application, bound to the place they belong to.

Key material comes from the setting `SECRETS_KEYS` (a list, the first encrypts, all decrypt: rotation), or from
`SECRET_KEY` where it is not set. A value copied to another row or column does not open: the place is authenticated.
Network passwords and NAS secrets are another matter, see docs/decisions/0003.
"""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_VERSION = b"\x01"
_NONCE = 12


class Unopenable(ValueError):
    """The text was not encrypted with a key we have, or for another place, or was altered."""


def seal(secret: str, *, place: str) -> bytes:
    """Encrypts. `place` names row and column, as `payment_account/17/certificate`."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + _ciphers()[0].encrypt(nonce, secret.encode(), place.encode())


def open_sealed(sealed: bytes, *, place: str) -> str:
    """Decrypts what `seal` made for the same place; raises `Unopenable`."""
    sealed = bytes(sealed)
    if sealed[:1] != _VERSION or len(sealed) <= 1 + _NONCE:
        raise Unopenable("not a sealed secret")
    nonce, text = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    for cipher in _ciphers():
        try:
            return cipher.decrypt(nonce, text, place.encode()).decode()
        except InvalidTag:
            continue
    raise Unopenable(f"no key opens the secret of {place}")


def realm() -> str:
    """A word of this installation alone, by which its charges' txids are told from those of another (`domain.txid`)."""
    keys = getattr(settings, "SECRETS_KEYS", None) or [settings.SECRET_KEY]
    return HKDF(SHA256(), 32, salt=None, info=b"religa realm of txids").derive(keys[-1].encode()).hex()


def marks() -> tuple[bytes, ...]:
    """Keys for what we must know again as ours when it comes back (addresses of bounces): the first marks, all are
    tried, so that what is on its way survives a rotation."""
    keys = getattr(settings, "SECRETS_KEYS", None) or [settings.SECRET_KEY]
    return tuple(HKDF(SHA256(), 32, salt=None, info=b"religa marks").derive(key.encode()) for key in keys)


def _ciphers() -> tuple[AESGCM, ...]:
    keys = getattr(settings, "SECRETS_KEYS", None) or [settings.SECRET_KEY]
    return _derived(tuple(keys))


@lru_cache(maxsize=8)
def _derived(keys: tuple[str, ...]) -> tuple[AESGCM, ...]:
    return tuple(
        AESGCM(HKDF(SHA256(), 32, salt=None, info=b"religa secrets at rest").derive(key.encode()))
        for key in keys
    )
