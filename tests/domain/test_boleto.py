"""Boletos: known layouts of banks, the factor that started over, and every way to mistype a number."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import boleto
from religa.domain.boleto import Boleto, BoletoProblem, InvalidBoleto

# Examples that the banks' own manuals print: Banco do Brasil (due 2007-12-31), Itaú (due 2002-05-01).
BB = Boleto("00193373700000001000500940144816060680935031")
BB_LINE = "00190.50095 40144.816069 06809.350314 3 37370000000100"
ITAU = Boleto("34196166700000123451101234567880057123457000")
ITAU_LINE = "34191.10121 34567.880058 71234.570001 6 16670000012345"
LIVRE = "0500940144816060680935031"


def problem_of(text: str) -> BoletoProblem:
    with pytest.raises(InvalidBoleto) as refused:
        boleto.parse(text)
    return refused.value.problem


@pytest.mark.parametrize(("code", "line"), [(BB, BB_LINE), (ITAU, ITAU_LINE)])
def test_a_banks_example_is_read_from_either_number_and_gives_the_other(code, line):
    assert boleto.parse(line) == boleto.parse(code.barcode) == code
    assert code.formatted == line
    assert code.linha_digitavel == line.replace(".", "").replace(" ", "")


def test_a_boleto_says_bank_amount_and_day():
    assert (BB.bank, BB.amount, BB.due_date(near=date(2008, 1, 1))) == ("001", 1_00, date(2007, 12, 31))
    assert (ITAU.bank, ITAU.amount, ITAU.due_date(near=date(2002, 4, 1))) == ("341", 123_45, date(2002, 5, 1))
    assert BB.campo_livre == LIVRE


def test_a_banks_example_is_composed_from_its_parts():
    assert boleto.compose(bank="001", campo_livre=LIVRE, amount=1_00, due_date=date(2007, 12, 31)) == BB


@pytest.mark.parametrize(
    ("due", "factor"),
    [
        (date(2000, 7, 3), 1000),
        (date(2000, 7, 4), 1001),
        (date(2002, 5, 1), 1667),
        (date(2025, 2, 21), 9999),
        (date(2025, 2, 22), 1000),
        (date(2025, 2, 23), 1001),
        (date(2026, 12, 10), 1656),
        (date(2049, 10, 13), 9999),
        (date(2049, 10, 14), 1000),
        (None, 0),
    ],
)
def test_the_factor_counts_days_and_started_over_in_february_2025(due, factor):
    assert boleto.factor_of(due) == factor
    code = boleto.compose(bank="001", campo_livre=LIVRE, amount=None, due_date=due)
    assert (code.factor, code.amount) == (factor, None)
    assert code.due_date(near=due or date(2026, 1, 1)) == due


def with_factor(factor: int) -> Boleto:
    start = date(2000, 7, 3) + timedelta(days=factor - 1000)
    return boleto.compose(bank="237", campo_livre=LIVRE, amount=99_90, due_date=start)


@pytest.mark.parametrize(
    ("factor", "near", "due"),
    [
        (1000, date(2000, 7, 3), date(2000, 7, 3)),
        (1000, date(2024, 12, 20), date(2025, 2, 22)),
        (1000, date(2026, 12, 10), date(2025, 2, 22)),
        (9999, date(2025, 3, 10), date(2025, 2, 21)),
        (9999, date(2049, 9, 1), date(2049, 10, 13)),
        (1656, date(2005, 1, 1), date(2002, 4, 20)),
        (1656, date(2026, 11, 1), date(2026, 12, 10)),
        (1000, date(1, 1, 1), date(2000, 7, 3)),
        (9999, date.max, date(9984, 3, 28)),
    ],
)
def test_a_factor_means_the_day_nearest_to_the_day_of_reference(factor, near, due):
    assert with_factor(factor).due_date(near=near) == due


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", BoletoProblem.EMPTY),
        (" . - ", BoletoProblem.EMPTY),
        (BB_LINE.replace("9", "q"), BoletoProblem.CHARACTER),
        ("٠" * 47, BoletoProblem.CHARACTER),
        ("²" * 44, BoletoProblem.CHARACTER),
        (BB_LINE[:-1], BoletoProblem.LENGTH),
        (BB_LINE + "0", BoletoProblem.LENGTH),
        ("1" * 48, BoletoProblem.LENGTH),
        ("846700000017435900240209024050002435842210108119", BoletoProblem.CONCESSIONARIA),
        ("84670000001-7 43590024020-9 02405000243-5 84221010811-9", BoletoProblem.CONCESSIONARIA),
        ("84670000001435900240200240500024384221010811", BoletoProblem.CONCESSIONARIA),
        (BB_LINE.replace("00190", "00191"), BoletoProblem.BLOCK_1),
        (BB_LINE.replace("40144", "40145"), BoletoProblem.BLOCK_2),
        (BB_LINE.replace("06809", "06808"), BoletoProblem.BLOCK_3),
        (BB_LINE.replace(" 3 ", " 4 "), BoletoProblem.GENERAL),
        (BB_LINE.replace("0000000100", "0000000200"), BoletoProblem.GENERAL),
        (BB.barcode[:-1] + "2", BoletoProblem.GENERAL),
    ],
)  # fmt: skip
def test_what_is_no_boleto_is_refused_with_its_reason(text, problem):
    assert problem_of(text) is problem


@pytest.mark.parametrize(
    ("head", "factor", "problem"),
    [("0018", "3737", BoletoProblem.CURRENCY), ("0019", "0999", BoletoProblem.FACTOR), ("0019", "0001", BoletoProblem.FACTOR)],
)  # fmt: skip
def test_a_well_checked_code_of_another_currency_or_without_a_day_is_refused(head, factor, problem):
    tail = factor + "0000000100" + LIVRE
    assert problem_of(head + boleto.mod11(head + tail) + tail) is problem


PARTS = {"bank": "001", "campo_livre": LIVRE, "amount": 1_00, "due_date": date(2026, 12, 10)}


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"bank": "1"}, BoletoProblem.BANK),
        ({"bank": "BB1"}, BoletoProblem.BANK),
        ({"campo_livre": LIVRE[1:]}, BoletoProblem.CAMPO_LIVRE),
        ({"campo_livre": LIVRE[1:] + "x"}, BoletoProblem.CAMPO_LIVRE),
        ({"amount": 0}, BoletoProblem.AMOUNT),
        ({"amount": -1}, BoletoProblem.AMOUNT),
        ({"amount": boleto.MAX_AMOUNT + 1}, BoletoProblem.AMOUNT),
        ({"due_date": date(2000, 7, 2)}, BoletoProblem.DUE_DATE),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_their_reason(wrong, problem):
    with pytest.raises(InvalidBoleto) as refused:
        boleto.compose(**PARTS | wrong)
    assert refused.value.problem is problem


@pytest.mark.parametrize("amount", [99.9, True, "100"])
def test_an_amount_that_is_no_whole_number_is_a_mistake_of_the_program(amount):
    with pytest.raises(TypeError, match="centavos"):
        boleto.compose(**PARTS | {"amount": amount})


def test_a_general_digit_is_never_zero():
    """A remainder that would give 0, 10 or 11 is written as 1."""
    codes = [boleto.compose(**PARTS | {"amount": n}) for n in range(1, 200)]
    assert {c.barcode[4] for c in codes} == set("123456789")


DIGITS = st.sampled_from("0123456789")
BOLETOS = st.builds(
    boleto.compose,
    bank=st.text(DIGITS, min_size=3, max_size=3).filter(lambda b: b[0] != "8"),
    campo_livre=st.text(DIGITS, min_size=25, max_size=25),
    amount=st.none() | st.integers(1, boleto.MAX_AMOUNT),
    due_date=st.none() | st.dates(date(2000, 7, 3), date(2060, 1, 1)),
)


@given(BOLETOS)
def test_line_and_bar_code_say_the_same(code):
    assert (
        boleto.parse(code.linha_digitavel)
        == boleto.parse(code.formatted)
        == boleto.parse(code.barcode)
        == code
    )


@given(st.dates(date(2000, 7, 3), date(9000, 1, 1)), st.integers(-4499, 4499))
def test_a_due_date_comes_back_from_anywhere_within_twelve_years(due, away):
    code = boleto.compose(bank="001", campo_livre=LIVRE, amount=None, due_date=due)
    assert code.due_date(near=due + timedelta(days=away)) == due


@given(BOLETOS, st.integers(0, 31), st.integers(1, 9))
def test_one_mistyped_digit_in_a_checked_block_is_found_and_its_block_named(code, place, more):
    line = code.linha_digitavel
    wrong = line[:place] + str((int(line[place]) + more) % 10) + line[place + 1 :]
    blocks = (BoletoProblem.BLOCK_1, BoletoProblem.BLOCK_2, BoletoProblem.BLOCK_3)
    assert problem_of(wrong) is blocks[0 if place < 10 else 1 if place < 21 else 2]


@given(BOLETOS, st.integers(32, 46), st.integers(1, 9))
def test_one_mistyped_digit_of_day_or_amount_is_found_unless_the_general_digit_is_1(code, place, more):
    line = code.linha_digitavel
    wrong = line[:place] + str((int(line[place]) + more) % 10) + line[place + 1 :]
    if line[32] == "1" and place > 32:
        return
    assert problem_of(wrong) is BoletoProblem.GENERAL


@given(st.text(max_size=60) | st.text(DIGITS, min_size=44, max_size=48))
def test_any_text_is_a_boleto_or_has_a_reason_why_not(text):
    try:
        found = boleto.parse(text)
    except InvalidBoleto as refused:
        assert refused.reason
    else:
        assert boleto.parse(found.linha_digitavel) == found
