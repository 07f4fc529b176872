"""Texts as a voice reads them: sums in words, hours in full, protocol numbers digit by digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.domain.money import format_reais
from religa.wording import Language, numbers
from religa.wording.speech import spoken

PT, EN, ES = Language.PT, Language.EN, Language.ES


@pytest.mark.parametrize(
    ("number", "pt", "en", "es"),
    [
        (0, "zero", "zero", "cero"),
        (16, "dezesseis", "sixteen", "dieciséis"),
        (21, "vinte e um", "twenty-one", "veintiuno"),
        (31, "trinta e um", "thirty-one", "treinta y uno"),
        (100, "cem", "one hundred", "cien"),
        (101, "cento e um", "one hundred and one", "ciento uno"),
        (999, "novecentos e noventa e nove", "nine hundred and ninety-nine", "novecientos noventa y nueve"),
        (1000, "mil", "one thousand", "mil"),
        (1200, "mil e duzentos", "one thousand two hundred", "mil doscientos"),
        (1203, "mil duzentos e três", "one thousand two hundred and three", "mil doscientos tres"),
        (21_000, "vinte e um mil", "twenty-one thousand", "veintiún mil"),
        (31_000, "trinta e um mil", "thirty-one thousand", "treinta y un mil"),
        (2_000_000, "dois milhões", "two million", "dos millones"),
    ],
)
def test_numbers_are_words(number, pt, en, es):
    assert [numbers.whole(number, language=language) for language in (PT, EN, ES)] == [pt, en, es]


@pytest.mark.parametrize(
    ("centavos", "pt", "en", "es"),
    [
        (102_72, "cento e dois reais e setenta e dois centavos", "one hundred and two reais and seventy-two centavos",
         "ciento dos reales con setenta y dos centavos"),
        (1_00, "um real", "one real", "un real"),
        (1, "um centavo", "one centavo", "un centavo"),
        (0, "zero reais", "zero reais", "cero reales"),
        (21_00, "vinte e um reais", "twenty-one reais", "veintiún reales"),
        (1_000_000_00, "um milhão de reais", "one million reais", "un millón de reales"),
    ],
)  # fmt: skip
def test_sums_are_words(centavos, pt, en, es):
    assert [numbers.reais(centavos, language=language) for language in (PT, EN, ES)] == [pt, en, es]


def test_a_text_is_made_to_be_heard():
    text = (
        "Pagando R$ 1.102,72 por Pix, a internet volta às 20h12 de 1º de dezembro. Protocolo: 20261201000042."
    )
    assert spoken(text, language=PT) == (
        "Pagando mil cento e dois reais e setenta e dois centavos por Pix, a internet volta às 20 horas e 12 minutos de "
        "primeiro de dezembro. Protocolo: dois, zero, dois, seis, um, dois, zero, um, zero, zero, zero, zero, quatro, dois."
    )


def test_the_zero_of_a_numbers_end_is_said():
    assert spoken("o número com final 01.", language=PT) == "o número com final zero, um."
    assert spoken("at 8:05 pm", language=EN) == "at 8:05 pm"


@given(st.integers(0, numbers.MOST * 100 + 99), st.sampled_from(list(Language)))
def test_no_sum_is_left_in_figures(centavos, language):
    said = spoken(f"Pague {format_reais(centavos, language)}.", language=language)
    assert said == f"Pague {numbers.reais(centavos, language=language)}."
    assert "  " not in said and not any(c.isdigit() for c in said)


@pytest.mark.parametrize("number", [-1, numbers.MOST + 1])
def test_what_cannot_be_said_is_an_error(number):
    with pytest.raises(ValueError, match="in words"):
        numbers.whole(number, language=PT)
