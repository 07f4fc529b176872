"""Every bank and layout: the columns, the money, the day, and which codes are payments."""

from __future__ import annotations

from datetime import date

import pytest

from cnab_files import CNPJ, WRITERS, Boleto, octets, put, written
from religa.adapters.cnab import Reader
from religa.ports.bank_files import BankFile, BankRecord, Movement

LAYOUTS = sorted(WRITERS)
NO_CREDIT_DAY = {("004", "cnab400")}
# What is an agency and what an account, as the headers of `cnab_files` have them.
WHOSE = {
    ("237", "cnab400"): ("01420", "00169102", "00000000000004466911"),
    ("341", "cnab400"): ("0111", "123450", ""),
    ("001", "cnab400"): ("33251", "000289353", "1622420"),
    ("033", "cnab400"): ("1111", "09999999", ""),
    ("748", "cnab400"): ("", "12345", ""),
    ("756", "cnab400"): ("30390", "000489816", "123456"),
    ("004", "cnab400"): ("0217", "00569113", ""),
    ("104", "cnab400"): ("1111", "", "999999"),
    ("104", "cnab240"): ("01234", "", "043210"),
    ("033", "cnab240"): ("45675", "0111111119", "001111111"),
    ("341", "cnab240"): ("1420", "54321 7", ""),
    ("001", "cnab240"): ("01420", "0000000543217", "123456789"),
}
# Codes that prove money; every other code of two digits does not, whatever stands in the column of the amount.
PAYMENTS = {
    ("237", "cnab400"): {"06", "15", "17"},
    ("341", "cnab400"): {"06", "07", "08", "59"},
    ("001", "cnab400"): {"05", "06", "07", "08", "15"},
    ("033", "cnab400"): {"06", "07", "08", "17"},
    ("748", "cnab400"): {"06", "15", "17"},
    ("756", "cnab400"): {"05", "06", "15"},
    ("004", "cnab400"): {"06", "07", "08"},
    ("104", "cnab400"): {"21", "22"},
    ("341", "cnab240"): {"06", "08"},
}
REVERSALS = {
    ("237", "cnab400"): {"22", "40"},
    ("341", "cnab400"): {"69"},
    ("341", "cnab240"): {"69"},
    ("001", "cnab400"): {"44"},
    ("033", "cnab400"): set(),
    ("748", "cnab400"): set(),
    ("756", "cnab400"): set(),
    ("004", "cnab400"): set(),
    ("104", "cnab400"): {"33"},
    ("104", "cnab240"): {"44", "47"},
}


def read(lines: list[str]) -> BankFile:
    file = Reader().read(octets(lines))
    assert isinstance(file, BankFile), file
    return file


def one(bank: str, layout: str, **facts) -> BankRecord:
    _, nosso, code = WRITERS[bank, layout]
    file = read(written(bank, layout, Boleto(nosso, **{"occurrence": code, **facts})))
    (record,) = file.records
    return record


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_a_title_paid_late_is_read_whole(bank: str, layout: str):
    record = one(bank, layout, title=9990, paid=10225, interest=235, fee=199)
    assert record.nosso_numero == WRITERS[bank, layout][1]
    assert record.document_number == "FAT 1001"
    assert (record.amount_title, record.amount_paid, record.interest_and_fine) == (9990, 10225, 235)
    assert (record.amount_net, record.fee, record.discount, record.rebate) == (10026, 199, 0, 0)
    assert record.paid_on == date(2026, 11, 10)
    assert record.credited_on == (None if (bank, layout) in NO_CREDIT_DAY else date(2026, 11, 11))
    assert record.is_payment
    assert record.occurrence_words.startswith("liquidação")


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_a_discount_lessens_what_was_paid(bank: str, layout: str):
    record = one(bank, layout, title=9990, discount=990, paid=9000, fee=0)
    assert (record.amount_title, record.discount, record.amount_paid, record.amount_net) == (
        9990,
        990,
        9000,
        9000,
    )


