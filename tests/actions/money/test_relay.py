"""Events are passed on as they came, later and later, and never at the cost of our own taking."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from religa.actions.money import receive_event, relay
from religa.ports.money import Event
from religa.ports.relay import NotPassedOn, PassedOn
from religa.records import accounts
from religa.records.models import EventRelay, PaymentAccount, ProviderEventTodo

from .bank import START

pytestmark = pytest.mark.django_db
ERP = "https://erp.test/gateway?token=abc"
POOL = ThreadPoolExecutor(4)


class Sender:
    """The other system: `answer` is what it says to each post."""

    def __init__(self, answer=None, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.answer, self.heard, self.meanwhile = answer or PassedOn(200), [], meanwhile

    def post(self, url, body, content_type):
        self.heard.append((url, body, content_type))
        self.meanwhile()
        return self.answer


@pytest.fixture
def account(provider):
    made = PaymentAccount.objects.create(
        provider=provider, name="Pix", kind="api_pix", profile="efi", since=START, hook_relay_url=ERP
    )
    return accounts.get(made.pk)


def receive(account, *, body=b"{}", path="", at=START, **query):
    event = Event(body, "application/json", path, query)
    kept = {"content-type": event.content_type}
    return receive_event.receive(account, event, headers=kept, proof="secret", at=at)


def turn(sender, at=START):
    return relay.relay_due(sender, at=at, pool=POOL)


def test_an_event_is_passed_on_once_as_it_came(account):
    body = b'{"pix": [] }\x00\xff'
    receive(account, body=body)
    sender = Sender()
    assert (turn(sender), turn(sender)) == (1, 0)
    assert sender.heard == [(ERP, body, "application/json")]
    kept = EventRelay.objects.get()
    assert (kept.delivered_at, kept.due_at, kept.tries, kept.error) == (START, None, 1, "")
    assert ProviderEventTodo.objects.count() == 1  # our own taking is another matter


@pytest.mark.parametrize(
    ("url", "path", "query", "address"),
    [
        ("https://erp.test/hook", "pix", {}, "https://erp.test/hook/pix"),
        ("https://erp.test/hook/", "pix", {}, "https://erp.test/hook/pix"),
        ("https://erp.test/hook?a=", "pix", {}, "https://erp.test/hook?a=/pix"),
        ("https://erp.test/hook", "", {"ignorar": "/pix", "hmac": "x/y"}, "https://erp.test/hook/pix"),
        ("https://erp.test/hook", "", {"url": "https://a.test/b"}, "https://erp.test/hook"),
        ("https://erp.test/hook", "", {}, "https://erp.test/hook"),
    ],
)
def test_what_the_bank_adds_to_an_address_is_added_to_theirs(account, url, path, query, address):
    PaymentAccount.objects.update(hook_relay_url=url)
    receive(account, path=path, **query)
    sender = Sender()
    turn(sender)
    assert [at for at, _, _ in sender.heard] == [address]


def test_one_that_is_not_taken_comes_back_later_and_later_and_is_given_up_within_two_days(account):
    receive(account)
    sender, at, gaps = Sender(NotPassedOn("HTTP 500")), START, []
    while (row := EventRelay.objects.get()).due_at is not None:
        gaps.append((row.due_at - at).total_seconds())
        at = row.due_at
        assert turn(sender, at - timedelta(seconds=1)) == 0
        assert turn(sender, at) == 1
    assert gaps == sorted(gaps) and gaps[:3] == [0, 5, 30]
    assert row.given_up_at == at and row.error == "HTTP 500" and at - START < timedelta(days=2)
    assert len(sender.heard) == row.tries == 10
    assert turn(sender, at + timedelta(days=9)) == 0


def test_one_whose_sender_died_comes_back_after_its_lease(account):
    receive(account)
    with pytest.raises(RuntimeError):
        turn(Sender(meanwhile=lambda: (_ for _ in ()).throw(RuntimeError("killed"))))
    sender = Sender()
    assert turn(sender, START + timedelta(seconds=59)) == 0
    assert turn(sender, START + timedelta(seconds=61)) == 1
    assert EventRelay.objects.get().tries == 2


def test_the_other_system_is_waited_for_outside_of_any_transaction(account, django_db_blocker):
    receive(account)
    depths = []
    depth = len(connection.savepoint_ids)
    turn(Sender(meanwhile=lambda: depths.append(len(connection.savepoint_ids))))
    assert depths == [depth]


def test_a_system_that_is_down_keeps_no_other_account_waiting(provider, account):
    other = PaymentAccount.objects.create(
        provider=provider,
        name="B",
        kind="api_pix",
        profile="efi",
        since=START,
        hook_relay_url="https://b.test/x",
    )
    for _ in range(30):
        receive(account)
    receive(accounts.get(other.pk), at=START)
    sender = Sender(NotPassedOn("HTTP 500"))
    assert turn(sender) == 9
    assert "https://b.test/x" in [url for url, _, _ in sender.heard]


def test_without_an_address_or_an_open_account_what_waits_is_given_up(account):
    receive(account)
    PaymentAccount.objects.update(hook_relay_url="")
    sender = Sender()
    turn(sender)
    assert sender.heard == [] and EventRelay.objects.get().error == "no address"
    receive(replace(account, hook_relay_url=ERP))
    PaymentAccount.objects.update(hook_relay_url=ERP, closed_at=START)
    turn(sender)
    assert sender.heard == []


def test_where_nobody_else_listens_nothing_is_put_in_line(account):
    receive(replace(account, hook_relay_url=""))
    assert not EventRelay.objects.exists()
