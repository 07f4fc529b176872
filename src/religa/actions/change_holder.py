"""Gives a contract to another subscriber; the old debt stays with the old one and never blocks the new one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from religa.actions.carry_out import Done, carry_out
from religa.actions.evaluate_access import evaluate_many
from religa.domain import deeds
from religa.records import raw


def change(*, contract_id: int, subscriber_id: int | None, at: datetime, author: str = "") -> Done:
    """`subscriber_id` None: the new holder is not known by number yet."""
    with transaction.atomic():
        done: Done = carry_out(
            contract_id=contract_id,
            at=at,
            cause="holder changed",
            deed=lambda s: deeds.change_holder(s.facts, at, s.calendars.day(at)),
            author=author,
        )
        if subscriber_id is not None:
            raw.run("UPDATE contract SET subscriber_id = %s WHERE id = %s", [subscriber_id, contract_id])
        evaluate_many([contract_id], at=at, cause="holder changed")
    return done
