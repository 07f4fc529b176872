"""Sends push messages (port `Channel`). The address of a message is a subscription as browsers write it
(`PushSubscription.toJSON()`): `endpoint`, and in `keys` `p256dh` and `auth`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from religa.adapters.web_push import keys, sealing
from religa.ports.messages import NotSent, OutgoingMessage, SendOutcome, Sent, Unknown
from religa.ports.wire import Answered, Ask, Lost, NeverAsked, Wire

# Whoever subscribes chooses the address that we post to: only push services of browsers are called.
SERVICES = (
    "fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com",
)  # fmt: skip
_KEPT_FOR = 24 * 3600  # seconds that the service tries for
_SIGNED_FOR = timedelta(hours=12)  # RFC 8292 § 2: at most 24 hours


@dataclass(frozen=True, slots=True)
class _Subscription:
    endpoint: str
    browser: bytes
    auth: bytes


class WebPush:
    """`private_key`: of `keys.new_key`; `contact`: a `mailto:` by which a push service finds us; `services`: hosts, and
    whatever is below them. There are no delivery receipts (no browser's service gives them)."""

    name = "push"

    def __init__(
        self,
        *,
        private_key: str,
        contact: str,
        wire: Wire,
        services: Sequence[str] = SERVICES,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._key, self._public = keys.loaded(private_key), keys.public_key(private_key)
        self._contact, self._wire, self._services, self._now = contact, wire, tuple(services), now

    def send(self, message: OutgoingMessage) -> SendOutcome:
        found = _read(message.address)
        if found is None or not is_service(found.endpoint, self._services):
            return NotSent("not a push subscription", permanent=True, gone=True)
        text = json.dumps({"title": message.subject, "body": message.text, "kind": message.kind}).encode()
        if len(text) > sealing.LONGEST:
            return NotSent("the text is too long for a push message", permanent=True)
        try:
            sealed = sealing.seal(text, browser=found.browser, auth=found.auth)
        except ValueError:
            return NotSent("not a push subscription", permanent=True, gone=True)
        return _outcome(self._wire.ask(Ask("POST", found.endpoint, self._headers(found.endpoint), sealed)))

    def _headers(self, endpoint: str) -> tuple[tuple[str, str], ...]:
        return (
            ("Authorization", f"vapid t={self._token(endpoint)}, k={self._public}"),
            ("Content-Encoding", "aes128gcm"),
            ("Content-Type", "application/octet-stream"),
            ("TTL", str(_KEPT_FOR)),
            ("Urgency", "high"),
        )

    def _token(self, endpoint: str) -> str:
        """A JWT for this push service (RFC 8292 § 2), signed with ES256 (RFC 7518 § 3.4)."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((self._now() + _SIGNED_FOR).timestamp()),
            "sub": self._contact,
        }
        signed = ".".join(
            keys.encoded(json.dumps(p).encode()) for p in ({"typ": "JWT", "alg": "ES256"}, claims)
        )
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        return f"{signed}.{keys.encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def is_service(endpoint: str, services: Sequence[str] = SERVICES) -> bool:
    """Whether an endpoint is at a push service that we call."""
    try:
        parts = urlsplit(endpoint)
        host, scheme = parts.netloc, parts.scheme
    except ValueError:
        return False
    if scheme == "http":  # a stand-in on this machine, named with its port
        return ":" in host and host in services
    return scheme == "https" and any(host == s or host.endswith(f".{s}") for s in services)


def _read(address: str) -> _Subscription | None:
    try:
        said = json.loads(address)
        browser, auth = (keys.decoded(said["keys"][name]) for name in ("p256dh", "auth"))
        return _Subscription(str(said["endpoint"]), browser, auth)
    except (ValueError, KeyError, TypeError):
        return None


def _outcome(answer: Answered | NeverAsked | Lost) -> SendOutcome:
    """404 and 410: the subscription is over (RFC 8030 § 7.3). A message sent twice would be shown twice."""
    if isinstance(answer, NeverAsked):
        return NotSent(answer.error, permanent=False)
    if isinstance(answer, Lost):
        return Unknown(answer.error)
    if 200 <= answer.status < 300:
        return Sent(answer.headers.get("location", ""))
    said = f"HTTP {answer.status}"
    if answer.status in (429, 503):
        return NotSent(said, permanent=False, retry_after=answer.retry_after)
    if answer.status >= 500:
        return Unknown(said)
    return NotSent(said, permanent=True, gone=answer.status in (404, 410))
