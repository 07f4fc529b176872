"""Conversations that wait for a person, and programs that have a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from religa.records import raw
from religa.records.models import ApiClient


@dataclass(frozen=True, slots=True)
class Waiting:
    """`name`: of whoever has proved who he is, else empty. `texts`: what he wrote since he asked for a person."""

    conversation_id: int
    channel: str
    sender: str
    since: datetime
    taken_by: str
    protocol: str
    name: str
    contract_id: int | None
    contract: str
    texts: Sequence[str]


def waiting(provider_id: int) -> list[Waiting]:
    """Those that nobody has taken first, the longest wait first."""
    return [Waiting(*row) for row in raw.rows(_WAITING, [provider_id])]


_WAITING = """
    SELECT v.id, v.channel, v.sender, v.handed_over_at, v.taken_by, v.protocol, coalesce(s.name, ''), c.id,
           coalesce(c.external_id, ''),
           ARRAY (SELECT text FROM inbound_message m WHERE m.conversation_id = v.id AND text <> '' ORDER BY at, id)
      FROM conversation v LEFT JOIN subscriber s ON s.id = v.subscriber_id LEFT JOIN contract c ON c.id = v.contract_id
     WHERE v.provider_id = %s AND v.handed_over_at IS NOT NULL ORDER BY v.taken_at NULLS FIRST, v.handed_over_at, v.id
"""


def clients(provider_id: int) -> list[ApiClient]:
    """Programs of a provider, those with a living key first."""
    found = ApiClient.objects.filter(provider_id=provider_id).order_by("name", "id")
    return sorted(found, key=lambda one: one.revoked_at is not None)


def client(provider_id: int, client_id: int) -> ApiClient | None:
    """One with a living key."""
    return ApiClient.objects.filter(pk=client_id, provider_id=provider_id, revoked_at__isnull=True).first()
