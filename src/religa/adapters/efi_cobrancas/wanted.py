"""What Efí is asked for, in its own units, and what is not worth asking because it would refuse or do it otherwise.

Limits and units: Efí's description of `POST /v1/charge/one-step`, read in November 2026.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from religa.adapters.efi_cobrancas.settings import Settings
from religa.domain import documents
from religa.ports.money import BankRefused, ChargeKind, Debtor, Terms, WantedCharge

KINDS = frozenset({ChargeKind.BOLETO, ChargeKind.BOLETO_PIX})
NOT_ASKED = 0  # where the code of a refusal is Efí's HTTP status, this one is ours: no call was made
TERMS_FROM = 10_00  # below R$ 10,00 Efí drops fine, interest and discount without a word
MAX_FINE, MAX_INTEREST = 1000, 330  # hundredths of a percent; thousandths of a percent a day
MAX_INTEREST_MONTH = ((MAX_INTEREST + 1) * 30 - 1) // 10  # the most that is still so much a day
MAX_DAYS = 120
_NAME = re.compile(r"\S+(?:\s+\S+)+")  # Efí wants a person's name and surname
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")


def refusal(wanted: WantedCharge, today: date, settings: Settings) -> BankRefused | None:
    """Why it is not asked for; None if it may be. All reasons at once, in `violations`."""
    reasons = (
        *_of_the_charge(wanted, today, settings),
        *_of_the_debtor(wanted.debtor),
        *_of_the_terms(wanted),
    )
    if not reasons:
        return None
    return BankRefused(NOT_ASKED, f"not sent to Efí: {reasons[0]}", reasons)


def _of_the_charge(wanted: WantedCharge, today: date, settings: Settings) -> Iterator[str]:
    if wanted.kind not in KINDS:
        yield f"this account issues boletos, not {wanted.kind}"
    if wanted.amount < settings.minimum:
        yield f"a boleto has {settings.minimum} centavos at least, and this has {wanted.amount}"
    if wanted.due_date is None:
        yield "a boleto has a due date"
    elif wanted.due_date < today:
        yield f"the due date {wanted.due_date} has passed; charge what is owed today with a day to come"
    if not 1 <= len(wanted.txid) <= 255:
        yield "the txid (custom_id) has 1 to 255 characters"
    if len(settings.notify_url) > 255:
        yield "the address for notifications has 255 characters at most"


def _of_the_debtor(debtor: Debtor | None) -> Iterator[str]:
    if debtor is None:
        yield "a boleto names who owes"
        return
    try:
        document = documents.parse(debtor.document)
    except documents.InvalidDocument as problem:
        yield f"the debtor's document is wrong: {problem.reason}"
        return
    person = document.kind is documents.DocumentKind.CPF
    if person and not _NAME.fullmatch(debtor.name.strip()):
        yield "Efí takes a person's name only with a surname"
    if not person and not debtor.name.strip():
        yield "a company has a name"


def _of_the_terms(wanted: WantedCharge) -> Iterator[str]:
    terms = wanted.terms
    if not 0 <= terms.fine_pct <= MAX_FINE:
        yield f"the fine is 0 to {MAX_FINE} hundredths of a percent"
    if not 0 <= terms.interest_pct_month <= MAX_INTEREST_MONTH:
        yield f"the interest is 0 to {MAX_INTEREST_MONTH} hundredths of a percent a month"
    if not 0 <= terms.payable_days <= MAX_DAYS:
        yield f"a boleto may be paid for 0 to {MAX_DAYS} days after its due date"
    if terms.discount:
        yield from _of_the_discount(wanted)


def _of_the_discount(wanted: WantedCharge) -> Iterator[str]:
    terms, due_date = wanted.terms, wanted.due_date
    if wanted.amount < TERMS_FROM:
        yield "below R$ 10,00 Efí would leave out the discount"
    if not 0 < terms.discount < wanted.amount:
        yield "the discount is less than the amount"
    if terms.discount_until and due_date and terms.discount_until > due_date:
        yield "the discount ends on the due date or before it"


def daily_interest(terms: Terms) -> int:
    """Thousandths of a percent a day: a thirtieth of the month's, truncated, so that 1.00 % a month is 33 (0.033 %).

    Efí also takes interest by the month, and says two different things of its unit; the daily one it has always had.
    """
    return terms.interest_pct_month * 10 // 30


def body(wanted: WantedCharge, notify_url: str = "") -> dict[str, Any]:
    """The request of `POST /v1/charge/one-step`, of a charge without `refusal`."""
    metadata = {"custom_id": wanted.txid}
    if notify_url:
        metadata["notification_url"] = notify_url
    return {
        "items": [{"name": _item(wanted.description), "value": wanted.amount, "amount": 1}],
        "metadata": metadata,
        "payment": {"banking_billet": _billet(wanted)},
    }


def _billet(wanted: WantedCharge) -> dict[str, Any]:
    assert wanted.debtor is not None and wanted.due_date is not None, "a charge with a refusal was sent"
    billet: dict[str, Any] = {
        "customer": _customer(wanted.debtor),
        "expire_at": wanted.due_date.isoformat(),
        "configurations": configurations(wanted.terms),
    }
    if wanted.terms.discount:
        until = wanted.terms.discount_until or wanted.due_date
        billet["conditional_discount"] = {
            "type": "currency",
            "value": wanted.terms.discount,
            "until_date": until.isoformat(),
        }
    if message := _message(wanted.description):
        billet["message"] = message
    return billet


def configurations(terms: Terms) -> dict[str, int]:
    """Zeros are sent as well: what is left out is taken from what the account has configured at Efí."""
    return {
        "fine": terms.fine_pct,
        "interest": daily_interest(terms),
        "days_to_write_off": terms.payable_days,
    }


def _customer(debtor: Debtor) -> dict[str, Any]:
    """A person by name and CPF, a company by `juridical_person` and neither. A doubtful e-mail stays at home."""
    document, name = documents.parse(debtor.document), " ".join(debtor.name.split())[:255]
    if document.kind is documents.DocumentKind.CPF:
        customer: dict[str, Any] = {"name": name, "cpf": document.digits}
    else:
        customer = {"juridical_person": {"corporate_name": name, "cnpj": document.digits}}
    if _EMAIL.fullmatch(debtor.email) and len(debtor.email) <= 255:
        customer["email"] = debtor.email
    return customer


def _item(description: str) -> str:
    """One line, which the payer sees, without `<` and `>`, which Efí refuses."""
    return " ".join(re.sub(r"[<>]", " ", description).split())[:255] or "Fatura"


def _message(description: str) -> str:
    """Four lines of 100 characters at most."""
    return "\n".join(textwrap.wrap(description, 100)[:4])
