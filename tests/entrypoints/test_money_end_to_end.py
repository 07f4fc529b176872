"""From the payer's tap to the open row, each part a process or a server of its own: the bank posts to our pages, `religa
collect` asks it, and what it answers opens access. Also while things are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connection

import people
from banking import bank_of
from religa.actions.money import charging
from religa.actions.money.charging import Payable
from religa.entrypoints.common.banks import BANKS
from religa.records import locks, raw
from religa.records.models import Charge, ContractAccess, Payment, PaymentAccount, ProviderEvent, RefusedEvent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 60  # seconds; what is waited for takes well under one


@pytest.fixture
def maria():
    now = locks.database_now()
    contract = people.blocked(people.provider(now), now)
    people.play(now)
    return contract


@pytest.fixture
def bank(maria, settings):
    with bank_of(maria.provider, settings) as psp:
        yield psp


class Collector:
    """`religa collect` on the tests' database, which may be killed and started again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.start()

    def start(self) -> None:
        place = connection.settings_dict
        url = f"postgresql://{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
        command = [sys.executable, "-m", "religa.entrypoints.commands.main", "collect"]
        environment = {
            **os.environ, "DATABASE_URL": url, "RELIGA_DEMO_BANK": django_settings.DEMO_BANK,
            "RELIGA_SECRET_KEY": django_settings.SECRET_KEY,
        }  # fmt: skip
        self.process = subprocess.Popen([*command, "--demo-address", self.address], env=environment)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def collector(live_server, bank) -> Iterator[Collector]:
    running = Collector(live_server.url)
    until(lambda: bool(bank.account.hooks))
    yield running
    if running.process.poll() is None:
        assert running.end(signal.SIGTERM) == 0


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def access(contract) -> str:
    return ContractAccess.objects.get(contract=contract).access


def code(contract) -> Charge:
    shown = charging.pay_now(
        contract_id=contract.pk, scope="everything", collector_for=BANKS.of, at=locks.database_now()
    )
    assert isinstance(shown, Payable), shown
    return Charge.objects.get(pk=shown.charge)


def test_a_payment_at_the_bank_opens_access_by_itself(maria, bank, collector):
    assert access(maria) == "walled"
    charge = code(maria)
    bank.pay(charge.txid)
    until(lambda: access(maria) == "full")
    [payment] = Payment.objects.filter(charge=charge)
    [event] = ProviderEvent.objects.all()
    assert payment.known_at >= event.received_at
    assert not RefusedEvent.objects.exists()


def test_an_event_that_came_while_the_collector_was_killed_is_not_lost(maria, bank, collector):
    charge = code(maria)
    collector.end(signal.SIGKILL)
    bank.pay(charge.txid)
    until(ProviderEvent.objects.exists)
    assert access(maria) == "walled"
    collector.start()
    until(lambda: access(maria) == "full")
    assert Payment.objects.filter(charge=charge).count() == 1


def test_without_events_the_list_is_read_while_somebody_waits(maria, bank, collector):
    PaymentAccount.objects.update(settings={"demo": True, "poll_only": True})
    raw.run("UPDATE payment_account SET polled_until = %s", [locks.database_now()])  # not due for minutes
    bank.account.hooks.clear()
    bank.pay(code(maria).txid)
    until(lambda: access(maria) == "full")
    assert not ProviderEvent.objects.exists()
