"""What platforms say later of messages that they took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from religa.actions.messages import send
from religa.domain.facts import Evidence
from religa.ports.messages import Receipt, ReceiptState
from religa.records import raw

_PROVEN = {
    ReceiptState.DELIVERED: Evidence.DELIVERED,
    ReceiptState.READ: Evidence.DELIVERED,
    ReceiptState.FAILED: Evidence.FAILED,
}
_FOUND = """
    SELECT m.contract_id, m.notice_id, m.channel, m.provider_message_id FROM message m
      JOIN unnest(%s::text[], %s::text[]) AS r (channel, number)
        ON m.channel = r.channel AND m.provider_message_id = r.number
"""


def learn(receipts: Sequence[Receipt], *, at: datetime) -> int:
    """Adds what is proven of notices; says how many of the receipts were about messages of ours."""
    by_message = {(r.channel, r.provider_message_id): r for r in receipts if r.provider_message_id}
    if not by_message:
        return 0
    found = raw.rows(_FOUND, [[c for c, _ in by_message], [n for _, n in by_message]])
    proven = [
        (contract, notice, _PROVEN[state])
        for contract, notice, channel, number in found
        if notice is not None and (state := by_message[channel, number].state) in _PROVEN
    ]
    if proven:
        send.learn(proven, at)
    return len(found)
