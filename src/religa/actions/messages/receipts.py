"""What channels say of messages that they took: in any order, repeated, and sometimes before our own record of sending.

Two short steps, so that none is lost: a receipt is kept as it came (commit), then it is matched with its message. Who
records that a message was sent looks for receipts that came before; whichever of the two commits last finds the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from religa.actions.messages import evidence, fallback
from religa.ports.messages import Receipt, ReceiptState
from religa.records import raw, reach
from religa.records.outbox import Event

_BATCH = 500
_KEEP = """
    INSERT INTO message_receipt (channel, provider_message_id, state, at, error, permanent, known_at, named)
    SELECT DISTINCT ON (c, p, s) c, p, s, a, e, f, %s, m
      FROM unnest(%s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::bool[], %s::bigint[])
           WITH ORDINALITY AS r(c, p, s, a, e, f, m, n) ORDER BY c, p, s, n
    ON CONFLICT DO NOTHING
"""


def learn(receipts: Sequence[Receipt], *, at: datetime) -> int:
    """Keeps receipts and what they prove; says how many told something new of a message of ours."""
    if not receipts:
        return 0
    columns = zip(
        *(
            (r.channel, r.provider_message_id, r.state.value, r.at, r.error, r.permanent, r.message)
            for r in receipts
        ),
        strict=True,
    )
    with transaction.atomic():
        raw.run(_KEEP, [at, *(raw.array(column) for column in columns)])
    return match([r.provider_message_id for r in receipts], at=at)


def match(provider_message_ids: Sequence[str], *, at: datetime) -> int:
    """Takes receipts that wait, of these messages, to their messages."""
    return _match("r.provider_message_id = ANY (%(ids)s)", {"ids": list(provider_message_ids)}, at)


def match_waiting(*, at: datetime) -> int:
    """The same for whatever waits: what a process that died has left, and what a platform tells of foreign messages
    stays as it is."""
    return _match("TRUE", {}, at)


@dataclass(frozen=True, slots=True)
class _Found:
    """A receipt and its message, as it stands."""

    receipt: int
    message: int
    state: str
    channel: str
    address: str
    said: str
    at: datetime
    error: str
    permanent: bool
    provider_message_id: str


# By our own number where the other side gave it back, else by theirs; one that could mean two messages means none.
_FIND = """
    SELECT r.id, m.id, m.state, m.channel, m.address, r.state, r.at, r.error, r.permanent, r.provider_message_id
      FROM message_receipt r
     CROSS JOIN LATERAL (
         SELECT coalesce(max(n.id) FILTER (WHERE n.id = r.named), CASE WHEN count(*) = 1 THEN max(n.id) END) AS id
           FROM message n
          WHERE n.channel = r.channel
            AND (n.provider_message_id = r.provider_message_id OR n.id = r.named)) f
      JOIN message m ON m.id = f.id
     WHERE r.message_id IS NULL AND r.known_at > %(at)s::timestamptz - interval '40 days' AND {which}
       AND m.state IN ('sent', 'unknown', 'sending', 'failed')
     ORDER BY r.id LIMIT {most}
"""


def _match(which: str, parameters: dict[str, object], at: datetime) -> int:
    total = 0
    while found := raw.rows(_FIND.format(which=which, most=_BATCH), {**parameters, "at": at}):
        total += _take([_Found(*row) for row in found], at)
    return total


def _take(found: Sequence[_Found], at: datetime) -> int:
    with transaction.atomic():
        carried = evidence.lock_contracts_of(list({f.message for f in found}))
        mine = raw.rows(_MARK, [raw.ids(f.receipt for f in found), raw.ids(f.message for f in found)])
        new = [f for f in found if (f.receipt,) in set(mine)]
        _settle(new)
        failed = [f for f in new if f.said == ReceiptState.FAILED]
        reach.close(
            [(f.channel, f.address) for f in failed if f.permanent and f.address], why="bounced", at=at
        )
        fallback.go_on([f.message for f in failed], at=at)
        evidence.keep([_event(f) for f in new], carried, at=at, silent=set())
    return len(new)


_MARK = """
    UPDATE message_receipt r SET message_id = v.m FROM unnest(%s::bigint[], %s::bigint[]) AS v(r, m)
     WHERE r.id = v.r AND r.message_id IS NULL RETURNING r.id
"""


def _settle(found: Sequence[_Found]) -> None:
    """Whose outcome was unknown is known to have left; what bounced has not arrived."""
    ranks = {f.message: f for f in sorted(found, key=lambda f: f.said == ReceiptState.FAILED)}
    rows = [
        (
            f.message,
            "failed" if f.said == ReceiptState.FAILED else "sent",
            f.at,
            f.provider_message_id,
            f.error,
        )
        for f in ranks.values()
        if f.said == ReceiptState.FAILED or f.state != "sent"
    ]
    columns = {"state": "text", "sent_at": "timestamptz", "provider_message_id": "text", "error": "text"}
    raw.update("message", columns, rows)


def _event(found: _Found) -> Event:
    state = "bounced" if found.said == ReceiptState.FAILED else found.said
    return Event(found.message, found.at, state, found.channel, found.provider_message_id, found.error)
