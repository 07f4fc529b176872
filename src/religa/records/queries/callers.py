"""Whose a phone number is. A number that somebody said is not his answers for nobody any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from religa.domain import phones
from religa.records import raw


@dataclass(frozen=True, slots=True, repr=False)
class Holder:
    """A person or company with this number; the one row of those that an old system may hold twice."""

    subscriber_id: int
    provider_id: int
    document: str
    language: str


def holders_of(number: str, *, provider_id: int | None = None) -> list[Holder]:
    """Everybody who has a number (digits with country code), by its forms with and without the ninth digit."""
    if not number:
        return []
    parameters = {"numbers": list(phones.same_phone(number)), "provider": provider_id}
    return [Holder(*row) for row in raw.rows(_HOLDERS, parameters)]


# By `to_jsonb`: holds also for a table that does not know yet that numbers can be wrong.
_RIGHT = """
    to_jsonb(p) ->> 'wrong_at' IS NULL
    AND NOT EXISTS (SELECT FROM conversation v
                     WHERE v.provider_id = s.provider_id AND v.sender = p.number AND v.channel <> 'email'
                       AND v.wrong_person_at > coalesce(p.verified_at, '-infinity'))
"""
_HOLDERS = f"""
    SELECT DISTINCT ON (s.provider_id, s.document) s.id, s.provider_id, s.document, s.language
      FROM subscriber_phone p JOIN subscriber s ON s.id = p.subscriber_id
     WHERE p.number = ANY (%(numbers)s::text[]) AND {_RIGHT}
       AND (%(provider)s::bigint IS NULL OR s.provider_id = %(provider)s::bigint)
     ORDER BY s.provider_id, s.document, s.id
"""


def numbers_of(subscriber_id: int) -> list[str]:
    """A subscriber's numbers in the order in which to try, also those of another row of the same person."""
    query = f"""
        SELECT p.number FROM subscriber me
          JOIN subscriber s ON s.provider_id = me.provider_id AND s.document = me.document
          JOIN subscriber_phone p ON p.subscriber_id = s.id
         WHERE me.id = %s AND {_RIGHT} ORDER BY s.id <> me.id, s.id, p.position, p.id
    """
    return [number for (number,) in raw.rows(query, [subscriber_id])]


def provider_of(number: str, holders: Sequence[Holder], *, reply_to: str, channel: str) -> int | None:
    """To which provider somebody writes: whom he answers, whose subscriber he is, who wrote to him last, the only
    one there is. None where that cannot be told."""
    mine = sorted({h.provider_id for h in holders})
    known = {
        "numbers": list(phones.same_phone(number)) if number else [],
        "reply_to": reply_to,
        "channel": channel,
    }
    written = [provider for (provider,) in raw.rows(_LAST_WRITER, known)]
    if written and (not mine or written[0] in mine):
        return int(written[0])
    if mine:
        return mine[0]
    only = raw.rows("SELECT id FROM provider ORDER BY id LIMIT 2")
    return int(only[0][0]) if len(only) == 1 else None


_LAST_WRITER = """
    (SELECT provider_id FROM message WHERE channel = %(channel)s AND provider_message_id = %(reply_to)s
        AND %(reply_to)s <> '' LIMIT 1)
    UNION ALL
    (SELECT provider_id FROM conversation WHERE channel = %(channel)s AND sender = ANY (%(numbers)s::text[])
      ORDER BY last_at DESC LIMIT 1)
"""
