"""Silence, refusals and nonsense on the wire: an outcome each, and patience only where it is harmless."""

import json
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa.adapters.api_pix import PROFILES
from religa.ports.money import (
    BankRefused,
    BankUnreachable,
    ChargeSeen,
    ChargeStatus,
    Hint,
    NotFound,
    Received,
    Returned,
    Truth,
    Webhook,
)

from .bank import BASE, COB, NOW, PAYMENT, REF, TXID, WANTED, Bank, answer, charge

SOAP = b'<?xml version="1.0"?><soap:Envelope><soap:Body><soap:Fault>12345678909</soap:Fault></soap:Body></soap:Envelope>'


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("no route"),
        httpx.ReadTimeout("silence"),
        httpx.RemoteProtocolError("cut off"),
        ConnectionResetError("reset"),
        answer(500, SOAP),
        answer(502, "<html>bad gateway</html>"),
        answer(503),
        answer(429, {"title": "slow down"}),
        answer(200, "<html>maintenance</html>"),
    ],
    ids=str,
)
def test_after_a_failure_the_same_question_is_asked_again(bank: Bank, failure):
    bank.will(failure, answer(200, charge()))
    assert bank.account().fetch(REF).status is ChargeStatus.ACTIVE
    assert bank.slept == [0.5]


def test_patience_ends_after_three_tries(bank: Bank):
    bank.will(*[answer(500, SOAP)] * 3)
    outcome = bank.account().fetch(REF)
    assert outcome == BankUnreachable("HTTP 500: an answer of no stated type")
    assert bank.slept == [0.5, 1.0] and len(bank.calls) == 3


@pytest.mark.parametrize(
    ("wanted", "waited"),
    [
        ("7", [7.0]),
        ("0", [0.0]),
        ("Tue, 01 Dec 2026 15:00:05 GMT", [5.0]),
        ("Tue, 01 Dec 2026 14:00:00 GMT", [0.0]),
        ("soon", [0.5]),
        ("-1", [0.5]),
        ("7.5", [0.5]),
        ("", [0.5]),
    ],
)
def test_a_bank_that_says_when_is_asked_then(bank: Bank, wanted: str, waited: list[float]):
    bank.will(answer(429, None, **{"retry-after": wanted}), answer(200, charge()))
    assert bank.account().fetch(REF).status is ChargeStatus.ACTIVE
    assert bank.slept == waited


def test_a_bank_that_wants_a_long_rest_gets_it_from_whoever_asks_later(bank: Bank):
    bank.will(answer(503, None, **{"retry-after": "3600"}))
    assert bank.account().fetch(REF) == BankUnreachable("HTTP 503: an empty answer")
    assert bank.slept == []


@pytest.mark.parametrize(
    ("response", "refused"),
    [
        (answer(400, SOAP, **{"content-type": "text/xml"}), BankRefused(400, "an answer of text/xml")),
        (answer(403), BankRefused(403, "an empty answer")),
        (answer(403, "\xff".encode("latin-1")), BankRefused(403, "an answer of no stated type")),
        (answer(400, [1]), BankRefused(400, "an answer of no stated type")),
        (answer(400, {"title": "A", "detail": "B", "violacoes": "x"}), BankRefused(400, "A: B")),
        (answer(400, {"mensagem": "A" * 500}), BankRefused(400, "A" * 300)),
        (answer(302, None, location="https://elsewhere.test"), BankRefused(302, "an empty answer")),
        (
            answer(
                400,
                {
                    "title": "A",
                    "violacoes": [{"razao": "B", "valor": "12345678909"}, {"propriedade": "c"}, 7],
                },
            ),
            BankRefused(400, "A", ("B", "c")),
        ),
    ],
)
def test_a_refusal_is_understood_whatever_its_form_and_repeats_nobodys_document(
    bank: Bank, response, refused
):
    bank.will(response)
    assert bank.account().fetch(REF) == refused
    assert bank.slept == []


words = st.sampled_from(
    ["txid", "valor", "original", "pix", "parametros", "paginacao", "horario", "calendario", TXID]
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5)
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)
contents = st.binary(max_size=100) | documents.map(lambda document: json.dumps(document).encode())
responses = st.builds(
    answer,
    st.integers(200, 599),
    contents,
    **{"retry-after": st.sampled_from(["", "1", "99", "soon", "Tue, 01 Dec 2026 15:00:05 GMT"])},
)
OUTCOMES = (ChargeSeen, Received, Truth, Webhook, Returned, NotFound, BankRefused, BankUnreachable)


