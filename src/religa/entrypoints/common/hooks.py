"""The addresses that banks are given for their events."""

from __future__ import annotations

from django.conf import settings

from religa.actions.money.webhook import Addresses
from religa.domain.payment_accounts import PaymentAccount
from religa.records import accounts, secrets


def start() -> str:
    """How all of them start; "" where no public name is set (RELIGA_HOOKS_URL)."""
    return f"{settings.HOOKS_URL}/hooks/" if settings.HOOKS_URL else ""


def of(account_id: int, account: PaymentAccount) -> Addresses:
    """An account's address, with its secret. Empty where there is none, or where no key of ours opens it any more."""
    if not start():
        return Addresses("", "")
    own = f"{start()}{account.profile or account.kind}/"
    try:
        secret = accounts.secret(account_id, accounts.HOOK)
    except secrets.Unopenable:
        secret = None
    return Addresses(f"{own}{secret}" if secret else "", own)
