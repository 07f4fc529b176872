"""A stand-in for a browser and its push service: subscribes, checks who sends, and reads what comes (RFC 8030, 8291,
8292), by code of its own, so that it proves something of the sender's.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from religa.adapters.fakes.listening import Listening
from religa.adapters.fakes.psp.wire import Answer, Request


@dataclass
class FakePushService(Listening):
    """`server_key`: the public key that the page subscribed with; `read`: what the browser shows, in order."""

    server_key: str = ""
    read: list[dict[str, Any]] = field(default_factory=list)
    gone: bool = False
    _browser: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    _auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def host(self) -> str:
        return self.root.removeprefix("http://")

    def subscription(self) -> str:
        """As `JSON.stringify(subscription)` gives it."""
        own = self._browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _text(own), "auth": _text(self._auth)}
        return json.dumps({"endpoint": f"{self.root}/send/abc", "expirationTime": None, "keys": keys})

    def forget(self) -> None:
        self.read.clear()
        self.gone = False

    def answer(self, request: Request) -> Answer:
        if self.gone:
            return Answer(410)
        if not self._is_signed(request.headers.get("authorization", "")):
            return Answer(403)
        if request.headers.get("content-encoding") != "aes128gcm" or "ttl" not in request.headers:
            return Answer(400)
        self.read.append(json.loads(self._opened(request.body)))
        return Answer(201, headers=(("Location", f"{self.root}/message/{len(self.read)}"),))

    def _is_signed(self, header: str) -> bool:
        parts = dict(p.strip().split("=", 1) for p in header.removeprefix("vapid ").split(",") if "=" in p)
        if not self.server_key or parts.get("k") != self.server_key:
            return False
        head, claims, mark = parts["t"].split(".")
        octets = _octets(mark)
        r, s = (int.from_bytes(half, "big") for half in (octets[:32], octets[32:]))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _octets(self.server_key))
        try:
            key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        said = json.loads(_octets(claims))
        return bool(said["aud"] == self.root and said["sub"].startswith("mailto:"))

    def _opened(self, body: bytes) -> bytes:
        salt, length = body[:16], body[20]
        theirs, text = body[21 : 21 + length], body[21 + length :]
        sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        own = self._browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = self._browser.exchange(ec.ECDH(), sender)
        material = _hkdf(shared, self._auth, b"WebPush: info\0" + own + theirs, 32)
        key = _hkdf(material, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(material, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, text, b"").rstrip(b"\0")[:-1]


def _hkdf(material: bytes, salt: bytes, info: bytes, octets: int) -> bytes:
    return HKDF(hashes.SHA256(), octets, salt=salt, info=info).derive(material)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
