"""What the block page reads of a contract that a session led to: enough to recognise its holder, not to name him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.domain.facts import Method, Segment
from religa.records import raw


@dataclass(frozen=True, slots=True)
class Holder:
    """The contract's subscriber. `document` and `phone` (empty: none) are compared and masked, never shown whole."""

    provider_id: int
    subscriber_id: int
    kind: str
    document: str
    phone: str
    language: str
    segment: Segment

    @property
    def is_company(self) -> bool:
        return self.kind == "company" or self.segment in (Segment.COMPANY, Segment.PUBLIC)


def holder_of(contract_id: int) -> Holder:
    """Of a contract that exists."""
    [(provider, subscriber, kind, document, phone, language, segment)] = raw.rows(_HOLDER, [contract_id])
    return Holder(provider, subscriber, kind, document, phone, language, Segment(segment))


_HOLDER = """
    SELECT s.provider_id, s.id, s.kind, s.document,
           coalesce((SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1), ''),
           s.language, c.segment
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id WHERE c.id = %s
"""


def paid_since(contract_id: int, since: datetime) -> Method | None:
    """How the last money came that has been known since an instant; None: none came."""
    query = (
        "SELECT method FROM payment WHERE contract_id = %s AND known_at >= %s ORDER BY known_at DESC LIMIT 1"
    )
    rows = raw.rows(query, [contract_id, since])
    return Method(rows[0][0]) if rows else None
