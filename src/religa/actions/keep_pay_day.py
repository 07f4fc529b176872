"""Keeps the day on which a subscriber is paid, at his wish, and forgets it again."""

from __future__ import annotations

from datetime import datetime

from religa.domain.pay_days import PayDay
from religa.records.models import SubscriberPayDay


def keep(*, subscriber_id: int, pay_day: PayDay, at: datetime) -> None:
    """In the place of the one that is kept, if there is one."""
    SubscriberPayDay.objects.update_or_create(
        subscriber_id=subscriber_id,
        defaults={"kind": pay_day.kind.value, "number": pay_day.number, "set_at": at},
    )


def forget(*, subscriber_id: int) -> None:
    SubscriberPayDay.objects.filter(subscriber_id=subscriber_id).delete()
