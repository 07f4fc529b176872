"""Religa and another system report the payments of one account; each is credited once, whoever comes first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from religa.actions.money import differences
from religa.actions.money.landing import Compared, Credited, SeenBefore, Unidentified
from religa.actions.money.look_again import look_again
from religa.records.models import (
    Charge,
    Invoice,
    MoneyCase,
    Payment,
    PaymentAccount,
    PaymentSighting,
    UnidentifiedPayment,
)

from .. import world
from .bank import Bank, owed, results
from .two_ledgers import AT, Paid, account, books, by_bank, by_other, charge

pytestmark = pytest.mark.django_db
PIX, TXID = Paid(1), Paid(1, knows="txid")
TITLE = Paid(1, txid="", knows="title", title="777")


@pytest.fixture
def both(provider, bruno):
    made = account(provider)
    charge(made, "F1", "T1", nosso_numero="777")
    return made


def sightings() -> list[tuple[str, str, str | None]]:
    found = PaymentSighting.objects.order_by("ledger", "external_id")
    return list(found.values_list("ledger", "external_id", "payment__external_id"))


# -- whoever comes first credits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("paid", [PIX, TXID, TITLE], ids=["by Pix number", "by txid", "by nosso número"])
def test_what_the_bank_said_first_is_recognised_when_the_other_system_reports_it(both, bruno, paid):
    [landed] = by_bank(both, paid)
    assert isinstance(landed, Credited)
    by_other(paid)
    booked = Payment.objects.get().external_id
    assert (owed(bruno), len(sightings())) == (0, 2)
    assert {payment for _, _, payment in sightings()} == {booked}


@pytest.mark.parametrize("paid", [PIX, TXID, TITLE], ids=["by Pix number", "by txid", "by nosso número"])
def test_what_the_other_system_reported_first_is_recognised_when_the_bank_says_it(both, bruno, paid):
    by_other(paid)
    assert owed(bruno) == 0
    assert isinstance(by_bank(both, paid)[0], SeenBefore)
    assert isinstance(by_bank(both, paid)[0], SeenBefore)
    booked = Payment.objects.get()
    assert booked.author.startswith("import ")
    assert {payment for _, _, payment in sightings() if payment} == {booked.external_id}
    assert Charge.objects.get().status == (
        "active" if paid is PIX else "paid"
    )  # a Pix number names no charge


@pytest.mark.parametrize("paid", [PIX, TXID, TITLE], ids=["by Pix number", "by txid", "by nosso número"])
def test_money_that_waited_for_its_charge_is_not_credited_beside_the_other_systems_report(
    provider, bruno, paid
):
    both = account(provider)
    assert isinstance(by_bank(both, paid)[0], Unidentified)
    charge(both, "F1", "T1", nosso_numero="777")
    by_other(paid)
    assert look_again(at=AT) == 0
    assert (owed(bruno), Payment.objects.count()) == (0, 1)
    assert UnidentifiedPayment.objects.get().resolution == "credited"


def test_an_imported_payment_of_an_account_stands_in_its_book(both):
    by_other(TXID)
    [paid] = Payment.objects.all()
    assert (paid.payment_account_id, paid.charge_id, paid.booked_on) == (
        both.id,
        Charge.objects.get().pk,
        date(2026, 11, 9),
    )


def test_the_same_amount_and_day_without_a_name_in_common_are_two_payments(both, bruno):
    by_other(Paid(2, knows="nothing"))
    by_bank(both, PIX)
    assert Payment.objects.count() == 2


def test_paid_twice_is_two_payments_in_both_ledgers(both, bruno):
    by_bank(both, TXID)
    by_other(TXID, Paid(2, knows="txid"))
    by_bank(both, TXID, Paid(2, knows="txid"))
    assert Payment.objects.count() == 2


def test_a_file_that_lost_its_columns_credits_nothing_twice(both, bruno):
    by_bank(both, TXID)
    by_other(TXID)
    by_other(Paid(1, knows="nothing"))
    assert Payment.objects.count() == 1


def test_money_of_nobody_lands_on_the_contract_that_the_other_system_names(both, bruno):
    [landed] = by_bank(both, Paid(1, txid="T9"))
    assert isinstance(landed, Unidentified)
    by_other(Paid(1, txid="T9", knows="txid"))
    found = UnidentifiedPayment.objects.get()
    assert (owed(bruno), found.resolution, found.payment.external_id) == (0, "credited", found.external_id)
    assert isinstance(by_bank(both, Paid(1, txid="T9"))[0], SeenBefore)


def test_a_txid_that_only_the_other_system_knows_is_recognised_when_the_bank_names_it(both, bruno):
    by_other(Paid(1, txid="T9", knows="txid"))
    assert isinstance(by_bank(both, Paid(1, txid="T9"))[0], SeenBefore)
    assert (owed(bruno), Payment.objects.count()) == (0, 1)


def test_a_payment_that_names_a_charge_alone_finds_its_invoice(both, bruno):
    by_other(TXID, invoice="")
    assert owed(bruno) == 0


# -- whose word counts ----------------------------------------------------------------------------------------------


def test_where_religa_reports_the_other_systems_payments_are_compared_and_not_credited(provider, bruno):
    mine = account(provider, "religa")
    charge(mine, "F1", "T1")
    report = by_other(TXID)
    assert (owed(bruno), Payment.objects.count(), report.touched) == (99_90, 0, 0)
    assert sightings() == [("other", "P1", None)]
    by_bank(mine, TXID)
    assert owed(bruno) == 0
    by_other(TXID)
    assert Payment.objects.count() == 1


def test_a_payment_of_no_account_is_credited_as_ever(provider, bruno):
    account(provider, "religa")
    by_other(Paid(1, knows="nothing"))
    assert (owed(bruno), sightings()) == (0, [])


def test_where_the_other_system_reports_the_bank_credits_nothing(provider, bruno):
    theirs = account(provider, "other")
    charge(theirs, "F1", "T1")
    assert by_bank(theirs, TXID) == [Compared(TXID.pix_id)]
    assert (owed(bruno), Payment.objects.count(), UnidentifiedPayment.objects.count()) == (99_90, 0, 0)
    by_other(TXID)
    assert owed(bruno) == 0
    by_bank(theirs, TXID)
    assert Payment.objects.count() == 1


def test_events_of_an_account_that_another_system_reports_are_kept_and_ignored(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    PaymentAccount.objects.update(reported_by="other")
    bank.post(pix)
    bank.take()
    bank.passes(minutes=5)
    bank.poll()
    assert results() == [("ignored", "another system reports")]
    assert (owed(bruno), world.count("SELECT count(*) FROM feed_heartbeat")) == (99_90, 0)
    assert sightings() == [("religa", pix.id, None)]


def test_money_the_bank_takes_back_is_found_under_the_other_systems_number(bank: Bank, bruno):
    pix = bank.psp.pay(bank.charge(bruno).txid)
    PaymentAccount.objects.update(reported_by="both")
    by_other(Paid(1, txid=pix.txid, knows="txid"))
    bank.passes(minutes=1)
    bank.poll()
    assert Payment.objects.get().external_id == "P1"
    bank.psp.give_back(pix.id)
    bank.passes(minutes=5)
    bank.poll()
    assert owed(bruno) == 99_90
    assert MoneyCase.objects.get().kind == "reversed"


# -- what only one has seen -----------------------------------------------------------------------------------------


def differing() -> list[str]:
    found = MoneyCase.objects.filter(kind="ledger_differs", closed_at=None).order_by("subject")
    return list(found.values_list("detail", flat=True))


def heard_by_both(both) -> None:
    """Another payment, on the first of the month, that both have: from then on they are compared."""
    world.bill(Invoice.objects.get(external_id="F1").contract_id, "F0", due=date(2026, 11, 8))
    charge(both, "F0", "T0")
    first = Paid(90, txid="T0", day=date(2026, 11, 1))
    by_bank(both, first)
    by_other(first, invoice="F0")


@pytest.mark.parametrize(("first", "only"), [(by_bank, "religa"), (by_other, "other")])
def test_a_payment_that_only_one_has_is_a_case_after_a_day_and_closes_by_itself(both, first, only):
    heard_by_both(both)
    by_bank(both, TXID) if only == "religa" else by_other(TXID)
    assert differences.compare(at=AT + timedelta(hours=23)) == 0
    assert differences.compare(at=AT + timedelta(hours=24)) == 1
    assert differences.compare(at=AT + timedelta(hours=48)) == 0
    assert [d.split()[:3] for d in differing()] == [["only", only, "has"]]
    by_other(TXID) if only == "religa" else by_bank(both, TXID)
    differences.compare(at=AT + timedelta(hours=72))
    assert differing() == []
    assert MoneyCase.objects.get().resolution == "settled"


def test_how_long_the_other_one_may_take_is_said_on_the_account(both):
    heard_by_both(both)
    PaymentAccount.objects.update(settings={"differs_after_hours": 72})
    by_bank(both, TXID)
    assert differences.compare(at=AT + timedelta(hours=71)) == 0
    assert differences.compare(at=AT + timedelta(hours=72)) == 1


def test_a_ledger_that_never_reported_is_none(both):
    by_bank(both, TXID)
    assert differences.compare(at=AT + timedelta(days=3)) == 0


def test_a_payment_of_which_the_ledgers_say_different_amounts_is_a_case(both):
    by_bank(both, PIX)
    by_other(Paid(1, amount=98_40))
    differences.compare(at=AT + timedelta(days=1))
    case = MoneyCase.objects.get()
    assert (case.amount, case.detail.split(" of ")[0]) == (-1_50, "religa has 9990, the other system 9840")
    assert Payment.objects.get().amount == 99_90


def test_where_the_bank_is_only_compared_its_word_is_matched_by_the_charge(provider, bruno):
    theirs = account(provider, "other")
    charge(theirs, "F1", "T1")
    by_bank(theirs, TXID)
    by_other(TXID)
    assert differences.compare(at=AT + timedelta(days=2)) == 0


# -- any order --------------------------------------------------------------------------------------------------------

PAYMENTS = (
    Paid(1),
    Paid(2, knows="txid"),
    Paid(3, knows="txid"),  # the same again: paid twice
    Paid(4, "T2", 40_00, date(2026, 11, 6)),
    Paid(5, "T2", 59_90, date(2026, 11, 7), knows="txid"),
    Paid(6, "", 99_90, date(2026, 11, 7), knows="title", title="777"),
    Paid(7, "T9", 10_00, date(2026, 11, 8)),
)


@st.composite
def stories(draw) -> tuple[tuple[Paid, ...], list[tuple[str, list[Paid]]]]:
    """Some payments, and batches in which each ledger reports every one of them at least once."""
    paid = tuple(draw(st.sets(st.sampled_from(PAYMENTS), min_size=1, max_size=4)))
    told = [(ledger, p) for ledger in ("religa", "other") for p in paid]
    again = draw(st.lists(st.sampled_from(told), max_size=2))
    order = draw(st.permutations([*told, *again]))
    batches: list[tuple[str, list[Paid]]] = []
    for ledger, p in order:
        if batches and batches[-1][0] == ledger and draw(st.booleans()):
            batches[-1][1].append(p)
        else:
            batches.append((ledger, [p]))
    return paid, batches


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
def test_any_interleaving_of_two_ledgers_gives_the_books_of_one_alone(provider, story):
    paid, batches = story
    both, contracts = the_world(provider)
    with rolled_back():
        by_other(*sorted(paid, key=lambda p: p.n))
        expected = books(contracts)
    with rolled_back():
        for ledger, some in batches:
            by_bank(both, *some) if ledger == "religa" else by_other(*some)
        assert books(contracts) == expected
        assert world.count("SELECT count(*) FROM unidentified_payment WHERE resolved_at IS NULL") == 0


def the_world(provider):
    found = PaymentAccount.objects.first()
    if found is None:
        contract = world.contract(provider, "bruno")
        world.bill(contract, "F1")
        world.bill(contract, "F2", due=date(2026, 11, 20))
        made = account(provider)
        charge(made, "F1", "T1", nosso_numero="777")
        charge(made, "F2", "T2")
        return made, [contract]
    from religa.records import accounts

    return accounts.get(found.pk), []


class rolled_back:
    """What happens inside is taken back."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, kind, error, trace):
        transaction.set_rollback(True)
        self.atomic.__exit__(kind, error, trace)
