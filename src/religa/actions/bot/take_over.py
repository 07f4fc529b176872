"""A person of the staff talks with somebody, and the menu is silent meanwhile; or lets go, and the menu goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.records import raw
from religa.records.models import Conversation


def take(*, provider_id: int, conversation_id: int, by: str, at: datetime) -> bool:
    """Whether it was still waiting; who comes second does not take it from the first."""
    waiting = Conversation.objects.filter(
        pk=conversation_id, provider_id=provider_id, handed_over_at__isnull=False, taken_at__isnull=True
    )
    return bool(waiting.update(taken_at=at, taken_by=by))


def let_go(*, provider_id: int, conversation_id: int) -> bool:
    """Whether it was waiting or taken. What a person was to read is erased."""
    with transaction.atomic():
        found = Conversation.objects.select_for_update().filter(
            pk=conversation_id, provider_id=provider_id, handed_over_at__isnull=False
        )
        one = found.first()
        if one is None:
            return False
        release(one)
        one.save(update_fields=["handed_over_at", "taken_at", "taken_by"])
        return True


def release(conversation: Conversation) -> None:
    """The same on a row that is locked already; it is saved by the caller."""
    conversation.handed_over_at, conversation.taken_at, conversation.taken_by = None, None, ""
    query = "UPDATE inbound_message SET text = '' WHERE conversation_id = %s AND text <> ''"
    raw.run(query, [conversation.pk])
