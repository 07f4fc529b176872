"""What a person decides about money of nobody: it goes to a contract, back through the bank, or is not ours.

Locks are taken as the crediting of a bank's list takes them (contract_access rows, then the money's own), so that
whoever comes first decides, the other is told, and the money lands once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from religa.actions.carry_out import Done, UnknownContract, carry_out
from religa.actions.messages.thanks import Paid, thank
from religa.actions.money import refunding
from religa.actions.money.landing import Credited
from religa.actions.money.refunding import Asked, NotByBank
from religa.domain import deeds
from religa.domain.facts import Facts, Method, Payment
from religa.domain.invoicing import Refused, refused
from religa.domain.reasons import Refusal
from religa.domain.standing import Standing
from religa.records import locks, raw
from religa.records.changes import Beside, PaymentDetails
from religa.records.loaded import Ask


@dataclass(frozen=True, slots=True)
class Already:
    """Somebody, or the bank's list, was quicker. `resolution`: the word that is kept; `author` empty: by itself."""

    resolution: str
    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class NotOurs:
    """It is kept for the record, and for nothing else."""


class UnknownMoney(LookupError):
    """There is no such money at this provider."""


def identify(
    *,
    provider_id: int,
    money: int,
    contract_id: int,
    reason: str,
    author: str,
    at: datetime,
    invoice: str | None = None,
) -> Credited | Already | Refused:
    """Credits it to a contract, with `invoice` on that one first. `money`: the row's key.

    The payment keeps the bank's id and the instant at which it was paid. Raises `UnknownMoney` or `UnknownContract`
    for what is not of this provider.
    """
    if not reason.strip():
        return refused(Refusal.NO_REASON)
    _must_be_of(provider_id, contract_id)
    with transaction.atomic():
        raw.rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [_external_id(provider_id, money)])
        locks.lock(locks.sharing_invoices([contract_id]))
        found = _take(provider_id, money, at)
        if isinstance(found, Already):
            return found
        if _landed(found):
            _close(found, "credited", at=at, author=author, reason=reason, payment=found.external_id)
            return Already("credited", at, "")
        done = _book(found, contract_id, invoice, author, at)
        if isinstance(done, Refused):
            return done
        _close(found, "credited", at=at, author=author, reason=reason, payment=found.external_id)
        paid = Paid(contract_id, done.was, done.decision, found.amount)
        thank([paid], at=at)
    return Credited(found.external_id, contract_id, paid.opened(at))


def give_back(
    *, provider_id: int, money: int, reason: str, author: str, at: datetime
) -> Asked | Already | Refused | NotByBank:
    """Asks the bank to give all of it back; `refunding.follow` sees to the end of that."""
    if not reason.strip():
        return refused(Refusal.NO_REASON)
    with transaction.atomic():
        found = _take(provider_id, money, at)
        if isinstance(found, Already):
            return found
        no = refunding.by_bank(kind=found.account_kind, method=found.method, paid_at=found.paid_at, at=at)
        if no is not None:
            return no
        _close(found, "refunded", at=at, author=author, reason=reason, payer_stays=True)
        return refunding.begin(provider_id, external_id=found.external_id, amount=found.amount, unidentified=found.key,
                               reason=reason, at=at, author=author)  # fmt: skip


def not_ours(
    *, provider_id: int, money: int, reason: str, author: str, at: datetime
) -> NotOurs | Already | Refused:
    """It is none of the provider's business with subscribers: an own transfer, another trade."""
    if not reason.strip():
        return refused(Refusal.NO_REASON)
    with transaction.atomic():
        found = _take(provider_id, money, at)
        if isinstance(found, Already):
            return found
        _close(found, "not_ours", at=at, author=author, reason=reason)
    return NotOurs()


def put_back(money: int) -> None:
    """Into the queue again, since the bank did not give it back. The caller has the case's row."""
    raw.run(
        "UPDATE unidentified_payment SET resolved_at = NULL, resolution = '' WHERE id = %s AND resolution = 'refunded'",
        [money],
    )


