"""One title, however bank, paper and other systems write its number."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import boleto
from religa.domain.nosso_numero import Candidate, choose, core, of_boleto, readings, whole


@pytest.mark.parametrize(
    ("written", "form"),
    [("00231327", "231327"), ("109/00231327-5", "109002313275"), ("0000", ""), (" 12.34-p ", "1234P")],
)
def test_the_whole_is_letters_and_digits_without_leading_zeros(written, form):
    assert whole(written) == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("109/00231327-5", "231327"),
        ("09/00000000030-P", "30"),
        ("14000000000000101-0", "14000000000000101"),
        ("00231327", "231327"),
        ("175/0023", "23"),
    ],
)
def test_the_core_is_without_carteira_and_check_digit(written, form):
    assert core(written) == form


@pytest.mark.parametrize(
    ("bank", "in_file", "brought"),
    [
        ("341", "00231327", ["00231327", "231327", "109/00231327-5", "00231327-5"]),
        ("237", "00000000030P", ["00000000030P", "00000000030-P", "09/00000000030-P", "00000000030", "30"]),
        ("001", "16224200000000031", ["16224200000000031", "0000000031", "31"]),
        ("104", "14000000000000101", ["14000000000000101", "14000000000000101-0", "000000000000101", "101"]),
        ("033", "0000000001040", ["0000000001040", "104-0", "000000000104"]),
        ("748", "262000019", ["262000019", "26/200001-9", "26200001"]),
        ("756", "0000000834", ["0000000834", "83-4", "83"]),
        ("004", "09907980", ["0990798-0", "0990798"]),
        ("004", "0990798", ["0990798-0", "0990798"]),
        ("208", "00000000000000000268", ["268"]),
        ("", "8100231", ["8100231", "08100231"]),
    ],
)
def test_a_number_of_a_file_is_found_however_it_was_brought(bank, in_file, brought):
    forms = readings(bank, in_file)
    assert all(whole(text) in forms or core(text) in forms for text in brought)


def test_zeros_are_no_number():
    assert readings("341", "00000000") == readings("237", "") == ()


@given(st.sampled_from(["", "001", "033", "104", "237", "341", "999"]), st.text(max_size=20))
def test_no_reading_is_empty_or_comes_twice_whatever_is_written(bank, number):
    forms = readings(bank, number)
    assert all(forms) and len(set(forms)) == len(forms)
    assert forms == () or forms[0] == whole(number) or not whole(number)


_LIVRES = {
    "237": ("0142" "09" "00000000030" "0016910" "0", "30"),
    "341": ("109" "00231327" "5" "0111" "12345" "0" "000", "231327"),
    "001": ("000000" "16224200000000031" "17", "16224200000000031"),
    "033": ("9" "1234567" "0000000001040" "0" "101", "1040"),
    "104": ("123456" "7" "000" "1" "000" "4" "000000101" "8", "14000000000000101"),
    "748": ("1" "1" "262000019" "0165" "02" "00623" "1" "0" "7", "262000019"),
    "756": ("1" "3069" "01" "0123456" "00000834" "001", "834"),
    "004": ("0016" "0001193" "2" "0990798" "0" "21" "000", "9907980"),
    "208": ("0050" "01" "00000000268" "0012345" "0", "268"),
    "999": ("1" * 25, ""),
}  # fmt: skip


@pytest.mark.parametrize("bank", sorted(_LIVRES))
def test_the_number_is_read_out_of_the_campo_livre_of_its_bank(bank):
    livre, form = _LIVRES[bank]
    made = boleto.compose(bank=bank, campo_livre=livre, amount=99_90, due_date=date(2026, 11, 10))
    assert of_boleto(made) == form


def test_an_agreement_of_six_digits_at_banco_do_brasil_is_not_guessed():
    made = boleto.compose(bank="001", campo_livre="1234561234500" + "0" * 12, amount=1, due_date=None)
    assert of_boleto(made) == ""


# -- which charge ---------------------------------------------------------------------------------------------------


def _c(charge: int, written: str, *, amount: int = 99_90, own: bool = False, invoice: str = "") -> Candidate:
    return Candidate(charge, invoice or f"F{charge}", own, written, amount)


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([_c(1, "00231327")], 1),
        ([_c(1, "00231327", amount=1)], 1),  # the very digits: an amount may have changed
        ([_c(1, "231327")], 1),
        ([_c(1, "231327", amount=1)], None),  # only its form, and another amount: somebody else's, perhaps
        ([_c(1, "231327"), _c(2, "109/00231327-5")], None),
        ([_c(1, "231327", amount=1), _c(2, "109/00231327-5")], 2),
        ([_c(1, "00231327"), _c(2, "231327")], 1),
        ([_c(1, "00231327"), _c(2, "00231327", own=True, amount=1)], 2),
        ([_c(1, "00231327"), _c(2, "00231327")], None),  # of two accounts of an old system
        ([_c(2, "231327", invoice="F"), _c(1, "", invoice="F")], 1),  # both of one invoice
        ([], None),
    ],
)
def test_money_goes_only_where_there_is_no_doubt(found, chosen):
    best = choose("00231327", 99_90, found)
    assert (best.charge if best else None) == chosen


def test_where_the_file_does_not_say_the_titles_amount_a_single_charge_is_enough():
    assert choose("00231327", None, [_c(1, "231327", amount=1)]) is not None
    assert choose("00231327", 0, [_c(1, "231327"), _c(2, "231327")]) is None
