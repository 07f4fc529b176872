"""Choosing a bank by its name."""

import pytest

from religa import wiring

ACCOUNT = {"client_id": "ana-internet", "pix_key": "caixa@ana-internet.test"}


def test_every_bank_can_be_chosen_and_says_its_name():
    banks = wiring.api_pix_banks()
    assert banks["itau"] == "Itaú" and "generic" in banks
    for name in banks:
        made = wiring.api_pix(
            profile=name, base_url="https://bank.test", token_url="https://bank.test/t", **ACCOUNT
        )
        assert made.account.profile.name == name


def test_an_unknown_bank_is_named_with_those_that_are_known():
    with pytest.raises(ValueError, match="no bank 'ebank': know efi, sicoob"):
        wiring.api_pix(profile="ebank", **ACCOUNT)
