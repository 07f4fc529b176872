"""The contract of every collector, over the stand-in for Efí."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from collecting_contract import CollectingContract

from religa.adapters.efi_cobrancas import Account
from religa.adapters.fakes.efi import FakeEfi, Fault, Kind
from religa.ports.money import ChargeSeen, Event, WantedCharge

from .conftest import Clock, wanted


class EfiDriver:
    """`collecting_contract.Driver`."""

    def __init__(self, efi: FakeEfi, account: Account, clock: Clock) -> None:
        self.efi, self.collector, self.now_ = efi, account, clock

    def now(self) -> datetime:
        return self.now_()

    def wanted(self, txid: str, amount: int) -> WantedCharge:
        return wanted(txid=txid, amount=amount)

    def pay(self, charge: ChargeSeen, amount: int) -> None:
        self.efi.pay(charge.ref.bank_id, amount)

    def cancel_fails_once(self, charge: ChargeSeen) -> None:
        issued = self.efi.charges[int(charge.ref.bank_id)]
        look = issued.detailed

        def looked_at_and_then_paid() -> dict:
            shown = look()
            if issued.paid_at is None:
                self.efi.pay(issued.id)
            return shown

        issued.detailed = looked_at_and_then_paid  # type: ignore[method-assign]

    def events(self) -> list[Event]:
        self.efi.flush()
        return [Event(posted.body, posted.content_type) for posted in self.efi.posted]

    @contextmanager
    def faulty(self, kind: Kind, where: str = "", times: int | None = None) -> Iterator[None]:
        self.efi.faults = [Fault(kind, where, times)]
        yield
        self.efi.faults = []

    def silent(self):
        return self.faulty("html")

    def answer_lost(self):
        return self.faulty("lost", "one-step", 1)

    def refusing(self):
        return self.faulty("refused", "/v1/charge")


class TestEfi(CollectingContract):
    @pytest.fixture
    def bank(self, efi: FakeEfi, account: Account, clock: Clock) -> EfiDriver:
        return EfiDriver(efi, account, clock)


class TestEfiWithSparseLists(CollectingContract):
    """As Efí has been seen to list: without when and how much was paid."""

    @pytest.fixture
    def bank(self, efi: FakeEfi, account: Account, clock: Clock) -> EfiDriver:
        efi.sparse = True
        return EfiDriver(efi, account, clock)
