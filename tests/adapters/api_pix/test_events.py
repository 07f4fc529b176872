"""What banks post to us, in every shape that was seen and in every shape that was not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from religa.ports.money import Event, Hint, NotUnderstood

from .bank import KEY, PAYMENT, TXID, Bank, pix

OTHER = PAYMENT[:-1] + "z"
HINT = Hint(payment_id=PAYMENT, txid=TXID, key=KEY, told=9990)


def read(body: Any) -> tuple[Hint, ...] | NotUnderstood:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Bank().account().parse_event(Event(octets, "application/json"))


@pytest.mark.parametrize(
    "body",
    [
        {"pix": [pix()]},
        [pix()],
        {"pix": pix()},
        pix(),
        {"pix": [pix(horario="2023-10-24T08:26:39.00-03:00", pagador={"cpf": "1", "nome": "Ana"})]},
        {"pix": [pix(devolucoes=[{"id": "r1", "valor": "1.00", "status": "DEVOLVIDO"}])], "extra": {}},
        {"pix": [pix(), pix()]},
        b"\xef\xbb\xbf" + json.dumps({"pix": [pix()]}).encode(),
    ],
    ids=["object", "array", "lone", "bare", "offset", "refund", "twice", "bom"],
)
def test_a_pix_is_found_in_every_shape(body):
    assert read(body) == (HINT,)


def test_several_pix_in_one_call_are_several_hints():
    assert read({"pix": [pix(), pix(endToEndId=OTHER, chave=None, valor=7)]}) == (
        HINT,
        Hint(payment_id=OTHER, txid=TXID, told=700),
    )


def test_one_entry_that_says_nothing_does_not_hide_the_others():
    assert read({"pix": [7, {}, pix()]}) == (HINT,)


@pytest.mark.parametrize(
    "body", [b"", b" \n", {}, [], {"pix": []}, {"pix": None}, {"evento": "teste_webhook"}]
)
def test_a_test_event_is_about_nothing(body):
    assert read(body) == ()


@pytest.mark.parametrize(
    "body",
    [
        b"<xml/>",
        b"\xff\xfe\x00",
        b"notification=token",
        b"[" * 100_000,
        7,
        "pix",
        None,
        {"pix": "x"},
        {"pix": [7]},
        {"pix": [{"endToEndId": "../../cob", "txid": "a/b"}]},
        {"rec": [{"idRec": "RR1"}]},
        {"cobr": [{"txid": TXID}]},
    ],
)
def test_what_cannot_be_read_says_why(body):
    found = read(body)
    assert isinstance(found, NotUnderstood) and found.why


@given(st.binary(max_size=200))
def test_no_octets_raise(octets: bytes):
    assert isinstance(read(octets), tuple | NotUnderstood)


words = st.sampled_from(["pix", "endToEndId", "txid", "valor", "chave", PAYMENT, TXID, "1.00"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5)


@given(
    st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4)
    )
)
def test_no_document_raises_and_every_hint_can_be_asked_about(document):
    found = read(document)
    for hint in found if isinstance(found, tuple) else ():
        assert hint.payment_id or hint.txid
        assert (hint.payment_id + hint.txid).isalnum()
