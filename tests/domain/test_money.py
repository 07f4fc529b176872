"""Amounts as people, spreadsheets and banks write them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain import money
from religa.domain.money import AmountProblem, InvalidAmount

AMOUNTS = st.integers(-money.MAX_CENTAVOS, money.MAX_CENTAVOS)


@pytest.mark.parametrize(
    ("text", "centavos"),
    [
        ("1.234,56", 123_456),
        ("1234.56", 123_456),
        ("1234,56", 123_456),
        ("R$ 10,00", 10_00),
        ("R$\N{NO-BREAK SPACE}10,00", 10_00),
        ("r$10,00", 10_00),
        ("  99,90 ", 99_90),
        ("99,9", 99_90),  # a spreadsheet drops the last zero
        ("99.9", 99_90),
        ("10", 10_00),
        ("1234", 1_234_00),
        ("0", 0),
        ("0,01", 1),
        ("007,00", 7_00),
        ("00000000012345,67", 12_345_67),  # a column of fixed width
        ("1.234.567", 1_234_567_00),  # two points can only be thousands
        ("1.234.567,8", 1_234_567_80),
        ("-3,50", -3_50),
        ("-R$ 3,50", -3_50),
        ("R$ -3,50", -3_50),
        ("999.999.999,99", money.MAX_CENTAVOS),
    ],
)
def test_an_amount_in_reais_is_read_as_centavos(text: str, centavos: int) -> None:
    assert money.parse_reais(text) == centavos


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", AmountProblem.EMPTY),
        ("   ", AmountProblem.EMPTY),
        ("1.234", AmountProblem.AMBIGUOUS),
        ("1,234", AmountProblem.AMBIGUOUS),
        ("R$ 10.000", AmountProblem.AMBIGUOUS),
        ("0.500", AmountProblem.AMBIGUOUS),
        ("1,234.56", AmountProblem.MALFORMED),
        ("1234.567", AmountProblem.MALFORMED),
        ("12.34,56", AmountProblem.MALFORMED),
        ("1.234.56", AmountProblem.MALFORMED),
        (",50", AmountProblem.MALFORMED),
        ("10,", AmountProblem.MALFORMED),
        ("10,00-", AmountProblem.MALFORMED),
        ("--10,00", AmountProblem.MALFORMED),
        ("-R$ -10,00", AmountProblem.MALFORMED),
        ("R$", AmountProblem.MALFORMED),
        ("US$ 10,00", AmountProblem.MALFORMED),
        ("1 234,56", AmountProblem.MALFORMED),
        ("1e3", AmountProblem.MALFORMED),
        ("NaN", AmountProblem.MALFORMED),
        ("\N{ARABIC-INDIC DIGIT ONE}0,00", AmountProblem.MALFORMED),
        ("dez reais", AmountProblem.MALFORMED),
        ("1.000.000.000,00", AmountProblem.TOO_LARGE),
        ("34191790010104351004791020150008291070026000", AmountProblem.TOO_LARGE),  # a bar code in the column
    ],
)
def test_what_is_not_one_clear_amount_is_refused_with_its_reason(text: str, problem: AmountProblem) -> None:
    with pytest.raises(InvalidAmount) as refused:
        money.parse_reais(text)
    assert refused.value.problem is problem


def test_a_refusal_shows_what_was_read_and_what_to_write() -> None:
    with pytest.raises(InvalidAmount) as refused:
        money.parse_reais("1.234")
    assert str(refused.value) == (
        "'1.234' may mean thousands or a fraction: write the centavos, as in 1.234,00"
    )


@pytest.mark.parametrize("not_text", [10, 10.5, Decimal("10"), None, b"10,00"])
def test_only_text_is_parsed(not_text: object) -> None:
    with pytest.raises(TypeError):
        money.parse_reais(not_text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("centavos", "language", "text"),
    [
        (102_72, "pt-BR", "R$\N{NO-BREAK SPACE}102,72"),
        (102_72, "pt-br", "R$\N{NO-BREAK SPACE}102,72"),
        (102_72, "es", "R$\N{NO-BREAK SPACE}102,72"),
        (102_72, "es-419", "R$\N{NO-BREAK SPACE}102,72"),
        (102_72, "en", "R$\N{NO-BREAK SPACE}102.72"),
        (1_234_567_05, "pt-BR", "R$\N{NO-BREAK SPACE}1.234.567,05"),
        (1_234_567_05, "en_US", "R$\N{NO-BREAK SPACE}1,234,567.05"),
        (0, "pt-BR", "R$\N{NO-BREAK SPACE}0,00"),
        (-50, "pt-BR", "-R$\N{NO-BREAK SPACE}0,50"),
        (-199, "en", "-R$\N{NO-BREAK SPACE}1.99"),
    ],
)
def test_an_amount_is_written_as_the_reader_writes_it(centavos: int, language: str, text: str) -> None:
    assert money.format_reais(centavos, language) == text


def test_an_amount_is_not_written_in_a_language_nobody_worded() -> None:
    with pytest.raises(ValueError, match="'de'"):
        money.format_reais(1, "de")


@pytest.mark.parametrize("inexact", [102.72, 102.0, True, Decimal("1"), "102"])
def test_only_whole_centavos_are_written(inexact: object) -> None:
    with pytest.raises(TypeError, match="exact centavos"):
        money.format_reais(inexact)  # type: ignore[arg-type]


@given(AMOUNTS)
def test_what_is_written_in_portuguese_is_read_back(centavos: int) -> None:
    assert money.parse_reais(money.format_reais(centavos)) == centavos


@pytest.mark.parametrize(
    ("exact", "centavos"),
    [
        (Decimal("199.8"), 199),  # 2 % of R$ 99,90 (RGC art. 49)
        (Decimal("56.61"), 56),
        (Fraction(9990 * 2, 100), 199),
        (Fraction(99_99, 100), 99),
        (Decimal("-0.9"), 0),
        (Fraction(-19, 10), -1),
        (Decimal("3E+2"), 300),
        (7, 7),
    ],
)
def test_a_fraction_of_a_centavo_is_dropped(exact: Decimal | Fraction | int, centavos: int) -> None:
    found = money.truncate(exact)
    assert found == centavos
    assert type(found) is int


@given(st.fractions(min_value=-(10**12), max_value=10**12))
def test_truncation_never_adds_money_and_drops_less_than_a_centavo(exact: Fraction) -> None:
    found = money.truncate(exact)
    assert abs(found) <= abs(exact) < abs(found) + 1


@pytest.mark.parametrize("inexact", [199.8, 199.0, float("nan"), True, "199"])
def test_a_float_is_never_money(inexact: object) -> None:
    with pytest.raises(TypeError, match="exact centavos"):
        money.truncate(inexact)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_what_is_not_a_number_is_not_money(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        money.truncate(Decimal(text))
