"""A contact between the provider's people and whoever called: what may be taken down, and what may be told to whom.

Amounts, invoices and history are the holder's alone: a debt is not shown to others (CDC art. 42, LGPD art. 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Caller(StrEnum):
    """Who speaks."""

    HOLDER = "holder"
    OTHER = "other"


class Means(StrEnum):
    """By which way he reached us, or we him."""

    PHONE = "phone"
    WHATSAPP = "whatsapp"
    DESK = "desk"
    EMAIL = "email"


class About(StrEnum):
    """What it is about."""

    DEBT = "debt"
    FAULT = "fault"
    UNLOCK = "unlock"
    PAYMENT = "payment"
    REGISTRATION = "registration"
    OTHER = "other"


class ContactFault(StrEnum):
    """Why a contact is not kept as it was written."""

    NO_NOTES = "no_notes"
    NO_NAME = "no_name"
    AMOUNT_TO_OTHERS = "amount_to_others"
    AMOUNT_WITHOUT_DAY = "amount_without_day"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    DAY_PAST = "day_past"


@dataclass(frozen=True, slots=True)
class Account:
    """What is written down. `promised_amount` in centavos, `promised_on` a civil day; None: nothing was promised."""

    means: Means
    caller: Caller
    about: About
    notes: str
    caller_name: str = ""
    promised_on: date | None = None
    promised_amount: int | None = None
    recording: str = ""


def faults_of(written: Account, *, today: date) -> tuple[ContactFault, ...]:
    """Everything that is wrong with it; `today` is the day of the contact."""
    amount, day = written.promised_amount, written.promised_on
    is_other = written.caller is Caller.OTHER
    checks = [
        (not written.notes, ContactFault.NO_NOTES),
        (is_other and not written.caller_name, ContactFault.NO_NAME),
        (is_other and amount is not None, ContactFault.AMOUNT_TO_OTHERS),
        (amount is not None and amount <= 0, ContactFault.AMOUNT_NOT_POSITIVE),
        (amount is not None and day is None, ContactFault.AMOUNT_WITHOUT_DAY),
        (day is not None and day < today, ContactFault.DAY_PAST),
    ]
    return tuple(why for applies, why in checks if applies)
