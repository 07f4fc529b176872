"""Two at once on the real database: a person and the bank's list, two persons; money lands once and nobody deadlocks."""

from __future__ import annotations

import pytest

from religa.actions.money import resolve
from religa.actions.money.credit import credit
from religa.actions.money.landing import Credited
from religa.actions.money.refunding import Asked
from religa.actions.money.resolve import Already
from religa.ports.money import MoneySeen
from religa.records import accounts
from religa.records.models import Charge, Invoice, Payment, PaymentAccount, Refund, UnidentifiedPayment

from .. import world
from ..test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT = world.at("2026-11-05 10:00")
NUMBER = 12


@pytest.fixture
def town():
    """Contracts, an account, and money of nobody for each; its charge is known only now."""
    provider = world.provider()
    kept = PaymentAccount.objects.create(
        provider=provider, name="Conta", kind="api_pix", profile="generic", collects=True, since=AT
    )
    account = accounts.get(kept.pk)
    people = world.contracts(provider, NUMBER)
    world.bill_many(people)
    seen = [MoneySeen(f"E{n}", 99_90, AT, txid=f"T{n}") for n in range(NUMBER)]
    credit(account, seen, at=AT)
    for n, invoice in enumerate(Invoice.objects.order_by("contract_id")):
        Charge.objects.create(provider=provider, invoice=invoice, kind="pix_static", txid=f"T{n}", amount=99_90,
                              created_at=AT)  # fmt: skip
    return account, sorted(people), seen


def money(n: int) -> int:
    return UnidentifiedPayment.objects.get(external_id=f"E{n}").pk


def test_a_person_and_the_list_credit_the_same_money_once(town):
    account, people, seen = town
    keys, answers = [money(n) for n in range(NUMBER)], []

    def person():
        for n, key in enumerate(keys):  # every other one on a wrong contract
            contract = people[n] if n % 2 else people[(n + 5) % NUMBER]
            answers.append(resolve.identify(provider_id=account.provider_id, money=key, contract_id=contract,
                                            reason="x", author="Fátima", at=AT))  # fmt: skip

    def bank():
        for one in reversed(seen):
            credit(account, [one], at=AT)

    at_once(person, bank, lambda: credit(account, seen, at=AT))
    assert sorted(Payment.objects.values_list("external_id", flat=True)) == sorted(m.id for m in seen)
    assert not UnidentifiedPayment.objects.exclude(resolution="credited", payment__isnull=False).exists()
    assert all(isinstance(a, Credited | Already) for a in answers)


def test_money_is_given_back_or_credited_never_both(town):
    account, people, seen = town
    keys = [money(n) for n in range(NUMBER)]
    given: list[object] = []

    def give_back():
        for key in keys:
            given.append(
                resolve.give_back(provider_id=account.provider_id, money=key, reason="x", author="F", at=AT)
            )

    at_once(give_back, lambda: credit(account, list(reversed(seen)), at=AT), give_back)
    refunded = set(Refund.objects.values_list("external_id", flat=True))
    credited = set(Payment.objects.values_list("external_id", flat=True))
    assert refunded.isdisjoint(credited)
    assert refunded | credited == {m.id for m in seen}
    assert sum(isinstance(a, Asked) for a in given) == len(refunded) == Refund.objects.count()
