"""The door of banks: what is kept, byte for byte, what is refused and counted, and who is believed."""

from __future__ import annotations

import json
from ipaddress import ip_network

import pytest
from django.test import Client

from religa.entrypoints.webhooks import hook
from religa.records import accounts
from religa.records.models import EventRelay, PaymentAccount, ProviderEvent, ProviderEventTodo, RefusedEvent

pytestmark = pytest.mark.django_db
SECRET = "um-segredo-do-endereco"
AT = f"/hooks/efi/{SECRET}"
BODY = b'{"pix": [{"endToEndId": "E00000000202612051200abcdefghij1", "valor": "99.90"}],\n "x": "\xc3\xa9"}'
PROXY, BANK, STRANGER = "10.0.0.5", "34.193.116.226", "198.51.100.9"


@pytest.fixture
def account(provider, now):
    made = PaymentAccount.objects.create(
        provider=provider, name="Pix", kind="api_pix", profile="efi", since=now
    )
    accounts.keep_secret(account_id=made.pk, name=accounts.HOOK, clear=SECRET, at=now, author="Helena")
    return made


def post(path=AT, body=BODY, client=None, **more):
    return (client or Client()).post(path, data=body, content_type="application/json", **more)


def refused():
    return list(RefusedEvent.objects.order_by("pk").values_list("payment_account_id", "why", "count"))


def nothing_is_kept():
    return not ProviderEvent.objects.exists() and not ProviderEventTodo.objects.exists()


