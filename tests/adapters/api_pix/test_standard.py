"""The standard's file, as the judge of what is sent, is itself judged first."""

import json
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_core.exceptions import OpenAPIError

from religa.adapters.api_pix import reading, writing
from religa.ports.money import BankRefused, ChargeKind, Debtor, Terms

from .bank import DUE, KEY, SHARED, WANTED, validate

NUMBER_OF_CASES = 21


def cases() -> list[dict]:
    """Read in the tests, not before: where the file is missing, these tests fail and no others."""
    found: list[dict] = json.loads((SHARED / "cobv-request-cases.json").read_text())
    assert len(found) == NUMBER_OF_CASES
    return found


def put(path: str, body: object) -> httpx.Request:
    return httpx.Request("PUT", "https://bank.test" + path, json=body, headers={"Authorization": "Bearer x"})


@pytest.mark.parametrize("number", range(NUMBER_OF_CASES))
def test_the_judge_knows_good_requests_from_bad_ones(number: int):
    case = cases()[number]
    path = f"/cobv/{case['txid']}"
    if case["valid"]:
        validate(put(path, case["body"]), path)
        return
    with pytest.raises(OpenAPIError):
        validate(put(path, case["body"]), path)


debtors = st.builds(
    Debtor, st.from_regex(r"[0-9]{11}|[0-9A-Z]{14}", fullmatch=True), st.text(min_size=1, max_size=200)
)
percentages = st.integers(0, 9_999)


@st.composite
def dated(draw):
    """Any charge that our own rules let through."""
    amount = draw(st.integers(1, 999_999_999_999))
    discount = draw(st.just(0) | st.integers(0, amount - 1))
    return replace(
        WANTED,
        txid=draw(st.from_regex(r"[a-zA-Z0-9]{26,35}", fullmatch=True)),
        amount=amount,
        debtor=draw(debtors),
        description=draw(st.text(max_size=140)),
        terms=Terms(
            fine_pct=draw(percentages),
            interest_pct_month=draw(percentages),
            discount=discount,
            discount_until=DUE - timedelta(days=draw(st.integers(0, 90))) if discount else None,
            payable_days=draw(st.integers(0, 2_000)),
        ),
    )


def at_once(wanted, seconds: int):
    return replace(wanted, kind=ChargeKind.PIX_COB, due_date=None, expires_in=seconds)


@settings(max_examples=60, deadline=None)
@given(dated() | st.builds(at_once, dated(), st.integers(1, 2**31 - 1)))
def test_whatever_our_rules_let_through_is_valid(wanted):
    body = writing.charge(wanted, key=KEY, today=DUE)
    assert not isinstance(body, BankRefused), body.violations
    path = f"/{writing.PATHS[wanted.kind]}/{wanted.txid}"
    validate(put(path, body), path)


@given(st.integers(1, 999_999_999_999))
def test_an_amount_on_the_wire_is_the_same_centavos(centavos: int):
    assert reading.centavos(writing.amount(centavos)) == centavos


def test_a_refund_is_valid():
    body = writing.refund(payment_id="E" * 32, refund_id="r1", centavos=5, reason="Pago duas vezes")
    path = f"/pix/{'E' * 32}/devolucao/r1"
    validate(put(path, body), path)
    assert body == {"valor": "0.05", "descricao": "Pago duas vezes"}
