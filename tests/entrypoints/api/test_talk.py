"""Start of a talk, who it is, and what is never told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

import people
from religa.records.models import (
    ApiClient,
    ApiSubject,
    Message,
    ProtocolNumber,
    Provider,
    Subscriber,
    SubscriberPhone,
)

from .caller import Caller

pytestmark = pytest.mark.django_db
NOBODYS = people.cpf(987654)


def number_of(contract):
    return SubscriberPhone.objects.get(subscriber_id=contract.subscriber_id).number


def test_a_contact_has_its_protocol_number_told_digit_by_digit(ura):
    status, made = ura.ask("post", "contacts", {})
    kept = ProtocolNumber.objects.get(number=made["protocol"])
    assert (status, kept.subject, kept.text) == (201, "bot_contact", "ura")
    assert made["protocol"] in made["text"] and not re.search(r"\d", made["speech"])


def test_a_contact_can_be_told_in_another_language(ura):
    assert ura.ask("post", "contacts", {"language": "es"})[1]["text"].startswith("El protocolo")


def test_number_and_digits_identify_for_a_quarter_of_an_hour(maria_calls, maria, now):
    kept = ApiSubject.objects.get()
    assert kept.subscriber_id == maria.subscriber_id and kept.expires_at - kept.created_at == timedelta(
        minutes=15
    )
    assert bytes(kept.digest) != maria_calls.token.encode()
    ApiSubject.objects.update(expires_at=now)
    assert maria_calls.ask("get", "status")[1]["code"] == "subject_invalid"


def test_a_code_proves_more(maria_proven):
    assert ApiSubject.objects.get().strength == "code"


def test_an_unknown_number_and_wrong_digits_are_answered_alike(ura, maria):
    bodies = [{"caller": number_of(maria), "digits": "0000"}, {"caller": "81999990000", "digits": "0000"}]
    answers = [ura.ask("post", "subjects", body) for body in bodies]
    assert answers[0] == answers[1] and answers[0][1]["code"] == "not_identified"


def test_after_five_guesses_both_are_throttled_alike(ura, maria):
    for caller in (number_of(maria), "81999990000"):
        codes = [
            ura.ask("post", "subjects", {"caller": caller, "digits": f"000{n}"})[1]["code"] for n in range(6)
        ]
        assert codes == ["not_identified"] * 5 + ["too_many_requests"]
    assert ura.last["Retry-After"] == "3600"
    right = {"caller": number_of(maria), "digits": maria.subscriber.document[-4:]}
    assert ura.ask("post", "subjects", right)[0] == 429


def test_an_unknown_document_and_a_known_one_are_answered_alike(ura, maria):
    for document in (maria.subscriber.document, NOBODYS):
        assert ura.ask("post", "codes", {"document": document})[0] == 202
        status, problem = ura.ask("post", "subjects", {"document": document, "code": "000000"})
        assert (status, problem["code"]) == (403, "not_identified")
    assert Message.objects.filter(kind="code").count() == 1


def test_codes_for_one_document_are_throttled_known_or_not(ura, maria):
    for document in (maria.subscriber.document, NOBODYS):
        statuses = [ura.ask("post", "codes", {"document": document})[0] for _ in range(5)]
        assert statuses == [202] * 4 + [429]


def test_a_used_code_opens_nothing_again(maria_proven, maria):
    code = Message.objects.filter(kind="code").latest("id").text[:6]
    again = maria_proven.ask("post", "subjects", {"document": maria.subscriber.document, "code": code})
    assert again[1]["code"] == "not_identified"


def test_an_app_cannot_vouch_for_a_calling_number(client, make_client, maria):
    app = Caller(client, make_client("app").key)
    body = {"caller": number_of(maria), "digits": maria.subscriber.document[-4:]}
    assert app.ask("post", "subjects", body)[1]["code"] == "role_may_not"


def test_a_subscriber_of_another_provider_is_nobody(ura, maria):
    theirs = Provider.objects.create(name="Outra Net", cnpj=people.cnpj(55_666_777))
    stranger = Subscriber.objects.create(
        provider=theirs, external_id="X", kind="person", document=people.cpf(777), name="X"
    )
    SubscriberPhone.objects.create(subscriber=stranger, number="5581988887777")
    body = {"caller": "5581988887777", "digits": stranger.document[-4:]}
    assert ura.ask("post", "subjects", body)[1]["code"] == "not_identified"


def test_without_a_key_there_is_nothing(client, make_client, maria):
    for key in ("", "rlg_wrong", "x" * 500):
        caller = Caller(client, key)
        assert caller.ask("get", "status", valid=False)[1]["code"] == "unauthorized"
    assert client.get("/api/v1/status").status_code == 401


def test_a_revoked_key_is_nobody_at_once(maria_calls, now):
    from religa.actions.bot.revoke_client import revoke

    kept = ApiClient.objects.get()
    assert revoke(provider_id=kept.provider_id, client_id=kept.pk, by="Gestora", at=now)
    assert maria_calls.ask("get", "status")[1]["code"] == "unauthorized"
    assert not ApiSubject.objects.exists()


def test_a_token_is_of_the_client_that_got_it(client, make_client, maria_calls):
    other = Caller(client, make_client("chat").key)
    other.token = maria_calls.token
    assert other.ask("get", "status")[1]["code"] == "subject_invalid"


@pytest.mark.parametrize(("network", "code"), [("127.0.0.0/8", None), ("10.1.0.0/16", "address_not_allowed")])
def test_a_key_may_be_bound_to_addresses(client, make_client, network, code):
    caller = Caller(client, make_client("phone", addresses=[network]).key)
    assert caller.ask("post", "contacts", {})[1].get("code") == code


def test_a_client_that_asks_too_much_waits(client, make_client):
    caller = Caller(client, make_client("phone", per_minute=2).key)
    assert [caller.ask("post", "contacts", {})[0] for _ in range(3)] == [201, 201, 429]


def test_a_key_is_kept_as_a_digest_and_its_use_is_seen(ura):
    ura.ask("post", "contacts", {})
    kept = ApiClient.objects.get()
    assert ura.key.encode() not in bytes(kept.digest) and kept.ending == ura.key[-4:]
    assert kept.last_used_at is not None


BAD = [
    ("codes", b"{"), ("codes", b"[]"), ("codes", b"[" * 9000), ("codes", {}), ("codes", {"document": 1}),
    ("codes", {"document": "1" * 11}), ("codes", {"document": "\ud800"}), ("codes", {"documento": people.cpf(1)}),
    ("codes", {"document": people.cpf(1), "by": "pigeon"}), ("codes", {"document": ["x"]}),
    ("contacts", {"language": "fr"}), ("subjects", {"caller": "12", "digits": "1234"}), ("subjects", {}),
    ("subjects", {"caller": "81999990000", "digits": "١٢٣٤"}), ("subjects", {"caller": "81999990000", "digits": "12345"}),
    ("subjects", {"document": people.cpf(1), "code": "12345"}), ("subjects", {"caller": "81999990000", "digits": "1\0"}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), BAD, ids=map(str, range(len(BAD))))
def test_what_is_not_as_described_is_said_to_be_so(ura, path, body):
    status, problem = ura.ask("post", path, body, valid=False)
    assert (status, problem["code"]) == (422, "bad_request")


def test_a_large_body_is_not_read(ura):
    assert ura.ask("post", "codes", b"x" * 20_000, valid=False)[0] == 413


def test_addresses_that_are_none_and_wrong_methods_have_the_same_form(ura):
    assert ura.client.get("/api/v1/nothing").json()["code"] == "not_found"
    assert ura.client.get("/api/v1/").json()["code"] == "not_found"
    answer = ura.client.get("/api/v1/contacts", headers={"Authorization": f"Bearer {ura.key}"})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_the_description_is_there_for_everybody(client):
    assert client.get("/api/v1/openapi.yaml").content.startswith(b"openapi: 3.1.0")
