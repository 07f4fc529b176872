"""Corrects the phone or e-mail of a holder: a code goes to the new one, and only when it comes back does it count.

So nobody moves another's notices by a call: the agent never sees the code, it must be read out by whoever holds the new
phone. The address in use until then is told, too, and stays in the history.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from religa.actions import protocol
from religa.actions.messages import outbox
from religa.actions.register_contact import first_phone
from religa.records import locks, raw, reach
from religa.records.models import AddressChange, AddressCheck, Contract, Subscriber, SubscriberPhone
from religa.wording import Moments, Receipt
from religa.wording.contacts import address_changed, address_code

LIFETIME = timedelta(minutes=10)
_TRIES, _DIGITS, _PER_QUARTER = 5, 6, 4
_QUARTER = timedelta(minutes=15)
PHONE, EMAIL = "phone", "email"
_EMAIL_FORM = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The new address. `old` is replaced; empty: the new one is put before all others. A phone in digits with its
    country code, an e-mail as written."""

    kind: str
    new: str
    old: str = ""
    whatsapp: bool = False


@dataclass(frozen=True, slots=True)
class CodeSent:
    """On its way to the new address, valid until `expires_at`."""

    check: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NotSent:
    """`why`: wrong_form, same (it is there already), unknown_old, or too_often."""

    why: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """It counts from now on."""

    protocol: str


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """Wrong, expired, used, or too many tries; which of them is not said."""


def begin(*, contract_id: int, wanted: Wanted, reason: str, at: datetime, author: str) -> CodeSent | NotSent:
    """Sends the code. Nothing has changed yet."""
    with transaction.atomic():
        locks.lock([contract_id])
        contract = _contract(contract_id)
        why = _fault(contract.subscriber, wanted, at)
        if why:
            return NotSent(why)
        check = _new_check(contract, wanted, reason, at, author)
    return CodeSent(check.pk, check.expires_at)


def pending(*, contract_id: int, at: datetime) -> AddressCheck | None:
    """The correction of this contract that waits for its code."""
    living = AddressCheck.objects.filter(
        contract_id=contract_id, used_at=None, expires_at__gt=at, attempts__lt=_TRIES
    )
    return living.order_by("-id").first()


def confirm(*, contract_id: int, check: int, code: str, at: datetime) -> Corrected | NotAccepted:
    """Takes the code once; every try counts. Both addresses are told."""
    with transaction.atomic():
        locks.lock([contract_id])
        waiting = pending(contract_id=contract_id, at=at)
        if waiting is None or waiting.pk != check:
            return NotAccepted()
        fits = hmac.compare_digest(bytes(waiting.digest), _digest(waiting.subscriber_id, waiting.new, code))
        waiting.attempts += 1
        waiting.used_at = at if fits else None
        waiting.save(update_fields=["attempts", "used_at"])
        if not fits:
            return NotAccepted()
        reach.reopen(waiting.new, by=waiting.author, at=at)
        return _correct(_contract(contract_id), waiting, at)


def _contract(contract_id: int) -> Contract:
    return Contract.objects.select_related("provider", "subscriber").get(pk=contract_id)


def _fault(person: Subscriber, wanted: Wanted, at: datetime) -> str:
    known = _known(person, wanted.kind)
    checks = [
        (not _is_well_formed(wanted), "wrong_form"),
        (wanted.new in known, "same"),
        (bool(wanted.old) and wanted.old not in known, "unknown_old"),
        (_asked_too_often(person, at), "too_often"),
    ]
    return next((why for applies, why in checks if applies), "")


def _known(person: Subscriber, kind: str) -> list[str]:
    if kind == EMAIL:
        return [person.email] if person.email else []
    return list(SubscriberPhone.objects.filter(subscriber=person).values_list("number", flat=True))


def _is_well_formed(wanted: Wanted) -> bool:
    if wanted.kind == EMAIL:
        return len(wanted.new) <= 254 and bool(_EMAIL_FORM.fullmatch(wanted.new))
    return bool(re.fullmatch(r"55[1-9][1-9](?:9[0-9]{8}|[2-8][0-9]{7})", wanted.new))


