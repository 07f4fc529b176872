"""The demo's bank: codes that any bank app would read, payments that move nothing."""

from datetime import UTC, datetime

import pytest

from religa.adapters.fakes.bank import NO_BANK, FakeBank, br_code

AT = datetime(2026, 12, 5, 20, 12, tzinfo=UTC)
BANK = FakeBank(pix_key="123e4567-e12b-12d1-a456-426655440000", payee="Fulano de Tal")


def fields(code: str) -> dict[str, str]:
    found = {}
    while code:
        tag, length = code[:2], int(code[2:4])
        found[tag], code = code[4 : 4 + length], code[4 + length :]
    return found


def crc(text: str) -> str:
    """Bit by bit, from the definition: polynomial 0x1021, start 0xFFFF."""
    register = 0xFFFF
    for bit in "".join(f"{byte:08b}" for byte in text.encode()):
        carry = (register >> 15) ^ int(bit)
        register = (register << 1) & 0xFFFF ^ (0x1021 if carry else 0)
    return f"{register:04X}"


def test_the_code_is_well_formed():
    code = BANK.charge(txid="abc123", amount=102_72, description="", at=AT).copy_paste
    read = fields(code)
    assert read["53"] == "986" and read["58"] == "BR" and read["54"] == "102.72"
    assert read["59"] == "Fulano de Tal"
    assert fields(read["26"]) == {"00": "br.gov.bcb.pix", "01": "123e4567-e12b-12d1-a456-426655440000"}
    assert fields(read["62"]) == {"05": "abc123"}


def test_the_checksum_is_that_of_the_manual():
    # Manual de Padrões para Iniciação do Pix 2.10.0, section 2.6.3
    example = (
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000"
        "5204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***6304"
    )
    assert crc(example) == "1D3D"
    code = BANK.charge(txid="a", amount=1, description="", at=AT).copy_paste
    assert code[-4:] == crc(code[:-4])


def test_names_lose_their_accents_and_are_cut():
    code = br_code(pix_key="k", payee="São João Telecomunicações do Sertão", amount=5, txid="a")
    assert fields(code)["59"] == "Sao Joao Telecomunicacoes"
    assert fields(code)["54"] == "0.05"


@pytest.mark.parametrize("txid", ["a" * 26, "a-b", "ção", ""])
def test_a_txid_that_the_manual_forbids_is_refused(txid):
    with pytest.raises(ValueError, match="txid"):
        br_code(pix_key="k", payee="p", amount=1, txid=txid)


def test_one_charge_is_one_payment():
    first = BANK.settle(txid="abc", amount=100, at=AT)
    assert first == BANK.settle(txid="abc", amount=100, at=AT)
    assert first.id != BANK.settle(txid="abd", amount=100, at=AT).id
    assert first.id.startswith(f"E{NO_BANK}") and len(first.id) == 32
