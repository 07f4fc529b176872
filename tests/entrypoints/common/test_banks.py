"""What an account's adapter is made of besides its row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import people
from religa.actions import save_account
from religa.actions.save_account import Author, NewSecrets, Saved, Surroundings
from religa.adapters.fakes.efi import FakeEfi
from religa.domain.payment_accounts import PaymentAccount
from religa.entrypoints.common import hooks
from religa.entrypoints.common.banks import Banks
from religa.ports.money import ChargeKind, ChargeSeen, Debtor, WantedCharge
from religa.records import accounts, locks

pytestmark = pytest.mark.django_db
BOLETO = PaymentAccount("Boleto", "efi_cobrancas", client_id="id-1")


def address_given_with_a_charge(account: PaymentAccount) -> tuple[str, str]:
    """What Efí hears of where to tell us, and where we listen."""
    now = locks.database_now()
    by = Author("Helena", now, people.provider(now).pk)
    around = Surroundings(banks=set(), own="https://banco.religa.test/hooks/")
    with FakeEfi() as efi:
        typed = replace(account, client_id=efi.client_id)
        saved = save_account.create(typed, NewSecrets(client_secret=efi.client_secret), by=by, around=around)
        assert isinstance(saved, Saved)
        kept = accounts.get(saved.account_id)
        assert kept is not None
        bank = Banks().of(replace(kept, settings={**kept.settings, "base_url": efi.base_url}))
        due = efi._now().date() + timedelta(days=5)
        ana = Debtor("11144477735", "Ana Souza")
        made = bank.create(WantedCharge(ChargeKind.BOLETO_PIX, "ReligaAna1", 99_90, ana, due))
        assert isinstance(made, ChargeSeen), made
        told = efi.charges[int(made.ref.bank_id)].metadata.get("notification_url", "")
    return told, hooks.of(kept.id, kept).ours


def test_efi_is_told_with_each_charge_where_we_listen(settings):
    settings.HOOKS_URL = "https://banco.religa.test"
    told, ours = address_given_with_a_charge(BOLETO)
    assert told == ours and ours.startswith("https://banco.religa.test/hooks/efi_cobrancas/")


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:8000"])
def test_no_address_is_given_that_nobody_could_call(settings, address):
    settings.HOOKS_URL = address
    assert address_given_with_a_charge(BOLETO)[0] == ""


def test_an_account_whose_list_is_read_gives_no_address(settings):
    settings.HOOKS_URL = "https://banco.religa.test"
    assert address_given_with_a_charge(replace(BOLETO, poll_only=True))[0] == ""
