"""What a person decides about a case: keep it as credit, give it back, try again, or take note. Once, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from religa.actions.carry_out import Done, carry_out
from religa.actions.money import cases, refunding, resolve, retry_event, returns
from religa.actions.money.refunding import Asked, NotByBank
from religa.actions.money.resolve import Already
from religa.domain import deeds
from religa.domain.facts import Method, Payment
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.records import accounts, locks, raw
from religa.records.changes import Beside, PaymentDetails


class Way(StrEnum):
    """What may be done about a case."""

    KEEP = "keep"
    REFUND = "refund"
    TRY_AGAIN = "try_again"
    BACK_TO_QUEUE = "back_to_queue"
    NOTE = "note"


_OVER = (Way.KEEP, Way.REFUND)
WAYS: dict[str, tuple[Way, ...]] = {
    "overpaid": _OVER,
    "paid_twice": _OVER,
    "paid_removed": _OVER,
    "reversed": (Way.NOTE,),
    "refund_failed": (Way.TRY_AGAIN, Way.KEEP, Way.BACK_TO_QUEUE),
    "event_failed": (Way.TRY_AGAIN, Way.NOTE),
    "charge_failed": (Way.TRY_AGAIN, Way.NOTE),
    "amount_differs": (Way.NOTE,),
    "ledger_differs": (Way.NOTE,),
    "wrong_key": (Way.NOTE,),
}
_WORDS = {
    Way.KEEP: "kept_as_credit",
    Way.REFUND: "refunded",
    Way.TRY_AGAIN: "tried_again",
    Way.BACK_TO_QUEUE: "noted",
    Way.NOTE: "noted",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """It is closed; `resolution` is the word that is kept."""

    resolution: str


@dataclass(frozen=True, slots=True)
class AboveCredit:
    """More was to go back than is left of it as credit (centavos): invoices have taken the rest meanwhile."""

    left: int


@dataclass(frozen=True, slots=True)
class WrongWay:
    """This is not what can be done about this case."""


class UnknownCase(LookupError):
    """There is no such case at this provider."""


No = Already | Refused | NotByBank | AboveCredit | WrongWay


@dataclass(frozen=True, slots=True)
class _Case:
    key: int
    provider_id: int
    kind: str
    subject: str
    contract_id: int | None
    payment_id: int | None
    payment: str | None
    charge_id: int | None
    event_id: int | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class _Asking:
    """One decision: who, why, when, and how much where money goes back."""

    way: Way
    reason: str
    author: str
    at: datetime
    amount: int | None


def settle(
    *,
    provider_id: int,
    case_id: int,
    way: Way,
    reason: str,
    author: str,
    at: datetime,
    amount: int | None = None,
) -> Settled | No:
    """Does it and closes the case, in one transaction. `amount`: of a refund, in centavos; None: all that is left.

    Raises `UnknownCase` for one that is not of this provider.
    """
    if not reason.strip():
        return refused(Refusal.NO_REASON)
    asking = _Asking(way, reason.strip(), author, at, amount)
    with transaction.atomic():
        _lock_contracts(_read(provider_id, case_id))
        taken = _take(provider_id, case_id)
        if isinstance(taken, Already):
            return taken
        answer = _do(taken, asking)
        if answer is not None:
            return answer
        cases.close_cases(provider_id, taken.kind, [taken.subject], resolution=_WORDS[way], at=at, author=author,
                          reason=asking.reason)  # fmt: skip
    return Settled(_WORDS[way])


_CASE = """
    SELECT m.id, m.provider_id, m.kind, m.subject, m.contract_id, m.payment_id,
           (SELECT external_id FROM payment p WHERE p.id = m.payment_id), m.charge_id, m.event_id, m.amount
      FROM money_case m WHERE m.provider_id = %s AND m.id = %s
"""


def _read(provider_id: int, case_id: int) -> _Case:
    found = raw.rows(_CASE, [provider_id, case_id])
    if not found:
        raise UnknownCase(case_id)
    return _Case(*found[0])


def _take(provider_id: int, case_id: int) -> _Case | Already:
    query = (
        "SELECT resolution, closed_at, author FROM money_case WHERE provider_id = %s AND id = %s FOR UPDATE"
    )
    [(resolution, closed_at, author)] = raw.rows(query, [provider_id, case_id])
    if closed_at is not None:
        return Already(resolution, closed_at, author)
    return _read(provider_id, case_id)


def _lock_contracts(case: _Case) -> None:
    """Contracts come before the case's own row: where the case opened, and where its money is now."""
    live = returns.live_payment(case.provider_id, case.payment) if case.payment else None
    refund = _refund(case) if case.kind == "refund_failed" else None
    named = (case.contract_id, live[1] if live else None, refund.contract_id if refund else None)
    contracts = sorted({c for c in named if c is not None})
    if contracts:
        locks.lock(locks.sharing_invoices(contracts))


def _do(case: _Case, asking: _Asking) -> No | None:
    if asking.way not in WAYS[case.kind]:
        return WrongWay()
    doing: dict[tuple[str, Way], Callable[[_Case, _Asking], No | None]] = {
        ("refund_failed", Way.TRY_AGAIN): _refund_again,
        ("refund_failed", Way.KEEP): _keep_after_all,
        ("refund_failed", Way.BACK_TO_QUEUE): _back_to_queue,
        ("event_failed", Way.TRY_AGAIN): _take_event_again,
        ("charge_failed", Way.TRY_AGAIN): _charge_again,
    }
    if asking.way is Way.REFUND:
        return _give_back(case, asking)
    done = doing.get((case.kind, asking.way))
    return done(case, asking) if done else None


