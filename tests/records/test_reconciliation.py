"""The balance of a day adds up to the cent, whatever happened to its money since."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from religa.actions import issue_invoice, reverse_payment
from religa.actions.money import refunding, resolve, returns, settle_case
from religa.actions.money.credit import credit
from religa.actions.money.settle_case import Way
from religa.domain.facts import Invoice as Bill
from religa.domain.facts import Line
from religa.ports.money import MoneySeen, Nature, Returned, ReturnStatus
from religa.records import accounts, raw
from religa.records.models import (
    Charge,
    Closing,
    Contract,
    Invoice,
    MoneyCase,
    Payment,
    PaymentAccount,
    Provider,
    Refund,
    Subscriber,
    UnidentifiedPayment,
)
from religa.records.queries.reconciliation import Balance, balances, paid_days

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 5, 13, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2027, 3, 1)


class Town:
    """Two contracts and an account at a bank whose word is `told`."""

    def __init__(self) -> None:
        self.at, self.number, self.told = START, 0, dict[str, MoneySeen]()
        self.provider = Provider.objects.create(name="Rede", cnpj="12ABC34501DE35", zone="America/Fortaleza")
        kept = PaymentAccount.objects.create(
            provider=self.provider, name="Conta Pix", kind="api_pix", profile="generic", since=START
        )
        self.account = accounts.get(kept.pk)
        self.contracts = [self._contract(name) for name in ("ana", "bruno")]

    def _contract(self, name: str) -> int:
        person = Subscriber.objects.create(
            provider=self.provider, external_id=name, kind="person", document="11144477735", name=name
        )
        return Contract.objects.create(
            provider=self.provider, subscriber=person, external_id=name, since=date(2024, 1, 1)
        ).pk

    def new(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    # -- what may happen; `n` chooses

    def bills(self, n: int) -> None:
        contract, name = self.contracts[n % 2], self.new("F")
        due = (self.at + timedelta(days=n % 40)).date()
        bill = Bill(id=name, issued_at=self.at, due_date=due, lines=(Line(50_00 + n % 7_777), Line(10_01)))
        issue_invoice.issue(contract_id=contract, invoice=bill, at=self.at)
        invoice = Invoice.objects.get(external_id=name)
        Charge.objects.create(
            provider=self.provider, invoice=invoice, kind="pix_cobv", amount=bill.total, txid=f"T{name}",
            payment_account_id=self.account.id, created_at=self.at, due_date=due,
        )  # fmt: skip

    def pays(self, n: int) -> None:
        charge = Charge.objects.order_by("pk").filter(txid__startswith="T").last()
        if charge is None or n % 5 == 0:
            txid, amount = None, 1 + n % 30_000
        else:
            txid, amount = charge.txid, max(1, charge.amount + (0, 0, -3_00, 25_00, 2)[n % 5])
        seen = MoneySeen(self.new("E"), amount, self.at - timedelta(hours=n % 30), txid=txid, fee=n % 150)
        self.told[seen.id] = seen
        credit(self.account, [seen], at=self.at)

    def is_seen_again(self, n: int) -> None:
        credit(self.account, list(self.told.values()), at=self.at)

    def is_taken_back(self, n: int) -> None:
        for seen in list(self.told.values())[-1 - n % 3 :][:1]:
            left = seen.amount - sum(r.amount for r in seen.returns) - self._asked(seen.id)
            if left > 0:
                gone = Returned(self.new("D"), left if n % 2 else 1 + n % left, ReturnStatus.RETURNED,
                                Nature.MED_FRAUD)  # fmt: skip
                self.told[seen.id] = replace(seen, returns=(*seen.returns, gone))
                credit(self.account, [self.told[seen.id]], at=self.at)

    def _asked(self, payment: str) -> int:
        """What a person has given back or kept back, of which the bank knows nothing yet."""
        return sum(Refund.objects.filter(external_id=payment, author="F").values_list("amount", flat=True))

    def is_given_back(self, n: int) -> None:
        for payment in Payment.objects.filter(external_id__in=self.told).order_by("-pk")[n % 4 : n % 4 + 1]:
            refunding.ask(self.account, payment=payment.external_id, amount=1 + n % payment.amount, reason="x",
                          at=self.at, author="F")  # fmt: skip

    def bank_answers(self, n: int) -> None:
        for refund in Refund.objects.filter(status__in=("new", "processing")).order_by("pk")[:1]:
            status = (ReturnStatus.PROCESSING, ReturnStatus.RETURNED, ReturnStatus.NOT_DONE)[n % 3]
            answer = Returned(refund.refund_id, refund.amount, status)
            returns.go_on(
                self.account, refund=refund.pk, payment=refund.external_id, returned=answer, at=self.at
            )

    def is_decided(self, n: int) -> None:
        for case in MoneyCase.objects.filter(closed_at__isnull=True).order_by("pk")[n % 2 : n % 2 + 1]:
            ways = settle_case.WAYS[case.kind]
            settle_case.settle(provider_id=self.provider.pk, case_id=case.pk, way=ways[n % len(ways)], reason="x",
                               author="F", at=self.at)  # fmt: skip

    def is_resolved(self, n: int) -> None:
        for money in UnidentifiedPayment.objects.filter(resolved_at__isnull=True)[:1]:
            what = {
                "provider_id": self.provider.pk,
                "money": money.pk,
                "reason": "x",
                "author": "F",
                "at": self.at,
            }
            if n % 4 == 0:
                resolve.not_ours(**what)
            elif n % 4 == 1:
                resolve.give_back(**what)
            else:
                resolve.identify(contract_id=self.contracts[n % 2], **what)

    def is_undone(self, n: int) -> None:
        for payment in Payment.objects.order_by("-pk")[n % 6 : n % 6 + 1]:
            reverse_payment.reverse(
                contract_id=payment.contract_id, payment_id=payment.external_id, at=self.at
            )

    def day_ends(self, n: int) -> None:
        if n % 2:
            local = (self.at - timedelta(hours=3)).date()
            Closing.objects.get_or_create(
                payment_account_id=self.account.id, day=local, cashier="",
                defaults={"closed_at": self.at, "expected": 0, "author": "F"},
            )  # fmt: skip
        self.at += timedelta(hours=5 + n % 50)


STEPS = tuple(name for name in vars(Town) if not name.startswith("_") and name != "new")


@contextmanager
def undone():
    """Examples of a property share the test's transaction."""
    try:
        with transaction.atomic():
            yield
            raise _Over
    except _Over:
        pass


