"""What a bank posted is shown without whom it is about."""

import pytest

from religa.entrypoints.console.masking import masked


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"cpf":"11144477735"}', '{"cpf":"11…35"}'),
        (b'{"cpf":11144477735}', '{"cpf":11…35}'),
        (b"CPF 111.444.777-35.", "CPF 11…35."),
        (b'"cnpj":"12.ABC.345/01DE-35"', '"cnpj":"12…35"'),
        (b'"cnpj":"11.222.333\\/0001-81"', '"cnpj":"11…81"'),
        (b'"cnpj":"12ABC34501DE35"', '"cnpj":"12…35"'),
        (b'{"cpf":"\\u0031\\u0031144477735"}', '{\n "cpf": "11…35"\n}'),
        (b'{"cpf":"\\u0031\\u0031144477735"', '{"cpf":"11…35"'),
        (b'"nome": "Maria \\"M\\" Silva", "x": 1', '"nome": "M…", "x": 1'),
        (
            b'"endToEndId":"E00000000202612051200abcdefghij1"',
            '"endToEndId":"E00000000202612051200abcdefghij1"',
        ),
        (
            b'"valor":"99.90","horario":"2026-12-05T12:00:00.000Z"',
            '"valor":"99.90","horario":"2026-12-05T12:00:00.000Z"',
        ),
        (b"\xff\x00", "\N{REPLACEMENT CHARACTER}␀"),
        (b"", ""),
    ],
)
def test_documents_and_names_are_covered_and_the_rest_stays(body, shown):
    assert masked(body) == shown


def test_a_long_body_is_cut_before_it_fills_the_page():
    assert len(masked(b"x" * 200_000)) == 20_000
