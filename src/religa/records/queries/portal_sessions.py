"""Who comes with a session, and which devices a subscriber has connected. For the portal's guard: one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import locks, raw
from religa.records.models import (
    PortalPasskey,
    PortalPassword,
    PortalSession,
    Provider,
    PushSubscription,
    Subscriber,
)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was not signed out, as found at an instant of the database's clock."""

    at: datetime
    id: int
    seen_at: datetime
    ends_at: datetime
    subscriber: Subscriber


def by_digest(digest: bytes) -> Session | None:
    """The session with a key's digest, its subscriber, and his provider."""
    found = raw.rows(_BY_DIGEST.replace("{now}", locks.NOW), [digest])
    if not found:
        return None
    at, key, seen_at, ends_at, *rest = found[0]
    subscriber = Subscriber.from_db("default", _SUBSCRIBER, rest[: len(_SUBSCRIBER)])
    subscriber.provider = Provider.from_db("default", _PROVIDER, rest[len(_SUBSCRIBER) :])
    return Session(at, key, seen_at, ends_at, subscriber)


_SUBSCRIBER = [field.attname for field in Subscriber._meta.concrete_fields]
_PROVIDER = [field.attname for field in Provider._meta.concrete_fields]
_COLUMNS = ", ".join([*(f"s.{name}" for name in _SUBSCRIBER), *(f"p.{name}" for name in _PROVIDER)])
_BY_DIGEST = f"""
    SELECT {{now}}, ps.id, ps.seen_at, ps.ends_at, {_COLUMNS}
      FROM portal_session ps JOIN subscriber s ON s.id = ps.subscriber_id JOIN provider p ON p.id = s.provider_id
     WHERE ps.digest = %s AND ps.revoked_at IS NULL
"""


def devices(subscriber: Subscriber, *, at: datetime) -> list[PortalSession]:
    """Where the subscriber is signed in now, the last used first."""
    living = PortalSession.objects.filter(subscriber=subscriber, revoked_at__isnull=True, ends_at__gt=at)
    return list(living.order_by("-seen_at", "-id"))


def passkeys(subscriber: Subscriber) -> list[PortalPasskey]:
    return list(PortalPasskey.objects.filter(subscriber=subscriber).order_by("id"))


def told_devices(subscriber: Subscriber) -> list[PushSubscription]:
    """Where the subscriber's notices are switched on."""
    living = PushSubscription.objects.filter(subscriber=subscriber, ended_at__isnull=True)
    return list(living.defer("sealed").order_by("-id"))


def has_password(subscriber: Subscriber) -> bool:
    return PortalPassword.objects.filter(subscriber=subscriber).exists()