class _Over(Exception):
    pass


def sums(town: Town) -> list[Balance]:
    return balances(town.provider.pk, first=FIRST, last=LAST)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10**5)), min_size=10, max_size=40))
def test_whatever_happens_every_day_adds_up_and_nothing_of_what_came_in_is_left_out(steps):
    with undone():
        town = Town()
        for n in (3, 8):
            town.bills(n)
            town.pays(n)
        for name, n in steps:
            getattr(town, name)(n)
        found = sums(town)
        assert [(b.day, b.difference) for b in found if b.difference] == []
        booked = raw.rows("SELECT coalesce(sum(amount), 0)::bigint FROM payment WHERE booked_on IS NOT NULL")
        nobodys = raw.rows("SELECT coalesce(sum(amount), 0)::bigint FROM unidentified_payment"
                           " WHERE resolution <> 'credited'")  # fmt: skip
        assert sum(b.booked for b in found) == booked[0][0]
        assert sum(b.nobodys for b in found) == nobodys[0][0]
        assert sum(b.booked + b.nobodys for b in found) == sum(m.amount for m in town.told.values())


# -- one by one -----------------------------------------------------------------------------------------------------


@pytest.fixture
def town() -> Town:
    return Town()


def only(town: Town) -> dict[str, int]:
    """The one day there is, without what is nothing."""
    [found] = sums(town)
    names = [n for n in Balance.__dataclass_fields__ if n not in ("account_id", "account", "day")]
    return {name: getattr(found, name) for name in names if getattr(found, name)} | {
        "is off by": found.difference
    }


def test_a_payment_lies_on_its_invoice_and_what_is_too_much_as_credit(town):
    town.bills(0)
    town.pays(3)  # 25.00 more than was asked
    assert only(town) == {
        "count": 1,
        "fee": 3,
        "booked": 85_01,
        "principal": 60_01,
        "credit": 25_00,
        "is off by": 0,
    }
    [day] = paid_days(town.provider.pk, account_id=town.account.id, day=date(2026, 11, 5))
    assert (day.day, day.count, day.amount) == (date(2026, 11, 5), 1, 85_01)


def test_money_of_nobody_is_counted_on_the_day_it_was_known(town):
    town.pays(1_00)
    assert only(town) == {"nobodys": 1_01, "unidentified": 1_01, "is off by": 0}
    town.at += timedelta(days=2)
    resolve.not_ours(provider_id=town.provider.pk, money=UnidentifiedPayment.objects.get().pk, reason="x",
                     author="F", at=town.at)  # fmt: skip
    assert only(town) == {"nobodys": 1_01, "not_ours": 1_01, "is off by": 0}


def test_a_refund_that_failed_waits_until_somebody_keeps_it(town):
    town.bills(0)
    town.pays(3)
    case = MoneyCase.objects.get(kind="overpaid")
    asked = SimpleNamespace(provider_id=town.provider.pk, reason="x", author="F", at=town.at)
    settle_case.settle(case_id=case.pk, way=Way.REFUND, **vars(asked))
    assert (only(town)["returning"], only(town)["is off by"]) == (25_00, 0)
    town.bank_answers(2)
    assert (only(town)["not_returned"], only(town)["is off by"]) == (25_00, 0)
    failed = MoneyCase.objects.get(kind="refund_failed")
    settle_case.settle(case_id=failed.pk, way=Way.KEEP, **vars(asked))
    assert only(town) == {
        "count": 1,
        "fee": 3,
        "booked": 85_01,
        "principal": 60_01,
        "credit": 25_00,
        "is off by": 0,
    }


def test_what_was_written_past_the_rules_shows_as_a_difference(town):
    town.bills(0)
    town.pays(1)
    raw.run("DELETE FROM allocation WHERE amount = 1001")
    assert only(town)["is off by"] == 10_01


def test_another_providers_money_is_not_in_it(town):
    town.pays(1_00)
    other = Provider.objects.create(name="Outra", cnpj="55444333000181")
    assert balances(other.pk, first=FIRST, last=LAST) == []
    theirs = balances(other.pk, first=FIRST, last=LAST, account_id=town.account.id)
    assert theirs == paid_days(other.pk, account_id=town.account.id, day=date(2026, 11, 5)) == []
