"""Takes events that wait: asks the bank what is true, credits from its answer, says what became of each event.

The bank is asked between transactions, many events side by side; what its answers bring is booked in one. An event
whose taker died comes back after its lease.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.money import cases, holding
from religa.actions.money.cases import Case
from religa.actions.money.credit import credit
from religa.actions.money.landing import Landed, SeenBefore, Unidentified
from religa.actions.money.patience import patient
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Collector,
    Event,
    Hint,
    MoneySeen,
    NotFound,
    NotUnderstood,
    Truth,
)
from religa.records import errors, raw
from religa.records.accounts import Account

logger = logging.getLogger(__name__)
Answer = Truth | NotFound | BankRefused | BankUnreachable

_LEASE = "60 seconds"
_WAITS = (2, 5, 15, 60, 300, 900)  # seconds until an event is tried again
_GIVE_UP = timedelta(hours=72)  # the nightly look at the last days finds what is left then
_NOT_OURS, _CLOSED = "another system reports", "the account is closed"


@dataclass(slots=True)
class _Waiting:
    """One event on its way, what it hints at, and what the bank said."""

    id: int
    body: bytes
    headers: Mapping[str, Mapping[str, str]]
    path: str
    proof: str
    received_at: datetime
    tries: int
    hints: tuple[Hint, ...] = ()
    answers: list[Answer] = field(default_factory=list)

    def event(self) -> Event:
        kind = self.headers.get("headers", {}).get("content-type", "")
        return Event(self.body, kind, self.path, self.headers.get("query", {}))

    def payments(self) -> list[MoneySeen]:
        return [m for a in self.answers if isinstance(a, Truth) for m in _payments(a)]

    def unanswered(self) -> BankUnreachable | None:
        return next((a for a in self.answers if isinstance(a, BankUnreachable)), None)


def _payments(truth: Truth) -> list[MoneySeen]:
    return [*truth.payments, *(m for charge in truth.charges for m in charge.payments)]


def take_events(
    account: Account, collector: Collector, *, at: datetime, pool: Executor, limit: int = 64
) -> int:
    """Takes up to `limit` events of an account that are due; says how many. May run in any number of processes."""
    claimed = raw.rows(_CLAIM, {"account": account.id, "at": at, "limit": limit, "lease": _LEASE})
    waiting = [_Waiting(event, bytes(body), *rest) for event, body, *rest in claimed]
    if waiting:
        _take(account, collector, waiting, pool, at)
    return len(waiting)


_CLAIM = """
    WITH mine AS (
        UPDATE provider_event_todo SET due_at = %(at)s::timestamptz + %(lease)s::interval, tries = tries + 1
         WHERE event_id = ANY (ARRAY (
            SELECT t.event_id FROM provider_event_todo t JOIN provider_event e ON e.id = t.event_id
             WHERE t.due_at <= %(at)s AND e.payment_account_id = %(account)s
             ORDER BY t.due_at LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED)) RETURNING event_id, tries)
    SELECT e.id, e.body, e.headers, e.path, e.proof, e.received_at, m.tries
      FROM provider_event e JOIN mine m ON m.event_id = e.id ORDER BY e.id
"""


def leave_closed(*, at: datetime) -> int:
    """Says of events that nobody will take that this is so: their account is closed, or another system reports its
    payments and its bank cannot be asked."""
    found = raw.rows(_NOBODYS)
    raw.insert(
        "provider_event_result",
        ("event_id", "at", "result", "detail"),
        [(event, at, "ignored", _CLOSED if is_closed else _NOT_OURS) for event, is_closed in found],
    )
    return len(found)


_NOBODYS = """
    DELETE FROM provider_event_todo t USING provider_event e LEFT JOIN payment_account a ON a.id = e.payment_account_id
     WHERE e.id = t.event_id
       AND (a.id IS NULL OR a.closed_at IS NOT NULL OR (a.reported_by = 'other' AND a.client_id = ''))
    RETURNING t.event_id, a.id IS NULL OR a.closed_at IS NOT NULL