@settings(max_examples=40, deadline=None)
@given(st.lists(responses, min_size=1, max_size=6))
def test_whatever_comes_over_the_wire_is_an_outcome(given_answers):
    bank = Bank().will(*given_answers * 40)
    account = bank.account()
    asked = (
        account.create(WANTED),
        account.update(REF, WANTED),
        account.cancel(REF),
        account.fetch(COB),
        account.received(since=NOW - timedelta(hours=1), until=NOW),
        account.truth(Hint(payment_id=PAYMENT)),
        account.refund(payment_id=PAYMENT, refund_id="r1", amount=1, reason=""),
        account.webhook(),
        account.remove_webhook(),
    )
    assert all(isinstance(outcome, OUTCOMES) for outcome in asked)


@settings(max_examples=30, deadline=None)
@given(st.lists(responses, min_size=3, max_size=3))
def test_whatever_comes_in_place_of_a_token_is_an_outcome(given_answers):
    bank = Bank().will(answer(200, charge()))
    bank.tokens.extend(given_answers)
    assert isinstance(bank.account().fetch(REF), OUTCOMES)


def test_no_address_is_written_down(bank: Bank, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    bank.will(answer(200, charge()))
    bank.account("bb", app_key="k-e-y").fetch(REF)
    assert "k-e-y" not in caplog.text and TXID not in caplog.text


class TestTheToken:
    def test_it_is_asked_for_once_and_sent_with_every_call(self, bank: Bank):
        account = bank.account()
        bank.will(*[answer(200, charge())] * 2)
        account.fetch(REF), account.fetch(REF)
        assert [call.headers["authorization"] for call in bank.calls] == ["Bearer t1"] * 2
        assert len(bank.token_calls) == 1

    def test_it_is_renewed_a_minute_before_its_end(self, bank: Bank):
        account = bank.account()
        bank.will(*[answer(200, charge())] * 3)
        account.fetch(REF)
        bank.seconds += 3539
        account.fetch(REF)
        assert len(bank.token_calls) == 1
        bank.seconds += 1
        account.fetch(REF)
        assert [call.headers["authorization"] for call in bank.calls] == [
            "Bearer t1",
            "Bearer t1",
            "Bearer t2",
        ]

    def test_while_it_lives_a_failed_renewal_is_no_failure_and_tried_again_soon(self, bank: Bank):
        account = bank.account()
        bank.will(*[answer(200, charge())] * 4)
        account.fetch(REF)
        bank.seconds += 3550
        bank.tokens.extend([answer(503)] * 3)
        account.fetch(REF), account.fetch(REF)
        assert len(bank.token_calls) == 4
        bank.seconds += 10
        account.fetch(REF)
        assert [call.headers["authorization"][-2:] for call in bank.calls] == ["t1", "t1", "t1", "t5"]

    def test_a_401_is_answered_with_a_new_one_once(self, bank: Bank):
        bank.will(answer(401), answer(200, charge()), answer(401), answer(401))
        account = bank.account()
        assert account.fetch(REF).status is ChargeStatus.ACTIVE
        assert account.fetch(REF) == BankRefused(401, "an empty answer")
        assert [call.headers["authorization"][-2:] for call in bank.calls] == ["t1", "t2", "t2", "t3"]

    @pytest.mark.parametrize(
        ("response", "outcome"),
        [
            (
                answer(401, {"error": "invalid_client", "error_description": "wrong secret"}),
                BankRefused(401, "no access token: wrong secret: invalid_client"),
            ),
            (answer(200, {"token": "x"}), BankUnreachable("no access token: the answer holds none")),
            (
                answer(200, {"access_token": "a\r\nX-Evil: 1"}),
                BankUnreachable("no access token: the answer holds none"),
            ),
            (answer(200, []), BankUnreachable("no access token: the answer holds none")),
        ],
    )
    def test_without_one_nothing_is_asked(self, bank: Bank, response, outcome):
        bank.tokens.append(response)
        assert bank.account().create(WANTED) == outcome
        assert not bank.calls and "s3cret" not in repr(outcome)

    @pytest.mark.parametrize("life", [None, 0, -5, "x"])
    def test_one_that_does_not_say_how_long_it_lives_lives_shortly(self, bank: Bank, life):
        bank.tokens.append(answer(200, {"access_token": "brief", "expires_in": life}))
        bank.will(*[answer(200, charge())] * 2)
        account = bank.account()
        account.fetch(REF)
        bank.seconds += 270
        account.fetch(REF)
        assert [call.headers["authorization"] for call in bank.calls] == ["Bearer brief", "Bearer t2"]


BASIC = "Basic YW5hLWludGVybmV0OnMzY3JldA=="
SCOPE = "cob.read+cob.write+cobv.read+cobv.write+pix.read+pix.write+webhook.read+webhook.write"
GRANT = "grant_type=client_credentials"
PAIR = "client_id=ana-internet&client_secret=s3cret"


class TestBanks:
    @pytest.mark.parametrize(
        ("name", "authorization", "query", "body"),
        [
            ("efi", BASIC, "", '{"grant_type":"client_credentials"}'),
            ("sicoob", None, "", f"client_id=ana-internet&{GRANT}&scope={SCOPE}"),
            ("sicredi", BASIC, "", f"{GRANT}&scope={SCOPE}"),
            ("inter", None, "", f"{PAIR}&{GRANT}&scope={SCOPE}"),
            ("bb", BASIC, "", f"{GRANT}&scope={SCOPE}"),
            ("itau", None, "", f"{PAIR}&{GRANT}"),
            ("bradesco", BASIC, "", GRANT),
            ("santander", None, GRANT, PAIR),
            ("generic", BASIC, "", f"{GRANT}&scope={SCOPE}"),
        ],
    )
    def test_each_has_its_way_to_ask_for_the_token(self, bank: Bank, name, authorization, query, body):
        bank.will(answer(200, charge()))
        bank.account(name).fetch(REF)
        [call] = bank.token_calls
        assert call.headers.get("authorization") == authorization
        assert (call.url.query.decode(), call.content.decode()) == (query, body)

    def test_an_account_may_ask_for_fewer_rights(self, bank: Bank):
        bank.will(answer(200, charge()))
        bank.account("sicredi", scope="cobv.read").fetch(REF)
        assert bank.token_calls[0].content.decode() == f"{GRANT}&scope=cobv.read"

    def test_headers_and_query_of_their_own(self, bank: Bank):
        bank.will(*[answer(200, charge())] * 4)
        bank.account("sicoob").fetch(REF)
        bank.account("bb", app_key="k1").fetch(REF)
        itau = bank.account("itau")
        itau.fetch(REF), itau.fetch(REF)
        sicoob, bb, first, second = bank.calls
        assert sicoob.headers["client_id"] == "ana-internet"
        assert dict(bb.url.params) == {"gw-dev-app-key": "k1"}
        assert first.headers["x-correlationid"] != second.headers["x-correlationid"]

    @pytest.mark.parametrize(
        ("name", "more", "found"),
        [
            ("sicoob", {"brcode": "B", "pixCopiaECola": "P"}, "B"),
            ("bb", {"textoImagemQRcode": "T", "pixCopiaECola": None}, "T"),
            ("bb", {"textoImagemQRcode": "T"}, "000201..."),
            ("inter", {"brcode": "B"}, "000201..."),
        ],
    )
    def test_the_text_to_copy_has_other_names(self, bank: Bank, name, more, found):
        bank.will(answer(200, charge(**more)))
        assert bank.account(name).fetch(REF).copy_paste == found

    def test_santander_takes_changes_elsewhere(self):
        account = Bank().account("santander", base_url="").account
        assert account.address("PATCH", "/cob/x") == "https://trust-pix.santander.com.br/api/v2/cob/x"
        assert account.address("PUT", "/cob/x") == "https://trust-pix.santander.com.br/api/v1/cob/x"
        assert Bank().account("santander").account.address("PATCH", "/cob/x") == f"{BASE}/cob/x"

    def test_an_unknown_bank_must_say_where_it_is(self, bank: Bank):
        with pytest.raises(ValueError, match="base_url is an address"):
            bank.account("generic", base_url="")
        with pytest.raises(ValueError, match="token_url is an address"):
            bank.account("generic", token_url="")

    @pytest.mark.parametrize("name", sorted(PROFILES))
    def test_every_profile_works_a_charge_through(self, bank: Bank, name: str):
        removed = charge(status="REMOVIDA_PELO_USUARIO_RECEBEDOR")
        bank.will(answer(201, charge()), answer(200, charge(revisao=1)), answer(200, removed))
        account = bank.account(name, app_key="k1")
        account.create(WANTED), account.update(REF, WANTED)
        assert account.cancel(REF).status is ChargeStatus.REMOVED
        assert bank.heard == [f"PUT /cobv/{TXID}", f"PATCH /cobv/{TXID}", f"PATCH /cobv/{TXID}"]

    def test_settings_that_no_header_can_hold_are_refused(self, bank: Bank):
        assert bank.account("sicoob", client_id="aná\n").fetch(REF).code == 0
        assert bank.slept == []
