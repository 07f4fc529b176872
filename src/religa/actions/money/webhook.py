"""Where a bank sends its events: read first, changed by a person, never taken from another system unasked.

One Pix key has one address (API Pix, `/webhook/{chave}`): whoever registers a second one silences the first. The bank
is asked outside of any transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import transaction

from religa.actions.save_account import Author, new_hook_secret
from religa.domain.payment_accounts import Owner, masked_url, owner_of
from religa.ports.money import BankRefused, BankUnreachable, NoAnswer, Webhook, WebhookRegistration
from religa.records import account_rows, accounts


@dataclass(frozen=True, slots=True)
class Addresses:
    """`ours`: where this account takes events now, with its secret; `own`: how all of its addresses start. Both ""
    where we have no public name."""

    ours: str
    own: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the bank has registered. `shown`: as it may be shown; `token` stands for the address in a confirmation."""

    owner: Owner
    shown: str
    token: str


@dataclass(frozen=True, slots=True)
class Registered:
    """The bank sends events to us now. `before`: whose address it had until now."""

    before: Owner


@dataclass(frozen=True, slots=True)
class Removed:
    """The bank sends no events to us. `changed`: it did until now."""

    changed: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """The bank sends its events to somebody else; nothing was changed."""

    found: Found


@dataclass(frozen=True, slots=True)
class NoAddress:
    """We have no public address to give to a bank."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The address has another secret now; what comes to the old one is refused from this instant on."""


def read(bank: WebhookRegistration, addresses: Addresses) -> Found | NoAnswer:
    """What is registered at the bank now. Changes nothing."""
    answer = bank.webhook()
    return _found(answer, addresses) if isinstance(answer, Webhook) else answer


def register(
    account_id: int,
    bank: WebhookRegistration,
    addresses: Addresses,
    *,
    by: Author,
    replacing: str = "",
    relay: bool = False,
) -> Registered | Foreign | NoAddress | NoAnswer:
    """Has the bank send its events to us. `replacing`: the token of the foreign address that a person has seen and
    gives up; `relay`: from then on it gets every event from us, as it came."""
    if not addresses.ours:
        return NoAddress()
    before = bank.webhook()
    if not isinstance(before, Webhook):
        return before
    found = _found(before, addresses)
    if found.owner is Owner.FOREIGN and found.token != replacing:
        return Foreign(found)
    relays = relay and found.owner is Owner.FOREIGN
    was = account_rows.replace_relay_url(account_id, before.url) if relays else ""
    answer = bank.register_webhook(addresses.ours)
    if not isinstance(answer, Webhook):
        if relays and isinstance(
            answer, BankRefused
        ):  # silence may have been a yes: then they shall not miss anything
            account_rows.replace_relay_url(account_id, was)
        return answer
    _write_down(account_id, "webhook_registered", by, before=found, relayed=relays)
    return Registered(found.owner)


def remove(
    account_id: int, bank: WebhookRegistration, addresses: Addresses, *, by: Author
) -> Removed | Foreign | NoAnswer:
    """Has the bank send us no events any more; what belongs to somebody else stays."""
    before = bank.webhook()
    if not isinstance(before, Webhook):
        return before
    found = _found(before, addresses)
    if found.owner is Owner.FOREIGN:
        return Foreign(found)
    if found.owner is Owner.NOBODY:
        return Removed(changed=False)
    answer = bank.remove_webhook()
    if isinstance(answer, BankRefused | BankUnreachable):
        return answer
    _write_down(account_id, "webhook_removed", by, before=found)
    return Removed(changed=True)


def replace_secret(account_id: int, *, by: Author) -> Replaced:
    """Gives the address another secret. The bank must be told afterwards (`register`)."""
    with transaction.atomic():
        accounts.keep_secret(
            account_id=account_id, name=accounts.HOOK, clear=new_hook_secret(), at=by.at, author=by.name
        )
        account_rows.write_down(account_id, "address_replaced", at=by.at, author=by.name)
    return Replaced()


def shown(account_id: int, *, by: Author) -> None:
    """Keeps that somebody was shown the address with its secret."""
    account_rows.write_down(account_id, "address_shown", at=by.at, author=by.name)


def listen_by_list_only(account_id: int, *, by: Author) -> None:
    """No webhook: the list is read every few minutes, and every few seconds while somebody is shown a code."""
    with transaction.atomic():
        account_rows.set_poll_only(account_id, True)
        detail = {"poll_only": [False, True]}
        account_rows.write_down(account_id, "changed", at=by.at, author=by.name, detail=detail)


def _found(webhook: Webhook, addresses: Addresses) -> Found:
    owner = owner_of(webhook.url, ours=addresses.ours, own=addresses.own)
    token = hashlib.sha256(webhook.url.encode()).hexdigest()
    return Found(owner, masked_url(webhook.url) if webhook.url else "", token)


def _write_down(account_id: int, what: str, by: Author, *, before: Found, relayed: bool = False) -> None:
    detail = {"before": before.shown, "owner": before.owner.value, "relayed": relayed}
    account_rows.write_down(account_id, what, at=by.at, author=by.name, detail=detail)
