"""Goes on by the next way where a message did not arrive: one row for each way that is tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.messages import texts
from religa.actions.messages.reach import ANSWERS, Way, following
from religa.ports.messages import PUSH, WHATSAPP
from religa.records import facts, raw, reach
from religa.wording import Language

# These tell by themselves that a message has arrived; where they are silent for so long, it has not.
REPORTING = (WHATSAPP,)
_BATCH = 500


def go_on(messages: Sequence[int], *, at: datetime) -> set[int]:
    """Queues each of the messages by its next way; gives those for which there is one."""
    rows = (
        [_Tried(*row) for row in raw.rows(_TRIED, {"m": list(messages), "answers": list(ANSWERS)})]
        if messages
        else []
    )
    people = reach.people_of([r.contract for r in rows])
    found = [
        (r, way)
        for r in rows
        if (way := following(people[r.contract], r.kind, list(zip(r.channels, r.addresses, strict=True))))
    ]
    book = texts.load(people[row.contract].provider_id for row, way in found if way.channel == PUSH)
    for row, way in found:
        key = _queue(row.message, row.root, way, at)
        if way.channel == PUSH and row.channels[-1] != PUSH:
            _say_less(key, people[row.contract].provider_id, book)
    return {row.message for row, _ in found}


@dataclass(frozen=True, slots=True)
class _Tried:
    message: int
    root: int
    contract: int
    kind: str
    channels: list[str]
    addresses: list[str]


# Only the last try of a message is followed by another.
_TRIED = """
    SELECT m.id, r.root, m.contract_id, m.kind, t.channels, t.addresses
      FROM message m CROSS JOIN LATERAL (SELECT coalesce(m.parent_id, m.id) AS root) r
     CROSS JOIN LATERAL (SELECT array_agg(channel ORDER BY id) AS channels,
                               array_agg(address ORDER BY id) AS addresses, max(id) AS last
                           FROM message WHERE id = r.root OR parent_id = r.root) t
     WHERE m.id = ANY (%(m)s) AND m.id = t.last AND m.contract_id IS NOT NULL AND m.kind <> ALL (%(answers)s)
     ORDER BY m.id
"""


def _say_less(message: int, provider: int, book: texts.Texts) -> None:
    """The words of another channel may name a debt, and a push message shows on a locked telephone."""
    [(language,)] = raw.rows("SELECT language FROM message WHERE id = %s", [message])
    said = book.pointer(provider, Language.of(language))
    raw.run(
        "UPDATE message SET subject = %s, text = %s, template = %s, template_version = %s WHERE id = %s",
        [said.subject, said.body, said.template, said.version, message],
    )


def _queue(message: int, root: int, way: Way, at: datetime) -> int:
    [(key,)] = raw.rows(
        _COPY, {"m": message, "root": root, "channel": way.channel, "to": way.address, "at": at}
    )
    raw.run(
        "INSERT INTO message_notice (message_id, notice_id) SELECT %s, notice_id FROM message_notice"
        " WHERE message_id = %s",
        [key, message],
    )
    raw.run(
        "INSERT INTO message_event (message_id, at, state, channel, provider_message_id, detail)"
        " VALUES (%s, %s, 'queued', %s, '', '')",
        [key, at, way.channel],
    )
    return int(key)


_COPY = """
    INSERT INTO message (provider_id, contract_id, subscriber_id, notice_id, kind, channel, address, subject, text,
                         template, template_version, language, created_at, state, attempts, error, priority,
                         send_before, parent_id)
    SELECT provider_id, contract_id, subscriber_id, notice_id, kind, %(channel)s, %(to)s, subject, text, template,
           template_version, language, %(at)s, 'queued', 0, '', priority, send_before, %(root)s
      FROM message WHERE id = %(m)s RETURNING id
"""


def go_on_where_silent(*, at: datetime) -> int:
    """Queues what a channel took long ago and has not said to have arrived; how long is the provider's policy."""
    total = 0
    for provider, minutes in _patience(at):
        with transaction.atomic():
            silent = raw.rows(
                _SILENT,
                {"p": provider, "before": at - timedelta(minutes=minutes), "since": at - timedelta(days=2),
                 "reporting": list(REPORTING), "most": _BATCH},
            )  # fmt: skip
            total += len(go_on([key for (key,) in silent], at=at))
    return total


def _patience(at: datetime) -> list[tuple[int, int]]:
    providers = [key for (key,) in raw.rows("SELECT id FROM provider ORDER BY id")]
    waits = [(p, facts.policy_at(p, at).fallback_after_minutes) for p in providers]
    return [(p, minutes) for p, minutes in waits if minutes]


_SILENT = """
    SELECT m.id FROM message m
     WHERE m.state = 'sent' AND m.sent_at BETWEEN %(since)s AND %(before)s AND m.provider_id = %(p)s
       AND m.channel = ANY (%(reporting)s)
       AND NOT EXISTS (SELECT FROM message_event e WHERE e.message_id = m.id
                          AND e.state IN ('delivered', 'read', 'bounced'))
       AND NOT EXISTS (SELECT FROM message n WHERE n.parent_id = coalesce(m.parent_id, m.id) AND n.id > m.id)
     ORDER BY m.id LIMIT %(most)s FOR UPDATE OF m SKIP LOCKED
"""
