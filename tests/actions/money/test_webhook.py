"""Registering at a bank takes nothing from another system unasked; testing an account says what works."""

from __future__ import annotations

import pytest

from religa.actions.money import check_account, retry_event, webhook
from religa.actions.money.check_account import Part, Verdict
from religa.actions.money.webhook import Addresses, Foreign, NoAddress, Registered, Removed
from religa.actions.save_account import Author
from religa.domain.payment_accounts import Owner
from religa.ports.money import BankRefused, BankUnreachable, Capability, Received, Webhook
from religa.records import accounts
from religa.records.models import AccountChange, PaymentAccount, ProviderEventTodo

from .bank import START, Bank, results

pytestmark = pytest.mark.django_db
OWN = "https://banco.religa.test/hooks/generic/"
OURS = Addresses(f"{OWN}new-secret", OWN)
ERP = "https://erp.test/gateway/pix?token=abc"


@pytest.fixture
def by(provider):
    return Author("Helena", START, provider.pk)


def register(bank: Bank, by, addresses=OURS, **more):
    return webhook.register(bank.account_id, bank.collector, addresses, by=by, **more)


def registered(bank: Bank) -> str:
    answer = bank.collector.webhook()
    assert isinstance(answer, Webhook)
    return answer.url


def log():
    return [c.what for c in AccountChange.objects.order_by("pk")]


class TestRegistering:
    def test_where_nothing_was_our_address_is(self, bank: Bank, by):
        assert register(bank, by) == Registered(Owner.NOBODY)
        assert registered(bank) == OURS.ours and log() == ["webhook_registered"]
        assert register(bank, by) == Registered(Owner.OURS)

    def test_a_foreign_address_stays_until_a_person_gives_up_that_very_one(self, bank: Bank, by):
        bank.collector.register_webhook(ERP)
        answer = register(bank, by)
        assert isinstance(answer, Foreign) and answer.found.shown == "https://erp.test/gateway/pix?…"
        assert isinstance(register(bank, by, replacing="something else"), Foreign)
        assert registered(bank) == ERP and log() == []
        assert register(bank, by, replacing=answer.found.token) == Registered(Owner.FOREIGN)
        assert registered(bank) == OURS.ours
        assert PaymentAccount.objects.get().hook_relay_url == ""
        assert AccountChange.objects.get().detail == {
            "before": "https://erp.test/gateway/pix?…", "owner": "foreign", "relayed": False,
        }  # fmt: skip

    def test_one_that_was_changed_since_it_was_shown_is_shown_again(self, bank: Bank, by):
        bank.collector.register_webhook(ERP)
        seen = register(bank, by).found.token
        bank.collector.register_webhook("https://third.test/x")
        answer = register(bank, by, replacing=seen)
        assert isinstance(answer, Foreign) and answer.found.shown == "https://third.test/x"
        assert registered(bank) == "https://third.test/x"

    def test_the_old_system_gets_every_event_from_then_on_where_that_was_chosen(self, bank: Bank, by):
        bank.collector.register_webhook(ERP)
        token = register(bank, by).found.token
        register(bank, by, replacing=token, relay=True)
        assert bank.account.hook_relay_url == ERP and registered(bank) == OURS.ours

    @pytest.mark.parametrize(
        ("answer", "relayed"),
        [(BankRefused(400, "no"), "https://was.test/"), (BankUnreachable("silence"), ERP)],
    )
    def test_a_registration_that_fails_keeps_the_old_system_told(self, bank: Bank, by, answer, relayed):
        """Silence may have been a yes: then the old system must not miss what comes to us."""
        PaymentAccount.objects.update(hook_relay_url="https://was.test/")
        stub = Answers(Received(()), Webhook(ERP), answer)
        token = webhook.read(stub, OURS).token
        got = webhook.register(bank.account_id, stub, OURS, by=by, replacing=token, relay=True)
        assert got == answer and bank.account.hook_relay_url == relayed and log() == []

    def test_an_address_of_ours_from_before_is_replaced_without_a_question(self, bank: Bank, by):
        bank.collector.register_webhook(f"{OWN}old-secret")
        assert webhook.read(bank.collector, OURS).owner is Owner.OURS_BEFORE
        assert register(bank, by) == Registered(Owner.OURS_BEFORE)

    def test_without_a_public_name_there_is_nothing_to_register(self, bank: Bank, by):
        assert register(bank, by, Addresses("", "")) == NoAddress()
        assert registered(bank) == ""

    def test_a_silent_bank_changes_nothing(self, bank: Bank, by):
        bank.psp.misbehave(fail_pct=100)
        assert isinstance(register(bank, by, replacing="x", relay=True), BankUnreachable)
        assert isinstance(webhook.remove(bank.account_id, bank.collector, OURS, by=by), BankUnreachable)
        assert isinstance(webhook.read(bank.collector, OURS), BankUnreachable)
        assert log() == [] and bank.account.hook_relay_url == ""

    def test_ours_is_removed_and_another_systems_stays(self, bank: Bank, by):
        def remove():
            return webhook.remove(bank.account_id, bank.collector, OURS, by=by)

        assert remove() == Removed(changed=False)
        bank.collector.register_webhook(ERP)
        assert isinstance(remove(), Foreign) and registered(bank) == ERP
        bank.collector.register_webhook(OURS.ours)
        assert remove() == Removed(changed=True) and registered(bank) == ""
        assert log() == ["webhook_removed"]

    def test_a_new_secret_stops_the_old_one_at_once(self, bank: Bank, by):
        accounts.keep_secret(account_id=bank.account_id, name="hook", clear="old", at=START, author="")
        webhook.replace_secret(bank.account_id, by=by)
        assert accounts.of_hook("old") is None
        new = accounts.secret(bank.account_id, "hook")
        assert accounts.of_hook(new).id == bank.account_id and log() == ["address_replaced"]

    def test_without_a_webhook_the_list_is_read_and_that_is_written_down(self, bank: Bank, by):
        webhook.listen_by_list_only(bank.account_id, by=by)
        assert bank.account.settings["poll_only"] is True
        assert "base_url" in bank.account.settings and log() == ["changed"]


