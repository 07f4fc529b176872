"""The adapters of payment accounts, one for each account and process: they keep tokens and connections."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings

from religa import wiring
from religa.actions.money import poll
from religa.entrypoints.common import hooks
from religa.ports.money import (
    BankUnreachable,
    Capability,
    ChargeRef,
    Collector,
    Event,
    Hint,
    NotUnderstood,
    WantedCharge,
)
from religa.records import accounts, secrets
from religa.records.accounts import APP_KEY, CERTIFICATE, CLIENT_SECRET, Account

DEMO, POLL_ONLY = "demo", "poll_only"
OWN = frozenset({DEMO, POLL_ONLY})  # words of `payment_account.settings` that are ours and no adapter's


class Banks:
    """Makes an account's adapter when it is first asked for, and again once what it is made of has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[int, tuple[object, Collector]] = {}

    def of(self, account: Account) -> Collector:
        """Never fails: an account that cannot be called yet is one whose bank does not answer, and says why."""
        made_of = (account.kind, account.profile, account.pix_key, account.client_id, str(account.settings),
                   settings.DEMO_BANK, settings.HOOKS_URL, accounts.secrets_changed_at(account.id))  # fmt: skip
        with self._lock:
            kept = self._made.get(account.id)
            if kept is None or kept[0] != made_of:
                kept = self._made[account.id] = (made_of, self._make(account))
            return kept[1]

    @staticmethod
    def _make(account: Account) -> Collector:
        try:
            return wiring.collector(
                kind=account.kind,
                profile=account.profile,
                pix_key=account.pix_key,
                client_id=account.client_id,
                secret=accounts.secret(account.id, CLIENT_SECRET) or "",
                certificate=accounts.secret(account.id, CERTIFICATE) or "",
                settings=_settings(account),
            )
        except (ValueError, TypeError, secrets.Unopenable) as why:
            return Uncallable(str(why))


class Uncallable:
    """Port `Collector` of an account that is not filled in well enough to be called."""

    capabilities: frozenset[Capability] = frozenset({Capability.LIST_RECEIVED})

    def __init__(self, why: str) -> None:
        self.why, self._silence = why, BankUnreachable(why)

    def create(self, wanted: WantedCharge) -> BankUnreachable:
        return self._silence

    def update(self, ref: ChargeRef, wanted: WantedCharge) -> BankUnreachable:
        return self._silence

    def cancel(self, ref: ChargeRef) -> BankUnreachable:
        return self._silence

    def fetch(self, ref: ChargeRef) -> BankUnreachable:
        return self._silence

    def received(self, *, since: datetime, until: datetime) -> BankUnreachable:
        return self._silence

    def truth(self, hint: Hint) -> BankUnreachable:
        return self._silence

    def parse_event(self, event: Event) -> tuple[Hint, ...] | NotUnderstood:
        return NotUnderstood(self._silence.error)


BANKS = Banks()
_FRESH = timedelta(minutes=2)  # a list that is this young is not asked for again before blocks


def ask_before_blocks(provider_id: int, at: datetime) -> Sequence[poll.Silent]:
    """What a provider's banks have received is booked before first blocks; those that say nothing."""
    return poll.ask_before_blocks(provider_id, BANKS.of, at=at, fresh=_FRESH)


def _settings(account: Account) -> dict[str, object]:
    """What the adapter reads besides: without what is for us, with the key that some banks want (BB).

    The demo's bank listens wherever a port was free (RELIGA_DEMO_BANK).
    """
    given = {name: value for name, value in account.settings.items() if name not in OWN}
    if app_key := accounts.secret(account.id, APP_KEY):
        given["app_key"] = app_key
    if address := _told_with_each_charge(account):
        given["notify_url"] = address
    if account.settings.get(DEMO) and settings.DEMO_BANK:
        given |= {"base_url": f"{settings.DEMO_BANK}/api", "token_url": f"{settings.DEMO_BANK}/oauth/token"}
    return given


def _told_with_each_charge(account: Account) -> str:
    """Our address for events, where it is no setting of the bank's (API Pix) but goes with every charge (Efí)."""
    if account.kind != "efi_cobrancas" or account.settings.get(POLL_ONLY):
        return ""
    address = hooks.of(account.id, account).ours
    return address if address.startswith("https:") else ""  # a name of this machine is no use to anybody else


def demo_pay_page(account: Account, txid: str, back: str) -> str:
    """The page on which the demo's bank is paid; empty for an account at a real bank."""
    if not account.settings.get(DEMO) or not settings.DEMO_BANK:
        return ""
    return f"{settings.DEMO_BANK}/_fake/pagar/{txid}?{urlencode({'voltar': back})}"


def problems(account: Account) -> Sequence[str]:
    """What keeps an account from being called; empty if nothing does."""
    made = BANKS.of(account)
    return (made.why,) if isinstance(made, Uncallable) else ()
