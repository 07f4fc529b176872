"""What is proven of each notice, for whoever has to show it (the burden of proof is the provider's, MO 1.1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from religa.domain.facts import Evidence
from religa.records import raw


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing known about a notice. `channel` and `address` are empty where no message of ours carried it."""

    at: datetime
    evidence: Evidence
    channel: str
    address: str


def proofs_of(notice_ids: Iterable[int]) -> dict[int, list[Proof]]:
    """By notice, in the order in which they became known."""
    found: dict[int, list[Proof]] = {}
    for notice, at, evidence, channel, address in raw.rows(_PROOFS, [list(notice_ids)]):
        found.setdefault(notice, []).append(Proof(at, Evidence(evidence), channel, address))
    return found


_PROOFS = """
    SELECT e.notice_id, e.at, e.evidence, coalesce(m.channel, ''), coalesce(m.address, '')
      FROM delivery_event e
      LEFT JOIN LATERAL (SELECT channel, address FROM message m
                          WHERE m.id = e.message_id OR (e.message_id IS NULL AND m.notice_id = e.notice_id)
                          ORDER BY m.id LIMIT 1) m ON true
     WHERE e.notice_id = ANY (%s) ORDER BY e.id
"""