class Answers:
    """A bank that gives two answers."""

    capabilities = frozenset(Capability)

    def __init__(self, listed, registered=None, answer=None):
        self.listed, self.registered, self.answer = listed, registered or Webhook(""), answer

    def received(self, *, since, until):
        return self.listed

    def webhook(self):
        return self.registered

    def register_webhook(self, url):
        return self.answer


def found(collector, has_certificate=True):
    checked = check_account.check(collector, has_certificate=has_certificate, at=START)
    return {f.part.value: f.verdict.value for f in checked}


WORKS, FAILS = Verdict.WORKS.value, Verdict.FAILS.value


class TestTesting:
    def test_an_account_that_works(self, bank: Bank):
        bank.collector.register_webhook(ERP)
        assert found(bank.collector, False) == dict.fromkeys(("connection", "token", "list", "key"), WORKS)

    def test_a_wrong_secret_is_the_token_and_no_other_question_is_asked_of_it(self, bank: Bank):
        bank.psp.tokens.secret = "another"  # the bank's own
        said = found(bank.collector, False)
        assert said["connection"] == WORKS and said["token"] == FAILS and "list" not in said

    @pytest.mark.parametrize(
        ("listed", "expected"),
        [
            (BankUnreachable("ConnectError: refused"), {"connection": FAILS}),
            (BankUnreachable("no access token: ReadError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"),
             {"connection": WORKS, "certificate": FAILS}),
            (BankUnreachable("ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), {"connection": FAILS}),
            (BankRefused(401, "no access token: invalid_client"), {"connection": WORKS, "token": FAILS}),
            (BankRefused(403, "insufficient_scope"),
             {"connection": WORKS, "certificate": WORKS, "token": WORKS, "list": FAILS, "key": "unknown"}),
            (Received(()), {"connection": WORKS, "certificate": WORKS, "token": WORKS, "list": WORKS, "key": "unknown"}),
        ],
    )  # fmt: skip
    def test_each_part_is_told_from_the_others(self, listed, expected):
        assert found(Answers(listed)) == expected

    @pytest.mark.parametrize(
        ("registered", "verdict"),
        [
            (Webhook("https://x.test/"), Verdict.WORKS),
            (Webhook(""), Verdict.UNKNOWN),
            (BankRefused(403, "scope"), Verdict.FAILS),
            (BankUnreachable("ReadTimeout"), Verdict.FAILS),
        ],
    )
    def test_what_the_bank_says_of_the_key(self, registered, verdict):
        checked = check_account.check(Answers(Received(()), registered), has_certificate=True, at=START)
        assert checked[-1].part is Part.KEY and checked[-1].verdict is verdict
        assert check_account.works(checked) is (verdict is not Verdict.FAILS)

    def test_testing_books_nothing(self, bank: Bank, bruno):
        bank.psp.pay(bank.charge(bruno).txid)
        found(bank.collector)
        assert bank.account.polled_until is None and results() == []


class TestTryingAgain:
    def test_an_event_is_taken_anew_and_lands_once(self, bank: Bank, bruno, by):
        event = bank.post(bank.psp.pay(bank.charge(bruno).txid))
        bank.take()
        again = {"event_id": event, "provider_id": by.provider_id, "author": "Helena", "at": bank.at}
        assert retry_event.retry(**again) == retry_event.Again(was_waiting=False)
        assert retry_event.retry(**again) == retry_event.Again(was_waiting=True)
        assert ProviderEventTodo.objects.count() == 1
        bank.take()
        assert results() == [("done", "credited"), ("done", "seen before")]
        assert log() == ["event_retried", "event_retried"]

    def test_one_that_waits_for_long_is_next(self, bank: Bank, bruno, by):
        event = bank.post(bank.psp.pay(bank.charge(bruno).txid))
        bank.psp.misbehave(fail_pct=100)
        bank.take()
        bank.psp.behave()
        assert bank.take() == 0
        retry_event.retry(event_id=event, provider_id=by.provider_id, author="Helena", at=bank.at)
        assert bank.take() == 1 and results()[-1] == ("done", "credited")

    def test_of_another_provider_or_a_closed_account_nobody_takes_one(self, bank: Bank, bruno, by):
        event = bank.post(bank.psp.pay(bank.charge(bruno).txid))
        bank.take()
        again = {"event_id": event, "author": "Helena", "at": bank.at}
        assert retry_event.retry(provider_id=by.provider_id + 1, **again) == retry_event.NobodyTakesIt()
        PaymentAccount.objects.update(closed_at=START)
        assert retry_event.retry(provider_id=by.provider_id, **again) == retry_event.NobodyTakesIt()
        assert not ProviderEventTodo.objects.exists()