def _asked_too_often(person: Subscriber, at: datetime) -> bool:
    recent = AddressCheck.objects.filter(subscriber=person, created_at__gt=at - _QUARTER)
    return recent.count() >= _PER_QUARTER


def _new_check(contract: Contract, wanted: Wanted, reason: str, at: datetime, author: str) -> AddressCheck:
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    AddressCheck.objects.filter(contract=contract, used_at=None, expires_at__gt=at).update(expires_at=at)
    check = AddressCheck.objects.create(
        subscriber=contract.subscriber,
        contract=contract,
        kind=wanted.kind,
        old=wanted.old,
        new=wanted.new,
        whatsapp=wanted.whatsapp,
        digest=_digest(contract.subscriber_id, wanted.new, code),
        created_at=at,
        expires_at=at + LIFETIME,
        author=author,
        reason=reason,
    )
    to = ("email" if wanted.kind == EMAIL else "sms", wanted.new)

    def say(moments: Moments) -> Receipt:
        return address_code(code, is_phone=wanted.kind == PHONE, moments=moments)

    outbox.tell(contract_id=contract.pk, kind="code", at=at, to=to, say=say)
    return check


def _digest(subscriber: int, new: str, code: str) -> bytes:
    said = f"address|{subscriber}|{new}|{code}"
    return hmac.digest(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256)


def _correct(contract: Contract, check: AddressCheck, at: datetime) -> Corrected:
    before = check.old or next(iter(_known(contract.subscriber, check.kind)), "")
    (_put_email if check.kind == EMAIL else _put_phone)(contract.subscriber, check, at)
    AddressChange.objects.create(
        subscriber=contract.subscriber, contract=contract, kind=check.kind, old=check.old, new=check.new, at=at,
        author=check.author, reason=check.reason,
    )  # fmt: skip
    told = protocol.of_contract(contract_id=contract.pk, subject="address", at=at, author=check.author)
    _tell(contract, check, before, told, at)
    return Corrected(told)


def _put_email(person: Subscriber, check: AddressCheck, at: datetime) -> None:
    raw.run("UPDATE subscriber SET email = %s WHERE id = %s", [check.new, person.pk])


def _put_phone(person: Subscriber, check: AddressCheck, at: datetime) -> None:
    """In the place of the old one; the old one leaves the list, so that nobody writes to it any more."""
    phones = SubscriberPhone.objects.filter(subscriber=person)
    replaced = phones.filter(number=check.old).first()
    place = replaced.position if replaced else 1
    if replaced:
        replaced.delete()
    else:
        raw.run("UPDATE subscriber_phone SET position = position + 1 WHERE subscriber_id = %s", [person.pk])
    SubscriberPhone.objects.create(
        subscriber=person, position=place, number=check.new, whatsapp=check.whatsapp, verified_at=at
    )


def _tell(contract: Contract, check: AddressCheck, before: str, told: str, at: datetime) -> None:
    """The old address, the new one, and the e-mail where the phone has changed (and the other way round)."""
    is_phone = check.kind == PHONE
    channel = "sms" if is_phone else "email"
    other = _known(contract.subscriber, EMAIL if is_phone else PHONE)[:1]
    to = [(channel, before), (channel, check.new), *(("email" if is_phone else "sms", one) for one in other)]
    for address in dict.fromkeys(one for one in to if one[1]):
        outbox.tell(
            contract_id=contract.pk,
            kind="contact",
            at=at,
            to=address,
            say=lambda moments: address_changed(
                is_phone=is_phone,
                new=_masked(check),
                protocol=told,
                phone=first_phone(contract),
                moments=moments,
            ),
        )


def _masked(check: AddressCheck) -> str:
    """Enough to recognise one's own: a stranger reads it at the old address."""
    name, at_sign, domain = check.new.partition("@")
    return f"{name[:1]}•••••@{domain}" if at_sign else check.new[-4:]
