"""What a subscriber hears and asks for through a bot, a phone menu or an app."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import OperationalError

import people
from religa.actions import unlock_on_trust
from religa.entrypoints.api import unlock
from religa.entrypoints.common.throttle import Limit
from religa.records.models import Contract, Message, ProtocolNumber, Subscriber, TrustUnlock

from .caller import Caller

pytestmark = pytest.mark.django_db
KEY = "wish-of-maria-1"


def status_of(caller):
    status, said = caller.ask("get", "status")
    assert status == 200
    return said["contracts"]


def test_status_says_whether_why_and_until_when_and_what_an_unlock_would_bring(maria_calls, maria):
    [one] = status_of(maria_calls)
    assert (one["contract"], one["access"], one["status"]) == (maria.external_id, "walled", "blocked")
    assert one["text"].startswith("Sua internet está bloqueada desde ") and not one["fault"]
    offer = one["unlocks"][0]
    assert offer["kind"] == "promise" and re.search(r"até (o fim de )?\w+", offer["text"])


def test_a_calling_number_hears_no_amounts_and_no_months(maria_calls, maria, maria_proven):
    weak, strong = status_of(maria_calls)[0], status_of(maria_proven)[0]
    assert "(conta de " in strong["text"] and "(conta de " not in weak["text"]
    maria_calls.unlock(maria)
    _, weak = maria_calls.unlock(maria)
    _, strong = maria_proven.unlock(maria)
    assert weak["answer"] == strong["answer"] == "refused"
    assert "pay_now" in strong and "pay_now" not in weak
    assert "R$" not in weak["text"] + weak["speech"] and not re.search(r"real|reais", weak["speech"])
    assert "Maria" not in str(weak) + str(strong)


def test_an_unlock_is_granted_with_a_receipt_id(maria_calls, maria):
    status, given = maria_calls.unlock(maria)
    granted = TrustUnlock.objects.get(contract=maria)
    assert (status, given["answer"], granted.channel) == (200, "granted", "ura")
    assert ProtocolNumber.objects.get(number=given["receipt_id"]).subject == "trust_unlock"
    assert given["until"][:19] == granted.until.astimezone(people.ZONE).isoformat()[:19]
    assert given["receipt_id"] in given["text"] and not re.search(r"\d{3}", given["speech"])
    assert status_of(maria_calls)[0]["status"] == "trusted"


def test_a_no_has_every_reason_the_next_date_and_what_to_pay(maria_proven, maria):
    maria_proven.unlock(maria)
    _, given = maria_proven.unlock(maria)
    assert [why["code"] for why in given["reasons"]] == ["promise_open"]
    assert given["eligible_at"] and isinstance(given["pay_now"], int) and given["receipt_id"] in given["text"]


def test_the_same_key_gives_the_same_answer_and_does_nothing_again(maria_calls, maria):
    first, second = maria_calls.unlock(maria, KEY), maria_calls.unlock(maria, KEY)
    assert first == second == maria_calls.ask("get", f"unlocks/{KEY}")
    assert TrustUnlock.objects.count() == ProtocolNumber.objects.filter(contract=maria).count() == 1


@pytest.mark.parametrize("more", [{"kind": "paid_already"}, {"promise_date": "2030-01-01"}])
def test_a_key_with_another_body_is_refused(maria_calls, maria, more):
    maria_calls.unlock(maria, KEY)
    status, problem = maria_calls.unlock(maria, KEY, **more)
    assert (status, problem["code"]) == (409, "key_reused")


def test_a_key_that_nobody_used_is_unknown(maria_calls):
    status, given = maria_calls.ask("get", "unlocks/never-used-key")
    assert (status, given["answer"]) == (200, "unknown")


def test_a_key_is_nothing_to_another_client_and_to_another_subscriber(
    client, make_client, maria_calls, maria, provider, now
):
    maria_calls.unlock(maria, KEY)
    other = Caller(client, make_client("chat").key)
    other.identify(maria)
    assert other.ask("get", f"unlocks/{KEY}")[1]["answer"] == "unknown"
    bruno = people.contract(people.subscriber(provider, "Bruno Farias", 1003), 1003, since=date(2024, 1, 1))
    maria_calls.identify(bruno)
    assert maria_calls.ask("get", f"unlocks/{KEY}")[1]["answer"] == "unknown"


def test_a_contract_of_somebody_else_is_not_found_whether_it_exists_or_not(maria_calls, maria, provider):
    theirs = people.contract(people.subscriber(provider, "Bruno Farias", 1003), 1003, since=date(2024, 1, 1))
    theirs_not = Contract(external_id="no-such")
    for path in ("unlocks", "pix"):
        answers = [
            maria_calls.ask("post", path, {"contract": c.external_id}, Idempotency_Key=KEY)
            for c in (theirs, theirs_not)
        ]
        assert answers[0] == answers[1] and answers[0][1]["code"] == "not_found"
    assert not TrustUnlock.objects.exists()


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({}, KEY), ({"contract": "1001"}, "short"), ({"contract": "1001"}, ""), ({"contract": "1001", "kind": "gift"}, KEY),
        ({"contract": "1001", "promise_date": "tomorrow"}, KEY), ({"contract": "1001", "amount": 1}, KEY),
        ({"contract": "1001", "receipt": "x" * 65}, KEY),
    ],
)  # fmt: skip
def test_a_wish_that_is_not_as_described_does_nothing(maria_calls, body, key):
    status, problem = maria_calls.ask("post", "unlocks", body, valid=False, Idempotency_Key=key)
    assert (status, problem["code"]) == (422, "bad_request")
    assert not TrustUnlock.objects.exists()


def test_who_has_paid_names_his_receipt_once(maria_calls, maria):
    _, given = maria_calls.unlock(maria, kind="paid_already", receipt="e123 abc")
    assert given["answer"] == "granted" and TrustUnlock.objects.get().receipt == "E123 ABC"


def test_a_database_that_goes_away_is_neither_yes_nor_no(maria_calls, maria, monkeypatch):
    def goes_away(**more):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(unlock_on_trust, "unlock", goes_away)
        status, problem = maria_calls.unlock(maria, KEY)
    assert (status, problem["code"]) == (503, "outcome_unknown") and "nada é feito duas vezes" in problem[
        "text"
    ]
    assert maria_calls.unlock(maria, KEY)[1]["answer"] == "granted"


def test_asking_without_end_is_stopped_but_an_answer_can_be_had_again(maria_calls, maria, monkeypatch):
    monkeypatch.setattr(unlock, "ASKED", Limit("api_unlock", 1, unlock.ASKED.within))
    first = maria_calls.unlock(maria, KEY)
    assert maria_calls.unlock(maria)[0] == 429
    assert maria_calls.unlock(maria, KEY) == first


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your internet is blocked"), ("es", "Su internet está cortado")]
)
def test_a_caller_may_choose_another_language(ura, maria, language, words):
    ura.identify(maria, language=language)
    assert status_of(ura)[0]["text"].startswith(words)


def test_a_subscriber_is_spoken_to_in_his_own(ura, maria):
    Subscriber.objects.update(language="en")
    maria.refresh_from_db()
    ura.identify(maria)
    assert ura.unlock(maria)[1]["text"].startswith("Done!")


def test_looking_changes_nothing(maria_calls, tables):
    before = tables()
    status_of(maria_calls)
    maria_calls.ask("get", "unlocks/never-used-key")
    assert tables() == before


@pytest.fixture
def bank(maria, settings):
    from banking import bank_of

    with bank_of(maria.provider, settings) as psp:
        yield psp


def ask_pix(caller, contract, key=KEY, **more):
    body = {"contract": contract.external_id, **more}
    return caller.ask("post", "pix", body, Idempotency_Key=key)


def test_a_pix_goes_to_the_registered_number_and_the_answer_shows_its_end(bank, maria_calls, maria):
    status, given = ask_pix(maria_calls, maria)
    sent = list(Message.objects.filter(kind="answer").order_by("id"))
    assert (status, given["answer"], given["number_ending"]) == (200, "sent", "01")
    assert [m.channel for m in sent] == ["sms", "sms"] and {m.address[-4:] for m in sent} == {"1001"}
    assert sent[1].text.startswith("000201") and "000201" not in str(given) and "amount" not in given
    assert ask_pix(maria_calls, maria) == (status, given) and len(Message.objects.filter(kind="answer")) == 2
    assert ask_pix(maria_calls, maria, channel="whatsapp")[1]["code"] == "key_reused"


def test_who_is_proven_hears_the_amount(bank, maria_proven, maria):
    assert ask_pix(maria_proven, maria)[1]["amount"] > 99_90


def test_without_an_account_no_pix_is_promised(maria_calls, maria):
    _, given = ask_pix(maria_calls, maria)
    assert (given["answer"], given["why"]) == ("not_sent", "no_account")
    assert "0800 591 0000" in given["text"] and not Message.objects.filter(kind="answer").exists()


@pytest.mark.django_db(transaction=True)
def test_of_200_wishes_at_once_with_different_keys_one_is_granted(
    maria, live_server, make_client, monkeypatch
):
    import httpx

    monkeypatch.setattr(unlock, "ASKED", Limit("api_unlock", 1000, unlock.ASKED.within))
    key = make_client("phone").key
    with httpx.Client(
        base_url=live_server.url, headers={"Authorization": f"Bearer {key}"}, timeout=60
    ) as http:
        number = "5581999001001"
        asked = {"caller": number, "digits": maria.subscriber.document[-4:]}
        token = http.post("/api/v1/subjects", json=asked).json()["token"]

        def wish(n: int) -> str:
            headers = {"Religa-Subject": token, "Idempotency-Key": f"storm-{n:04}"}
            body = {"contract": maria.external_id}
            return http.post("/api/v1/unlocks", json=body, headers=headers).json()["answer"]

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(wish, range(200)))
    assert sorted(set(answers)) == ["granted", "refused"] and answers.count("granted") == 1
    assert TrustUnlock.objects.filter(contract=maria).count() == 1
