"""The door of message platforms: kept byte for byte before anything, believed by signature, handed on once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from religa.actions import hear
from religa.adapters.fakes import sms_gateway
from religa.adapters.fakes.cloud_api import FakeCloudApi
from religa.adapters.fakes.sms_gateway import FakeSmsGateway
from religa.entrypoints.common.channels import CHANNELS
from religa.ports.messages import Inbound, Proof, Receipt, ReceiptState
from religa.records import channels, locks, raw
from religa.records.models import (
    MessageChannel,
    MessageEventRaw,
    MessageEventResult,
    MessageEventTodo,
    RefusedCallback,
)

pytestmark = pytest.mark.django_db
SECRET = "um-segredo-do-endereco"
AT = f"/hooks/mensagens/{SECRET}"
META = FakeCloudApi()


def channel_of(provider, now, kind, medium, words, **secrets):
    made = MessageChannel.objects.create(
        provider=provider, name=kind, kind=kind, medium=medium, settings=words, since=now
    )
    for name, clear in {"hook": SECRET, **secrets}.items():
        channels.keep_secret(channel_id=made.pk, name=name, clear=clear, at=now, author="Helena")
    return made


@pytest.fixture
def whatsapp(provider, now):
    words = {"phone_number_id": META.phone_number_id}
    return channel_of(
        provider, now, "whatsapp_cloud", "whatsapp", words, access_token=META.token, app_secret=META.app_secret,
        verify_token="nosso-token",
    )  # fmt: skip


@pytest.fixture
def gateway(provider, now):
    words = {**sms_gateway.SETTINGS, "url": "https://gateway.test/"}
    return channel_of(provider, now, "http_gateway", "sms", words, token=sms_gateway.TOKEN)


def post(body, headers=None, path=AT, client=None):
    kind = (headers or {}).get("Content-Type", "application/json")
    given = {n: v for n, v in (headers or {}).items() if n != "Content-Type"}
    return (client or Client()).post(path, data=body, content_type=kind, headers=given)


def refused():
    return list(RefusedCallback.objects.order_by("pk").values_list("message_channel_id", "why", "count"))


def jobs():
    query = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'take_message_events'"
    return raw.rows(query)[0][0]


class Heard:
    """Stands in for the rooms behind: what was handed on, and whether it fails."""

    def __init__(self, monkeypatch):
        self.receipts, self.inbound, self.fails = [], [], 0
        self.depth = len(connection.savepoint_ids)
        monkeypatch.setattr("religa.actions.messages.receipts.learn", self.learn)
        monkeypatch.setattr("religa.actions.bot.inbound.take", self.take)

    def learn(self, receipts, *, at):
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the room behind is on fire")
        self.receipts += receipts
        return len(receipts)

    def take(self, inbound, *, at, provider_id):
        assert len(connection.savepoint_ids) == self.depth  # a bank may be asked: no transaction is open
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the bot is on fire")
        self.inbound += inbound


@pytest.fixture
def heard(monkeypatch):
    return Heard(monkeypatch)


def take(at=None):
    return hear.take_callbacks(CHANNELS.heard, at=at or locks.database_now())


class TestTheDoor:
    def test_a_signed_post_is_kept_as_it_came_and_answered_at_once(self, whatsapp):
        body = META.status("wamid.1", "delivered", locks.database_now()) + b"\n"
        answer = post(body, META.signed(body))
        assert (answer.status_code, answer.content) == (200, b"")
        [event] = MessageEventRaw.objects.all()
        assert (bytes(event.body), event.message_channel_id, event.proof) == (body, whatsapp.pk, "signature")
        assert MessageEventTodo.objects.get().event_id == event.pk

    def test_a_wrong_signature_is_403_counted_and_not_kept(self, whatsapp):
        body = META.status("wamid.1", "delivered", locks.database_now())
        for headers in ({}, META.signed(body + b" "), {"X-Hub-Signature-256": "sha256=00"}):
            assert post(body, headers).status_code == 403
        assert refused() == [(whatsapp.pk, "wrong_signature", 3)] and not MessageEventRaw.objects.exists()

    def test_an_address_of_nobody_is_404_whatever_is_posted(self, whatsapp):
        body = b"{}"
        for path in ("/hooks/mensagens/errado", "/hooks/mensagens/" + "x" * 5000, "/hooks/mensagens/%00"):
            assert post(body, META.signed(body), path).status_code == 404
        assert refused() == [(None, "unknown_address", 3)]

    def test_a_closed_channel_hears_nothing_more(self, whatsapp):
        body = b"{}"
        whatsapp.closed_at = whatsapp.since
        whatsapp.save()
        assert post(body, META.signed(body)).status_code == 404

    def test_a_body_without_end_is_not_read(self, gateway):
        assert post(b"x" * (2 * 1024 * 1024 + 1)).status_code == 413
        assert refused() == [(gateway.pk, "too_large", 1)]

    def test_metas_question_is_answered_and_changes_nothing(self, whatsapp, tables):
        before = tables()
        asked = {"hub.mode": "subscribe", "hub.verify_token": "nosso-token", "hub.challenge": "115820"}
        answer = Client().get(AT, asked)
        assert (answer.status_code, answer.content) == (200, b"115820")
        assert answer["Content-Type"] == "text/plain" and tables() == before
        assert Client().get(AT, asked | {"hub.verify_token": "x"}).status_code == 403
        assert refused() == [(whatsapp.pk, "wrong_token", 1)]

    def test_a_gateway_asks_no_questions(self, gateway):
        assert Client().get(AT).status_code == 405
        for method in ("put", "delete", "patch"):
            assert getattr(Client(), method)(AT).status_code == 405

    def test_no_browser_token_is_asked_for(self, gateway):
        assert (
            post(FakeSmsGateway.status("1", "entregue"), client=Client(enforce_csrf_checks=True)).status_code
            == 200
        )

    def test_a_crowd_of_posts_wakes_one_taker(self, gateway):
        before = jobs()
        for n in range(5):
            assert post(FakeSmsGateway.status(str(n), "entregue")).status_code == 200
        assert jobs() - before == 1
        take()
        post(FakeSmsGateway.status("9", "entregue"))
        assert jobs() - before == 2

    def test_a_bank_of_that_name_would_not_take_our_place(self, gateway):
        assert post(b"{}", path=f"/hooks/mensagens/{SECRET}/").status_code == 200
        assert MessageEventRaw.objects.count() == 1


class TestHandingOn:
    def test_receipts_carry_the_number_that_was_kept_with_the_message(self, whatsapp, heard, now):
        body = META.status("wamid.1", "read", now, ours="42")
        post(body, META.signed(body))
        assert take() == 1 and take() == 0
        moment = now.replace(microsecond=0)
        assert heard.receipts == [
            Receipt("whatsapp", f"{whatsapp.pk}/wamid.1", ReceiptState.READ, moment, message=42)
        ]
        result = MessageEventResult.objects.get()
        assert (result.result, result.receipts, result.inbound) == ("done", 1, 0)
        assert not MessageEventTodo.objects.exists()

    def test_what_a_person_wrote_opens_a_window_for_an_answer(self, whatsapp, heard, now):
        body = META.message("558588887777", "desbloquear", now)
        post(body, META.signed(body))
        take()
        [said] = heard.inbound
        assert isinstance(said, Inbound) and (said.sender, said.text) == ("5585988887777", "desbloquear")
        assert channels.is_window_open(whatsapp.pk, said.sender)
        assert not channels.is_window_open(whatsapp.pk, "5585911112222")
        assert channels.close_windows(at=now + timedelta(hours=25)) == 1
        assert not channels.is_window_open(whatsapp.pk, said.sender)

    def test_one_gateway_cannot_speak_of_the_messages_of_another(self, provider, gateway, heard, now):
        other = MessageChannel.objects.create(
            provider=provider,
            name="outro",
            kind="http_gateway",
            medium="sms",
            settings=gateway.settings,
            since=now,
        )
        channels.keep_secret(channel_id=other.pk, name="hook", clear="outro", at=now, author="")
        for path in (AT, "/hooks/mensagens/outro"):
            post(FakeSmsGateway.status("1001", "entregue"), path=path)
        take()
        assert {r.provider_message_id for r in heard.receipts} == {f"{gateway.pk}/1001", f"{other.pk}/1001"}

    def test_nonsense_is_ignored_and_said_so(self, gateway, heard):
        for body in (b"", b"OK", b'{"eventos": 5}', b"\x00\xff"):
            assert post(body).status_code == 200
        assert take() == 4
        assert set(MessageEventResult.objects.values_list("result", flat=True)) == {"ignored"}
        assert heard.receipts == []

    def test_a_taker_that_died_leaves_its_events_to_the_next_after_the_lease(self, gateway, heard):
        post(FakeSmsGateway.status("1", "entregue"))
        at = locks.database_now()
        raw.rows(hear._CLAIM, {"at": at, "lease": hear._LEASE, "limit": 10})
        assert take(at) == 0
        assert take(at + timedelta(seconds=61)) == 1 and len(heard.receipts) == 1

    def test_one_that_cannot_be_handed_on_keeps_no_other_back_and_comes_again(self, gateway, heard):
        for n in ("1", "2"):
            post(FakeSmsGateway.status(n, "entregue"))
        heard.fails = 2  # both together, then the first alone
        at = locks.database_now()
        take(at)
        assert [r.provider_message_id for r in heard.receipts] == [f"{gateway.pk}/2"]
        assert take(at) == 0
        take(at + timedelta(seconds=6))
        assert [r.provider_message_id for r in heard.receipts] == [f"{gateway.pk}/2", f"{gateway.pk}/1"]

    def test_words_that_the_bot_could_not_take_come_again(self, whatsapp, heard, now):
        body = META.message("5585988887777", "pix", now)
        post(body, META.signed(body))
        heard.fails = 1
        at = locks.database_now()
        take(at)
        assert heard.inbound == [] and MessageEventTodo.objects.count() == 1
        take(at + timedelta(seconds=6))
        assert [i.text for i in heard.inbound] == ["pix"] and not MessageEventTodo.objects.exists()

    def test_after_a_day_it_is_given_up_and_stays_to_be_seen(self, gateway, heard):
        post(FakeSmsGateway.status("1", "entregue"))
        heard.fails = 1
        take(locks.database_now() + timedelta(hours=25))
        assert MessageEventResult.objects.get().result == "failed" and not MessageEventTodo.objects.exists()

    def test_what_a_closed_channel_had_posted_is_ignored(self, gateway, heard):
        post(FakeSmsGateway.status("1", "entregue"))
        MessageChannel.objects.update(closed_at=gateway.since)
        take()
        assert MessageEventResult.objects.get().detail == "the channel is closed" and heard.receipts == []


def test_a_proof_is_a_word_that_the_table_knows():
    from religa.records.models.channels import CALLBACK_PROOFS

    assert {p.value for p in Proof} == set(CALLBACK_PROOFS)
    assert json.loads(FakeSmsGateway.status("1", "x"))["eventos"]
