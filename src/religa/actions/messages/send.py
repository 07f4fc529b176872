"""Sends what is in the outbox and keeps the evidence. The clock of a notice starts here, not when it was queued.

Three short steps: claim (commit), send (no transaction), record (one transaction per batch). A process that dies in
the middle leaves rows in `sending`; after a while their outcome is taken as unknown, which proves nothing, and the
notice is given again on another day.

"Your internet is back" is said only once it is: it waits while the router of a session that runs has not obeyed. A
session that is not heard of, or is walled and cannot be moved, ends by itself within half an hour, and dials again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions import evaluate_access
from religa.domain.facts import Evidence, Facts, Notice
from religa.ports.messages import Channel, NotSent, OutgoingMessage, SendOutcome, Sent, Unknown
from religa.records import facts, locks, raw
from religa.records.loaded import Loaded

ChannelFor = Callable[[str], Channel]
_FORGOTTEN = timedelta(minutes=10)
_ATTEMPTS = 5

_CLAIM = """
    UPDATE message SET state = 'sending', attempts = attempts + 1, sent_at = %(at)s
     WHERE id IN (SELECT id FROM message m WHERE state = 'queued'
                     AND NOT (kind = 'restored' AND EXISTS (
                         SELECT FROM radius.live l WHERE l.contract_id = m.contract_id AND l.drifts
                            AND l.updated_at > now() - radius.fresh_for()))
                   ORDER BY id LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED)
    RETURNING id, kind, channel, address, subject, text, language, contract_id, notice_id, attempts,
              provider_id
"""
_FORGET = """
    UPDATE message SET state = 'failed', error = 'outcome unknown'
     WHERE state = 'sending' AND sent_at < %s RETURNING id, contract_id, notice_id
"""


def send_queued(*, channel_for: ChannelFor, at: datetime, limit: int = 200) -> int:
    """Sends up to `limit` queued messages and says how many were taken in hand."""
    with transaction.atomic():
        claimed = raw.rows(_CLAIM, {"at": at, "limit": limit})
    outcomes = [(row, _send(channel_for, row)) for row in sorted(claimed)]
    _record(outcomes, at)
    return len(claimed)


def give_up_forgotten(*, at: datetime) -> int:
    """Settles messages whose sender died: nothing is proven of them."""
    with transaction.atomic():
        lost = raw.rows(_FORGET, [at - _FORGOTTEN])
        learn([(contract, notice, Evidence.FAILED) for _, contract, notice in lost if notice], at)
    return len(lost)


def _send(channel_for: ChannelFor, row: raw.Row) -> SendOutcome:
    key, kind, channel, address, subject, text, language = row[:7]
    if not address:
        return NotSent("the subscriber has no address", permanent=True)
    message = OutgoingMessage(key, kind, channel, address, subject, text, language, provider_id=row[10])
    return channel_for(channel).send(message)


def _record(outcomes: Sequence[tuple[raw.Row, SendOutcome]], at: datetime) -> None:
    with transaction.atomic():
        settled, evidence = [], []
        for row, outcome in outcomes:
            contract, notice, attempts = row[7:10]
            state = _state(outcome, attempts)
            settled.append(_settled(row[0], outcome, state, at))
            if notice is not None and state != "queued":
                evidence.append((contract, notice, _proven(outcome)))
        raw.update("message", _SETTLED, settled)
        learn(evidence, at)


def _state(outcome: SendOutcome, attempts: int) -> str:
    if isinstance(outcome, Sent):
        return "sent"
    if isinstance(outcome, Unknown):  # never again: the other side may have it
        return "failed"
    return "failed" if outcome.permanent or attempts >= _ATTEMPTS else "queued"


def _proven(outcome: SendOutcome) -> Evidence:
    if not isinstance(outcome, Sent):
        return Evidence.FAILED
    return Evidence.DELIVERED if outcome.delivered else Evidence.SENT


_SETTLED = {"state": "text", "sent_at": "timestamptz", "provider_message_id": "text", "error": "text"}


def _settled(message: int, outcome: SendOutcome, state: str, at: datetime) -> raw.Row:
    sent_at = at if state == "sent" else None
    if isinstance(outcome, Unknown):
        return message, state, sent_at, None, f"outcome unknown: {outcome.error}"
    if isinstance(outcome, NotSent):
        return message, state, sent_at, None, outcome.error
    return message, state, sent_at, outcome.provider_message_id, ""


def learn(proven: Sequence[tuple[int, int, Evidence]], at: datetime) -> None:
    """Adds evidence to notices as facts and decides their contracts again."""
    by_contract: dict[int, dict[int, Evidence]] = defaultdict(dict)
    for contract, notice, evidence in proven:
        by_contract[contract][notice] = evidence
    together = locks.lock(locks.sharing_invoices(list(by_contract)))
    loaded = facts.load(list(by_contract), at)
    _keep_what_no_longer_matters(by_contract, loaded, at)
    judgements = [
        evaluate_access.Judgement(one, _with_evidence(one.facts, by_contract[contract], at), "notice sent")
        for contract, one in loaded.items()
    ]
    evaluate_access.write(judgements, at=at)
    evaluate_access.evaluate_many([c for c in together if c not in by_contract], at=at, cause="notice sent")


def _keep_what_no_longer_matters(
    proven: dict[int, dict[int, Evidence]], loaded: dict[int, Loaded], at: datetime
) -> None:
    """Evidence of notices whose debt was settled meanwhile: it decides nothing, and is still evidence."""
    live = {n.key for one in loaded.values() for n in one.facts.notices}
    rows = [
        (notice, at, found.value, "")
        for notices in proven.values()
        for notice, found in notices.items()
        if notice not in live
    ]
    raw.insert("delivery_event", ("notice_id", "at", "evidence", "detail"), rows)


def _with_evidence(known: Facts, evidence: dict[int, Evidence], at: datetime) -> Facts:
    def learnt(notice: Notice) -> Notice:
        found = evidence.get(notice.key) if notice.key is not None else None
        return notice if found is None else replace(notice, evidence=(*notice.evidence, (at, found)))

    return replace(known, notices=tuple(learnt(n) for n in known.notices))
