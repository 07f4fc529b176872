"""Legal notices that have not arrived: while they have not, the block they would justify waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from religa.domain.evidence import NO_EVIDENCE, of_notice
from religa.domain.facts import Evidence
from religa.records import raw


class Cause(StrEnum):
    """Why, in what a person can do about it."""

    NO_ADDRESS = "no_address"
    WRONG_PERSON = "wrong_person"
    BOUNCED = "bounced"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The last notice of one kind of a contract, without evidence. `detail`: the channel's own words."""

    contract_id: int
    external_id: str
    name: str
    kind: str
    given_at: datetime
    cause: Cause
    channel: str
    address: str
    detail: str


def of_provider(provider_id: int, *, limit: int = 500) -> list[Undelivered]:
    """Those of a provider's living contracts whose debt is still open, the oldest first."""
    return _read("c.provider_id = %(which)s", provider_id)[:limit]


def of_contract(contract_id: int) -> list[Undelivered]:
    """Those of one contract."""
    return _read("c.id = %(which)s", contract_id)


def wrong_phones_of(contract_id: int) -> list[tuple[str, datetime]]:
    """Numbers of the contract's subscriber at which somebody else answered, and since when that is known."""
    query = """
        SELECT p.number, p.wrong_at FROM subscriber_phone p JOIN contract c ON c.subscriber_id = p.subscriber_id
         WHERE c.id = %s AND p.wrong_at IS NOT NULL ORDER BY p.wrong_at
    """
    return [(number, at) for number, at in raw.rows(query, [contract_id])]


def _read(where: str, which: int) -> list[Undelivered]:
    rows = raw.rows(_SUSPECTS.format(where=where), {"which": which})
    found = []
    for _, same in groupby(rows, key=lambda row: row[0]):
        states = list(same)
        known = [(message, at, Evidence(e)) for *_, message, at, e in states if e is not None]
        proven = of_notice(known)
        if not proven or proven[-1][1] in NO_EVIDENCE:
            found.append(_undelivered(states[0], {e for _, _, e in known}))
    return found


def _undelivered(row: raw.Row, known: set[Evidence]) -> Undelivered:
    _, contract, external_id, name, kind, given_at, state, error, channel, address, bounced, *_ = row
    cause = _cause(state, address, bounced, Evidence.WITHDRAWN in known)
    return Undelivered(contract, external_id, name, kind, given_at, cause, channel, address, error)


def _cause(state: str, address: str, bounced: bool, withdrawn: bool) -> Cause:
    if withdrawn:
        return Cause.WRONG_PERSON
    if not address:
        return Cause.NO_ADDRESS
    if bounced:
        return Cause.BOUNCED
    return Cause.UNKNOWN if state == "unknown" else Cause.REFUSED


# Few notices fail, and both lists of those that did are indexes of their own. The last of a kind counts: one that was
# given again is on its way, or is here itself.
_SUSPECTS = """
    WITH failed AS (
        SELECT notice_id AS id FROM delivery_event WHERE evidence IN ('failed', 'withdrawn')
        UNION SELECT notice_id FROM message WHERE state IN ('failed', 'unknown') AND notice_id IS NOT NULL
        UNION SELECT x.notice_id FROM message m JOIN message_notice x ON x.message_id = m.id
               WHERE m.state IN ('failed', 'unknown') AND m.notice_id IS NOT NULL)
    SELECT n.id, c.id, c.external_id, s.name, n.kind, n.sent_at, m.state, m.error, m.channel, m.address, m.bounced,
           d.message_id, d.at, d.evidence
      FROM failed f JOIN notice n ON n.id = f.id JOIN contract c ON c.id = n.contract_id
      JOIN subscriber s ON s.id = c.subscriber_id
     CROSS JOIN LATERAL (
         SELECT o.state, o.error, o.channel, o.address,
                EXISTS (SELECT FROM message_event e WHERE e.message_id = o.id AND e.state = 'bounced') AS bounced
           FROM message o
          WHERE o.id IN (SELECT id FROM message WHERE notice_id = n.id
                         UNION ALL SELECT message_id FROM message_notice WHERE notice_id = n.id)
          ORDER BY o.id DESC LIMIT 1) m
      LEFT JOIN delivery_event d ON d.notice_id = n.id
     WHERE {where} AND c.terminated_at IS NULL AND n.kind IN ('debt_notice', 'termination_notice')
       AND m.state NOT IN ('queued', 'sending')
       AND EXISTS (SELECT FROM notice_invoice t JOIN invoice i ON i.id = t.invoice_id
                    WHERE t.notice_id = n.id AND NOT i.at_rest)
       AND NOT EXISTS (SELECT FROM notice l WHERE l.contract_id = n.contract_id AND l.kind = n.kind AND l.id > n.id)
     ORDER BY n.sent_at, n.id, d.id
"""
