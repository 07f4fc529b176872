"""What Efí's words mean: the status of a charge, the money on it, and money that went back.

A charge is paid once: Efí has one amount and one day for each. So the payment is named after the charge (`efi:<id>`),
and the same whether a notification, the detail or the list told of it; the entries of a history, which have numbers,
are not on the other two.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from religa.adapters.efi_cobrancas.answers import Charge, Item
from religa.ports.money import (
    ChargeKind,
    ChargeRef,
    ChargeSeen,
    ChargeStatus,
    MoneySeen,
    Nature,
    Returned,
    ReturnStatus,
)

PAID, REFUNDED, CONTESTED = "paid", "refunded", "contested"
MONEY = frozenset({PAID, REFUNDED, CONTESTED})
_STATUS = {
    "new": ChargeStatus.ACTIVE,
    "link": ChargeStatus.ACTIVE,
    "waiting": ChargeStatus.ACTIVE,
    # Money is on its way and not confirmed: nothing to credit, and the boleto still counts.
    "identified": ChargeStatus.ACTIVE,
    "approved": ChargeStatus.ACTIVE,
    "unpaid": ChargeStatus.ACTIVE,  # its day has passed; payable until it is written off
    PAID: ChargeStatus.PAID,
    REFUNDED: ChargeStatus.PAID,
    CONTESTED: ChargeStatus.PAID,
    # "Marked as paid" by somebody in Efí's panel: it can no longer be paid, and no money came through Efí.
    "settled": ChargeStatus.REMOVED,
    "canceled": ChargeStatus.REMOVED,
    "expired": ChargeStatus.EXPIRED,
}
_BACK = {REFUNDED: ReturnStatus.RETURNED, CONTESTED: ReturnStatus.PROCESSING}
PREFIX = "efi:"


def payment_id(charge_id: str) -> str:
    return f"{PREFIX}{charge_id}"


def charge_id(payment: str) -> str:
    """The charge of a payment; "" if it is not one of ours."""
    return payment.removeprefix(PREFIX) if payment.startswith(PREFIX) else ""


def seen(charge: Charge, kind: ChargeKind | None, payments: tuple[MoneySeen, ...]) -> ChargeSeen:
    """`kind` None: as it looks. A Bolix is what has a Pix code; whether charges get one, the account at Efí decides."""
    looks = ChargeKind.BOLETO_PIX if charge.copy_paste else ChargeKind.BOLETO
    return ChargeSeen(
        ref=ChargeRef(kind=kind or looks, txid=charge.txid, bank_id=charge.id),
        status=ChargeStatus.PAID if payments else _STATUS.get(charge.status, ChargeStatus.UNKNOWN),
        amount=charge.total,
        copy_paste=charge.copy_paste,
        linha_digitavel=charge.linha_digitavel,
        payments=payments,
    )


def of_charge(charge: Charge, zone: ZoneInfo) -> tuple[MoneySeen, ...] | None:
    """The money that an answer about a charge shows; None if it was paid and the answer does not say when."""
    if charge.status not in MONEY:
        return ()
    paid_at = _paid_at(charge.confirmed_at, charge.received_on, zone)
    if paid_at is None:
        return None
    amount = charge.total if charge.paid_value is None else charge.paid_value
    return (_payment(charge.id, charge.txid, amount, paid_at, _BACK.get(charge.status), charge.status, None),)


def of_history(
    history: Sequence[Item], charge: Charge | None, zone: ZoneInfo
) -> tuple[MoneySeen, ...] | None:
    """The money in one charge's history, where the last payment counts; where it has none, what the charge says."""
    paid = [item for item in history if item.status == PAID]
    if not paid:
        return () if charge is None else of_charge(charge, zone)
    # A contest that is turned down makes it "paid" again, with no amount: the payment itself was before.
    last = ([item for item in paid if item.value is not None] or paid)[-1]
    paid_at = _paid_at(last.at, last.received_on, zone)
    amount = _told(last.value, charge)
    if paid_at is None or amount is None:
        return None if charge is None else of_charge(charge, zone)
    back = [item for item in history if item.status in _BACK]
    status, word, at = _went_back(history)
    return (_payment(last.charge_id, last.txid, amount, paid_at, status if back else None, word, at),)


def _told(value: int | None, charge: Charge | None) -> int | None:
    if value is not None or charge is None:
        return value
    return charge.total if charge.paid_value is None else charge.paid_value


def _went_back(history: Sequence[Item]) -> tuple[ReturnStatus | None, str, datetime | None]:
    """Where the last word about money going back leaves it. Paid again after a contest: it did not go back."""
    status, word, at = None, "", None
    for item in history:
        if item.status in _BACK:
            status, word, at = _BACK[item.status], item.status, item.at
        elif item.status == PAID and status is ReturnStatus.PROCESSING:
            status, at = ReturnStatus.NOT_DONE, item.at
    return status, word, at


def _payment(
    charge: str,
    txid: str,
    amount: int,
    paid_at: datetime,
    back: ReturnStatus | None,
    word: str,
    back_at: datetime | None,
) -> MoneySeen:
    """A boleto, always: of a Bolix Efí does not say whether it was paid by Pix, and a boleto's days are the kinder."""
    returns = () if back is None else (_returned(charge, amount, back, word, back_at),)
    return MoneySeen(
        id=payment_id(charge),
        amount=amount,
        paid_at=paid_at,
        txid=txid or None,
        method="boleto",
        returns=returns,
    )


def _returned(charge: str, amount: int, status: ReturnStatus, word: str, at: datetime | None) -> Returned:
    """One way back for each payment, so that a contest that ends in a refund counts once. Efí names no part of it."""
    nature = Nature.ORIGINAL if word == REFUNDED else Nature.UNKNOWN
    settled_at = None if status is ReturnStatus.PROCESSING else at
    return Returned(f"{payment_id(charge)}:back", amount, status, nature, settled_at=settled_at, reason=word)


def _paid_at(confirmed: datetime | None, received: date | None, zone: ZoneInfo) -> datetime | None:
    """The payer's day counts, not the day on which Efí heard of it. Its time is known only where Efí heard within that
    day; else it is the day's beginning, which is never in the future and never after a promise that was kept."""
    if received is None or (confirmed is not None and confirmed.date() <= received):
        return confirmed
    return datetime.combine(received, time.min, zone)
