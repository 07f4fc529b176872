"""Puts rows into the outbox: what is written, to whom, by which way, and when it may go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.actions.messages.reach import Way
from religa.records import raw
from religa.records.reach import Person

AT_ONCE, BULK = 0, 1  # whoever waits for an answer does not stand in line behind a hundred thousand letters


@dataclass(frozen=True, slots=True)
class Row:
    """One message by one way. `withdrawn`: why it is kept and not sent. `parent`: the first try of the same message."""

    person: Person
    kind: str
    way: Way
    subject: str
    text: str
    template: str
    template_version: str
    language: str
    created_at: datetime
    notice_id: int | None = None
    priority: int = AT_ONCE
    send_after: datetime | None = None
    send_before: datetime | None = None
    contact_day: date | None = None
    withdrawn: str = ""


_COLUMNS = (
    "id", "provider_id", "contract_id", "subscriber_id", "notice_id", "kind", "channel", "address", "subject", "text",
    "template", "template_version", "language", "created_at", "state", "attempts", "error", "priority", "send_after",
    "send_before", "contact_day",
)  # fmt: skip
_EVENT = ("message_id", "at", "state", "channel", "provider_message_id", "detail")


def add(rows: Sequence[Row]) -> list[int]:
    """Writes them and what begins with them; gives their keys."""
    keys = raw.numbers({"message_id_seq": len(rows)})["message_id_seq"] if rows else []
    raw.insert("message", _COLUMNS, [_columns(key, row) for key, row in zip(keys, rows, strict=True)])
    queued = [
        (key, row.created_at, "queued", row.way.channel, "", "")
        for key, row in zip(keys, rows, strict=True)
        if not row.withdrawn
    ]
    raw.insert("message_event", _EVENT, queued)
    return keys


def _columns(key: int, row: Row) -> raw.Row:
    person, state = row.person, "withdrawn" if row.withdrawn else "queued"
    return (
        key, person.provider_id, person.contract_id, person.subscriber_id, row.notice_id, row.kind, row.way.channel,
        row.way.address, row.subject, row.text, row.template, row.template_version, row.language, row.created_at,
        state, 0, row.withdrawn, row.priority, row.send_after, row.send_before, row.contact_day,
    )  # fmt: skip


def also_give(given: Sequence[tuple[int, int]]) -> None:
    """Further notices that a message gives: (message, notice)."""
    raw.insert("message_notice", ("message_id", "notice_id"), given)
