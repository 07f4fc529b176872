"""Who comes with a session, and which devices a subscriber has connected. For the portal's guard: one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.records import locks, raw
from religa.records.models import (
    Contract,
    PortalPasskey,
    PortalPassword,
    PortalSession,
    Provider,
    PushSubscription,
    Subscriber,
)
from religa.records.queries.portal import CONTRACT_COLUMNS, LIVING_FIRST, contract_of


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was not signed out, as found at an instant of the database's clock.

    `contracts`: those of its subscriber, as `portal.contracts_of` has them.
    """

    at: datetime
    id: int
    seen_at: datetime
    ends_at: datetime
    subscriber: Subscriber
    contracts: list[Contract]


def by_digest(digest: bytes) -> Session | None:
    """The session with a key's digest, its subscriber, his provider and his contracts."""
    found = raw.rows(_BY_DIGEST.replace("{now}", locks.NOW), [digest])
    if not found:
        return None
    at, key, seen_at, ends_at, *rest = found[0][:_OF_CONTRACT]
    subscriber = Subscriber.from_db("default", _SUBSCRIBER, rest[: len(_SUBSCRIBER)])
    subscriber.provider = Provider.from_db("default", _PROVIDER, rest[len(_SUBSCRIBER) :])
    contracts = [contract_of(row[_OF_CONTRACT:]) for row in found if row[_OF_CONTRACT] is not None]
    return Session(at, key, seen_at, ends_at, subscriber, contracts)


_SUBSCRIBER = [field.attname for field in Subscriber._meta.concrete_fields]
_PROVIDER = [field.attname for field in Provider._meta.concrete_fields]
_OF_CONTRACT = (
    4 + len(_SUBSCRIBER) + len(_PROVIDER)
)  # the column at which a contract begins; its key is the first
_COLUMNS = ", ".join([*(f"s.{name}" for name in _SUBSCRIBER), *(f"p.{name}" for name in _PROVIDER)])
_BY_DIGEST = f"""
    SELECT {{now}}, ps.id, ps.seen_at, ps.ends_at, {_COLUMNS}, {CONTRACT_COLUMNS}
      FROM portal_session ps JOIN subscriber s ON s.id = ps.subscriber_id JOIN provider p ON p.id = s.provider_id
      LEFT JOIN subscriber o ON o.provider_id = s.provider_id AND o.document = s.document
      LEFT JOIN contract c ON c.subscriber_id = o.id LEFT JOIN plan l ON l.id = c.plan_id
     WHERE ps.digest = %s AND ps.revoked_at IS NULL
     ORDER BY {LIVING_FIRST}
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
