"""The demo's bank: codes that any bank app would read, payments that move nothing."""

from datetime import UTC, datetime

import pytest

from religa.adapters.fakes.bank import NO_BANK, FakeBank
from religa.domain import brcode
from religa.domain.brcode import BrCodeProblem, InvalidBrCode, StaticCode

AT = datetime(2026, 12, 5, 20, 12, tzinfo=UTC)
KEY = "123e4567-e12b-12d1-a456-426655440000"


def charged(payee: str = "Fulano de Tal", *, txid: str = "abc123", amount: int = 102_72) -> str:
    bank = FakeBank(pix_key=KEY, payee=payee)
    return bank.charge(txid=txid, amount=amount, description="", at=AT).copy_paste


def test_the_code_asks_for_the_amount_and_names_key_payee_and_charge():
    assert brcode.decode(charged()) == StaticCode(KEY, "Fulano de Tal", "BRASIL", 102_72, "abc123")


def test_names_lose_their_accents_and_are_cut():
    assert brcode.decode(charged("São João Telecomunicações do Sertão")).name == "Sao Joao Telecomunicacoes"


@pytest.mark.parametrize("payee", ["", "東京", "!!!"])
def test_a_payee_without_a_plain_letter_is_named_all_the_same(payee):
    assert brcode.decode(charged(payee)).name == "PROVEDOR"


@pytest.mark.parametrize("txid", ["a" * 26, "a-b", "ção", ""])
def test_a_txid_that_the_manual_forbids_is_refused(txid):
    with pytest.raises(InvalidBrCode, match="txid") as refused:
        charged(txid=txid)
    assert refused.value.problem is BrCodeProblem.TXID


def test_one_charge_is_one_payment():
    bank = FakeBank(pix_key=KEY, payee="Fulano de Tal")
    first = bank.settle(txid="abc", amount=100, at=AT)
    assert first == bank.settle(txid="abc", amount=100, at=AT)
    assert first.id != bank.settle(txid="abd", amount=100, at=AT).id
    assert first.id.startswith(f"E{NO_BANK}") and len(first.id) == 32
