"""Notices on a device: switched on and off by the subscriber who is in on it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.domain import push_subscriptions
from religa.ports.messages import PUSH
from religa.records import channels, push


def switch_on(
    *, provider_id: int, subscriber_id: int, session_id: int, device: str, subscription: str, at: datetime
) -> bool:
    """Keeps the subscription of a session's browser. False: it is none, or the provider sends no push messages."""
    found, channel = push_subscriptions.read(subscription), channels.of_medium(provider_id, PUSH)
    if found is None or channel is None:
        return False
    with transaction.atomic():
        push.keep(
            found,
            subscriber_id=subscriber_id,
            channel_id=channel.id,
            session_id=session_id,
            device=device,
            at=at,
        )
    return True


def switch_off(*, subscriber_id: int, subscription_id: int, at: datetime) -> bool:
    """False: the subscriber has no such subscription, or it was over."""
    values: dict[str, object] = {"id": subscription_id, "subscriber": subscriber_id}
    with transaction.atomic():
        which = "id = %(id)s AND subscriber_id = %(subscriber)s"
        return push.end(which, values, why="switched_off", at=at) == 1
