"""Registers a contact: the protocol number is told at its start (RGC art. 9), what was said is written down after it.

Nothing is ever rewritten: a correction is another entry. Every entry is confirmed to the holder at his own address, so
that he hears of what was said in his name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from religa.actions import protocol
from religa.actions.messages import outbox
from religa.domain.contacts import Account, ContactFault, faults_of
from religa.records import locks
from religa.records.models import Contact, Contract, ProtocolNumber
from religa.wording import Moments, Receipt
from religa.wording.contacts import contact_receipt

SUBJECT = "contact"


@dataclass(frozen=True, slots=True)
class Registered:
    """Kept, and confirmed to the holder."""

    contact: int


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """A business no, with every reason."""

    whys: tuple[ContactFault, ...]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody wrote this contact down, or corrected that entry, a moment ago."""


def begin(*, contract_id: int, at: datetime, author: str) -> str:
    """The protocol number to tell before anything else is said."""
    with transaction.atomic():
        return protocol.of_contract(contract_id=contract_id, subject=SUBJECT, at=at, author=author)


def begun(*, contract_id: int, number: str) -> ProtocolNumber | None:
    """The start of a contact of this contract; None: there is none of that number."""
    return ProtocolNumber.objects.filter(contract_id=contract_id, number=number, subject=SUBJECT).first()


def register(
    *,
    contract_id: int,
    number: str,
    written: Account,
    at: datetime,
    author: str,
    corrects: int | None = None,
) -> Registered | NotRegistered | Overtaken:
    """Writes down what was said in a contact that has begun. `corrects`: the latest entry of the same contact."""
    with transaction.atomic():
        locks.lock([contract_id])
        contract = Contract.objects.select_related("provider").get(pk=contract_id)
        start = begun(contract_id=contract_id, number=number)
        if start is None or _latest(contract_id, number) != corrects:
            return Overtaken()
        whys = faults_of(written, today=start.at.astimezone(ZoneInfo(contract.provider.zone)).date())
        if whys:
            return NotRegistered(whys)
        kept = _keep(contract, start, written, at, author, corrects)
        _confirm(contract, start, written, at, corrected=corrects is not None)
    return Registered(kept.pk)


def _latest(contract_id: int, number: str) -> int | None:
    entries = Contact.objects.filter(contract_id=contract_id, protocol=number)
    return entries.order_by("-id").values_list("pk", flat=True).first()


def _keep(
    contract: Contract,
    start: ProtocolNumber,
    written: Account,
    at: datetime,
    author: str,
    corrects: int | None,
) -> Contact:
    return Contact.objects.create(
        provider_id=contract.provider_id,
        contract=contract,
        protocol=start.number,
        started_at=start.at,
        registered_at=at,
        means=written.means.value,
        caller=written.caller.value,
        caller_name=written.caller_name,
        about=written.about.value,
        promised_on=written.promised_on,
        promised_amount=written.promised_amount,
        recording=written.recording,
        notes=written.notes,
        corrects_id=corrects,
        author=author,
    )


def _confirm(
    contract: Contract, start: ProtocolNumber, written: Account, at: datetime, *, corrected: bool
) -> None:
    def say(moments: Moments) -> Receipt:
        return contact_receipt(
            written,
            protocol=start.number,
            started_at=start.at,
            phone=first_phone(contract),
            corrected=corrected,
            moments=moments,
        )

    outbox.tell(contract_id=contract.pk, kind="contact", at=at, say=say)


def first_phone(contract: Contract) -> str:
    """The provider's first number as printed, with its hours; empty where there is none."""
    phones = contract.provider.phones
    return f"{phones[0]['number']}, {phones[0].get('hours', '')}".rstrip(", ") if phones else ""
