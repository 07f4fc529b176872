"""What platforms post: signed or not, understood leniently, and nothing of it ever raises."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from religa import wiring
from religa.adapters.fakes import sms_gateway
from religa.adapters.fakes.cloud_api import FakeCloudApi
from religa.adapters.fakes.sms_gateway import FakeSmsGateway
from religa.ports.messages import Callback, Heard, Inbound, NotUnderstood, Proof, Receipt, ReceiptState

AT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def meta():
    return FakeCloudApi()


@pytest.fixture(scope="module")
def whatsapp(meta):
    secrets = {"access_token": meta.token, "app_secret": meta.app_secret, "verify_token": "nosso-token"}
    words = {"phone_number_id": meta.phone_number_id}
    return wiring.message_channel(
        kind="whatsapp_cloud", medium="whatsapp", settings=words, secrets=secrets, marks=[b"k"]
    )


def gateway(**more):
    words = {**sms_gateway.SETTINGS, "url": "https://gateway.test/"} | more
    secrets = {"token": sms_gateway.TOKEN, "callback_secret": "assinatura"}
    return wiring.message_channel(
        kind="http_gateway", medium="sms", settings=words, secrets=secrets, marks=[b"k"]
    )


def posted(body, kind="application/json", **query):
    return Callback(body, kind, query, AT)


def names(headers):
    return {name.lower(): value for name, value in headers.items()}


# -- WhatsApp ---------------------------------------------------------------------------------------------------------


def test_metas_signature_is_over_the_octets_as_they_came(whatsapp, meta):
    body = meta.status("wamid.1", "sent", AT)
    assert whatsapp.proof(posted(body), names(meta.signed(body))) is Proof.SIGNATURE
    for other in (body + b" ", body.replace(b"sent", b"read"), b""):
        assert whatsapp.proof(posted(other), names(meta.signed(body))) is None
    for header in ("", "sha256=", "sha1=00", meta.signed(b"x")["X-Hub-Signature-256"], "sha256=é"):
        assert whatsapp.proof(posted(body), {"x-hub-signature-256": header}) is None
    assert whatsapp.proof(posted(body), {}) is None


def test_without_the_applications_secret_nobody_is_believed(meta):
    words = {"phone_number_id": meta.phone_number_id}
    bare = wiring.message_channel(
        kind="whatsapp_cloud", medium="whatsapp", settings=words, secrets={"access_token": "t"}, marks=[b"k"]
    )
    body = b"{}"
    signed = "sha256=" + hmac.digest(b"", body, hashlib.sha256).hex()
    assert bare.proof(posted(body), {"x-hub-signature-256": signed}) is None


@pytest.mark.parametrize("state", ["sent", "delivered", "read"])
def test_a_receipt_of_meta_names_message_state_and_moment(whatsapp, meta, state):
    at = AT - timedelta(minutes=3)
    found = whatsapp.read(posted(meta.status("wamid.1", state, at, ours="42")))
    assert found == Heard((Receipt("whatsapp", "wamid.1", ReceiptState(state), at, message=42),))


def test_a_receipt_from_the_future_is_dated_when_it_came(whatsapp, meta):
    [receipt] = whatsapp.read(posted(meta.status("wamid.1", "sent", AT + timedelta(days=9)))).receipts
    assert receipt.at == AT


@pytest.mark.parametrize(
    ("code", "permanent"), [(131026, True), (131000, False), (131049, True), (None, False)]
)
def test_a_failure_is_permanent_by_its_code(whatsapp, meta, code, permanent):
    [receipt] = whatsapp.read(posted(meta.status("wamid.1", "failed", AT, code=code))).receipts
    assert receipt.state is ReceiptState.FAILED and receipt.permanent is permanent
    assert code is None or receipt.error.startswith(str(code))


def test_what_a_person_wrote_comes_with_a_number_that_is_always_the_same(whatsapp, meta):
    [said] = whatsapp.read(posted(meta.message("558588887777", "Paguei hoje 🙏", AT))).inbound
    assert said == Inbound("whatsapp", "5585988887777", "Paguei hoje 🙏", "wamid.in1", AT)
    [note] = whatsapp.read(posted(meta.message("5585988887777", None, AT))).inbound
    assert note.sender == said.sender and note.text == ""


def test_a_tapped_button_says_what_stood_on_it(whatsapp, meta):
    body = json.loads(meta.message("5585988887777", "x", AT))
    [message] = body["entry"][0]["changes"][0]["value"]["messages"]
    for kind, part in (
        ("button", {"text": "Desbloquear", "payload": "p"}),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Desbloquear"}}),
        ("image", {"id": "9", "caption": "Desbloquear"}),
    ):
        message |= {"type": kind, kind: part, "context": {"id": "wamid.9"}}
        [said] = whatsapp.read(posted(json.dumps(body).encode())).inbound
        assert (said.text, said.reply_to) == ("Desbloquear", "wamid.9")
    message |= {"type": "reaction", "reaction": {"emoji": "👍"}}
    assert whatsapp.read(posted(json.dumps(body).encode())) == Heard()


def test_posts_about_another_number_of_the_account_are_not_ours(whatsapp, meta):
    other = meta.status("wamid.1", "sent", AT).replace(meta.phone_number_id.encode(), b"999")
    assert whatsapp.read(posted(other)) == Heard()


def test_metas_question_is_answered_for_our_token_alone(whatsapp):
    asked = {"hub.mode": "subscribe", "hub.verify_token": "nosso-token", "hub.challenge": "1158201444"}
    assert whatsapp.challenge(asked) == "1158201444"
    assert whatsapp.challenge(asked | {"hub.challenge": "<script>1"}) == "script1"
    for wrong in ({"hub.verify_token": "outro"}, {"hub.mode": "x"}, {"hub.verify_token": ""}):
        assert whatsapp.challenge(asked | wrong) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "object",
                    "entry",
                    "changes",
                    "value",
                    "field",
                    "statuses",
                    "messages",
                    "metadata",
                    "id",
                    "eventos",
                    "status",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=60) | _JSON.map(lambda v: json.dumps(v).encode()))
def test_no_body_whatever_makes_a_reader_fail(whatsapp, body):
    for reader in (whatsapp, gateway()):
        for kind in ("application/json", FORM, ""):
            assert isinstance(reader.read(posted(body, kind)), (Heard, NotUnderstood))


# -- any gateway ------------------------------------------------------------------------------------------------------


def test_a_gateways_words_for_a_state_are_those_that_were_written_down():
    [receipt] = gateway().read(posted(FakeSmsGateway.status("1001", "ENTREGUE", ref="7"))).receipts
    assert receipt == Receipt("sms", "1001", ReceiptState.DELIVERED, AT, message=7)
    assert gateway().read(posted(FakeSmsGateway.status("1001", "na fila"))) == Heard()


@pytest.mark.parametrize(("code", "permanent"), [(sms_gateway.NO_NUMBER, True), (sms_gateway.BUSY, False)])
def test_a_gateways_code_says_whether_the_number_is_no_good(code, permanent):
    [receipt] = gateway().read(posted(FakeSmsGateway.status("1001", "falhou", code=code))).receipts
    assert (receipt.state, receipt.error, receipt.permanent) == (ReceiptState.FAILED, code, permanent)


def test_a_form_is_read_as_json_is():
    reader = gateway(cb_items="", cb_id="MessageId", cb_state="Status", cb_delivered=["DELIVRD"])
    [receipt] = reader.read(posted(b"MessageId=abc-1&Status=DELIVRD&To=5585988887777", FORM)).receipts
    assert (receipt.provider_message_id, receipt.state) == ("abc-1", ReceiptState.DELIVERED)


def test_a_reply_by_sms_is_what_a_person_wrote():
    [said] = gateway().read(posted(FakeSmsGateway.reply("558588887777", "PARAR"))).inbound
    assert said == Inbound("sms", "5585988887777", "PARAR", "5001", AT)


def test_a_gateway_that_signs_is_believed_by_its_signature_alone():
    body = FakeSmsGateway.status("1001", "entregue")
    mac = hmac.digest(b"assinatura", body, hashlib.sha256).hex()
    signing = gateway(cb_signature="X-Assinatura")
    assert signing.proof(posted(body), {"x-assinatura": mac}) is Proof.SIGNATURE
    assert signing.proof(posted(body), {"x-assinatura": f"sha256={mac.upper()}"}) is Proof.SIGNATURE
    assert signing.proof(posted(body + b" "), {"x-assinatura": mac}) is None
    assert signing.proof(posted(body), {}) is None
    assert gateway().proof(posted(body), {}) is Proof.SECRET


@pytest.mark.parametrize("body", [b"", b"OK", b"<xml/>", b'"text"', b"[" * 5000])
def test_what_is_neither_json_nor_a_form_is_not_understood(body):
    found = gateway().read(posted(body))
    assert isinstance(found, NotUnderstood) or found == Heard()