# As wide as the columns are: of the nosso número, of our own number, of the fee.
WIDTHS = {
    ("237", "cnab400"): (12, 10, 13),
    ("341", "cnab400"): (8, 10, 13),
    ("001", "cnab400"): (17, 10, 7),
    ("033", "cnab400"): (8, 10, 13),
    ("748", "cnab400"): (15, 10, 13),
    ("756", "cnab400"): (12, 10, 7),
    ("004", "cnab400"): (8, 10, 13),
    ("104", "cnab400"): (17, 10, 13),
    ("237", "cnab240"): (12, 15, 15),
    ("341", "cnab240"): (8, 10, 15),
    ("756", "cnab240"): (10, 15, 15),
    ("208", "cnab240"): (20, 15, 13),
    ("104", "cnab240"): (17, 11, 15),
    ("033", "cnab240"): (13, 15, 15),
}


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_columns_filled_to_their_edges_are_read_whole(bank: str, layout: str):
    nosso, document, fee = WIDTHS.get((bank, layout), (20, 15, 15))
    width = 13 if layout == "cnab400" else 15
    facts = {"title": 1, "paid": 9, "interest": 3, "discount": 4, "rebate": 6}
    amounts = {name: int(str(digit) * width) for name, digit in facts.items()}
    full = Boleto(
        "12345678901234567890"[:nosso],
        WRITERS[bank, layout][2],
        **amounts,
        fee=int("2" * fee),
        document="ABCDEFGHIJKLMNO"[:document],
    )
    (record,) = read(written(bank, layout, full)).records
    assert (record.nosso_numero, record.document_number) == (full.nosso, full.document)
    assert (record.amount_title, record.amount_paid, record.fee) == (full.title, full.paid, full.fee)
    assert (record.amount_net, record.interest_and_fine) == (full.paid - full.fee, full.interest)
    assert (record.discount, record.rebate) == (full.discount, full.rebate)


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_the_account_of_a_key_is_the_banks_own_writing(bank: str, layout: str):
    accounts = {
        ("237", "cnab400"): "237/01420/00169102",
        ("341", "cnab400"): "341/0111/123450",
        ("001", "cnab400"): "001/33251/000289353",
        ("033", "cnab400"): "033/1111/09999999",
        ("748", "cnab400"): "748//12345",
        ("756", "cnab400"): "756/30390/000489816",
        ("004", "cnab400"): "004/0217/00569113",
        ("104", "cnab400"): "104/1111/999999",
        ("033", "cnab240"): "033/456750111111119",
    }
    expected = accounts.get((bank, layout), f"{bank}/0142010000000543217")
    assert one(bank, layout).key.account == expected


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_the_header_says_whose_file_it_is(bank: str, layout: str):
    file = read(written(bank, layout, Boleto(WRITERS[bank, layout][1])))
    header = file.header
    default = ("01420", "0000000543217", "12345678901234567890")
    assert (file.bank, file.layout) == (bank, layout)
    assert (header.agency, header.account, header.convenio) == WHOSE.get((bank, layout), default)
    assert header.company_document == ("" if (bank, layout) == ("001", "cnab400") else CNPJ)
    assert header.generated_on == date(2026, 11, 11)
    assert file.notes == ()


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_the_banks_own_number_of_the_file_is_kept(bank: str, layout: str):
    numbers = {
        ("237", "cnab400"): "00042",
        ("341", "cnab400"): "00112",
        ("001", "cnab400"): "0000007",
        ("756", "cnab400"): "0000108",
        ("748", "cnab400"): "0000031",
        ("004", "cnab400"): "00194",
        ("104", "cnab400"): "00321",
        ("033", "cnab400"): "",
    }
    file = read(written(bank, layout, Boleto(WRITERS[bank, layout][1])))
    assert file.header.sequence == numbers.get((bank, layout), "900108")


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_only_the_codes_of_the_banks_table_are_payments(bank: str, layout: str):
    nosso = WRITERS[bank, layout][1]
    titles = [Boleto(nosso, occurrence=f"{code:02d}") for code in range(100)]
    records = read(written(bank, layout, *titles)).records
    found = {move: {r.occurrence for r in records if r.movement is move} for move in Movement}
    assert found[Movement.PAYMENT] == PAYMENTS.get((bank, layout), {"06", "17"})
    assert found[Movement.REVERSAL] == REVERSALS.get((bank, layout), {"44"})
    assert all(record.amount_paid == 9990 for record in records)  # a value in the column is no proof


def test_itaus_complaint_of_the_payer_and_its_refused_change_are_no_payments():
    for code in ("25", "17"):
        record = one("341", "cnab400", occurrence=code, paid=36785)
        assert (record.movement, record.amount_paid) == (Movement.OTHER, 36785)


def test_itaus_400_columns_give_the_net_credit_and_the_payer_paid_the_fee_too():
    record = one("341", "cnab400", title=4000, paid=4000, fee=210)
    assert (record.amount_paid, record.amount_net, record.fee) == (4000, 3790, 210)


def test_itaus_fee_of_an_entry_is_nobodys_payment():
    record = one("341", "cnab400", occurrence="02", paid=0, fee=333)
    assert (record.amount_paid, record.amount_net, record.fee) == (0, 0, 333)


