"""The addresses that banks are given for their events."""

from __future__ import annotations

from django.conf import settings

from religa.actions.money.webhook import Addresses
from religa.domain.payment_accounts import PaymentAccount
from religa.records import accounts, secrets
from religa.records.accounts import Account


def start(account: PaymentAccount | Account) -> str:
    """How all addresses of its bank start; "" where no public name is set (RELIGA_HOOKS_URL). A host that asks for
    certificates is one bank's alone, so the name may hold `{bank}`."""
    bank = account.profile or account.kind
    return f"{settings.HOOKS_URL.replace('{bank}', bank)}/hooks/{bank}/" if settings.HOOKS_URL else ""


def of(account_id: int, account: PaymentAccount | Account) -> Addresses:
    """An account's address, with its secret. Empty where there is none, or where no key of ours opens it any more."""
    own = start(account)
    try:
        secret = accounts.secret(account_id, accounts.HOOK)
    except secrets.Unopenable:
        secret = None
    return Addresses(f"{own}{secret}" if own and secret else "", own)