# -- money that is too much -----------------------------------------------------------------------------------------


def credit_left(provider_id: int, payment: str) -> int:
    """What no invoice has taken of a payment, wherever it is now; centavos."""
    query = """
        WITH RECURSIVE line AS (
            SELECT id FROM payment WHERE provider_id = %s AND external_id = %s
            UNION ALL SELECT n.id FROM payment n JOIN line ON n.moved_from_id = line.id)
        SELECT coalesce(sum(c.amount), 0)::bigint FROM credit_entry c JOIN line ON line.id = c.payment_id
    """
    return int(raw.rows(query, [provider_id, payment])[0][0])


def _give_back(case: _Case, asking: _Asking) -> No | None:
    if case.payment is None:
        return refused(Refusal.UNKNOWN_PAYMENT)
    left = credit_left(case.provider_id, case.payment)
    amount = min(left, case.amount or left) if asking.amount is None else asking.amount
    if not 0 < amount <= left:
        return AboveCredit(left)
    [(account_id, method, paid_at)] = raw.rows(
        "SELECT payment_account_id, method, paid_at FROM payment WHERE id = %s", [case.payment_id]
    )
    account = accounts.get(account_id) if account_id is not None else None
    no = refunding.by_bank(
        kind=account.kind if account else None, method=method, paid_at=paid_at, at=asking.at
    )
    if no is not None or account is None:
        return no
    answer = refunding.ask(account, payment=case.payment, amount=amount, reason=asking.reason, at=asking.at,
                           author=asking.author)  # fmt: skip
    return None if isinstance(answer, Asked) else answer


# -- a refund that did not arrive -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Refund:
    """The refund a case is about, and the payment it was taken from."""

    external_id: str
    amount: int
    status: str
    payment_id: int | None
    unidentified_id: int | None
    contract_id: int | None
    method: str | None
    paid_at: datetime | None
    account_id: int | None


_REFUND = """
    SELECT r.external_id, r.amount, r.status, r.payment_id, r.unidentified_payment_id, p.contract_id, p.method,
           p.paid_at, p.payment_account_id
      FROM refund r LEFT JOIN payment p ON p.id = r.payment_id
     WHERE r.provider_id = %s AND r.external_id = %s AND r.refund_id = %s
"""


def _refund(case: _Case) -> _Refund | None:
    payment, _, refund_id = case.subject.rpartition(" ")
    found = raw.rows(_REFUND, [case.provider_id, payment, refund_id])
    return _Refund(*found[0]) if found else None


def _failed_refund(case: _Case) -> _Refund | None:
    found = _refund(case)
    return found if found is not None and found.status in ("not_done", "refused") else None


def _refund_again(case: _Case, asking: _Asking) -> No | None:
    """With a new id: the bank remembers the old one, and what became of it."""
    refund = _failed_refund(case)
    if refund is None:
        return refused(Refusal.UNKNOWN_PAYMENT)
    refunding.begin(case.provider_id, external_id=refund.external_id, amount=refund.amount, payment=refund.payment_id,
                    unidentified=refund.unidentified_id, reason=asking.reason, at=asking.at,
                    author=asking.author)  # fmt: skip
    return None


def _keep_after_all(case: _Case, asking: _Asking) -> No | None:
    """What was taken off the contract for the refund is booked there again, as money of the same moment."""
    refund = _failed_refund(case)
    if refund is None:
        return refused(Refusal.UNKNOWN_PAYMENT)
    if refund.contract_id is None or refund.method is None or refund.paid_at is None:
        return WrongWay()
    name = _free_name(case.provider_id, f"{refund.external_id}~back")
    payment = Payment(name, asking.at, refund.paid_at, refund.amount, Method(refund.method))
    details = PaymentDetails(account=refund.account_id, moved_from=refund.payment_id)
    done = carry_out(
        contract_id=refund.contract_id,
        at=asking.at,
        cause=f"payment {name}",
        deed=lambda standing: deeds.pay(standing, payment),
        author=asking.author,
        beside=Beside(payments={name: details}),
    )
    return None if isinstance(done, Done) else done


def _free_name(provider_id: int, name: str) -> str:
    query = "SELECT external_id FROM payment WHERE provider_id = %s AND external_id LIKE %s"
    taken = {found for (found,) in raw.rows(query, [provider_id, name.replace("_", r"\_") + "%"])}
    names = (name, *(f"{name}{n}" for n in range(2, len(taken) + 3)))
    return next(n for n in names if n not in taken)


def _back_to_queue(case: _Case, asking: _Asking) -> No | None:
    refund = _failed_refund(case)
    if refund is None or refund.unidentified_id is None:
        return WrongWay()
    resolve.put_back(refund.unidentified_id)
    return None


# -- what may go better another time --------------------------------------------------------------------------------


def _take_event_again(case: _Case, asking: _Asking) -> No | None:
    if case.event_id is None:  # a record of a file or of a list: the next one brings it again
        return WrongWay()
    retry_event.put_in_line(case.event_id, asking.at)
    return None


def _charge_again(case: _Case, asking: _Asking) -> No | None:
    """Made anew where it never was at the bank; else what has become of it is told once more."""
    raw.run(
        "UPDATE charge SET status = CASE status WHEN 'failed' THEN 'new' ELSE status END, try_at = %s, tries = 0,"
        " error = '' WHERE id = %s AND status IN ('failed', 'new', 'active')",
        [asking.at, case.charge_id],
    )
    return None