def test_santanders_confirmed_entry_with_a_value_is_no_payment():
    record = one("033", "cnab400", occurrence="02", paid=1000)
    assert (record.movement, record.amount_paid) == (Movement.OTHER, 1000)


def test_a_title_that_was_settled_before_is_no_new_money_at_santander():
    assert one("033", "cnab400", occurrence="16").movement is Movement.OTHER


def test_six_is_a_settlement_everywhere_but_in_caixas_400_columns():
    assert one("104", "cnab400", occurrence="06").movement is Movement.OTHER
    assert one("104", "cnab240", occurrence="06").movement is Movement.PAYMENT


def test_a_payment_taken_back_is_a_reversal():
    assert one("237", "cnab400", occurrence="40").movement is Movement.REVERSAL
    assert one("104", "cnab240", occurrence="47").movement is Movement.REVERSAL


def test_banco_do_brasils_nosso_numero_keeps_its_seventeen_digits():
    assert one("001", "cnab400").nosso_numero == one("001", "cnab240").nosso_numero == "16224200000000031"


def test_caixas_nosso_numero_begins_at_column_forty():
    assert one("104", "cnab240").nosso_numero == "24000000011136997"


def test_bradescos_nosso_numero_is_the_same_in_both_layouts():
    assert one("237", "cnab400").nosso_numero == one("237", "cnab240").nosso_numero == "00000000030P"


def test_itaus_nosso_numero_is_the_same_in_both_layouts():
    assert one("341", "cnab400").nosso_numero == one("341", "cnab240").nosso_numero == "00231327"


def test_santanders_pix_record_is_no_title_and_names_the_transaction():
    lines = written("033", "cnab400", Boleto("00000199"), Boleto("00000202"))
    pix = "2" + "2" + CNPJ.ljust(77) + "YKP00055054700000000000350906"
    lines = [
        *lines[:2],
        pix.ljust(394) + "000003",
        *(put(t, 395, f"{n:06d}") for n, t in enumerate(lines[2:], 4)),
    ]
    file = read(lines)
    assert [(r.nosso_numero, r.txid) for r in file.records] == [
        ("00000199", "YKP00055054700000000000350906"),
        ("00000202", ""),
    ]
    assert file.ignored == (("type 2 (Pix)", 1),)


def test_santanders_pix_segment_names_the_transaction():
    lines = written("033", "cnab240", Boleto("0000000001040"))
    pix = "033000130000" + "3Y 0603" + " " * 61 + "2" + CNPJ.ljust(77) + "YKP0005505470000000000035090620"
    lines = [*lines[:4], pix.ljust(240), put(lines[4], 18, "000005"), put(lines[5], 24, "000007")]
    file = read(lines)
    assert [r.txid for r in file.records] == ["YKP0005505470000000000035090620"]
    assert file.ignored == (("segment Y (Pix)", 1),)


def test_itaus_pix_code_is_no_title():
    lines = written("341", "cnab400", Boleto("00231327"))
    pix = ("3" + "00020101021226850014br.gov.bcb.pix").ljust(394) + "000003"
    file = read([*lines[:2], pix, put(lines[2], 395, "000004")])
    assert (len(file.records), file.ignored) == (1, (("type 3", 1),))


def test_the_day_of_payment_and_the_day_of_credit_are_two_days():
    record = one("237", "cnab400", paid_on=date(2026, 11, 6), credited_on=date(2026, 11, 9))
    assert (record.paid_on, record.credited_on) == (date(2026, 11, 6), date(2026, 11, 9))


@pytest.mark.parametrize(("bank", "layout"), LAYOUTS)
def test_a_credit_that_has_no_day_yet_has_none(bank: str, layout: str):
    record = one(bank, layout, credited_on=None)
    assert (record.paid_on, record.credited_on) == (date(2026, 11, 10), None)


def test_blank_days_are_no_days():
    lines = written("237", "cnab240", Boleto("00000000030P", occurrence="02", paid=0))
    record = read([*lines[:3], put(lines[3], 138, " " * 16), *lines[4:]]).records[0]
    assert (record.paid_on, record.credited_on) == (None, None)


def test_a_year_of_two_digits_is_of_this_century_below_eighty():
    lines = written("237", "cnab400", Boleto("000000000097"))
    for written_year, year in (("79", 2079), ("80", 1980), ("00", 2000)):
        file = read([lines[0], put(lines[1], 115, written_year), lines[2]])
        assert file.records[0].paid_on == date(year, 11, 10)
