"""Gives money back: taken off the contract first, then asked of the bank with an id of ours, followed to its end.

Repeated after a crash it is the same refund. What the bank does not carry out becomes a case for a person.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from religa.actions.money import returns
from religa.actions.money.patience import patient
from religa.domain.facts import Method
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    Capability,
    Collector,
    NotFound,
    Refunds,
    Returned,
)
from religa.records import locks, raw
from religa.records.accounts import Account

WITHIN = timedelta(days=90)  # Manual de Padrões: a Pix may be given back for so long
_WAITS = (5, 30, 120, 600, 3600)
_FOLLOW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """The refund is on its way; `refund_id` is ours."""

    refund_id: str


def ask(
    account: Account, *, payment: str, amount: int, reason: str, at: datetime, author: str
) -> Asked | Refused:
    """Takes a part of a payment off its contract and asks for its return. `payment`: the endToEndId."""
    with transaction.atomic():
        live = returns.live_payment(account.provider_id, payment)
        if live is None:
            return refused(Refusal.UNKNOWN_PAYMENT)
        locks.lock([live[1]])
        live = returns.live_payment(account.provider_id, payment)
        if live is None:
            return refused(Refusal.PAYMENT_REVERSED)
        key, contract, standing, there = live
        if not 0 < amount <= there:
            return refused(Refusal.AMOUNT_ABOVE_OPEN)
        returns.take_off(account, contract=contract, key=key, payment=standing, amount=amount, at=at,
                         reason=f"refund: {reason}", author=author)  # fmt: skip
        return begin(account.provider_id, external_id=payment, amount=amount, payment=key, reason=reason, at=at,
                     author=author)  # fmt: skip


def begin(
    provider_id: int, *, external_id: str, amount: int, reason: str, at: datetime, author: str,
    payment: int | None = None, unidentified: int | None = None,
) -> Asked:  # fmt: skip
    """Keeps that the bank is to give money back: of a payment, taken off its contract before, or of money of nobody."""
    refund_id = secrets.token_hex(16)
    raw.run(
        "INSERT INTO refund (provider_id, payment_id, unidentified_payment_id, refund_id, external_id, amount, nature,"
        " status, rtr_id, asked_at, tries, try_at, error, reason, author)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'original', 'new', '', %s, 0, %s, '', %s, %s)",
        [provider_id, payment, unidentified, refund_id, external_id, amount, at, at, reason, author],
    )
    return Asked(refund_id)


@dataclass(frozen=True, slots=True)
class NotByBank:
    """The bank cannot be asked to give it back. `why`: no_account, not_by_this_bank, not_pix or too_old."""

    why: str


def by_bank(*, kind: str | None, method: str, paid_at: datetime, at: datetime) -> NotByBank | None:
    """Why money does not go back through its bank; None: it can. `kind`: of its account, None for one that is closed.

    Only API Pix has a way back (devolução), and for 90 days (Manual de Padrões).
    """
    checks = [
        (kind is None, "no_account"),
        (kind != "api_pix", "not_by_this_bank"),
        (method != Method.PIX, "not_pix"),
        (at - paid_at > WITHIN, "too_old"),
    ]
    return next((NotByBank(why) for applies, why in checks if applies), None)


_CLAIM = """
    WITH mine AS (
        UPDATE refund SET tries = tries + 1, try_at = %(at)s::timestamptz + interval '90 seconds'
         WHERE id = ANY (ARRAY (SELECT r.id FROM refund r LEFT JOIN payment p ON p.id = r.payment_id
                        LEFT JOIN unidentified_payment u ON u.id = r.unidentified_payment_id
                       WHERE r.status IN ('new', 'processing') AND r.try_at <= %(at)s
                         AND coalesce(p.payment_account_id, u.payment_account_id) = %(account)s
                       ORDER BY r.try_at LIMIT 20 FOR UPDATE OF r SKIP LOCKED))
        RETURNING id, external_id, refund_id, amount, status, tries, reason)
    SELECT * FROM mine ORDER BY id
"""


def follow(account: Account, collector: Collector, *, at: datetime) -> int:
    """Asks the bank for what is due and follows what is under way; says how many."""
    if Capability.REFUND not in collector.capabilities:
        return 0
    claimed = raw.rows(_CLAIM, {"at": at, "account": account.id})
    bank: Refunds = collector  # type: ignore[assignment]
    for refund, payment, refund_id, amount, status, tries, reason in claimed:
        if status == "new":
            answer = bank.refund(payment_id=payment, refund_id=refund_id, amount=amount, reason=reason)
        else:
            answer = bank.fetch_refund(payment_id=payment, refund_id=refund_id)
        with transaction.atomic():
            _keep(account, refund, payment, refund_id, amount, tries, answer, at)
    return len(claimed)


def _keep(
    account: Account, refund: int, payment: str, refund_id: str, amount: int, tries: int,
    answer: Returned | NotFound | BankRefused | BankUnreachable, at: datetime,
) -> None:  # fmt: skip
    answer = patient(answer)
    if isinstance(answer, Returned):
        returns.go_on(account, refund=refund, payment=payment, returned=answer, at=at)
        raw.run(
            "UPDATE refund SET try_at = %s WHERE id = %s AND status = 'processing'", [at + _FOLLOW, refund]
        )
    elif isinstance(answer, BankUnreachable):
        wait = timedelta(seconds=_WAITS[min(tries, len(_WAITS)) - 1])
        raw.run(
            "UPDATE refund SET try_at = %s, error = %s WHERE id = %s", [at + wait, answer.error[:300], refund]
        )
    else:
        said = answer.said if isinstance(answer, BankRefused) else "the bank does not know this payment"
        raw.run(
            "UPDATE refund SET status = 'refused', try_at = NULL, error = %s, settled_at = %s WHERE id = %s",
            [said[:300], at, refund],
        )
        returns.failed(account, payment, refund_id, amount, said, at)
