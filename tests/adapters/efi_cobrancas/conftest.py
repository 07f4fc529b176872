"""An account at Efí, and the stand-in for Efí behind it; its clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest

pytest.register_assert_rewrite("collecting_contract")

from religa.adapters.efi_cobrancas import Account, Settings  # noqa: E402
from religa.adapters.fakes.efi import ZONE, FakeEfi  # noqa: E402
from religa.ports.money import ChargeKind, ChargeSeen, Debtor, Terms, WantedCharge  # noqa: E402

ANA = Debtor("11144477735", "Ana Souza", "ana@example.com")
TXID = "ReligaAna000000000000000000001"
FRIDAY = date(2026, 12, 4)
NOTIFY = "http://127.0.0.1:9/hooks/efi"  # nobody listens there


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 12, 1, 10, 0, tzinfo=ZONE)

    def __call__(self) -> datetime:
        return self.at


def wanted(**more: Any) -> WantedCharge:
    """Ana's boleto of R$ 99,90, due on a Friday."""
    usual = {
        "kind": ChargeKind.BOLETO_PIX,
        "txid": TXID,
        "amount": 99_90,
        "debtor": ANA,
        "due_date": FRIDAY,
        "terms": Terms(fine_pct=200, interest_pct_month=100),
        "description": "Internet de dezembro",
    }
    return WantedCharge(**(usual | more))


def settings(efi: FakeEfi, **more: Any) -> Settings:
    return Settings(
        efi.client_id,
        efi.client_secret,
        efi.base_url,
        **({"timeout": 3.0, "pause": 0.0, "notify_url": NOTIFY} | more),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def efi(clock: Clock) -> Iterator[FakeEfi]:
    with FakeEfi(now=clock) as fake:
        yield fake


@pytest.fixture
def account(efi: FakeEfi, clock: Clock) -> Iterator[Account]:
    found = Account(settings(efi), now=clock)
    yield found
    found.close()


@pytest.fixture
def issue(account: Account) -> Callable[..., ChargeSeen]:
    def issued(**more: Any) -> ChargeSeen:
        charge = account.create(wanted(**more))
        assert isinstance(charge, ChargeSeen), charge
        return charge

    return issued