class TestWhatIsKept:
    def test_a_body_is_kept_byte_for_byte_and_waits(self, account):
        assert (answer := post()).status_code == 200 and answer.content == b""
        [event] = ProviderEvent.objects.all()
        assert bytes(event.body) == BODY
        assert (event.payment_account_id, event.source, event.path, event.proof) == (
            account.pk,
            "efi",
            "",
            "secret",
        )
        assert ProviderEventTodo.objects.get().event_id == event.pk

    @pytest.mark.parametrize(
        "body",
        [b"", b"{}", b"[]", b'[{"endToEndId": "E1"}]', b"no json \x00\xff", b'{"evento": "teste_webhook"}'],
        ids=["empty", "empty object", "empty array", "root array", "octets", "test"],
    )
    def test_whatever_it_is_it_is_kept_and_judged_later(self, account, body):
        assert post(body=body).status_code == 200
        assert bytes(ProviderEvent.objects.get().body) == body

    @pytest.mark.parametrize(("tail", "path"), [("", ""), ("/", ""), ("/pix", "pix"), ("/pix/", "pix")])
    def test_what_the_bank_adds_to_the_address_is_noted(self, account, tail, path):
        assert post(AT + tail).status_code == 200
        assert ProviderEvent.objects.get().path == path

    def test_an_address_that_ends_in_a_query_takes_the_path_there(self, account):
        assert post(f"{AT}?hmac=abc&ignorar=/pix").status_code == 200
        [event] = ProviderEvent.objects.all()
        assert event.path == "" and event.headers["query"] == {"hmac": "abc", "ignorar": "/pix"}

    def test_of_the_headers_the_kind_of_content_alone_is_kept(self, account):
        post(HTTP_AUTHORIZATION="Bearer topsecret", HTTP_COOKIE="a=topsecret", HTTP_X_SIGNATURE="topsecret")
        kept = ProviderEvent.objects.get().headers
        assert kept == {"headers": {"content-type": "application/json"}, "query": {}}

    @pytest.mark.parametrize(
        ("query", "kept"),
        [
            ("a=%00b", {"a": "b"}),
            ("%00a=b", {"a": "b"}),
            ("a=%ff%fe", {"a": "��"}),
            ("a=%ed%a0%80", {"a": "���"}),
            ("a=%5Cu0000", {"a": "\\u0000"}),
        ],
    )
    def test_octets_that_no_text_can_hold_lose_no_event(self, account, query, kept):
        assert post(f"{AT}?{query}").status_code == 200
        assert ProviderEvent.objects.get().headers["query"] == kept

    @pytest.mark.parametrize("tail", ["/%00pix", "/%ffpix", "/" + "x" * 500])
    def test_an_odd_tail_loses_no_event_either(self, account, tail):
        assert post(AT + tail).status_code == 200
        assert len(ProviderEvent.objects.get().path) <= 20

    def test_no_token_against_forged_forms_is_asked_of_a_bank(self, account):
        assert post(client=Client(enforce_csrf_checks=True)).status_code == 200

    def test_a_body_of_the_largest_size_is_kept(self, account):
        body = json.dumps({"x": "y" * (hook.MOST - 9)}).encode()
        assert len(body) == hook.MOST
        assert post(body=body).status_code == 200
        assert bytes(ProviderEvent.objects.get().body) == body

    def test_an_event_is_put_in_line_for_the_other_system_where_there_is_one(self, account):
        post()
        assert not EventRelay.objects.exists()
        PaymentAccount.objects.update(hook_relay_url="https://erp.test/pix")
        post()
        assert EventRelay.objects.count() == 1
        post(HTTP_X_RELIGA_RELAY="1")  # it comes from another Religa: no circle
        assert (EventRelay.objects.count(), ProviderEvent.objects.count()) == (1, 3)


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "path",
        [
            "/hooks/efi/errado",
            f"/hooks/sicoob/{SECRET}",
            f"/hooks/efi/{SECRET}x",
            f"/hooks/efi/{SECRET.upper()}",
            f"/hooks/efi/{SECRET}%00",
            "/hooks/efi/" + "x" * 5000,
            "/hooks/efi/%ff",
        ],
    )
    def test_a_wrong_address_is_not_found_counted_and_nothing_is_kept(self, account, path):
        assert post(path).status_code == 404
        assert post(path).status_code == 404
        assert refused() == [(None, "unknown_address", 2)] and nothing_is_kept()

    def test_a_closed_account_takes_nothing(self, account, now):
        PaymentAccount.objects.update(closed_at=now)
        assert post().status_code == 404 and nothing_is_kept()

    def test_a_secret_that_was_replaced_opens_no_more(self, account, now):
        accounts.keep_secret(account_id=account.pk, name=accounts.HOOK, clear="outro", at=now, author="")
        assert post().status_code == 404
        assert post("/hooks/efi/outro").status_code == 200

    @pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head", "options"])
    def test_only_posts_are_taken(self, account, method):
        assert getattr(Client(), method)(AT).status_code == 405
        assert nothing_is_kept() and refused() == []

    def test_what_says_it_is_too_large_is_not_read(self, account):
        assert post(body=b"x" * (hook.MOST + 1)).status_code == 413
        assert refused() == [(account.pk, "too_large", 1)] and nothing_is_kept()

    @pytest.mark.parametrize("length", ["abc", "-1", "9" * 30, "1e3", "²"])
    def test_a_length_that_is_none_is_too_large(self, account, length):
        assert post(CONTENT_LENGTH=length).status_code == 413 and nothing_is_kept()

    def test_a_body_without_its_length_is_refused_aloud_and_not_kept_as_an_empty_one(self, account):
        answer = post(CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
        assert answer.status_code == 411
        assert refused() == [(account.pk, "no_length", 1)] and nothing_is_kept()

    def test_of_those_who_are_refused_the_last_address_is_kept(self, account):
        post("/hooks/efi/x", REMOTE_ADDR=STRANGER)
        post("/hooks/efi/y", REMOTE_ADDR=BANK)
        assert RefusedEvent.objects.get().address == BANK


class TestWhoIsBelieved:
    @pytest.fixture(autouse=True)
    def _proxy(self, settings):
        settings.TRUSTED_PROXIES = [ip_network(f"{PROXY}/32")]

    def asks_for(self, check, *networks):
        PaymentAccount.objects.update(hook_check=check, hook_addresses=list(networks))

    def test_a_certificate_is_believed_as_our_proxy_says(self, account):
        self.asks_for("mtls")
        assert post(REMOTE_ADDR=PROXY, HTTP_X_CLIENT_VERIFY="SUCCESS").status_code == 200
        assert ProviderEvent.objects.get().proof == "mtls"

    @pytest.mark.parametrize("said", ["", "NONE", "FAILED:unable to verify", "success", "SUCCESS,SUCCESS"])
    def test_any_other_word_of_the_proxy_is_no_certificate(self, account, said):
        self.asks_for("mtls")
        assert post(REMOTE_ADDR=PROXY, HTTP_X_CLIENT_VERIFY=said).status_code == 403
        assert refused() == [(account.pk, "no_certificate", 1)] and nothing_is_kept()

    def test_nobody_else_may_say_that_a_certificate_was_shown(self, account):
        self.asks_for("mtls")
        forged = {"HTTP_X_CLIENT_VERIFY": "SUCCESS", "HTTP_X_FORWARDED_FOR": PROXY}
        assert post(REMOTE_ADDR=STRANGER, **forged).status_code == 403
        assert refused() == [(account.pk, "no_certificate", 1)] and nothing_is_kept()

    def test_a_forged_certificate_is_no_proof_where_the_secret_is_enough(self, account):
        assert post(REMOTE_ADDR=STRANGER, HTTP_X_CLIENT_VERIFY="SUCCESS").status_code == 200
        assert ProviderEvent.objects.get().proof == "secret"

    @pytest.mark.parametrize("networks", [[BANK], ["34.193.0.0/16"], ["192.0.2.1", "34.193.0.0/16"]])
    def test_an_address_of_the_list_is_proof_enough(self, account, networks):
        self.asks_for("addresses", *networks)
        assert post(REMOTE_ADDR=BANK).status_code == 200
        assert ProviderEvent.objects.get().proof == "addresses"

    def test_the_address_is_the_one_that_our_proxy_saw(self, account):
        self.asks_for("addresses", BANK)
        assert post(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{STRANGER}, {BANK}").status_code == 200
        assert post(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{BANK}, {STRANGER}").status_code == 403
        assert post(REMOTE_ADDR=STRANGER, HTTP_X_FORWARDED_FOR=BANK).status_code == 403
        assert refused() == [(account.pk, "wrong_sender", 2)]

    def test_an_account_that_asks_for_an_address_and_names_none_takes_nothing(self, account):
        self.asks_for("addresses")
        assert post(REMOTE_ADDR=BANK).status_code == 403 and nothing_is_kept()
