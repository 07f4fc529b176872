"""By which ways the holder of a contract can be reached, and what became of what was sent to him lately."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from religa.records import raw

SMS, WHATSAPP, EMAIL = "sms", "whatsapp", "email"


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and an address. `key` names it in a form; `verified_at`: when a code to it came back."""

    key: str
    channel: str
    address: str
    verified_at: datetime | None


def ways_of(contract_id: int) -> list[Way]:
    """SMS first: it arrives without the internet that was cut. Empty where nothing is known."""
    found = []
    for key, number, whatsapp, verified_at in raw.rows(_PHONES, [contract_id]):
        found.append(Way(f"{SMS}-{key}", SMS, number, verified_at))
        if whatsapp:
            found.append(Way(f"{WHATSAPP}-{key}", WHATSAPP, number, verified_at))
    found += [Way(EMAIL, EMAIL, email, at) for email, at in raw.rows(_EMAIL, [contract_id]) if email]
    return found


def way(contract_id: int, key: str) -> Way | None:
    """The way of that key, if it is this contract's holder's."""
    return next((one for one in ways_of(contract_id) if one.key == key), None)


_PHONES = """
    SELECT f.id, f.number, f.whatsapp, f.verified_at
      FROM contract c JOIN subscriber_phone f ON f.subscriber_id = c.subscriber_id
     WHERE c.id = %s ORDER BY f.position, f.id
"""
_EMAIL = """
    SELECT s.email, (SELECT max(at) FROM address_change a
                      WHERE a.subscriber_id = s.id AND a.kind = 'email' AND a.new = s.email)
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id WHERE c.id = %s
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that became of a message: queued, sent, delivered, read, failed. `at` None: not known when."""

    at: datetime | None
    state: str
    detail: str


def message_events(messages: Iterable[int]) -> dict[int, list[Event]]:
    """By message, in the order of time."""
    found: dict[int, list[Event]] = {}
    for message, at, state, detail in raw.rows(_EVENTS, {"messages": list(messages)}):
        found.setdefault(message, []).append(Event(at, state, detail))
    return found


_EVENTS = """
    SELECT message, at, CASE state WHEN 'bounced' THEN 'failed' ELSE state END, detail FROM (
        SELECT id AS message, created_at AS at, 'queued' AS state, '' AS detail FROM message
         WHERE id = ANY (%(messages)s)
        UNION ALL
        SELECT message_id, at, state, detail FROM message_event
         WHERE message_id = ANY (%(messages)s) AND state <> 'queued') every
     ORDER BY message, at, array_position('{queued,sent,delivered,read,failed,bounced}', state)
"""


@dataclass(frozen=True, slots=True)
class Sending:
    """A message of the last day, without its text. `events`: what became of it."""

    message: int
    kind: str
    channel: str
    address: str
    queued_at: datetime
    events: list[Event]

    def reached(self, state: str) -> Event | None:
        return next((e for e in self.events if e.state == state), None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be waited for."""
        return any(e.state in ("read", "failed", "delivered") for e in self.events)


def sendings_of(contract_id: int, *, at: datetime, limit: int = 8) -> list[Sending]:
    """What somebody asked for lately (ways to pay, codes, confirmations), the newest first."""
    rows = raw.rows(_SENDINGS, {"contract": contract_id, "at": at, "limit": limit})
    events = message_events(row[0] for row in rows)
    return [
        Sending(message, kind, channel, address, queued_at, events.get(message, []))
        for message, kind, channel, address, queued_at in rows
    ]


# Codes are the person's, not the contract's.
_SENDINGS = """
    SELECT m.id, m.kind, m.channel, m.address, m.created_at
      FROM contract c JOIN message m ON m.subscriber_id = c.subscriber_id
     WHERE c.id = %(contract)s AND (m.contract_id = c.id OR (m.contract_id IS NULL AND m.kind = 'code'))
       AND m.kind IN ('pix', 'answer', 'code', 'contact', 'trust')
       AND m.created_at > %(at)s - interval '1 day'
     ORDER BY m.id DESC LIMIT %(limit)s
"""
