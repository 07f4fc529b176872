"""Bodies of `cobv` as people and programs write them: what is read, and every problem of those that are refused."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.domain.pix_amounts import (
    DatedCharge,
    EarlyDiscount,
    EarlyKind,
    Flat,
    FlatKind,
    Interest,
    InterestKind,
    Until,
    UntilDiscount,
)
from religa.domain.pix_bodies import Body, Wrong, read, write_money

BODY: dict[str, Any] = {
    "calendario": {"dataDeVencimento": "2026-12-10", "validadeAposVencimento": 60},
    "devedor": {"cpf": "12345678909", "nome": "Francisco da Silva"},
    "valor": {
        "original": "99.90",
        "multa": {"modalidade": 2, "valorPerc": "2.00"},
        "juros": {"modalidade": 3, "valorPerc": "1.00"},
        "abatimento": {"modalidade": 1, "valorPerc": "0.90"},
        "desconto": {
            "modalidade": 2,
            "descontoDataFixa": [
                {"data": "2026-12-01", "valorPerc": "5.00"},
                {"data": "2026-12-05", "valorPerc": "3.00"},
            ],
        },
    },
    "chave": "5f84a4c5-c5cb-4599-9f13-7eb4d419dacc",
    "pago_em": "2026-12-12",
    "codMun": "2304400",
}
MONEY_FORM = 'write up to ten digits, a point and two decimals, as "2.00"'
NOTHING = object()


def changed(path: str, value: object) -> dict[str, Any]:
    """The body with one field replaced, or taken out (`NOTHING`)."""
    body = deepcopy(BODY)
    *above, name = path.split(".")
    inner = body
    for part in above:
        inner = inner[part]
    if value is NOTHING:
        del inner[name]
    else:
        inner[name] = value
    return body


def problems(body: object) -> tuple[str, ...]:
    found = read(body)
    assert isinstance(found, Wrong)
    return found.problems


def charge(body: object) -> DatedCharge:
    found = read(body)
    assert isinstance(found, Body), found
    return found.charge


def test_a_body_is_read_with_all_it_says_of_money_and_days() -> None:
    assert read(BODY) == Body(
        DatedCharge(
            99_90,
            date(2026, 12, 10),
            60,
            fine=Flat(FlatKind.PERCENT, 2_00),
            interest=Interest(InterestKind.PERCENT_A_MONTH, 1_00),
            rebate=Flat(FlatKind.AMOUNT, 90),
            discount=UntilDiscount(
                FlatKind.PERCENT, (Until(date(2026, 12, 1), 5_00), Until(date(2026, 12, 5), 3_00))
            ),
        ),
        date(2026, 12, 12),
        "2304400",
    )


@pytest.mark.parametrize("modalidade", [3, 4, 5, 6])
def test_a_discount_for_each_day_in_advance_has_one_value(modalidade: int) -> None:
    body = changed("valor.desconto", {"modalidade": modalidade, "valorPerc": "0.10"})
    assert charge(body).discount == EarlyDiscount(EarlyKind(modalidade), 10)


def test_only_original_and_due_date_must_be_there_and_null_is_not_there() -> None:
    least = {"calendario": {"dataDeVencimento": "2026-12-10"}, "valor": {"original": "99.90"}}
    plain = DatedCharge(99_90, date(2026, 12, 10), payable_days=30)
    assert read({**least, "pago_em": "2026-12-12"}) == Body(plain, date(2026, 12, 12), None)
    parts = dict.fromkeys(("multa", "juros", "abatimento", "desconto"))
    nulls = {
        "calendario": {**least["calendario"], "validadeAposVencimento": None},
        "valor": {**least["valor"], **parts},
    }
    assert charge({**nulls, "pago_em": "2026-12-12", "codMun": None}) == plain


def test_a_charge_that_ends_with_its_due_date_is_read() -> None:
    assert charge(changed("calendario.validadeAposVencimento", 0)).payable_days == 0


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("calendario", NOTHING, "is missing"),
        ("calendario", [], "a list is not an object"),
        ("calendario.dataDeVencimento", NOTHING, "is missing: write a day as YYYY-MM-DD"),
        *(
            ("calendario.dataDeVencimento", wrong, f"{shown} is not a day: write it as text, as YYYY-MM-DD")
            for wrong, shown in [
                ("10/12/2026", '"10/12/2026"'),
                ("20261210", '"20261210"'),
                ("2026-W50-4", '"2026-W50-4"'),
                ("2026-02-30", '"2026-02-30"'),
                ("2026-12-10\n", '"2026-12-10\\n"'),
                (20261210, "20261210"),
            ]
        ),
        (
            "calendario.dataDeVencimento",
            "2099-01-01",
            "2099-01-01 is not between 2000-01-01 and 2098-12-31, for which bank holidays are known",
        ),
        *(
            (
                "calendario.validadeAposVencimento",
                wrong,
                f"{shown} is not a whole number of days, from 0 to 26319",
            )
            for wrong, shown in [("30", '"30"'), (-1, "-1"), (30.0, "30.0"), (True, "true"), (26320, "26320")]
        ),
        ("valor", NOTHING, "is missing"),
        ("valor.original", NOTHING, 'is missing: write it as text with two decimals, as "2.00"'),
        ("valor.original", "0.00", "a charge of 0.00 cannot be made"),
        ("valor.original", 99.9, f"99.9 is a number, not text: {MONEY_FORM}"),
        ("valor.original", 99, f"99 is a number, not text: {MONEY_FORM}"),
        *(
            ("valor.original", wrong, f'"{wrong}" has not the form: {MONEY_FORM}')
            for wrong in (
                "99.9",
                "99,90",
                "99.900",
                "-9.90",
                "1.234.00",
                "12345678901.00",
                "",
                " 9.90",
                "٩.٩٠",
            )
        ),
        ("valor.multa", "2.00", '"2.00" is not an object'),
        ("valor.multa.modalidade", 3, "3 is not one of 1 to 2"),
        ("valor.multa.modalidade", NOTHING, "is missing: write a number from 1 to 2"),
        ("valor.multa.valorPerc", 2.0, f"2.0 is a number, not text: {MONEY_FORM}"),
        ("valor.juros.modalidade", 9, "9 is not one of 1 to 8"),
        ("valor.juros.modalidade", 0, "0 is not one of 1 to 8"),
        ("valor.juros.modalidade", "3", '"3" is not one of 1 to 8 (a number, without quotes)'),
        ("valor.juros.modalidade", 3.0, "3.0 is not one of 1 to 8"),
        ("valor.juros.modalidade", True, "true is not one of 1 to 8"),
        ("valor.abatimento.modalidade", 3, "3 is not one of 1 to 2"),
        ("valor.abatimento.valorPerc", "99.90", "99.90 is not less than valor.original (99.90)"),
        ("valor.desconto.modalidade", 7, "7 is not one of 1 to 6"),
        ("valor.desconto.modalidade", NOTHING, "is missing: write a number from 1 to 6"),
        ("valor.desconto.valorPerc", "1.00", "does not go with modalidade 2, only 3 to 6"),
        (
            "valor.desconto.descontoDataFixa",
            [],
            "is missing: write one to 3 objects with data and valorPerc",
        ),
        ("valor.desconto.descontoDataFixa", {}, "an object is not a list"),
        ("valor.desconto.descontoDataFixa", [{}] * 4, "has 4 days, of which 3 are allowed"),
        ("pago_em", NOTHING, "is missing: write a day as YYYY-MM-DD"),
        ("pago_em", "12/12/2026", '"12/12/2026" is not a day: write it as text, as YYYY-MM-DD'),
        ("codMun", 2304400, "2304400 is not an IBGE code: write its seven digits as text"),
        ("codMun", "230440", '"230440" is not an IBGE code: write its seven digits as text'),
    ],
)
def test_a_wrong_field_is_named_by_its_path_with_what_to_write(
    path: str, value: object, problem: str
) -> None:
    assert problems(changed(path, value)) == (f"{path}: {problem}",)


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        (
            [{"data": "2026-12-11", "valorPerc": "5.00"}],
            ["[0].data: 2026-12-11 is after the due date 2026-12-10"],
        ),
        (
            [{"data": "2026-12-10", "valorPerc": "100.00"}],
            ["[0].valorPerc: 100.00 is not less than 100.00 %"],
        ),
        ([{"data": "2026-12-01"}, 5], ["[0].valorPerc: is missing", "[1]: 5 is not an object"]),
        ([{"data": "2026-12-01", "valorPerc": "5.00"}] * 2, [": the day 2026-12-01 stands twice"]),
    ],
)
def test_each_day_of_a_discount_is_checked(steps: list[object], wrong: list[str]) -> None:
    found = problems(changed("valor.desconto.descontoDataFixa", steps))
    assert len(found) == len(wrong)
    for problem, start in zip(found, wrong, strict=True):
        assert problem.startswith(f"valor.desconto.descontoDataFixa{start}")


@pytest.mark.parametrize(
    ("discount", "wrong"),
    [
        ({"modalidade": 3}, ("valorPerc: is missing",)),
        ({"modalidade": 3, "valorPerc": "99.90"}, ("valorPerc: 99.90 is not less than valor.original",)),
        ({"modalidade": 5, "valorPerc": "100.00"}, ("valorPerc: 100.00 is not less than 100.00 %",)),
        (
            {"modalidade": 6, "valorPerc": "1.00", "descontoDataFixa": []},
            ("descontoDataFixa: does not go with modalidade 6",),
        ),
    ],
)
def test_a_discount_in_advance_is_checked(discount: dict[str, Any], wrong: tuple[str, ...]) -> None:
    found = problems(changed("valor.desconto", discount))
    assert len(found) == len(wrong)
    assert all(p.startswith(f"valor.desconto.{w}") for p, w in zip(found, wrong, strict=True))


def test_all_problems_of_a_body_are_told_at_once() -> None:
    body = changed("valor.original", 99.9)
    body["valor"]["juros"]["modalidade"] = 9
    del body["pago_em"]
    assert [problem.partition(":")[0] for problem in problems(body)] == [
        "valor.original",
        "valor.juros.modalidade",
        "pago_em",
    ]


@pytest.mark.parametrize(("body", "shown"), [(None, "null"), (7, "7"), ("x", '"x"'), ([], "a list")])
def test_what_is_no_object_is_no_charge(body: object, shown: str) -> None:
    assert problems(body) == (f"{shown} is not a charge: write an object with calendario, valor and pago_em",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PATHS = [
    "calendario",
    "calendario.dataDeVencimento",
    "calendario.validadeAposVencimento",
    "valor",
    "valor.original",
    "valor.multa",
    "valor.juros.modalidade",
    "valor.abatimento.valorPerc",
    "valor.desconto",
    "valor.desconto.modalidade",
    "valor.desconto.descontoDataFixa",
    "pago_em",
    "codMun",
]


@settings(max_examples=150)
@given(st.sampled_from(PATHS), JSON)
def test_whatever_stands_in_a_field_it_is_read_or_told_by_its_path(path: str, value: object) -> None:
    found = read(changed(path, value))
    if isinstance(found, Wrong):
        assert found.problems
        assert all(problem.startswith(path.split(".")[0]) for problem in found.problems)
    else:
        assert found.paid_on == date(2026, 12, 12)


@given(st.integers(1, 9_999_999_999_99))
def test_money_is_read_as_it_is_written(centavos: int) -> None:
    body = changed("valor", {"original": write_money(centavos)})
    assert charge(body).original == centavos
