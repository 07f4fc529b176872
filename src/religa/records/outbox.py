"""The outbox as a table: lanes, claims, what is known of a claimed message, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from religa.ports.messages import MEDIA
from religa.records import raw
from religa.records.loaded import Place


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel of one provider: its own pace and its own connections, so that none waits for another."""

    provider_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in hand. `status`: of its contract's row now; `owed`: whether an invoice it speaks of is still open
    (None: it speaks of none); `closed`: nothing may go to its address."""

    id: int
    root: int
    kind: str
    channel: str
    address: str
    subject: str
    text: str
    language: str
    provider_id: int
    contract_id: int | None
    subscriber_id: int | None
    attempts: int
    send_before: datetime | None
    contact_day: date | None
    status: str | None
    zone: str
    uf: str
    ibge_code: str
    owed: bool | None
    closed: bool
    is_notice: bool

    @property
    def place(self) -> Place | None:
        """What picks its holidays; None where it is about no contract."""
        return None if self.contract_id is None else Place(self.zone, self.uf, self.ibge_code)


def lanes(at: datetime) -> list[Lane]:
    """The lanes in which something may go at `at`."""
    return [Lane(*row) for row in raw.rows(_LANES, {"media": list(MEDIA), "at": at})]


_MAY_GO = "m.state = 'queued' AND (m.send_after IS NULL OR m.send_after <= %(at)s)"
_LANES = f"""
    SELECT p.id, c.channel FROM provider p CROSS JOIN unnest(%(media)s::text[]) AS c(channel)
     WHERE EXISTS (SELECT FROM message m WHERE m.provider_id = p.id AND m.channel = c.channel AND {_MAY_GO})
     ORDER BY 1, 2
"""


def next_waiting(after: datetime | None = None) -> datetime | None:
    """The earliest instant (later than `after`) for which something waits in the outbox."""
    query = (
        "SELECT min(send_after) FROM message"
        " WHERE state = 'queued' AND (%s::timestamptz IS NULL OR send_after > %s)"
    )
    return raw.rows(query, [after, after])[0][0]  # type: ignore[no-any-return]


def claim(lane: Lane, *, at: datetime, limit: int) -> list[Claimed]:
    """Takes messages in hand, the urgent ones first. "Your internet is back" waits until it is."""
    parameters = {"p": lane.provider_id, "c": lane.channel, "at": at, "limit": limit}
    taken = [key for (key,) in raw.rows(_CLAIM, parameters)]
    if not taken:
        return []
    return [Claimed(*row) for row in raw.rows(_CONTEXT, [raw.ids(taken)])]


# An array, so that it is worked out once: a subquery behind IN may be planned to run for each row, and then its LIMIT
# holds for none.
_CLAIM = f"""
    UPDATE message SET state = 'sending', attempts = attempts + 1, claimed_at = %(at)s
     WHERE id = ANY (ARRAY (SELECT id FROM message m
                   WHERE m.provider_id = %(p)s AND m.channel = %(c)s AND {_MAY_GO}
                     AND NOT (m.kind = 'restored' AND EXISTS (
                         SELECT FROM radius.live l WHERE l.contract_id = m.contract_id AND l.drifts
                            AND l.updated_at > now() - radius.fresh_for()))
                   ORDER BY m.priority, m.id LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED))
    RETURNING id
"""
_CONTEXT = """
    SELECT m.id, coalesce(m.parent_id, m.id), m.kind, m.channel, m.address, m.subject, m.text, m.language,
           m.provider_id, m.contract_id, m.subscriber_id, m.attempts, m.send_before, m.contact_day, a.status,
           v.zone, coalesce(nullif(c.uf, ''), v.uf), coalesce(nullif(c.ibge_code, ''), v.ibge_code),
           CASE WHEN m.notice_id IS NOT NULL THEN EXISTS (
               SELECT FROM (SELECT m.notice_id UNION ALL
                            SELECT x.notice_id FROM message_notice x WHERE x.message_id = m.id) n
                 JOIN notice_invoice t ON t.notice_id = n.notice_id JOIN invoice i ON i.id = t.invoice_id
                WHERE NOT i.at_rest) END,
           m.kind <> 'answer' AND EXISTS (
               SELECT FROM do_not_contact d WHERE d.until IS NULL AND d.address = m.address
                  AND d.channel IN ('', m.channel)),
           m.notice_id IS NOT NULL
      FROM message m JOIN provider v ON v.id = m.provider_id
      LEFT JOIN contract c ON c.id = m.contract_id LEFT JOIN contract_access a ON a.contract_id = m.contract_id
     WHERE m.id = ANY (%s::bigint[]) ORDER BY m.priority, m.id
"""


def put_back(waiting: Sequence[tuple[int, datetime, date | None]]) -> None:
    """Not now: (message, not before, its day), as if it had never been taken in hand."""
    raw.update(
        "message",
        {"state": "text", "send_after": "timestamptz", "contact_day": "date"},
        [(key, "queued", when, day) for key, when, day in waiting],
    )
    raw.run(
        "UPDATE message SET attempts = attempts - 1 WHERE id = ANY (%s)", [[key for key, _, _ in waiting]]
    )


def withdraw(messages: Sequence[tuple[int, str]]) -> None:
    """Not any more, and why; its day is free again."""
    rows = [(key, "withdrawn", why, None) for key, why in messages]
    raw.update("message", {"state": "text", "error": "text", "contact_day": "date"}, rows)


def settle(rows: Sequence[raw.Row]) -> None:
    """(message, state, sent at, provider's id, error, not before) of what was tried."""
    columns = {
        "state": "text",
        "sent_at": "timestamptz",
        "provider_message_id": "text",
        "error": "text",
        "send_after": "timestamptz",
    }
    raw.update("message", columns, rows)


@dataclass(frozen=True, slots=True)
class Carried:
    """A notice that a message gave, and its contract."""

    message: int
    notice: int
    contract: int


def carried_by(messages: Sequence[int]) -> list[Carried]:
    """The notices of some messages."""
    return [Carried(*row) for row in raw.rows(_CARRIED, {"m": list(messages)})]


_CARRIED = """
    SELECT m.id, n.id, n.contract_id FROM message m JOIN notice n ON n.id = m.notice_id WHERE m.id = ANY (%(m)s)
    UNION ALL
    SELECT x.message_id, n.id, n.contract_id FROM message_notice x JOIN notice n ON n.id = x.notice_id
     WHERE x.message_id = ANY (%(m)s)
"""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that became of a message (`MessageEvent`)."""

    message: int
    at: datetime
    state: str
    channel: str
    provider_message_id: str = ""
    detail: str = ""


def keep_events(events: Sequence[Event]) -> list[Event]:
    """Keeps those that are new, and gives them: the same thing of the same message is known once."""
    first: dict[tuple[int, str], Event] = {}
    for event in events:
        first.setdefault((event.message, event.state), event)
    if not first:
        return []
    columns = zip(
        *((e.message, e.at, e.state, e.channel, e.provider_message_id, e.detail) for e in first.values()),
        strict=True,
    )
    new = set(raw.rows(_KEEP, [raw.array(column) for column in columns]))
    return [event for key, event in first.items() if key in new]


_KEEP = """
    INSERT INTO message_event (message_id, at, state, channel, provider_message_id, detail)
    SELECT m, a, s, c, p, d
      FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY
           AS e(m, a, s, c, p, d, n) ORDER BY n
    ON CONFLICT DO NOTHING RETURNING message_id, state
"""