"""


def _take(
    account: Account, collector: Collector, waiting: list[_Waiting], pool: Executor, at: datetime
) -> None:
    plain: list[tuple[_Waiting, str, str]] = []
    asking: list[_Waiting] = []
    for event in waiting:
        hints = collector.parse_event(event.event())
        if isinstance(hints, NotUnderstood):
            plain.append((event, "ignored", hints.why))
        elif not hints:
            plain.append((event, "ignored", "a test"))
        else:
            event.hints = hints
            asking.append(event)
    _ask(collector, asking, pool)
    _settle(plain, at)
    _book_all(account, asking, at)


def _ask(collector: Collector, waiting: Sequence[_Waiting], pool: Executor) -> None:
    """One question for each thing hinted at, however many events hint at it."""
    hints = list({(h.payment_id, h.txid, h.token): h for w in waiting for h in w.hints}.values())
    answers = dict(
        zip(((h.payment_id, h.txid, h.token) for h in hints), pool.map(collector.truth, hints), strict=True)
    )
    for w in waiting:
        w.answers = [patient(answers[h.payment_id, h.txid, h.token]) for h in w.hints]


def _book_all(account: Account, waiting: list[_Waiting], at: datetime) -> None:
    """All in one transaction; if that fails, each by itself, so that one bad event keeps no other back. Raises where
    it is the database that is gone."""
    if not waiting:
        return
    try:
        _book(account, waiting, at)
    except Exception as why:
        if errors.is_away(why):
            raise
        if len(waiting) > 1:
            for one in waiting:
                _book_all(account, [one], at)
            return
        logger.exception("event %s of account %s could not be booked", waiting[0].id, account.id)
        with transaction.atomic():
            _again(account, waiting[0], "it could not be booked", at)


def _book(account: Account, waiting: Sequence[_Waiting], at: datetime) -> None:
    money = {m.id: m for w in waiting for m in w.payments()}
    with transaction.atomic():
        landed = {a.payment_id: a for a in credit(account, list(money.values()), at=at)}
        holding.release(account, _answered(waiting), at=at)
        results = []
        for w in waiting:
            if (silence := w.unanswered()) is not None:
                held = holding.hold_while_silent(account, w.hints, proof=w.proof, at=at)
                _again(account, w, silence.error, at, held=held)
            else:
                results.append((w, *_result(account, w, landed, at)))
        _settle(results, at)


def _answered(waiting: Sequence[_Waiting]) -> list[str]:
    """The charges of which the bank has said now what there is."""
    answered = [w for w in waiting if w.unanswered() is None]
    told = [h.txid for w in answered for h in w.hints if h.txid]
    return told + [m.txid for w in answered for m in w.payments() if m.txid]


def _result(account: Account, w: _Waiting, landed: Mapping[str, Landed], at: datetime) -> tuple[str, str]:
    refused = next((a for a in w.answers if isinstance(a, BankRefused)), None)
    if refused is not None:
        _case(account, w, f"the bank refuses: {refused.code} {refused.said}", at)
        return "failed", f"{refused.code} {refused.said}"
    found = [landed[m.id] for m in w.payments()]
    if not found:
        told_of_money = any(h.payment_id for h in w.hints) or any(isinstance(a, NotFound) for a in w.answers)
        return (
            ("unidentified", "the bank knows nothing of it")
            if told_of_money
            else ("done", "nothing was paid")
        )
    if not account.is_ours:
        return "ignored", _NOT_OURS
    told = _wrongly_told(w)
    if told:
        _case(account, w, told, at)
    strange = [f for f in found if isinstance(f, Unidentified)]
    if strange:
        return "unidentified", ", ".join(f"{f.payment_id}: {f.why}" for f in strange)
    return "done", told or ("seen before" if all(isinstance(f, SeenBefore) for f in found) else "credited")


def _wrongly_told(w: _Waiting) -> str:
    """What the event says of amounts and the bank does not."""
    true = {m.id: m.amount for m in w.payments()}
    wrong = [h for h in w.hints if h.told is not None and true.get(h.payment_id, h.told) != h.told]
    return "; ".join(f"{h.payment_id}: the event says {h.told}, the bank {true[h.payment_id]}" for h in wrong)


def _again(account: Account, w: _Waiting, why: str, at: datetime, *, held: bool = False) -> None:
    if at - w.received_at > _GIVE_UP:
        _case(account, w, why, at)
        _settle([(w, "failed", why)], at)
        return
    wait = _WAITS[min(w.tries, len(_WAITS)) - 1]
    raw.run(
        "UPDATE provider_event_todo SET due_at = %s WHERE event_id = %s", [at + timedelta(seconds=wait), w.id]
    )
    if held:
        _say([(w, "held", why)], at)


def _case(account: Account, w: _Waiting, why: str, at: datetime) -> None:
    case = Case("event_failed", f"event {w.id}", account=account.id, event=w.id, detail=why)
    cases.open_cases(account.provider_id, [case], at)


def _settle(results: Sequence[tuple[_Waiting, str, str]], at: datetime) -> None:
    if results:
        with transaction.atomic():
            _say(results, at)
            raw.run(
                "DELETE FROM provider_event_todo WHERE event_id = ANY (%s)", [[w.id for w, _, _ in results]]
            )


def _say(results: Sequence[tuple[_Waiting, str, str]], at: datetime) -> None:
    raw.insert(
        "provider_event_result",
        ("event_id", "at", "result", "detail"),
        [(w.id, at, result, detail[:300]) for w, result, detail in results],
    )
