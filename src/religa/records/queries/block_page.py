"""What the block page reads of a contract that a session led to: enough to recognise its holder, not to name him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from religa.domain.facts import Method, Segment
from religa.domain.policy import Policy
from religa.records import raw
from religa.records.facts import policy_of


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
    policy: Policy

    @property
    def is_company(self) -> bool:
        return self.kind == "company" or self.segment in (Segment.COMPANY, Segment.PUBLIC)


def holder_of(contract_id: int, at: datetime) -> Holder:
    """Of a contract that exists, with the policy that holds at an instant."""
    [(*person, segment, preset, values)] = raw.rows(_HOLDER, [at, contract_id])
    provider, subscriber, kind, document, phone, language = person
    policy = policy_of(preset, values) if preset else Policy()
    return Holder(provider, subscriber, kind, document, phone, language, Segment(segment), policy)


_HOLDER = """
    SELECT s.provider_id, s.id, s.kind, s.document,
           coalesce((SELECT number FROM subscriber_phone p WHERE p.subscriber_id = s.id ORDER BY position LIMIT 1), ''),
           s.language, c.segment, v.preset, v.values
      FROM contract c JOIN subscriber s ON s.id = c.subscriber_id
      LEFT JOIN LATERAL (
            SELECT preset, values FROM policy_version p WHERE p.provider_id = c.provider_id AND p.valid_from <= %s
             ORDER BY valid_from DESC, number DESC LIMIT 1) v ON true
     WHERE c.id = %s
"""


def paid_since(contract_id: int, since: datetime) -> Method | None:
    """How the last money came that has been known since an instant; None: none came."""
    query = (
        "SELECT method FROM payment WHERE contract_id = %s AND known_at >= %s ORDER BY known_at DESC LIMIT 1"
    )
    rows = raw.rows(query, [contract_id, since])
    return Method(rows[0][0]) if rows else None
