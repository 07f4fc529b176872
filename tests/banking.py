"""The demo's bank for tests of pages: a real fake PSP on loopback, and what `religa collect` would do now."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from religa.actions.money import receive_event
from religa.adapters.fakes.psp import FakePsp
from religa.entrypoints.commands import demo_bank
from religa.entrypoints.commands.collect import collect_once
from religa.ports.money import Event
from religa.records import accounts, locks
from religa.records.models import Charge, Provider


@contextlib.contextmanager
def bank_of(provider: Provider, settings: Any) -> Iterator[FakePsp]:
    """The provider's account collects there; `settings` are Django's."""
    with FakePsp(keys=(provider.pix_key,), seed=f"{provider.pk} {locks.database_now()}") as psp:
        settings.DEMO_BANK = psp.root
        demo_bank.account(provider, locks.database_now())
        yield psp


def collect(psp: FakePsp) -> None:
    """Every Pix is told of, as the bank's webhook does, and then the bank is asked."""
    for account in accounts.listening():
        for pix in list(psp.ledger.pix.values()):
            body = json.dumps({"pix": [{"endToEndId": pix.id, "txid": pix.txid}]}).encode()
            event = Event(body, "application/json", "pix")
            receive_event.receive(account, event, headers={}, proof="secret", at=locks.database_now())
        collect_once(account)


def last_charge() -> Charge:
    return Charge.objects.latest("id")