# -- the row --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Money:
    """One row, taken. `open_day`: the first day of its account's book that is not closed."""

    key: int
    provider_id: int
    external_id: str
    method: str
    amount: int
    fee: int
    paid_at: datetime
    credited_on: date | None
    account_id: int | None
    account_kind: str | None
    open_day: date | None


_TAKE = """
    SELECT u.resolution, u.resolved_at, u.author, u.id, u.provider_id, u.external_id, u.method, u.amount, u.fee,
           u.paid_at, u.credited_on, u.payment_account_id,
           (SELECT a.kind FROM payment_account a WHERE a.id = u.payment_account_id AND a.closed_at IS NULL),
           CASE WHEN u.payment_account_id IS NOT NULL THEN greatest(
                (%s::timestamptz AT TIME ZONE p.zone)::date,
                (SELECT max(day) + 1 FROM closing c
                  WHERE c.payment_account_id = u.payment_account_id AND c.cashier = '')
           ) END
      FROM unidentified_payment u JOIN provider p ON p.id = u.provider_id
     WHERE u.provider_id = %s AND u.id = %s FOR UPDATE OF u
"""


def _take(provider_id: int, money: int, at: datetime) -> _Money | Already:
    found = raw.rows(_TAKE, [at, provider_id, money])
    if not found:
        raise UnknownMoney(money)
    resolution, resolved_at, author, *rest = found[0]
    return Already(resolution, resolved_at, author) if resolved_at is not None else _Money(*rest)


def _external_id(provider_id: int, money: int) -> str:
    query = "SELECT external_id FROM unidentified_payment WHERE provider_id = %s AND id = %s"
    found = raw.rows(query, [provider_id, money])
    if not found:
        raise UnknownMoney(money)
    return str(found[0][0])


def _must_be_of(provider_id: int, contract_id: int) -> None:
    if not raw.rows("SELECT FROM contract WHERE id = %s AND provider_id = %s", [contract_id, provider_id]):
        raise UnknownContract(contract_id)


def _landed(money: _Money) -> bool:
    """Whether a payment with its id is booked already (somebody wrote it down by hand)."""
    query = "SELECT FROM payment WHERE provider_id = %s AND external_id = %s"
    return bool(raw.rows(query, [money.provider_id, money.external_id]))


def _book(money: _Money, contract_id: int, invoice: str | None, author: str, at: datetime) -> Done | Refused:
    payment = Payment(money.external_id, at, money.paid_at, money.amount, Method(money.method))
    first = (invoice,) if invoice else ()

    def pay(standing: Standing) -> Facts | Refused:
        if invoice and standing.facts.invoice(invoice) is None:
            return refused(Refusal.UNKNOWN_INVOICE)
        return deeds.pay(standing, payment, first=first)

    details = PaymentDetails(
        account=money.account_id, fee=money.fee, credited_on=money.credited_on, booked_on=money.open_day
    )
    return carry_out(
        contract_id=contract_id,
        at=at,
        cause=f"payment {money.external_id}",
        deed=pay,
        author=author,
        ask=Ask(invoices=first),
        beside=Beside(payments={money.external_id: details}),
    )


_CLOSE = """
    UPDATE unidentified_payment SET resolved_at = %(at)s, resolution = %(resolution)s, author = %(author)s,
           reason = %(reason)s,
           payment_id = (SELECT id FROM payment WHERE provider_id = %(provider)s AND external_id = %(payment)s),
           payer_document = CASE WHEN %(stays)s THEN payer_document ELSE '' END,
           payer_name = CASE WHEN %(stays)s THEN payer_name ELSE '' END
     WHERE id = %(key)s
"""


def _close(
    money: _Money, resolution: str, *, at: datetime, author: str, reason: str, payment: str | None = None,
    payer_stays: bool = False,
) -> None:  # fmt: skip
    """`payer_stays`: until the bank has given it back, since it may come into the queue again."""
    raw.run(
        _CLOSE,
        {"at": at, "resolution": resolution, "author": author, "reason": reason.strip(), "payment": payment,
         "provider": money.provider_id, "key": money.key, "stays": payer_stays},
    )  # fmt: skip
